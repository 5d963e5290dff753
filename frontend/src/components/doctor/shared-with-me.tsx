'use client'

import { grantsTo, patientOf, personId, requestsOf } from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Badge, Empty } from '@/components/ui/note.tsx'
import { useDirectory } from '@/hooks/useDirectory.ts'
import { date } from '@/lib/format.ts'
import { lower, short } from '@/lib/names.ts'

/** Patients whom this account asked, and those who gave it access: to come back without the code. */
export function SharedWithMe({
  account,
  onChoose,
}: {
  account: Hex
  onChoose: (pseudonym: Hex) => void
}): ReactElement {
  const { chain } = useNetwork()
  const { organizations } = useDirectory()
  const { data } = useQuery({
    queryKey: ['asked', account],
    refetchInterval: 5000,
    queryFn: async ({ signal }) => {
      const [asked, granted] = await Promise.all([
        requestsOf(chain, { reader: account }, { signal }),
        grantsTo(chain, { granteeId: personId(account) }, { signal }),
      ])
      const newest = new Map<Hex, { time: number; granted: boolean }>()
      for (const { pseudonym, time } of asked) newest.set(pseudonym, { time, granted: false })
      for (const { pseudonym, time } of granted) newest.set(pseudonym, { time, granted: true })
      return await Promise.all(
        [...newest].map(async ([pseudonym, last]) => ({
          pseudonym,
          ...last,
          patient: await patientOf(chain, { pseudonym }, { signal }),
        })),
      )
    },
  })
  return (
    <Card title="My patients here" hint="By their codes. Names stand inside the records.">
      {data && data.length > 0 ? (
        <ul className="grid gap-2">
          {data.map(({ pseudonym, time, granted, patient }) => (
            <li key={pseudonym}>
              <button
                type="button"
                onClick={() => onChoose(pseudonym)}
                className="flex min-h-12 w-full flex-wrap items-center justify-between gap-2 rounded-xl border border-line px-3.5 py-2 text-left hover:border-edge hover:bg-sunken"
              >
                <span>
                  <span className="block font-medium">Patient {short(pseudonym)}</span>
                  <span className="text-sm text-muted">
                    {organizations.find(({ id }) => lower(id) === lower(patient?.provider ?? ''))?.name ??
                      'unknown hospital'}
                  </span>
                </span>
                <Badge tone={granted ? 'good' : 'plain'}>
                  {granted ? 'gave access' : 'asked'} {date(time)}
                </Badge>
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <Empty title="Nobody yet" />
      )}
    </Card>
  )
}
