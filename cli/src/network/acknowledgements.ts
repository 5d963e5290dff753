/**
 * What storage nodes signed when they took the shares of a record: without it nobody can hold them to it. One file for
 * each record, readable by its owner alone.
 * @module
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fromUtf8, type Hex } from '@sharewell/sdk/bytes'
import type { challengeNode } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import type { Receipt, SignedAcknowledgement } from '@sharewell/sdk/flow'
import { attempt, isMap } from '../guess.ts'
import { NoSuchFileError, readSmall } from '../input.ts'
import { inState, stateFolder } from '../state.ts'

/** What the nodes of one version of a record acknowledged. */
export type Acknowledged = Pick<Receipt, 'recordId' | 'manifestHash' | 'placementHash' | 'acknowledgements'>

const fileOf = (networkId: Hex, recordId: Hex): string =>
  path.join(stateFolder('acknowledgements'), `${networkId.slice(2, 18)}-${recordId.slice(2)}.json`)
const maxLength = 1 << 20

/** Keeps what the nodes of a record signed, in place of what those of an earlier version did. */
export function keepAcknowledgements(networkId: Hex, receipt: Receipt): void {
  const { recordId, manifestHash, placementHash, acknowledgements } = receipt
  const file = fileOf(networkId, recordId)
  const content = JSON.stringify({ recordId, manifestHash, placementHash, acknowledgements }, null, 2)
  inState(file, () => writeFileSync(file, `${content}\n`, { mode: 0o600 }))
}

/** What the nodes of a record signed: from the receipts in `file`, else as this machine kept it. Throws
 * {@link NoAcknowledgementError}. */
export async function acknowledgedOf(
  { networkId, recordId, placementHash }: { readonly [name in 'networkId' | 'recordId' | 'placementHash']: Hex },
  file: string | undefined,
  signal: AbortSignal,
): Promise<Acknowledged> {
  const bytes = await readSmall(file ?? fileOf(networkId, recordId), maxLength, signal).catch((error: unknown) => {
    if (file === undefined && error instanceof NoSuchFileError) return undefined
    throw error
  })
  if (!bytes) throw new NoAcknowledgementError({ reason: 'this machine did not deposit the record' })
  const json = attempt((): unknown => JSON.parse(fromUtf8(bytes)))
  const all = (Array.isArray(json) ? json : [json]).filter(isAcknowledged)
  const found = all.filter((one) => one.recordId === recordId)
  if (found.length === 0) throw new NoAcknowledgementError({ reason: 'the file holds no receipt of this record' })
  const standing = found.find((one) => one.placementHash === placementHash)
  if (!standing) throw new NoAcknowledgementError({ reason: 'the record lies somewhere else by now' })
  return standing
}

/** The question that one node's word allows. */
export function questionOf(
  { manifestHash, placementHash }: Acknowledged,
  { operator, index, shareRoot, bytes, time, signature }: SignedAcknowledgement,
  manifest: Hex,
): challengeNode.Args {
  const acknowledgement = { manifestHash, placementHash, index, shareRoot, bytes: BigInt(bytes), time }
  return { operator, acknowledgement, signature, manifest }
}

const isHex = (value: unknown, size?: number): boolean =>
  typeof value === 'string' &&
  /^0x(?:[0-9a-f]{2})+$/.test(value) &&
  (size === undefined || value.length === 2 + 2 * size)

function isAcknowledged(value: unknown): value is Acknowledged {
  if (!isMap(value) || !Array.isArray(value.acknowledgements)) return false
  const hashes = [value.recordId, value.manifestHash, value.placementHash]
  return hashes.every((hash) => isHex(hash, 32)) && value.acknowledgements.every(isSigned)
}

function isSigned(value: unknown): value is SignedAcknowledgement {
  if (!isMap(value)) return false
  const { operator, shareRoot, signature, index, bytes, time } = value
  const numbers = [index, bytes, time].every((one) => Number.isSafeInteger(one) && Number(one) >= 0)
  return numbers && isHex(operator, 16) && isHex(shareRoot, 32) && isHex(signature)
}

/** Thrown when nothing is at hand that a node signed about a record. */
export class NoAcknowledgementError extends BaseError<'NO_ACKNOWLEDGEMENT'> {
  override readonly name = 'NoAcknowledgementError'
  constructor({ reason = 'there is none' }: { reason?: string }) {
    super('NO_ACKNOWLEDGEMENT', `Nothing is at hand that the nodes of this record signed: ${reason}.`, {
      hints: ["name the receipts with --receipts: 'sharewell deposit --receipt FILE' writes them"],
      docs: 'audits.md#challenging',
    })
  }
}
