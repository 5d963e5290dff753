'use client'

import { recordsDue } from '@sharewell/sdk/chain'
import { type DeletionReport, deleteVersions, eraseRecord, rekey } from '@sharewell/sdk/flow'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { type Run, useJourney } from './useJourney.ts'
import type { Place } from './usePlaces.ts'
import { useSignAt } from './useSignAt.ts'

/** Records at one place that somebody could open who may not any more, and that still have their old key. */
export function useDue({ pseudonym }: Pick<Place, 'pseudonym'>) {
  const { chain } = useNetwork()
  return useQuery({
    queryKey: ['due', pseudonym],
    refetchInterval: 8000,
    queryFn: async ({ signal }) => await recordsDue(chain, { pseudonym }, { signal }),
  })
}

/** What the nodes said: over all records that were asked for. */
export type NodeWords = { readonly records: number; readonly confirmed: number; readonly missing: readonly string[] }

const wordsOf = (reports: readonly DeletionReport[]): NodeWords => ({
  records: reports.length,
  confirmed: new Set(reports.flatMap(({ confirmed }) => confirmed.map(({ operator }) => operator))).size,
  missing: [...new Set(reports.flatMap(({ missing }) => missing.map(({ operator }) => operator)))],
})

type Rekeying = Run<NodeWords> & {
  /** Which record of how many is at work. */
  readonly turn: { readonly at: number; readonly of: number } | undefined
  readonly begin: (recordIds: readonly Hex[]) => Promise<void>
  /** Asks every node once more to delete what the last run left behind. */
  readonly again: () => Promise<void>
}

/** Gives records a new key, one after another, opened and sealed anew on this device. */
export function useRekey(place: Place): Rekeying {
  const signAt = useSignAt()
  const queries = useQueryClient()
  const run = useJourney<NodeWords>()
  const [turn, setTurn] = useState<Rekeying['turn']>()
  const [last, setLast] = useState<readonly DeletionReport[]>([])
  const begin = async (recordIds: readonly Hex[]): Promise<void> =>
    await run.start(async ({ onProgress, signal, clear }) => {
      const chain = await signAt(place)
      const { publicKey: selfPublicKey, seed: selfSeed } = place.keys.self
      const patient = { pseudonym: place.pseudonym, selfPublicKey }
      const from = { kind: 'open', as: { kind: 'patient', selfSeed } } as const
      const reports: DeletionReport[] = []
      for (const recordId of recordIds) {
        clear()
        setTurn({ at: reports.length + 1, of: recordIds.length })
        const { deletions } = await rekey({ chain, recordId, patient, from, onProgress, signal })
        reports.push(deletions)
      }
      setLast(reports)
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(place.pseudonym) })
      return wordsOf(reports)
    })
  const again = async (): Promise<void> =>
    await run.start(async ({ signal }) => {
      const chain = await signAt(place)
      const reports: DeletionReport[] = []
      for (const { recordId, version } of last)
        reports.push(await deleteVersions(chain, { recordId, version }, { signal }))
      return wordsOf(reports)
    })
  return { ...run, turn, begin, again }
}

/** Erases one record for good. Called again it asks the nodes once more that did not confirm. */
export function useErase(place: Place): Run<NodeWords> & { readonly begin: (recordId: Hex) => Promise<void> } {
  const signAt = useSignAt()
  const queries = useQueryClient()
  const run = useJourney<NodeWords>()
  const begin = async (recordId: Hex): Promise<void> =>
    await run.start(async ({ signal }) => {
      const report = await eraseRecord({ chain: await signAt(place), recordId, signal })
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(place.pseudonym) })
      return wordsOf([report])
    })
  return { ...run, begin }
}
