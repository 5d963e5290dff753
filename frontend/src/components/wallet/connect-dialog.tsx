'use client'

import { ShieldQuestion } from 'lucide-react'
import type { ReactElement } from 'react'
import { type Connector, useConnect, useConnectors } from 'wagmi'
import { Dialog } from '@/components/ui/dialog.tsx'
import { Badge, Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { demoWalletName } from '@/lib/demo-wallet.ts'

/** The wallets that announced themselves in this browser (EIP-6963), to choose one. */
export function ConnectDialog({ onClose }: { onClose: () => void }): ReactElement {
  const connectors = useConnectors()
  const { mutate: connect, error, isPending, variables } = useConnect()
  const choose = (connector: Connector): void => connect({ connector }, { onSuccess: onClose })

  return (
    <Dialog title="Connect a wallet" onClose={onClose}>
      <p className="text-muted">Your wallet says who you are and signs what you decide. It never sees a record.</p>
      {connectors.length === 0 && (
        <Note title="No wallet found in this browser">
          Install one that speaks EIP-6963 (most do), then come back to this page.
        </Note>
      )}
      <ul className="grid gap-2">
        {connectors.map((connector) => (
          <li key={connector.uid}>
            <button
              type="button"
              aria-busy={isPending && variables?.connector === connector}
              onClick={() => choose(connector)}
              className="flex min-h-14 w-full items-center gap-3 rounded-xl border border-line px-4 py-2 text-left font-medium hover:border-edge hover:bg-sunken"
            >
              <Face connector={connector} />
              <span className="flex flex-1 flex-wrap items-center justify-between gap-x-3 gap-y-1">
                {connector.name}
                {connector.name === demoWalletName && <Badge tone="warn">public keys, to try things</Badge>}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {error && <Problem error={error} />}
    </Dialog>
  )
}

function Face({ connector: { icon } }: { connector: Connector }): ReactElement {
  if (!icon?.startsWith('data:image/')) return <ShieldQuestion aria-hidden className="size-8 text-muted" />
  // The picture comes from the wallet as a data URL, which next/image has nothing to do with.
  return (
    <span
      aria-hidden
      className="size-8 shrink-0 rounded-lg bg-cover"
      style={{ backgroundImage: `url("${icon.trim()}")` }}
    />
  )
}
