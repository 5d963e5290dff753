'use client'

import { type AuditStanding, activeEpoch, auditStandingOf, type Operator, operators } from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { useDirectory } from './useDirectory.ts'

/** A node as the registry names it, and what it says of itself now. */
export type NodeState = Operator & {
  readonly alive: boolean
  /** Milliseconds until it answered. */
  readonly delay: number
  readonly status: Readonly<Record<string, unknown>>
  /** How a storage node did when auditors asked it for what it acknowledged. */
  readonly audits?: AuditStanding | undefined
}

/** All nodes with their state, asked anew from time to time. */
export function useNodes() {
  const { chain } = useNetwork()
  // Their names come with the directory.
  const { organizations } = useDirectory()
  return useQuery({
    queryKey: ['nodes', chain.network.networkId, organizations.length],
    refetchInterval: 6000,
    queryFn: async ({ signal }) => {
      const [all, epoch] = await Promise.all([operators(chain, {}, { signal }), activeEpoch(chain, { signal })])
      const nodes = await Promise.all(
        all.map(async (operator) => {
          const audits = operator.kind === 'storage' && auditStandingOf(chain, { operator: operator.id }, { signal })
          return { ...(await ask(operator, signal)), ...(audits && { audits: await audits }) }
        }),
      )
      return { nodes, epoch, askedAt: chain.clock() }
    },
  })
}

async function ask(operator: Operator, signal: AbortSignal): Promise<NodeState> {
  const started = performance.now()
  try {
    const url = new URL('/v1/status', operator.endpoint)
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(4000)]) })
    const status: unknown = response.ok ? await response.json() : {}
    const known = typeof status === 'object' && status !== null ? (status as Record<string, unknown>) : {}
    return { ...operator, alive: response.ok, delay: performance.now() - started, status: known }
  } catch {
    return { ...operator, alive: false, delay: performance.now() - started, status: {} }
  }
}
