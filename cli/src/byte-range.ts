import { UsageError } from './command.ts'

/** Bytes `from` up to but not including `to`; to the end when `to` is absent. */
export type ByteRange = { readonly from: number; readonly to?: number }

/** Reads `FIRST-LAST` or `FIRST-`, as HTTP writes ranges: both ends included. */
export function parseByteRange(text: string): ByteRange {
  const hints = ['a range is FIRST-LAST in bytes counted from 0, both included: 0-99 is the first hundred']
  const [, first, last] = /^(\d{1,15})-(\d{1,15})?$/.exec(text) ?? []
  if (first === undefined) throw new UsageError({ problem: `${text} is no range`, hints })
  if (last === undefined) return { from: Number(first) }
  if (Number(last) < Number(first)) throw new UsageError({ problem: `the range ${text} ends before it begins`, hints })
  return { from: Number(first), to: Number(last) + 1 }
}
