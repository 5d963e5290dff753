'use client'

import type { Deposit } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Hash } from '@/components/ui/hash.tsx'
import { Empty, Waiting } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { DeskProps } from '@/hooks/useDesk.ts'
import { categoryNames } from '@/lib/categories.ts'
import type { KnownPatient } from '@/lib/device-store.ts'
import { moment } from '@/lib/format.ts'
import { short } from '@/lib/names.ts'

const page = 12

/** Everything that this hospital deposited, the latest first. */
export function Deposits({ desk: { deposits, patients } }: DeskProps): ReactElement {
  const [shown, show] = useState(page)
  const all = deposits.data ?? []
  return (
    <Card title="Deposits" hint="As the public ledger has them. Names stand only where this device knows the patient.">
      {deposits.error && <Problem error={deposits.error} />}
      {deposits.isLoading && <Waiting>Reading the public ledger…</Waiting>}
      {deposits.data?.length === 0 && <Empty title="Nothing deposited yet" />}
      {all.length > 0 && (
        <ul className="divide-y divide-line">
          {all.slice(0, shown).map((deposit) => (
            <Row
              key={`${deposit.recordId}-${deposit.version}`}
              deposit={deposit}
              patient={patients.find((one) => one.pseudonym === deposit.pseudonym)}
            />
          ))}
        </ul>
      )}
      {shown < all.length && (
        <Button kind="quiet" onClick={() => show(shown + 50)}>
          Show more of {all.length}
        </Button>
      )}
    </Card>
  )
}

function Row({ deposit, patient }: { deposit: Deposit; patient: KnownPatient | undefined }): ReactElement {
  const kind = patient && categoryNames(patient.categoryKey).ofBit(deposit.category)
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2.5">
      <span className="min-w-0 flex-1 basis-48">
        <span className="font-medium">{patient?.label ?? `Patient ${short(deposit.pseudonym)}`}</span>
        {kind && <span className="text-muted"> · {kind}</span>}
        {deposit.version > 1 && <span className="text-muted"> · version {deposit.version}</span>}
      </span>
      <Hash value={deposit.recordId} label="the record id" />
      <time className="text-sm text-muted tabular-nums" dateTime={new Date(deposit.time * 1000).toISOString()}>
        {moment(deposit.time)}
      </time>
    </li>
  )
}
