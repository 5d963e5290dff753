'use client'

import type { ReactElement } from 'react'
import type { Hex } from 'viem'
import { Card } from '@/components/ui/card.tsx'
import { Badge, Empty } from '@/components/ui/note.tsx'
import { useDirectory } from '@/hooks/useDirectory.ts'
import { useMyPatients } from '@/hooks/useMyPatients.ts'
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
  const { organizations } = useDirectory()
  const data = useMyPatients(account)
  return (
    <Card title="My patients here" hint="By their codes. Names stand inside the records.">
      {data && data.length > 0 ? (
        <ul className="grid gap-2">
          {data.map(({ pseudonym, time, granted, provider }) => (
            <li key={pseudonym}>
              <button
                type="button"
                onClick={() => onChoose(pseudonym)}
                className="flex min-h-12 w-full flex-wrap items-center justify-between gap-2 rounded-xl border border-line px-3.5 py-2 text-left hover:border-edge hover:bg-sunken"
              >
                <span>
                  <span className="block font-medium">Patient {short(pseudonym)}</span>
                  <span className="text-sm text-muted">
                    {organizations.find(({ id }) => lower(id) === lower(provider ?? ''))?.name ?? 'unknown hospital'}
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
