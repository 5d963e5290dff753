import type { Policy } from '@sharewell/sdk/share'
import { layoutOf } from '../../sdk/src/share/policy.ts'
import { rank, subsets } from './code-rank.ts'
import { rowOf, upTo } from './renewals.ts'
import { fieldFor } from './share-code.ts'

/**
 * What coalitions learn, exactly. Everything that a node sees is linear in the data and in what is drawn, so the
 * protocols themselves are run once for each unknown, with 1 there and 0 elsewhere: each symbol seen becomes a row of
 * coefficients. What a view says of the data is its rank less its rank without the data's columns.
 */
type Bytes = Uint8Array<ArrayBuffer>
type View = readonly (readonly number[])[]
export type Seen = Readonly<Record<string, View>>
export type Draw = (length: number) => Bytes
type Run = (data: readonly Bytes[], draw: Draw) => Promise<Record<string, readonly number[]>>

/** Runs a protocol for each of its unknowns: t rows of D first, and then whatever it draws. */
export async function seenIn(policy: Policy, run: Run): Promise<Seen> {
  const once = async (unit: number) => {
    let next = policy.t
    const data = upTo(policy.t).map((j) => rowOf(j === unit ? 1 : 0))
    const draw: Draw = () => rowOf(next++ === unit ? 1 : 0)
    return { said: await run(data, draw), unknowns: () => next }
  }
  const first = await once(-1)
  const columns = await Promise.all(upTo(first.unknowns()).map(async (unit) => (await once(unit)).said))
  const view = (name: string): View =>
    (first.said[name] as number[]).map((_, at) => columns.map((said) => said[name]?.[at] as number))
  return Object.fromEntries(Object.keys(first.said).map((name) => [name, view(name)]))
}

/** Symbols of the data that follow from a view. */
export function leak(policy: Policy, seen: Seen, names: Iterable<string>): number {
  const field = fieldFor(policy)
  const rows = [...new Set(names)].flatMap((name) => seen[name] ?? [])
  const { k } = layoutOf(policy)
  return (
    rank(field, rows) -
    rank(
      field,
      rows.map((row) => row.slice(k)),
    )
  )
}

/** What so many shares say. */
export const ofShares = ({ t, r }: Policy, count: number): number => Math.min(t - r, Math.max(0, count - r))

export function* allSubsets<item>(items: readonly item[]): Generator<item[]> {
  for (const size of upTo(items.length + 1)) yield* subsets(items, size)
}

export const nothing: Draw = (length) => new Uint8Array(length)
