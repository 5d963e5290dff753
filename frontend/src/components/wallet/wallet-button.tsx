'use client'

import { ChevronDown, LogOut, Wallet } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { useConnection, useDisconnect } from 'wagmi'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { Hash } from '@/components/ui/hash.tsx'
import { demoWalletName } from '@/lib/demo-wallet.ts'
import { short } from '@/lib/names.ts'
import { ConnectDialog } from './connect-dialog.tsx'

/** Connects a wallet, or shows who is connected. */
export function WalletButton(): ReactElement {
  const { demo } = useNetwork()
  const { address, addresses = [], connector, isConnected } = useConnection()
  const { mutate: disconnect } = useDisconnect()
  const [dialog, setDialog] = useState<'connect' | 'account'>()
  const close = (): void => setDialog(undefined)
  const isDemo = connector?.name === demoWalletName
  const person = isDemo ? demo?.person() : undefined

  return (
    <>
      {isConnected && address ? (
        <Button kind="secondary" onClick={() => setDialog('account')} aria-haspopup="dialog">
          <span aria-hidden className={`size-2.5 rounded-full ${isDemo ? 'bg-gold' : 'bg-accent'}`} />
          <span className="max-w-20 truncate min-[24rem]:max-w-28 sm:max-w-40">{person?.name ?? short(address)}</span>
          <ChevronDown aria-hidden className="size-4 text-muted" />
        </Button>
      ) : (
        <Button onClick={() => setDialog('connect')} aria-haspopup="dialog">
          <Wallet aria-hidden className="size-4" />
          Connect<span className="sr-only"> a wallet</span>
        </Button>
      )}
      {dialog === 'connect' && <ConnectDialog onClose={close} />}
      {dialog === 'account' && (
        <Dialog
          title={person?.name ?? 'Your wallet'}
          onClose={close}
          footer={
            <>
              {isDemo && (
                <Button kind="secondary" onClick={() => setDialog('connect')}>
                  Be somebody else
                </Button>
              )}
              <Button
                kind="danger"
                onClick={() => {
                  disconnect({})
                  close()
                }}
              >
                <LogOut aria-hidden className="size-4" />
                Disconnect
              </Button>
            </>
          }
        >
          <p className="text-muted">Connected with {connector?.name}.</p>
          <ul className="grid gap-2">
            {addresses.map((one) => (
              <li key={one} className="flex flex-wrap items-center justify-between gap-2">
                <span>{person?.accounts.find((account) => account.address === one)?.label ?? 'Account'}</span>
                <Hash value={one} label="the account" />
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  )
}
