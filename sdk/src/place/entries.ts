import { type Bytes, concat, type Hex, toHex, u16, u32 } from '../bytes.ts'
import { prove } from '../merkle/index.ts'

/** Entry of the tree T_j: u16be(j) || u32be(i) || L_(j,i). */
export const shareEntry = (j: number, i: number, leaf: Uint8Array): Bytes => concat(u16(j), u32(i), leaf)

/** Entry of the tree contentRoot: u32be(i) || SHA-256(S_i). */
export const contentEntry = (i: number, leaf: Uint8Array): Bytes => concat(u32(i), leaf)

/** The leaf of chunk `i` of share `j` with its path under T_j, from that share's verified list. */
export function proveShareChunk(list: Bytes, j: number, i: number): { readonly leaf: Hex; readonly path: Hex[] } {
  const leaves = Array.from({ length: list.length / 32 }, (_, at) => list.slice(32 * at, 32 * at + 32))
  const entries = leaves.map((leaf, chunk) => shareEntry(j, chunk, leaf))
  return { leaf: toHex(leaves[i] as Bytes), path: prove(entries, i).map(toHex) }
}
