'use client'

import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { Note } from '@/components/ui/note.tsx'
import { QrView } from '@/components/ui/qr-view.tsx'
import type { HandedOver } from '@/hooks/useGrant.ts'
import { granteeText } from '@/lib/grantees.ts'
import { names } from '@/lib/names.ts'

/** Receipts of private permissions, to be handed to those whom they name. */
export function ConsentReceipts({ receipts, onClose }: ConsentReceiptsProps): ReactElement {
  return (
    <Dialog title="Hand over the receipt" onClose={onClose} footer={<Button onClick={onClose}>Done</Button>}>
      <p>
        Your permission counts. The public ledger does not show whom it names, so they need this receipt to find it: let
        them scan it, or send them the text.
      </p>
      {receipts.map(({ grantee, text }) => (
        <section key={text} className="grid gap-3">
          <h3 className="font-semibold">For {granteeText(grantee, names)}</h3>
          <QrView label="Consent receipt as a QR code" code={text} fileName="consent-receipt.png" />
        </section>
      ))}
      <Note>
        It opens nothing by itself, but it tells who may read: give it to nobody else. You find it here again.
      </Note>
    </Dialog>
  )
}

export type ConsentReceiptsProps = { receipts: readonly HandedOver[]; onClose: () => void }
