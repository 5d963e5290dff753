import { sha256 } from '#primitives'
import { type Bytes, concat, equal } from '../bytes.ts'
import { BaseError } from '../errors.ts'

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)
const hashLeaf = (leaf: Uint8Array): Bytes => sha256(concat(leafPrefix, leaf))
const hashNode = (left: Uint8Array, right: Uint8Array): Bytes => sha256(concat(nodePrefix, left, right))

/** A tree kept in memory, 64 bytes a leaf, to prove many leaves. */
export type Tree = {
  readonly root: Bytes
  readonly size: number
  prove(index: number): Bytes[]
  /** That this tree continues the one of its first `size` leaves: the consistency proof of RFC 9162 section 2.1.4.1. */
  proveFrom(size: number): Bytes[]
}

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
    proveFrom(first) {
      checkIndex(first - 1, size)
      if (first === size) return []
      // The last full subtree of the smaller tree, then what joins it to the larger one, as for a leaf of that height.
      let height = 0
      let index = first - 1
      for (; index % 2 === 1; index = Math.floor(index / 2)) height += 1
      const own = index === 0 ? [] : [levels[height]?.[index] as Bytes]
      return [...own, ...levels.slice(height).flatMap((level, above) => level[(index >> above) ^ 1] ?? [])]
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
  const sides = isIndex(index, size) ? sidesOf(index, size - 1, proof.length) : undefined
  if (sides === undefined) return false
  let hash = hashLeaf(leaf)
  for (const [at, sibling] of proof.entries())
    hash = sides[at] === 'left' ? hashNode(sibling, hash) : hashNode(hash, sibling)
  return equal(hash, root)
}

/** On which side of the path from `position` each hash of a proof stands; undefined unless it ends at the root. */
function sidesOf(start: number, end: number, length: number): ('left' | 'right')[] | undefined {
  const sides: ('left' | 'right')[] = []
  let [position, last] = [start, end]
  for (; sides.length < length; [position, last] = [Math.floor(position / 2), Math.floor(last / 2)]) {
    if (last === 0) return undefined
    const side = position % 2 === 1 || position === last ? 'left' : 'right'
    sides.push(side)
    // A right edge without siblings passes up through the levels where it stood alone.
    while (side === 'left' && position % 2 === 0 && position !== 0)
      [position, last] = [Math.floor(position / 2), Math.floor(last / 2)]
  }
  return last === 0 ? sides : undefined
}

/**
 * Says whether the tree of `size` leaves under `root` continues, without a change, the one of `first.size` leaves under
 * `first.root` (RFC 9162 section 2.1.4.2). Both sizes come from a trusted place.
 */
export function verifyConsistency(
  first: { readonly root: Uint8Array; readonly size: number },
  { root, size }: { readonly root: Uint8Array; readonly size: number },
  proof: readonly Uint8Array[],
): boolean {
  if (!isIndex(first.size - 1, size)) return false
  if (first.size === size) return proof.length === 0 && equal(first.root, root)
  let position = first.size - 1
  let last = size - 1
  for (; position % 2 === 1; position = Math.floor(position / 2)) last = Math.floor(last / 2)
  // Where the smaller tree is one full subtree, its root is the first hash.
  const [start, ...path] = position === 0 ? [first.root, ...proof] : proof
  if (start === undefined) return false
  const sides = sidesOf(position, last, path.length)
  if (sides === undefined) return false
  let before = new Uint8Array(start)
  let after = before
  for (const [at, sibling] of path.entries()) {
    after = sides[at] === 'left' ? hashNode(sibling, after) : hashNode(after, sibling)
    if (sides[at] === 'left') before = hashNode(sibling, before)
  }
  return equal(before, first.root) && equal(after, root)
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
