'use client'

import { type Chain, connect } from '@sharewell/sdk/chain'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactElement, ReactNode } from 'react'
import { createContext, useContext, useEffect, useState } from 'react'
import { type Config, WagmiContext } from 'wagmi'
import { reconnect } from 'wagmi/actions'
import { Waiting } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { announceDemoWallet, createDemoWallet, type DemoWallet } from '@/lib/demo-wallet.ts'
import { fetchNetworkFile, type NetworkFile } from '@/lib/network-file.ts'
import { createWagmiConfig } from '@/lib/wagmi.ts'

/** What every page needs of the network: a pinned connection that only reads, the wallets, and the demo's people. */
export type Connection = NetworkFile & {
  readonly chain: Chain
  readonly wagmi: Config
  readonly demo?: DemoWallet | undefined
}

type State = { connection?: Connection; error?: unknown }
const Context = createContext<State>({})

/** Finds the network that this page belongs to and makes its connection known to the pages. */
export function NetworkProvider({ children }: { children: ReactNode }): ReactElement {
  const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 2000 } } }))
  const [state, setState] = useState<State>({})

  useEffect(() => {
    const stop = new AbortController()
    open(stop.signal).then(
      (connection) => setState({ connection }),
      (error: unknown) => stop.signal.aborted || setState({ error }),
    )
    return () => stop.abort()
  }, [])

  return (
    <QueryClientProvider client={queries}>
      <Context value={state}>{children}</Context>
    </QueryClientProvider>
  )
}

/** Milliseconds for one question: a page asks dozens at once. */
const patience = 30_000

async function open(signal: AbortSignal): Promise<Connection> {
  const file = await fetchNetworkFile(signal)
  const chain = await connect(file.network, { signal, timeout: patience, batch: true })
  const demo = file.people.length > 0 ? createDemoWallet(file, sessionStorage) : undefined
  if (demo) signal.addEventListener('abort', announceDemoWallet(demo), { once: true })
  const wagmi = createWagmiConfig(file.network)
  void reconnect(wagmi)
  return { ...file, chain, wagmi, demo }
}

/**
 * Draws its children once the network is there; until then says what is going on. `quiet` says nothing.
 * Wagmi's own provider would forget the connected wallet each time one of these appears, hence its bare context.
 */
export function Ready({ children, quiet = false }: { children: ReactNode; quiet?: boolean }): ReactNode {
  const { connection, error } = useContext(Context)
  if (connection) return <WagmiContext value={connection.wagmi}>{children}</WagmiContext>
  if (quiet) return null
  return error === undefined ? <Waiting>Finding the network…</Waiting> : <Problem error={error} />
}

/** The connection to the network; only inside {@link Ready}. */
export function useNetwork(): Connection {
  const { connection } = useContext(Context)
  if (!connection) throw new Error('useNetwork() stands outside <Ready>')
  return connection
}
