import type { AnchoredRecord } from '@sharewell/sdk/chain'
import { date } from '@/lib/format.ts'

/** What a doctor can call a record before opening it: the chain does not say of which kind it is. */
export function titleOf({ depositedAt, recordId }: AnchoredRecord & { readonly depositedAt: number }): string {
  return `Record ${recordId.slice(2, 6).toUpperCase()} of ${date(depositedAt)}`
}
