'use client'

import type { Chain } from '@sharewell/sdk/chain'
import { type Fault, type RetrieveOptions, retrieve } from '@sharewell/sdk/flow'
import type { Hex } from 'viem'
import { collect } from '@/lib/files.ts'
import { type Run, useJourney } from './useJourney.ts'

/** A record that was opened and checked to the last byte. */
export type OpenedRecord = {
  readonly blob: Blob
  readonly mime: string
  readonly size: number
  readonly faults: readonly Fault[]
}

/** Opens one record at a time; what it says on the way is in `journey`. */
export function useRetrieve(): Run<OpenedRecord> & {
  open: (chain: Promise<Chain>, recordId: Hex, as: RetrieveOptions['as']) => Promise<void>
} {
  const run = useJourney<OpenedRecord>()
  const open = async (chain: Promise<Chain>, recordId: Hex, as: RetrieveOptions['as']): Promise<void> =>
    await run.start(async ({ onProgress, signal }) => {
      const { bytes, trailer, faults } = await retrieve({ chain: await chain, recordId, as, onProgress, signal })
      const blob = await collect(bytes)
      const { mime, size } = await trailer
      return { blob, mime, size, faults: [...faults] }
    })
  return { ...run, open }
}
