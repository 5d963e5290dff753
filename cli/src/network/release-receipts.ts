/**
 * What key nodes signed when they released keys to whoever uses this machine: one file for each release, readable by its
 * owner alone, because it says which record was opened.
 * @module
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fromUtf8, type Hex } from '@sharewell/sdk/bytes'
import { type ReleaseReceipt, receiptFromJson, receiptToJson, UnloggedEvidenceError } from '@sharewell/sdk/flow/book'
import { attempt, isMap } from '../guess.ts'
import { readSmall } from '../input.ts'
import { inState, stateFolder } from '../state.ts'

const suffix = '.receipts.json'
const maxLength = 1 << 20

/** The receipts of one release, and the file that holds them. */
export type KeptReceipts = { readonly file: string; readonly receipts: readonly ReleaseReceipt[] }

/** Keeps the receipts of one release of a network. */
export function keepReceipts(networkId: Hex, receipts: readonly ReleaseReceipt[]): void {
  const [first] = receipts
  if (!first) return
  const file = path.join(stateFolder('receipts'), `${first.message.requestHash.slice(2)}${suffix}`)
  const content = { networkId, receipts: receipts.map(receiptToJson) }
  inState(file, () => writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 }))
}

/** Everything that is kept of a network, the newest release first. */
export async function keptReceipts(networkId: Hex, signal: AbortSignal): Promise<KeptReceipts[]> {
  const folder = stateFolder('receipts')
  const files = inState(folder, () => readdirSync(folder)).filter((name) => name.endsWith(suffix))
  const found: KeptReceipts[] = []
  for (const name of files) {
    const file = path.join(folder, name)
    const { of, receipts } = await readFileOf(file, signal)
    if (of === networkId) found.push({ file, receipts })
  }
  return found.sort((a, b) => endOf(b) - endOf(a))
}

const endOf = ({ receipts: [first] }: KeptReceipts): number => first?.request.notAfter ?? 0

/** Reads a file of receipts, of this machine or another. Throws UnloggedEvidenceError. */
export async function readReceipts(file: string, networkId: Hex, signal: AbortSignal): Promise<KeptReceipts> {
  const { of, receipts } = await readFileOf(file, signal)
  if (of !== networkId) throw new UnloggedEvidenceError({ reason: 'it is of another network' })
  return { file, receipts }
}

async function readFileOf(file: string, signal: AbortSignal) {
  const bytes = await readSmall(file, maxLength, signal)
  const json = attempt((): unknown => JSON.parse(fromUtf8(bytes)))
  if (!isMap(json) || !Array.isArray(json.receipts)) throw new UnloggedEvidenceError({ reason: 'it is no receipt' })
  return { of: String(json.networkId), receipts: json.receipts.map(receiptFromJson) }
}

/** Removes a file that is of no use any more. */
export function forgetReceipts({ file }: KeptReceipts): void {
  inState(file, () => rmSync(file))
}
