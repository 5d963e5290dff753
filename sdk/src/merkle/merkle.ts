import { sha256 } from '#primitives'
import { type Bytes, concat, equal } from '../bytes.ts'
import { BaseError } from '../errors.ts'

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)
const hashLeaf = (leaf: Uint8Array): Bytes => sha256(concat(leafPrefix, leaf))
const hashNode = (left: Uint8Array, right: Uint8Array): Bytes => sha256(concat(nodePrefix, left, right))

/** A tree kept in memory, 64 bytes a leaf, to prove many leaves. */
export type Tree = { readonly root: Bytes; readonly size: number; prove(index: number): Bytes[] }

/** The root over `leaves`; without leaves the hash of nothing. */
export function root(leaves: readonly Uint8Array[]): Bytes {
  const accumulator = createAccumulator()
  for (const leaf of leaves) accumulator.add(leaf)
  return accumulator.root()
}

/**
 * The inclusion proof of leaf `index`, from the leaf upwards (RFC 9162 section 2.1.3.1).
 * @throws MerkleIndexError unless there is such a leaf.
 */
export function prove(leaves: readonly Uint8Array[], index: number): Bytes[] {
  return createTree(leaves).prove(index)
}

/** Builds the whole tree once; each proof is then a walk of log2(size) steps. */
export function createTree(leaves: readonly Uint8Array[]): Tree {
  // A node without a right neighbour moves up unchanged: that gives the same tree as RFC 9162's recursive split.
  const levels: Bytes[][] = [leaves.map(hashLeaf)]
  for (let below = levels[0] as Bytes[]; below.length > 1; levels.push(below)) below = pairUp(below)
  const size = leaves.length
  return {
    size,
    root: levels.at(-1)?.[0] ?? sha256(new Uint8Array(0)),
    prove(index) {
      checkIndex(index, size)
      return levels.flatMap((level, height) => level[(index >> height) ^ 1] ?? [])
    },
  }
}

function pairUp(level: readonly Bytes[]): Bytes[] {
  const above: Bytes[] = []
  for (let i = 0; i < level.length; i += 2) {
    const left = level[i] as Bytes
    const right = level[i + 1]
    above.push(right ? hashNode(left, right) : left)
  }
  return above
}

/**
 * Says whether `leaf` stands at `index` of the tree of `size` leaves under `root` (RFC 9162 section 2.1.3.2).
 * The size must come from a trusted place: it decides which nodes are leaves.
 */
export function verify(
  root: Uint8Array,
  size: number,
  index: number,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isIndex(index, size)) return false
  let position = index
  let last = size - 1
  let hash = hashLeaf(leaf)
  for (const sibling of proof) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      hash = hashNode(sibling, hash)
      // A right edge without siblings passes up through the levels where it stood alone.
      while (position % 2 === 0 && position !== 0) {
        position = Math.floor(position / 2)
        last = Math.floor(last / 2)
      }
    } else {
      hash = hashNode(hash, sibling)
    }
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && equal(hash, root)
}

/** Takes leaves one by one and keeps log2(size) hashes: the root over a stream of any length. */
export function createAccumulator(): { readonly size: number; add(leaf: Uint8Array): void; root(): Bytes } {
  const peaks: Bytes[] = []
  let size = 0
  return {
    get size() {
      return size
    },
    add(leaf) {
      let hash = hashLeaf(leaf)
      // Each set low bit of the size is a full subtree of that height, waiting for its right neighbour.
      for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) hash = hashNode(peaks.pop() as Bytes, hash)
      peaks.push(hash)
      size += 1
    },
    root() {
      const [last, ...others] = [...peaks].reverse()
      return others.reduce((hash, peak) => hashNode(peak, hash), last ?? sha256(new Uint8Array(0)))
    },
  }
}

const isIndex = (index: number, size: number): boolean => Number.isSafeInteger(index) && index >= 0 && index < size

function checkIndex(index: number, size: number): void {
  if (!isIndex(index, size)) throw new MerkleIndexError({ index, size })
}

/** Thrown when a proof is asked for a leaf that the tree does not have. */
export class MerkleIndexError extends BaseError<'MERKLE_INDEX'> {
  override readonly name = 'MerkleIndexError'
  constructor({ index, size }: MerkleIndexError.Options) {
    super('MERKLE_INDEX', `No leaf ${index} in a tree of ${size}.`, {
      hints: ['Leaves are numbered from 0.'],
      docs: 'encoding.md#merkle-trees',
    })
  }
}
export declare namespace MerkleIndexError {
  type Options = { index?: number; size?: number }
}
