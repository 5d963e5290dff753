import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import type { AnchoredRecord } from '@sharewell/sdk/chain'
import { folded, type Text } from '../text.ts'
import { formatMoment } from '../time.ts'
import { categoryName } from './terms.ts'

/** A record as a list shows it. */
export type RecordLine = {
  readonly recordId: Hex
  readonly pseudonym: Hex
  readonly category: string
  readonly version: number
  readonly policy: string
  readonly depositedAt: number
  /** For readers: `opens`, or the code of the refusal. */
  readonly access?: string
}

/** Puts a record into words; its category has a name where the key to it is known. */
export function lineOf(
  { recordId, pseudonym, category, version, n, t, r, depositedAt }: AnchoredRecord & { readonly depositedAt: number },
  categoryKey: Bytes | undefined,
): RecordLine {
  return {
    recordId,
    pseudonym,
    category: categoryName(categoryKey, category),
    version,
    policy: `${n},${t},${r}`,
    depositedAt,
  }
}

/** Lines under each other. */
export function table(
  lines: readonly RecordLine[],
  { width, indent = 0 }: { readonly width: number | undefined; readonly indent?: number },
): Text[] {
  const rows = lines.map(({ recordId, category, version, policy, depositedAt, access = '' }) => [
    recordId,
    category,
    `v${version}`,
    policy,
    formatMoment(depositedAt),
    access,
  ])
  return folded(rows, { width, below: 0, indent })
}
