import { type Bytes, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type Acknowledgement,
  type PlacedPart,
  type PlaceNode,
  placeRecord,
  type RecordBlocks,
} from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import { type Sealed, seal } from '@sharewell/sdk/seal'
import type { Policy } from '@sharewell/sdk/share'
import { privateKeyToAccount } from 'viem/accounts'
import { type CutJob, cutRecord } from '../../sdk/src/flow/cut.ts'

/** A record of a bench: everything about it follows from its length, so that another process can make it again. */
export type BenchRecord = { readonly policy: Policy; readonly length: number }

const filled = (value: number, length = 32): Bytes => new Uint8Array(length).fill(value)
export const networkId: Hex = toHex(filled(1))
export const recordId: Hex = toHex(filled(2))
export const uploader = privateKeyToAccount(toHex(filled(3)))
export const operatorOf = (index: number): Hex =>
  toHex(Uint8Array.from({ length: 16 }, (_, i) => (i < 2 ? index >> (8 * i) : 7)))
export const mime = 'application/octet-stream'

const pieceLength = 2 ** 20

/** The plaintext, piece by piece: each in the array of the one before, as who reads a file into a buffer does. */
export async function* plaintext(length: number): AsyncGenerator<Bytes> {
  const piece = new Uint8Array(pieceLength)
  for (let at = 0; at < length; at += pieceLength)
    yield piece.fill(at / pieceLength).subarray(0, Math.min(pieceLength, length - at))
}

/** Seals it under a key that is always the same: nothing but a bench may do so. */
export function sealedAgain({ length }: BenchRecord): Sealed {
  let drawn = 0
  const random = (size: number) => filled(40 + drawn++, size)
  return seal(plaintext(length), { recordId: filled(2), version: 1, mime, chunkLog2: 20, random })
}

/** The steps of a deposit between sealing and placing, as `flow` takes them. */
export function cutterOf({ policy }: BenchRecord, sealed: Sealed) {
  const job: CutJob = {
    networkId,
    recordId,
    version: 1,
    policy,
    chunkLog2: 20,
    keyHeader: filled(5),
    placementSalt: filled(6),
    operators: Array.from({ length: policy.n }, (_, j) => operatorOf(j)),
    sealed,
    earlier: {
      draft: undefined,
      operators: [],
      moves: 0,
      chunks: new Map(),
      placed: new Set(),
      acknowledged: undefined,
      anchored: undefined,
    },
    notes: { batch: 0, chunks: async () => undefined, placed: () => undefined },
  }
  return cutRecord(job, uploader)
}

/** Where a bench puts blocks. */
export type Put = (index: number, cid: string, body: Bytes) => Promise<void>

/** Nodes of this process: each says at the end that it has what it was to have. */
export function nodesHere({ n }: Policy, put: Put, blocks: () => RecordBlocks): PlaceNode[] {
  return Array.from({ length: n }, (_, index) => ({
    operator: operatorOf(index),
    store: {
      put: (cid, body) => put(index, cid, body),
      acknowledge: async () => {
        const { manifest, placement, shareRoots, shareLength } = blocks()
        const message: Acknowledgement = {
          manifestHash: toHex(sha256(manifest)),
          placementHash: toHex(sha256(placement)),
          index,
          shareRoot: toHex(shareRoots[index] as Bytes),
          bytes: BigInt(shareLength),
          time: 0,
        }
        return { message, signature: '0x' }
      },
    },
  }))
}

/** Places chunks that are cut on such nodes. */
export async function placeHere(
  policy: Policy,
  put: Put,
  chunks: AsyncIterable<readonly PlacedPart[]>,
  close: () => Promise<RecordBlocks>,
  onPlaced?: (at: number) => void,
): Promise<RecordBlocks> {
  let blocks: RecordBlocks | undefined
  const known = (): RecordBlocks => {
    if (!blocks) throw new Error('The record is not described yet.')
    return blocks
  }
  await placeRecord({
    nodes: nodesHere(policy, put, known),
    chunks,
    close: async () => {
      blocks = await close()
      return blocks
    },
    onPlaced,
    verify: async () => true,
  })
  return known()
}
