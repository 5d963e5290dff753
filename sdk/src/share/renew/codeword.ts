import { digest } from '#primitives'
import { type Bytes, equal } from '../../bytes.ts'
import { decodeChunk, type Part, PartError } from '../chunk.ts'
import type { ShareCode } from '../code.ts'
import { fastestCode } from '../engine/index.ts'
import { decodingMatrix, positionOf } from '../matrix.ts'
import type { Policy } from '../policy.ts'
import { RenewError } from './error.ts'
import { multiplyRows } from './rows.ts'

/** Choices of t shares that are tried before nobody is named: (9, 6, 3) has 84. */
const mostChoices = 4096

/**
 * Says which share-chunks of one sealed chunk are off the codeword whose data hash to its leaf: none in an honest renewal.
 * @param bodies for shares 0..n-1, all of one length.
 * @param leaf SHA-256 of the sealed chunk, `length` its bytes.
 * @throws RenewError where no t of them give the sealed chunk.
 * @returns share numbers, rising.
 */
export async function offCodeword(
  policy: Policy,
  bodies: readonly Bytes[],
  { leaf, length }: { readonly leaf: Uint8Array; readonly length: number },
  { code = fastestCode() }: { readonly code?: ShareCode | undefined } = {},
): Promise<number[]> {
  let tried = 0
  for (const some of choices(policy.n, policy.t)) {
    if (tried++ === mostChoices) break
    const parts = some.map((index) => ({ index, body: bodies[index] as Bytes }))
    const chunk = decoded(policy, parts, length, code)
    if (chunk && equal(await digest(chunk), leaf)) return othersThanGiven(policy, parts, bodies, code)
  }
  throw new RenewError({ reason: `no ${policy.t} of the shares tried give the sealed chunk` })
}

/**
 * Whether share-chunks are one codeword whose data hash to a leaf, by one try: who is off where they are not,
 * {@link offCodeword} says.
 */
export async function isCodeword(
  policy: Policy,
  bodies: readonly Bytes[],
  { leaf, length }: { readonly leaf: Uint8Array; readonly length: number },
  { code = fastestCode() }: { readonly code?: ShareCode | undefined } = {},
): Promise<boolean> {
  const parts = bodies.slice(0, policy.t).map((body, index) => ({ index, body }))
  const chunk = decoded(policy, parts, length, code)
  if (!chunk || !equal(await digest(chunk), leaf)) return false
  return othersThanGiven(policy, parts, bodies, code).length === 0
}

function decoded(policy: Policy, parts: readonly Part[], length: number, code: ShareCode): Bytes | undefined {
  try {
    return decodeChunk(policy, parts, length, { code })
  } catch (error) {
    // Data rows whose padding is not zero: some part is off.
    if (error instanceof PartError) return undefined
    throw error
  }
}

/**
 * What t share-chunks make of others of the same codeword: for who may see sealed bytes.
 * @param parts t of them, verified.
 * @returns bodies of the shares `wanted`, in their order.
 */
export function deriveShares(
  policy: Policy,
  parts: readonly Part[],
  wanted: readonly number[],
  { code = fastestCode() }: { readonly code?: ShareCode | undefined } = {},
): Bytes[] {
  if (wanted.length === 0) return []
  const places = wanted.map((index) => positionOf(policy, index))
  const used = parts.map(({ index }) => index)
  const bodies = parts.map(({ body }) => body)
  return multiplyRows(code, decodingMatrix(policy, used, places), bodies)
}

/** Shares whose bytes are not what t shares of the codeword make of them. */
function othersThanGiven(policy: Policy, parts: readonly Part[], bodies: readonly Bytes[], code: ShareCode): number[] {
  const used = new Set(parts.map(({ index }) => index))
  const rest = [...bodies.keys()].filter((index) => !used.has(index))
  const rows = deriveShares(policy, parts, rest, { code })
  return rest.filter((index, at) => !equal(rows[at] as Bytes, bodies[index] as Bytes))
}

/** Choices of `size` numbers below `count`, the first ones first. */
function* choices(count: number, size: number): Generator<number[]> {
  const some = Array.from({ length: size }, (_, i) => i)
  for (;;) {
    yield [...some]
    const at = some.findLastIndex((value, i) => value < count - size + i)
    if (at < 0) return
    const start = (some[at] as number) + 1
    for (let i = at; i < size; i++) some[i] = start + i - at
  }
}
