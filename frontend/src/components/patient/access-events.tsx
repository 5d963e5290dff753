'use client'

import { type AccessRequest, type Consent, personId, releaseRequestsOf } from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement, ReactNode } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Actor, Grantee } from '@/components/ui/actor.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Empty } from '@/components/ui/note.tsx'
import { moment } from '@/lib/format.ts'
import { names } from '@/lib/names.ts'

type Line = { readonly id: string; readonly time: number; readonly text: ReactNode }

/** What happened around one code: questions, decisions, and openings that those with access logged. */
export function AccessEvents({
  consents,
  requests,
}: {
  consents: readonly Consent[]
  requests: readonly AccessRequest[]
}): ReactElement {
  const openings = useOpenings(consents)
  const lines: Line[] = [
    ...requests.map(({ transaction, time, reader }) => ({
      id: `asked-${transaction}`,
      time,
      text: (
        <>
          <Actor account={reader} /> asked
        </>
      ),
    })),
    ...consents.map(({ key, changedAt, granteeId, state }) => ({
      id: `${key}-${changedAt}`,
      time: changedAt,
      text: (
        <>
          {sayings[state]} <Grantee id={granteeId} />
        </>
      ),
    })),
    ...openings.map(({ requestHash, time, sender }) => ({
      id: requestHash,
      time,
      text: (
        <>
          <Actor account={sender} /> asked the key nodes to open a record
        </>
      ),
    })),
  ]
  lines.sort((a, b) => b.time - a.time)
  return (
    <Card
      title="What happened"
      hint="From the chain. It names who asked the key nodes, and never for whose record, so an opening may be another patient’s."
    >
      {lines.length === 0 ? (
        <Empty title="Nothing yet" />
      ) : (
        <ol className="grid max-h-96 gap-2.5 overflow-y-auto pr-1">
          {lines.slice(0, 60).map(({ id, time, text }) => (
            <li
              key={id}
              className="flex flex-wrap items-baseline justify-between gap-x-3 border-b border-line pb-2 last:border-0"
            >
              <span className="min-w-0">{text}</span>
              <time className="text-sm text-muted tabular-nums" dateTime={new Date(time * 1000).toISOString()}>
                {moment(time)}
              </time>
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

const sayings = {
  none: 'Nothing said to',
  permit: 'You gave access to',
  revoked: 'You stopped sharing with',
  denied: 'You said no to',
} as const

/** Release requests logged by those who ever had access, since they had it. */
function useOpenings(consents: readonly Consent[]) {
  const { chain } = useNetwork()
  const readers = [...new Set(consents.map(({ granteeId }) => granteeId))].toSorted()
  const { data } = useQuery({
    queryKey: ['openings', readers],
    refetchInterval: 6000,
    enabled: readers.length > 0,
    queryFn: async ({ signal }) => {
      const accounts = readers.flatMap((id) => names.grantees.get(id) ?? [])
      const found = await Promise.all(accounts.map((sender) => releaseRequestsOf(chain, { sender }, { signal })))
      const since = new Map(consents.map((consent) => [consent.granteeId, consent.from]))
      return found
        .flat()
        .filter(({ sender, time }) => time >= (since.get(personId(sender)) ?? Number.POSITIVE_INFINITY))
    },
  })
  return data ?? []
}
