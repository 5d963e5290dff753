import { type Bytes, concat, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Message, type MessageKind, typedData } from '@sharewell/sdk/chain'
import { prove } from '@sharewell/sdk/merkle'
import {
  type AnyFrame,
  type ChunkFrame,
  createTally,
  encodeFrame,
  type FrameFaultProof,
  jobIdOf,
  type ShareFaultProof,
} from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import {
  createManifestBuilder,
  encodeChunk,
  encodeManifest,
  leafAt,
  listDigests,
  type Manifest,
  type ManifestDigests,
  proveChunk,
} from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import { privateKeyToAccount } from 'viem/accounts'
import { u16, u32 } from '../../../sdk/src/bytes.ts'
import { bytesFrom, type Vector, type Vectors, whenRun, writeVectors } from './vector.ts'

const hex = (seed: string, length: number): Hex => toHex(bytesFrom(`rebuild ${seed}`, length))
const account = (seed: string) => privateKeyToAccount(hex(seed, 32))

const worker = account('worker')
const other = account('other')
const uploader = account('uploader')
const node = account('node')
const contract = hex('contract', 20)
const networkId = bytesFrom('rebuild network', 32)
const policy = { n: 3, t: 2, r: 0 }
const chainId = 31_337

type Signer = typeof worker
const network = {
  chainId,
  contracts: {
    accessManager: contract,
    actorRegistry: contract,
    patientRegistry: contract,
    recordRegistry: contract,
    consentRegistry: contract,
    delegations: contract,
    keyCommittee: contract,
    accessLog: contract,
    breakGlass: contract,
    faultReports: contract,
    audits: contract,
    council: contract,
  },
}
const sign = <kind extends MessageKind>(kind: kind, message: Message<kind>, by: Signer) =>
  by.signTypedData(typedData(network, kind, message))

/** A record of one data chunk and the trailer, small enough to read. */
async function smallRecord() {
  const sealed = [bytesFrom('rebuild chunk 0', 48), bytesFrom('rebuild chunk 1', 272)]
  const builder = createManifestBuilder(policy, 16)
  for (const [i, chunk] of sealed.entries()) await builder.add(i, chunk, encodeChunk(policy, chunk))
  const digests = builder.finish()
  const manifest: Manifest = {
    v: 1,
    suite: 'test',
    networkId,
    recordId: bytesFrom('rebuild record', 32),
    version: 1,
    sealHeader: bytesFrom('rebuild header', 8),
    chunkLog2: 16,
    sealedLen: digests.sealedLen,
    ...policy,
    code: 'cauchy1',
    shareLen: digests.shareLen,
    contentRoot: digests.contentRoot,
    contentLeaves: listDigests(digests.contentLeaves),
    T: digests.T,
    shareLeaves: digests.shareLeaves.map(listDigests),
    ptCommit: bytesFrom('rebuild ptCommit', 32),
    keyHeaderHash: bytesFrom('rebuild keyHeaderHash', 32),
  }
  const signed = await signObject('manifest', encodeManifest(manifest), networkId, uploader)
  return { sealed, digests, signed, manifestHash: toHex(sha256(signed)), manifest }
}
type Small = Awaited<ReturnType<typeof smallRecord>>

const requestOf = ({ manifestHash }: Small, nonce = 'nonce'): Message<'RebuildRequest'> => ({
  manifestHash,
  first: 0,
  count: 2,
  releaseRequest: hex('release request', 32),
  nonce: hex(nonce, 32),
  replyKeyHash: hex('reply key', 32),
  notAfter: 1_700_000_000,
})

type Request = Message<'RebuildRequest'>

async function chunkFrame(record: Small, request: Request, i: number, change: Change = {}): Promise<ChunkFrame> {
  const { by = worker, chunk = record.sealed[i] as Bytes, signedChunk = chunk, proof } = change
  const { manifestHash } = request
  const message = { manifestHash, jobId: jobIdOf(request), i, digest: toHex(sha256(signedChunk)) }
  const path = proof ?? proveChunk(record.digests.contentLeaves, i)
  return { i, chunk, proof: path, signature: await sign('Frame', message, by), used: [0, 1] }
}
type Change = { by?: Signer; chunk?: Bytes; signedChunk?: Bytes; proof?: Bytes[] }

async function trailer(record: Small, request: Request, change: Partial<Message<'WorkReceipt'>> = {}, by = worker) {
  const tally = createTally()
  record.sealed.forEach((chunk, i) => {
    tally.add(i, sha256(chunk), chunk.length, [0, 1])
  })
  const { manifestHash, first, count } = request
  const times = { startedAt: 1_700_000_001, endedAt: 1_700_000_002 }
  const receipt = { jobId: jobIdOf(request), manifestHash, first, count, ...tally.sums(), ...times, ...change }
  return { receipt, signature: await sign('WorkReceipt', receipt, by), faults: [] }
}

const flipped = (bytes: Bytes): Bytes => bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte))

/** What the scenarios of a stream are made of. */
async function streamParts(record: Small) {
  const request = requestOf(record)
  const [first, second] = [await chunkFrame(record, request, 0), await chunkFrame(record, request, 1)]
  const end = await trailer(record, request)
  const base = {
    kind: 'stream',
    chainId,
    verifyingContract: contract,
    networkId: toHex(networkId),
    manifest: toHex(record.signed),
    contentLeaves: toHex(record.digests.contentLeaves),
    worker: worker.address,
    request,
    jobId: jobIdOf(request),
  }
  const raw = (comment: string, expect: string, bytes: Bytes): Vector => ({
    comment,
    expect,
    ...base,
    stream: toHex(bytes),
  })
  const stream = (comment: string, expect: string, frames: readonly AnyFrame[]) =>
    raw(comment, expect, concat(...frames.map(encodeFrame)))
  const silent = (comment: string, frames: readonly AnyFrame[]) => stream(comment, 'WORKER_SILENT', frames)
  return { record, request, first, second, end, raw, stream, silent }
}
type Parts = Awaited<ReturnType<typeof streamParts>>

async function frameStreams({ record, request, first, second, end, stream, silent }: Parts): Promise<Vectors> {
  const wrong = flipped(record.sealed[0] as Bytes)
  const replay = await chunkFrame(record, requestOf(record, 'another nonce'), 0)
  return {
    sound: stream('Two chunks and their receipt.', 'success', [first, second, end]),
    'wrong-bytes': stream('The worker signed other bytes: a lie.', 'LYING_WORKER', [
      await chunkFrame(record, request, 0, { chunk: wrong }),
      second,
      end,
    ]),
    'changed-after-signing': silent('The bytes are not those that were signed.', [
      await chunkFrame(record, request, 0, { chunk: wrong, signedChunk: record.sealed[0] as Bytes }),
      second,
      end,
    ]),
    'other-signer': silent('Somebody else signed.', [await chunkFrame(record, request, 0, { by: other }), second, end]),
    'replayed-frame': silent('The frame of another job: its nonce differs.', [replay, second, end]),
    'wrong-path': silent('Good bytes under a path that does not hold.', [
      await chunkFrame(record, request, 0, { proof: [bytesFrom('no node', 32)] }),
      second,
      end,
    ]),
    'out-of-order': silent('The second chunk comes first.', [second, first, end]),
    'chunk-twice': silent('The first chunk comes twice.', [first, first, end]),
    'chunk-missing': silent('A chunk is left out before the receipt.', [first, end]),
  }
}

/** Behind the first frame bytes count, and signatures where bytes are wrong. */
async function laterStreams({ record, request, first, end, stream, silent }: Parts): Promise<Vectors> {
  const wrong = flipped(record.sealed[1] as Bytes)
  const good = record.sealed[1] as Bytes
  return {
    'later-frame-of-other-signer': stream('Good bytes behind the first frame need no signature.', 'success', [
      first,
      await chunkFrame(record, request, 1, { by: other }),
      end,
    ]),
    'later-wrong-bytes': stream('The worker signed other bytes behind the first frame: a lie.', 'LYING_WORKER', [
      first,
      await chunkFrame(record, request, 1, { chunk: wrong }),
      end,
    ]),
    'later-changed-after-signing': silent('The bytes behind the first frame are not those that were signed.', [
      first,
      await chunkFrame(record, request, 1, { chunk: wrong, signedChunk: good }),
      end,
    ]),
  }
}

async function endStreams({ record, request, first, second, end, raw, silent }: Parts): Promise<Vectors> {
  const whole = concat(...[first, second, end].map(encodeFrame))
  return {
    'receipt-missing': silent('The stream ends without a receipt.', [first, second]),
    'receipt-of-other-signer': silent('Somebody else signed the receipt.', [
      first,
      second,
      await trailer(record, request, {}, other),
    ]),
    'receipt-of-other-job': silent('The receipt names another job.', [
      first,
      second,
      await trailer(record, request, { jobId: hex('other job', 32) }),
    ]),
    'receipt-of-other-shares': silent('The receipt names other shares than the frames.', [
      first,
      second,
      await trailer(record, request, { usedShares: hex('other shares', 32) }),
    ]),
    'worker-gave-up': silent('The worker says that it cannot go on.', [
      first,
      { error: { code: 'TOO_FEW_SHARES', detail: '1 valid shares, 2 needed.' } },
    ]),
    'cut-inside-a-frame': raw('The stream ends inside a frame.', 'WORKER_SILENT', whole.slice(0, whole.length - 1)),
    'frame-too-long': raw('A frame announces more than 1,114,112 bytes.', 'WORKER_SILENT', u32(1_114_113)),
    'frame-empty': raw('A frame of no bytes.', 'WORKER_SILENT', u32(0)),
    'no-cbor': raw('A frame that is no CBOR.', 'WORKER_SILENT', concat(u32(1), Uint8Array.of(0xff))),
    nothing: raw('No byte at all.', 'WORKER_SILENT', new Uint8Array(0)),
  }
}

const shareEntries = (digests: ManifestDigests, j: number): Bytes[] => {
  const list = digests.shareLeaves[j] as Bytes
  return [0, 1].map((i) => concat(u16(j), u32(i), leafAt(list, i) as Bytes))
}

const leafOf = (list: Bytes, i: number): Hex => toHex(leafAt(list, i) as Bytes)

const faultOf =
  (record: Small) =>
  (comment: string, expect: 'true' | 'false', proof: ShareFaultProof | FrameFaultProof): Vector => ({
    comment,
    expect,
    kind: 'fault',
    chainId,
    verifyingContract: contract,
    networkId: toHex(networkId),
    manifest: toHex(record.signed),
    accused: node.address,
    proof,
  })

async function shareFaults(record: Small): Promise<Vectors> {
  const { digests, manifestHash } = record
  const fault = faultOf(record)
  const response = async (change: Partial<Message<'ShareResponse'>> = {}, by = node): Promise<ShareFaultProof> => {
    const message: Message<'ShareResponse'> = {
      manifestHash,
      shareRoot: toHex(digests.T[1] as Bytes),
      j: 1,
      i: 0,
      digest: hex('false share', 32),
      length: 32,
      nonce: hex('response nonce', 32),
      time: 1_700_000_000,
      ...change,
    }
    const signed = { message, signature: await sign('ShareResponse', message, by) }
    const path = prove(shareEntries(digests, 1), 0).map(toHex)
    return { kind: 'share', response: signed, leaf: leafOf(digests.shareLeaves[1] as Bytes, 0), path }
  }
  const share = await response()
  return {
    'fault-share': fault('A storage node signed a digest that is not the leaf.', 'true', share),
    'fault-share-of-other-signer': fault('Somebody else signed.', 'false', await response({}, other)),
    'fault-share-of-the-truth': fault('The digest is the leaf.', 'false', await response({ digest: share.leaf })),
    'fault-share-of-other-manifest': fault(
      'The response is about another manifest.',
      'false',
      await response({ manifestHash: hex('other manifest', 32) }),
    ),
    'fault-share-of-other-root': fault(
      'The response names another root.',
      'false',
      await response({ shareRoot: toHex(digests.T[0] as Bytes) }),
    ),
    'fault-share-of-other-chunk': fault('The leaf is that of another chunk.', 'false', await response({ i: 1 })),
    'fault-share-with-false-leaf': fault('The leaf does not hang under T_j.', 'false', {
      ...share,
      leaf: hex('leaf', 32),
    }),
    'fault-share-changed': fault('The response was changed after signing.', 'false', {
      ...share,
      response: { ...share.response, message: { ...share.response.message, digest: hex('changed', 32) } },
    }),
  }
}

async function frameFaults(record: Small): Promise<Vectors> {
  const { digests, manifestHash } = record
  const fault = faultOf(record)
  const frame = async (change: Partial<Message<'Frame'>> = {}, by = node): Promise<FrameFaultProof> => {
    const jobId = jobIdOf(requestOf(record))
    const message = { manifestHash, jobId, i: 0, digest: hex('false chunk', 32), ...change }
    const path = proveChunk(digests.contentLeaves, 0).map(toHex)
    const signed = { message, signature: await sign('Frame', message, by) }
    return { kind: 'frame', frame: signed, leaf: leafOf(digests.contentLeaves, 0), path }
  }
  const told = await frame()
  return {
    'fault-frame': fault('A reconstructor signed a digest that is not the leaf.', 'true', told),
    'fault-frame-of-other-signer': fault('Somebody else signed.', 'false', await frame({}, other)),
    'fault-frame-of-the-truth': fault('The digest is the leaf.', 'false', await frame({ digest: told.leaf })),
    'fault-frame-of-other-chunk': fault('The leaf is that of another chunk.', 'false', await frame({ i: 1 })),
    'fault-frame-with-false-leaf': fault('The leaf does not hang under contentRoot.', 'false', {
      ...told,
      leaf: hex('leaf', 32),
    }),
  }
}

/** Every scenario of docs/spec/rebuild.md. */
export async function rebuildVectors(): Promise<Vectors> {
  const record = await smallRecord()
  const parts = await streamParts(record)
  return {
    ...(await frameStreams(parts)),
    ...(await laterStreams(parts)),
    ...(await endStreams(parts)),
    ...(await shareFaults(record)),
    ...(await frameFaults(record)),
  }
}

whenRun(import.meta.url, () => {
  void rebuildVectors().then((vectors) => writeVectors('rebuild', vectors))
})
