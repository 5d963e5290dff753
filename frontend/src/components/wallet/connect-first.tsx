'use client'

import { Wallet } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { ConnectDialog } from './connect-dialog.tsx'

/** Asks for a wallet before anything else on the page makes sense. */
export function ConnectFirst({ who }: { who: string }): ReactElement {
  const { demo } = useNetwork()
  const [open, setOpen] = useState(false)
  return (
    <Card
      title={`Connect as ${who}`}
      className="max-w-2xl"
      hint="Your wallet says who you are. It signs; it never sees a record."
    >
      <div className="grid gap-4">
        {demo && <p>No wallet at hand? On this local network a demo wallet lets you be anybody of the demo.</p>}
        <div>
          <Button onClick={() => setOpen(true)} aria-haspopup="dialog">
            <Wallet aria-hidden className="size-4" />
            Choose a wallet
          </Button>
        </div>
      </div>
      {open && <ConnectDialog onClose={() => setOpen(false)} />}
    </Card>
  )
}
