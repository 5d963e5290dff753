'use client'

import type { ReactElement } from 'react'
import type { Hex } from 'viem'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { OrCancel } from '@/components/ui/or-cancel.tsx'
import { useDecision } from '@/hooks/useDecision.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { NotCarried } from './not-carried.tsx'

export type NeverDialogProps = { place: Place; account: Hex; onClose: () => void }

/** Refuses one person everything, whatever teams they belong to. */
export function NeverDialog({ place, account, onClose }: NeverDialogProps): ReactElement {
  const decision = useDecision(place)
  return (
    <Dialog
      title="Never this person"
      onClose={onClose}
      footer={
        <OrCancel onClose={onClose}>
          <Button
            kind="danger"
            busy={decision.busy}
            onClick={() => decision.decide({ kind: 'Deny', account }, onClose)}
          >
            Refuse for good
          </Button>
        </OrCancel>
      }
    >
      <p>
        <Actor account={account} />
      </p>
      <p>
        They can open nothing of yours at {place.name}: not by themselves, and not as a member of a team you share with
        or of its departments. Others of that team still can.
      </p>
      <p>It holds until you take it back. The public ledger shows that you refused this person.</p>
      <NotCarried decision={decision} />
    </Dialog>
  )
}
