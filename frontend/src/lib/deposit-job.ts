import type { Hex } from '@sharewell/sdk/bytes'
import { connect, type Network } from '@sharewell/sdk/chain'
import { deposit, type OnProgress, type Progress, type Receipt } from '@sharewell/sdk/flow'
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
import { chainAsDevice } from './desk.ts'
import type { KnownPatient } from './device-store.ts'
import { readBundle } from './fhir.ts'
import { browserLimit, bundleLimit, checkSize, mimeOf, piecesOf } from './files.ts'
import type { PlainError } from './plain-error.ts'

/** What is to be deposited, for whom, and as which device. */
export type DepositJob = {
  readonly network: Network
  readonly device: { readonly privateKey: Hex; readonly address: Hex }
  readonly patient: KnownPatient
  readonly file: File
  readonly policy: Policy
  readonly postQuantum?: boolean | undefined
}

/** A deposited record with the category it was deposited under. */
export type DepositedRecord = Receipt & { readonly category: string }

/** What is being deposited now: the how many-th of how many, and of which kind. */
export type Turn = { readonly at: number; readonly of: number; readonly category: string }

/** What a deposit says while it runs, and how it ends. */
export type DepositWord =
  | { readonly kind: 'turn'; readonly turn: Turn }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly receipts: readonly DepositedRecord[] }
  | { readonly kind: 'failed'; readonly error: PlainError }

type Plan = {
  readonly category: number
  readonly mime: string
  readonly size: number
  readonly source: () => AsyncIterable<RecordContent['bytes']>
}

/** Deposits a file, or each category of a FHIR bundle, one record after another. */
export async function runDeposit(
  { network, device, patient, file, policy, postQuantum }: DepositJob,
  say: (word: DepositWord) => void,
): Promise<readonly DepositedRecord[]> {
  const plans = await planOf(file)
  const chain = chainAsDevice(await connect(network), device)
  const onProgress: OnProgress = (progress) => say({ kind: 'progress', progress })
  const receipts: DepositedRecord[] = []
  for (const plan of plans) {
    const category = categoryOf(plan.category).title
    say({ kind: 'turn', turn: { at: receipts.length + 1, of: plans.length, category } })
    const options = { ...recordOptions(patient, plan), chain, policy, postQuantum, onProgress }
    receipts.push({ ...(await deposit(plan.source(), options)), category })
  }
  return receipts
}

function recordOptions({ pseudonym, selfPublicKey, categoryKey }: KnownPatient, { category, mime, size }: Plan) {
  const emergency = category === categoryOf('summary').id
  return {
    patient: { pseudonym, selfPublicKey },
    categoryBit: categoryBit(categoryKey, category),
    mime,
    size,
    emergency,
  }
}

/** A FHIR bundle becomes one record a category, with the identity apart; anything else is one record as it is. */
async function planOf(file: File): Promise<readonly Plan[]> {
  const isJson = /\.json$|json/.test(`${file.name} ${file.type}`)
  checkSize(file, isJson ? bundleLimit : browserLimit)
  const bundle = isJson ? readBundle(await file.text()) : undefined
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
