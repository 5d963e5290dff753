'use client'

import { recordsDue } from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Hash } from '@/components/ui/hash.tsx'
import type { DeskProps } from '@/hooks/useDesk.ts'
import { categoryNames } from '@/lib/categories.ts'
import { moment } from '@/lib/format.ts'

/** Records of this hospital's patients that are due for a new key, because somebody may not read them any more. Shows
 * nothing while there is no such duty. */
export function RekeyDuty({ desk: { patients } }: DeskProps): ReactElement | null {
  const { chain } = useNetwork()
  const { data: due = [] } = useQuery({
    queryKey: ['due', ...patients.map(({ pseudonym }) => pseudonym)],
    refetchInterval: 15_000,
    queryFn: async ({ signal }) => {
      const found = await Promise.all(
        patients.map(async (patient) => {
          const records = await recordsDue(chain, { pseudonym: patient.pseudonym }, { signal })
          return records.map((record) => ({ ...record, patient }))
        }),
      )
      return found.flat()
    },
  })
  if (due.length === 0) return null
  return (
    <Card
      title="Due for a new key"
      hint="Patients stopped sharing these. Key nodes refuse already; a new key makes old copies useless too."
    >
      <p className="mb-3 max-w-prose">
        The patient’s page offers it. Your hospital can do it too, from its own copy and with its own account:{' '}
        <code className="break-all">sharewell rekey RECORD --from FILE</code>
      </p>
      <ul className="divide-y divide-line">
        {due.map(({ recordId, category, since, patient: { label, categoryKey } }) => (
          <li key={recordId} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2.5">
            <span className="min-w-0 flex-1 basis-48">
              <span className="font-medium">{label}</span>
              <span className="text-muted"> · {categoryNames(categoryKey).ofBit(category)}</span>
            </span>
            <Hash value={recordId} label="the record id" />
            <time className="text-sm text-muted tabular-nums" dateTime={new Date(since * 1000).toISOString()}>
              {moment(since)}
            </time>
          </li>
        ))}
      </ul>
    </Card>
  )
}
