import { type Bytes, concat, toHex } from '@sharewell/sdk/bytes'
import { aesGcmSeal, createHmac, sha256 } from '@sharewell/sdk/primitives'
import { seal } from '@sharewell/sdk/seal'
import { parseSealHeader } from '../../../sdk/src/seal/header.ts'
import { deriveKeys, nonceOf } from '../../../sdk/src/seal/keys.ts'
import { encodeTrailer } from '../../../sdk/src/seal/trailer.ts'
import { bytesFrom, randomFrom, type Vector, type Vectors, whenRun, writeVectors } from './vector.ts'

const recordId = bytesFrom('record', 32)
const mime = 'application/fhir+json'

/** Sealed whole, with DEK and salt from `seed`. */
async function sealWhole(plain: Bytes, seed = 'dek and salt', version = 1) {
  const random = bytesFrom(seed, 64)
  const sealed = seal([plain], { recordId, version, mime, chunkLog2: 16, random: randomFrom(random) })
  const chunks: Bytes[] = []
  for await (const chunk of sealed.chunks) chunks.push(chunk)
  return { header: sealed.header, dek: sealed.dek, chunks, ptCommit: await sealed.ptCommit, random }
}

type Whole = Awaited<ReturnType<typeof sealWhole>>

/** Seals by hand what no honest author makes: any padded data under any trailer. */
async function forge(padded: Bytes, realLen: number): Promise<Whole> {
  const honest = await sealWhole(new Uint8Array(0))
  const header = parseSealHeader(honest.header)
  const keys = deriveKeys(honest.dek, header)
  const trailer = encodeTrailer({ mime, realLen }) as Bytes
  return {
    ...honest,
    chunks: [
      await aesGcmSeal(keys.enc, nonceOf(0, false), padded, keys.aad),
      await aesGcmSeal(keys.enc, nonceOf(1, true), trailer, keys.aad),
    ],
    ptCommit: createHmac(keys.pt).update(padded.subarray(0, realLen)).digest(),
  }
}

const opening = (comment: string, expect: string, { header, dek, chunks, ptCommit }: Whole): Vector => ({
  comment,
  expect,
  header: toHex(header),
  dek: toHex(dek),
  chunks: chunks.map(toHex),
  ptCommit: toHex(ptCommit),
})

const success = (comment: string, plain: Bytes, whole: Whole): Vector => ({
  ...opening(comment, 'success', whole),
  random: toHex(whole.random),
  recordId: toHex(recordId),
  version: 1,
  mime,
  chunkLog2: 16,
  plain: toHex(plain),
})

function flipped(bytes: Bytes, at: number): Bytes {
  const altered = bytes.slice()
  altered[at] = (altered[at] as number) ^ 1
  return altered
}

/** Every scenario of docs/spec/seal.md. */
export async function sealVectors(): Promise<Vectors> {
  const plain = bytesFrom('record bytes', 300)
  const whole = await sealWhole(plain)
  const [data, trailer] = whole.chunks as [Bytes, Bytes]
  const other = await sealWhole(plain, 'another dek and salt')
  const long = bytesFrom('long record', 150_000)
  const { chunks, ...sealedLong } = await sealWhole(long)
  const version2 = await sealWhole(plain, 'dek and salt', 2)
  const failure = (comment: string, code: string, change: Partial<Whole>) =>
    opening(comment, code, { ...whole, ...change })
  return {
    'one-chunk': success('A record of 300 bytes: one data chunk, padded to 4096 bytes, and the trailer.', plain, whole),
    empty: success('A record of no bytes.', new Uint8Array(0), await sealWhole(new Uint8Array(0))),
    'three-chunks': {
      comment: 'A record of 150,000 bytes, SHA-256("long record" || u32be(i)) for i = 0, 1, ..; digests of its chunks.',
      expect: 'success',
      random: toHex(sealedLong.random),
      recordId: toHex(recordId),
      version: 1,
      mime,
      chunkLog2: 16,
      plainSeed: 'long record',
      plainLength: 150_000,
      header: toHex(sealedLong.header),
      dek: toHex(sealedLong.dek),
      chunkDigests: chunks.map((chunk) => toHex(sha256(chunk))),
      ptCommit: toHex(sealedLong.ptCommit),
    },
    'wrong-key': failure('The DEK of another record.', 'KEY_MISMATCH', { dek: other.dek }),
    'wrong-salt': failure('The header of another sealing of the same record.', 'KEY_MISMATCH', {
      header: other.header,
    }),
    'header-version': failure('The header names another version: the commitment is to the whole header.', 'CHUNK', {
      header: version2.header,
    }),
    'header-cut': failure('The header lacks its last byte.', 'SEAL_HEADER', { header: whole.header.slice(0, -1) }),
    'data-flipped': failure('One bit of the data chunk differs.', 'CHUNK', { chunks: [flipped(data, 100), trailer] }),
    'tag-flipped': failure('One bit of the tag of the data chunk differs.', 'CHUNK', {
      chunks: [flipped(data, data.length - 1), trailer],
    }),
    'trailer-flipped': failure('One bit of the trailer differs.', 'CHUNK', { chunks: [data, flipped(trailer, 0)] }),
    'data-repeated': failure('The data chunk stands twice.', 'CHUNK', { chunks: [data, data, trailer] }),
    'chunks-swapped': failure('Trailer and data chunk changed places.', 'CHUNK', { chunks: [trailer, data] }),
    'trailer-missing': failure('The record ends after its data.', 'TRUNCATED', { chunks: [data] }),
    'trailer-alone': failure('The data chunks are missing.', 'TRUNCATED', { chunks: [trailer] }),
    'no-chunks': failure('Nothing arrived.', 'TRUNCATED', { chunks: [] }),
    'trailer-longer': failure('A byte follows the trailer.', 'TRUNCATED', {
      chunks: [data, concat(trailer, Uint8Array.of(0))],
    }),
    'commitment-differs': failure('The commitment is that of another record.', 'COMMITMENT', {
      ptCommit: other.ptCommit,
    }),
    'padding-not-zero': opening(
      'The author sealed a byte into the padding.',
      'COMMITMENT',
      await forge(concat(plain, new Uint8Array(3795), Uint8Array.of(1)), 300),
    ),
    'padding-too-long': opening(
      'The author padded 300 bytes to 4352.',
      'COMMITMENT',
      await forge(concat(plain, new Uint8Array(4052)), 300),
    ),
    'length-too-large': opening(
      'The trailer claims more bytes than there are.',
      'COMMITMENT',
      await forge(concat(plain, new Uint8Array(3796)), 5000),
    ),
  }
}

const vectors = await sealVectors()
whenRun(import.meta.url, () => writeVectors('seal', vectors))
