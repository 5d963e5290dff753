import { type Bytes, concat } from '@sharewell/sdk/bytes'
import { digest } from '@sharewell/sdk/primitives'
import { rootOf } from './share-file.ts'

/** Collects what share files need at their end while chunks pass: 32 bytes for each row of each share. */
export function createShareDigests(n: number) {
  const rowDigests: Bytes[][] = Array.from({ length: n }, () => [])
  return {
    /** Counts the rows that one chunk was encoded to. */
    async add(rows: readonly Bytes[]): Promise<void> {
      const digests = await Promise.all(rows.map((row) => digest(row)))
      for (const [j, each] of digests.entries()) rowDigests[j]?.push(each)
    },
    finish(): { readonly leaves: readonly Bytes[]; readonly T: readonly Bytes[] } {
      const leaves = rowDigests.map((each) => concat(...each))
      return { leaves, T: leaves.map(rootOf) }
    },
  }
}
