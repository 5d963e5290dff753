'use client'

import { FlaskConical } from 'lucide-react'
import type { ReactElement } from 'react'
import { useConnection, useSwitchChain } from 'wagmi'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { demoWalletName } from '@/lib/demo-wallet.ts'

function WrongNetwork(): ReactElement | null {
  const { network } = useNetwork()
  const { chainId, isConnected } = useConnection()
  const { mutate: switchChain, isPending, error } = useSwitchChain()
  if (!isConnected || chainId === network.chainId) return null
  return (
    <div className="mx-auto grid max-w-6xl gap-3 px-4 pt-4 sm:px-6">
      <Note
        tone="warn"
        live
        title="Your wallet is on another network"
        action={
          <Button busy={isPending} onClick={() => switchChain({ chainId: network.chainId })}>
            Switch to this one
          </Button>
        }
      >
        What you sign there would count for nothing here.
      </Note>
      {error && <Problem error={error} />}
    </div>
  )
}

/** What to know about the connected wallet: that its keys are public, or that it is on another chain. */
export function WalletNotices(): ReactElement {
  const { connector, isConnected } = useConnection()
  return (
    <>
      {isConnected && connector?.name === demoWalletName && (
        <p className="flex items-center justify-center gap-2 bg-gold-soft px-4 py-1.5 text-center text-sm text-gold print:hidden">
          <FlaskConical aria-hidden className="size-4 shrink-0" />
          <span>
            <b>Demo wallet: keys are public.</b> For trying things, never for real records.
          </span>
        </p>
      )}
      <WrongNetwork />
    </>
  )
}
