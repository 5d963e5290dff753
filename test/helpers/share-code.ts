import { randomBytes } from '@sharewell/sdk/primitives'
import { type Part, type Policy, type ShareCode, tableCode } from '@sharewell/sdk/share'
import { fieldOf } from '../../sdk/src/share/field.ts'
import { layoutOf } from '../../sdk/src/share/policy.ts'

type Bytes = Part['body']

export const randomRows = (count: number, length: number): Bytes[] =>
  Array.from({ length: count }, () => randomBytes(length))

export const partsOf = (bodies: readonly Bytes[]): Part[] => bodies.map((body, index) => ({ index, body }))

/** Whether two lists of rows hold the same bytes; much faster than a deep comparison. */
export const sameRows = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean =>
  a.length === b.length && a.every((row, i) => Buffer.compare(row, b[i] as Uint8Array) === 0)

/** What a pattern of losses leaves: t shares in rising order. */
export type Losses = (parts: readonly Part[], t: number) => Part[]

const inOrder = (parts: readonly Part[]): Part[] => [...parts].sort((a, b) => a.index - b.index)

/** Without the shares that a test names, or without the last ones where too few would be left. */
const without = (parts: readonly Part[], t: number, lost: (index: number) => boolean): Part[] => {
  const left = parts.filter(({ index }) => !lost(index))
  return (left.length < t ? parts : left).slice(0, t)
}

/** The worst losses, one, a tenth, half, and any. */
export const lossPatterns: Record<string, Losses> = {
  'all data shares that may be lost': (parts, t) => parts.slice(-t),
  'one share': (parts, t) => without(parts, t, (index) => index === Math.floor(t / 2)),
  'every tenth share': (parts, t) => without(parts, t, (index) => index % 10 === 3),
  'every second share': (parts, t) => without(parts, t, (index) => index % 2 === 1),
  'any shares': (parts, t) => inOrder([...parts].sort(() => Math.random() - 0.5).slice(0, t)),
}

/** Names the first thing that a code does otherwise than `tableCode`, or nothing. */
export function firstDifference(code: ShareCode, policy: Policy, length: number): string | undefined {
  const { n, t, r } = policy
  const rows = randomRows(t, length)
  const shares = tableCode.encode(policy, rows)
  const what = `(${n}, ${t}, ${r}), rows of ${length}`
  if (!sameRows(code.encode(policy, rows), shares)) return `encoding ${what}`
  for (const [name, losses] of Object.entries(lossPatterns)) {
    const parts = losses(partsOf(shares), t)
    if (!sameRows(code.decode(policy, parts), rows.slice(0, t - r)))
      return `decoding ${what}, lost: ${name}, left: ${parts.map(({ index }) => index)}`
  }
  return undefined
}

/**
 * What every share is made of, through the encoder itself: row i holds the coefficients of share i over the t rows, each
 * read off where one row alone is 1.
 */
export function generatorOf(code: ShareCode, policy: Policy): number[][] {
  const { bits } = layoutOf(policy)
  const length = 32 * Math.ceil(policy.t / (bits === 8 ? 32 : 16))
  const unit = (j: number): Bytes => {
    const row = new Uint8Array(length)
    row[symbolAt(j, bits)] = 1
    return row
  }
  const columns = Array.from({ length: policy.t }, (_, j) => j)
  const shares = code.encode(policy, columns.map(unit))
  return shares.map((share) =>
    columns.map((j) => {
      const at = symbolAt(j, bits)
      return (share[at] as number) | (bits === 16 ? (share[at + 16] as number) << 8 : 0)
    }),
  )
}

/** Byte of symbol j, or of its low half. */
const symbolAt = (j: number, bits: 8 | 16): number => (bits === 8 ? j : 32 * (j >> 4) + (j & 15))

export const fieldFor = (policy: Policy) => fieldOf(layoutOf(policy).bits)
