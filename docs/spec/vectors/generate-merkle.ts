import { type Bytes, toHex, u8 } from '@sharewell/sdk/bytes'
import { prove, root } from '@sharewell/sdk/merkle'
import { type Vector, type Vectors, whenRun, writeVectors } from './vector.ts'

const leavesOf = (size: number): Bytes[] => Array.from({ length: size }, (_, i) => u8(i))

type Proof = {
  readonly root: Bytes
  readonly size: number
  readonly index: number
  readonly leaf: Bytes
  readonly proof: readonly Bytes[]
}

const proofOf = (size: number, index: number): Proof => ({
  root: root(leavesOf(size)),
  size,
  index,
  leaf: u8(index),
  proof: prove(leavesOf(size), index),
})

const vector = (comment: string, expect: string, { root, size, index, leaf, proof }: Proof): Vector => ({
  comment,
  expect,
  root: toHex(root),
  size,
  index,
  leaf: toHex(leaf),
  proof: proof.map(toHex),
})

/** Every scenario of docs/spec/encoding.md that concerns trees; leaf i is the byte i. A failure verifies to false. */
export function merkleVectors(): Vectors {
  const sound = proofOf(7, 5)
  const failure = (comment: string, change: Partial<Proof>) => vector(comment, 'false', { ...sound, ...change })
  return {
    'one-leaf': vector('A tree of one leaf has an empty proof.', 'success', proofOf(1, 0)),
    'left-edge': vector('Leaf 0 of 7.', 'success', proofOf(7, 0)),
    inside: vector('Leaf 5 of 7.', 'success', sound),
    'right-edge': vector('Leaf 6 of 7, which has no neighbour on its level.', 'success', proofOf(7, 6)),
    'full-tree': vector('Leaf 3 of 8.', 'success', proofOf(8, 3)),
    'other-index': failure('The leaf at another place.', { index: 4 }),
    'index-beyond': failure('A place beyond the end.', { index: 7 }),
    'other-leaf': failure('Another leaf.', { leaf: u8(4) }),
    'other-root': failure('The root of another tree.', { root: root(leavesOf(8)) }),
    'smaller-size': failure('Another size.', { size: 6 }),
    'proof-cut': failure('The proof lacks its last hash.', { proof: sound.proof.slice(0, -1) }),
    'proof-longer': failure('The proof has a hash too many.', { proof: [...sound.proof, sound.root] }),
    'proof-reversed': failure('The proof runs downwards.', { proof: sound.proof.toReversed() }),
  }
}

whenRun(import.meta.url, () => writeVectors('merkle', merkleVectors()))
