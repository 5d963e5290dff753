'use client'

import type { AccessRequest, Consent } from '@sharewell/sdk/chain'
import type { ReactElement, ReactNode } from 'react'
import { Actor, Grantee } from '@/components/ui/actor.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Empty } from '@/components/ui/note.tsx'
import { moment } from '@/lib/format.ts'
import { purposeLabel } from '@/lib/purposes.ts'

type Line = { readonly id: string; readonly time: number; readonly text: ReactNode }
export type AccessEventsProps = { consents: readonly Consent[]; requests: readonly AccessRequest[] }

/** What happened around one code: questions and decisions, from the chain. */
export function AccessEvents({ consents, requests }: AccessEventsProps): ReactElement {
  const lines = [...requests.map(questionLine), ...consents.map(decisionLine)]
  lines.sort((a, b) => b.time - a.time)
  return (
    <Card title="What happened" hint="Questions and decisions, as they stand in the public ledger.">
      {lines.length === 0 ? (
        <Empty title="Nothing yet" />
      ) : (
        <ol className="grid gap-2.5">
          {lines.slice(0, 40).map(({ id, time, text }) => (
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

const questionLine = ({ transaction, time, reader, purpose }: AccessRequest): Line => ({
  id: transaction,
  time,
  text: (
    <>
      <Actor account={reader} /> asked, for {purposeLabel(purpose).toLowerCase()}
    </>
  ),
})

const decisionLine = ({ key, changedAt, granteeId, state }: Consent): Line => ({
  id: `${key}-${changedAt}`,
  time: changedAt,
  text: (
    <>
      {sayings[state]} <Grantee id={granteeId} />
    </>
  ),
})
