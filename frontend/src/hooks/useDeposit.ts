'use client'

import type { Chain } from '@sharewell/sdk/chain'
import { deposit, type Receipt } from '@sharewell/sdk/flow'
import {
  categoryBit,
  categoryOf,
  type RecordContent,
  recordFromFile,
  recordFromPart,
  recordFromPersona,
  splitBundle,
} from '@sharewell/sdk/record'
import type { Policy } from '@sharewell/sdk/share'
import { useState } from 'react'
import type { KnownPatient } from '@/lib/device-store.ts'
import { readBundle } from '@/lib/fhir.ts'
import { browserLimit, FileTooLargeError, mimeOf, piecesOf } from '@/lib/files.ts'
import { type Run, useJourney } from './useJourney.ts'

/** A deposited record with the category it was deposited under. */
export type DepositedRecord = Receipt & { readonly category: string }

/** What is being deposited now: the how many-th of how many, and of which kind. */
export type Turn = { readonly at: number; readonly of: number; readonly category: string }

type Plan = {
  readonly category: number
  readonly mime: string
  readonly size: number
  readonly source: () => AsyncIterable<RecordContent['bytes']>
}

/** Deposits a file, or each category of a FHIR bundle, one record after another. */
export function useDeposit(): Run<readonly DepositedRecord[]> & {
  turn: Turn | undefined
  deposit: (chain: Chain, patient: KnownPatient, file: File, policy: Policy) => Promise<void>
} {
  const run = useJourney<readonly DepositedRecord[]>()
  const [turn, setTurn] = useState<Turn>()
  const depositAll = async (chain: Chain, patient: KnownPatient, file: File, policy: Policy): Promise<void> =>
    await run.start(async ({ onProgress, signal, clear }) => {
      const plans = await planOf(file)
      const receipts: DepositedRecord[] = []
      for (const plan of plans) {
        const category = categoryOf(plan.category).title
        clear()
        setTurn({ at: receipts.length + 1, of: plans.length, category })
        const options = { ...recordOptions(patient, plan), chain, policy, onProgress, signal }
        receipts.push({ ...(await deposit(plan.source(), options)), category })
      }
      return receipts
    })
  return { ...run, turn, deposit: depositAll }
}

function recordOptions({ pseudonym, selfPublicKey, categoryKey }: KnownPatient, { category, mime, size }: Plan) {
  return { patient: { pseudonym, selfPublicKey }, categoryBit: categoryBit(categoryKey, category), mime, size }
}

/** A FHIR bundle becomes one record a category, with the identity apart; anything else is one record as it is. */
async function planOf(file: File): Promise<readonly Plan[]> {
  if (file.size > browserLimit) throw new FileTooLargeError(file.size)
  const bundle = /\.json$|json/.test(`${file.name} ${file.type}`) ? readBundle(await file.text()) : undefined
  if (bundle) {
    const { persona, parts } = splitBundle(bundle)
    return [recordFromPersona(persona), ...parts.map(recordFromPart)].map(({ category, mime, bytes }) => ({
      category,
      mime,
      size: bytes.length,
      source: () => piecesOf(new Blob([bytes])),
    }))
  }
  const mime = mimeOf(file)
  return [
    { category: recordFromFile(new Uint8Array(), mime).category, mime, size: file.size, source: () => piecesOf(file) },
  ]
}
