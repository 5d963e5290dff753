'use client'

import { type AnchoredRecord, recordsOf } from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { lower, names } from '@/lib/names.ts'
import { useMail } from './useMail.ts'
import type { Place } from './usePlaces.ts'

/** A record with what the patient calls it: its kind, once the mailbox is open. */
export type NamedRecord = AnchoredRecord & {
  readonly depositedAt: number
  readonly title: string
  readonly sensitive: boolean
}

/** The patient's own records at one place, in the order in which people look for them. */
export function useRecords(place: Place) {
  const { chain } = useNetwork()
  const { mail } = useMail(place)
  const { data, error, isLoading } = useQuery({
    queryKey: ['records', place.pseudonym],
    refetchInterval: 5000,
    queryFn: async ({ signal }) => await recordsOf(chain, { pseudonym: place.pseudonym }, { signal }),
  })
  const kinds = mail?.categories
  const records = data?.map((record): NamedRecord => {
    const title = kinds?.ofBit(record.category) ?? `Record ${record.recordId.slice(2, 6).toUpperCase()}`
    names.records.set(lower(record.recordId), { text: title, verified: true })
    return { ...record, title, sensitive: kinds?.isSensitive(record.category) ?? false }
  })
  const sorted = kinds ? records?.toSorted((a, b) => kinds.rank(a.category) - kinds.rank(b.category)) : records
  return { records: sorted, error, isLoading }
}
