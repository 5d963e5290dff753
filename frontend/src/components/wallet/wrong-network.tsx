'use client'

import type { ReactElement } from 'react'
import { useConnection, useSwitchChain } from 'wagmi'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'

/** Says so when the wallet is on another chain, and offers to change that. */
export function WrongNetwork(): ReactElement | null {
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
