import { concat, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type CborValue, decode, encode } from '@sharewell/sdk/cbor'
import { verify } from '@sharewell/sdk/merkle'
import { sha256 } from '@sharewell/sdk/primitives'
import { openAll, seal } from '@sharewell/sdk/seal'
import {
  checkPolicy,
  decodeChunk,
  encodeChunk,
  type Policy,
  parseManifest,
  parsePlacement,
  tableCode,
} from '@sharewell/sdk/share'
import { expect } from 'chai'
import { cborVectors } from '../../docs/spec/vectors/generate-cbor.ts'
import { manifestVectors, placementVectors } from '../../docs/spec/vectors/generate-manifest.ts'
import { merkleVectors } from '../../docs/spec/vectors/generate-merkle.ts'
import { sealVectors } from '../../docs/spec/vectors/generate-seal.ts'
import { shareVectors } from '../../docs/spec/vectors/generate-share.ts'
import { bytesFrom, formatVector, randomFrom, type Vectors } from '../../docs/spec/vectors/vector.ts'
import { codeOf } from '../helpers/code-of.ts'
import { vectorFiles, vectors } from '../helpers/vectors.ts'

/** Known answers of the code's definition, computed by another program from the formula alone. */
const knownAnswers: Record<string, string> = {
  'known-5-3-0': '48414704 88aaa82b67ab39c83a993632163f169a5b0c9776a03d445395967063e5dd9b05',
  'known-5-3-1': '60357dc8 f7633b462d28c5bd3dc9f7600c53cf7de12341b44632354a040805254783146f',
  'known-20-10-0': 'e246bcfc 51bac16d8cc8d1d772811e95a5ef8b294688e9253c28f6a50b5f53420ee12241',
  'known-33-5-2': '8ad79776 04ce76c43ce1256b6d1d587177bf11d685666219b8b68295ff9825289dd0cb49',
  'known-100-50-10': '259a1a31 5aae8b9f3f3576849bd5a607b2911154fad3161d38368dc613996ac745061f4c',
  'known-255-100-0': '83b3e992 918f31928668ec282f3bb29c90e4c592a1a32dc502f4f5fc05d121e99389777c',
  'known-300-150-0': 'be543883 66d2d6555d07fe7a6eb75944ebd84dd513785399c75bc654de8dcbcea32644df',
  'known-300-150-20': '6717c356 a98947e2c60655753cc708bf9b3c846d2bdd50b73af77d52039ff5bd5ac52647',
  'known-1000-500-0': '341186c7 fc6536d71ba28d792ebd471fe4556e4a9f4bb7822c775083c5eaf75a984a712e',
}

type SealVector = {
  readonly header: Hex
  readonly dek: Hex
  readonly ptCommit: Hex
  readonly chunks?: Hex[]
  readonly chunkDigests?: Hex[]
  readonly random?: Hex
  readonly recordId: Hex
  readonly version: number
  readonly mime: string
  readonly chunkLog2: 16
  readonly plain?: Hex
  readonly plainSeed?: string
  readonly plainLength?: number
}

describe('vectors of seal', () => {
  for (const vector of vectors<SealVector>('seal')) {
    const { name, comment, expect: expected, header, dek, ptCommit, random } = vector
    if (vector.chunks)
      it(`${name}: ${comment}`, async () => {
        const chunks = (vector.chunks ?? []).map((chunk) => fromHex(chunk))
        const opened = openAll({ header: fromHex(header), dek: fromHex(dek), chunks, ptCommit: fromHex(ptCommit) })
        const plain = drain(opened.bytes)
        if (expected === 'success') expect(toHex(await plain)).to.equal(vector.plain)
        else expect(await causeOf(plain)).to.equal(expected)
      })
    if (random)
      it(`${name}: sealing gives these bytes`, async () => {
        const { recordId, plainSeed = '', plainLength = 0 } = vector
        const plain = vector.plain ? fromHex(vector.plain) : bytesFrom(plainSeed, plainLength)
        const options = { ...vector, recordId: fromHex(recordId), random: randomFrom(fromHex(random)) }
        const sealed = seal([plain], options)
        const chunks: Uint8Array[] = []
        for await (const chunk of sealed.chunks) chunks.push(chunk)
        expect(toHex(sealed.header)).to.equal(header)
        expect(toHex(sealed.dek)).to.equal(dek)
        if (vector.chunks) expect(chunks.map(toHex)).to.deep.equal(vector.chunks)
        else expect(chunks.map((chunk) => toHex(sha256(chunk)))).to.deep.equal(vector.chunkDigests)
        expect(toHex(await sealed.ptCommit)).to.equal(ptCommit)
      })
  }
})

type ShareVector = Policy & {
  readonly kind: 'rows' | 'split' | 'combine' | 'policy'
  readonly rowLength: number
  readonly sha256: Hex
  readonly lastShareStart: Hex
  readonly random: Hex
  readonly chunk: Hex
  readonly chunkLength: number
  readonly parts: readonly (Hex | { readonly index: number; readonly body: Hex })[]
}

const shareChecks: Record<ShareVector['kind'], (vector: ShareVector & { name: string }) => unknown> = {
  rows({ name, t, rowLength, sha256: digest, lastShareStart, ...policy }) {
    const row = (j: number) =>
      Uint8Array.from({ length: rowLength }, (_, b) => (17 * j + 31 * b + ((j * b) >> 3) + 5) & 255)
    const shares = tableCode.encode(
      { ...policy, t },
      Array.from({ length: t }, (_, j) => row(j)),
    )
    const found = [toHex((shares.at(-1) as Uint8Array).subarray(0, 4)), toHex(sha256(concat(...shares)))]
    expect(found).to.deep.equal([lastShareStart, digest])
    expect(found.map((hex) => hex.slice(2)).join(' ')).to.equal(knownAnswers[name])
  },
  split({ chunk, random, parts, ...policy }) {
    const made = encodeChunk(policy, fromHex(chunk), { random: randomFrom(fromHex(random)) })
    expect(made.map(toHex)).to.deep.equal(parts)
  },
  combine({ parts, chunk, chunkLength, ...policy }) {
    const given = parts
      .filter((part) => typeof part === 'object')
      .map(({ index, body }) => ({ index, body: fromHex(body) }))
    expect(toHex(decodeChunk(policy, given, chunkLength))).to.equal(chunk)
  },
  policy: checkPolicy,
}

describe('vectors of share', () => {
  for (const vector of vectors<ShareVector>('share'))
    it(`${vector.name}: ${vector.comment}`, () => {
      const check = () => shareChecks[vector.kind](vector)
      if (vector.expect === 'success') check()
      else expect(check).to.throw().with.property('code', vector.expect)
    })

  it('hold every known answer of the definition', () => {
    const names = vectors('share').map(({ name }) => name)
    expect(names).to.include.members(Object.keys(knownAnswers))
  })
})

type SignedVector = {
  readonly networkId: Hex
  readonly recordId: Hex
  readonly manifestHash?: Hex
  readonly version: number
  readonly n?: number
  readonly signed: Hex
  readonly signer: string
}

for (const [part, parse] of Object.entries({ manifest: parseManifest, placement: parsePlacement }))
  describe(`vectors of ${part}`, () => {
    for (const vector of vectors<SignedVector>(part))
      it(`${vector.name}: ${vector.comment}`, () => {
        const { networkId, recordId, version, manifestHash, n } = vector
        const known = {
          networkId: fromHex(networkId),
          recordId: fromHex(recordId),
          version,
          manifestHash: manifestHash ? fromHex(manifestHash) : undefined,
          n,
        }
        const signed = fromHex(vector.signed)
        if (vector.expect !== 'success')
          expect(() => parse(signed, known))
            .to.throw()
            .with.property('code', vector.expect)
        else expect(parse(signed, known)).to.deep.include({ signer: vector.signer, hash: sha256(signed) })
      })
  })

describe('vectors of CBOR', () => {
  for (const { name, comment, expect: expected, encoded } of vectors<{ encoded: Hex }>('cbor'))
    it(`${name}: ${comment}`, () => {
      const read = () => toHex(encode(decode(fromHex(encoded)) as CborValue))
      if (expected === 'success') expect(read()).to.equal(encoded)
      else expect(read).to.throw().with.property('code', expected)
    })
})

type MerkleVector = {
  readonly root: Hex
  readonly size: number
  readonly index: number
  readonly leaf: Hex
  readonly proof: Hex[]
}

describe('vectors of Merkle trees', () => {
  for (const { name, comment, expect: expected, root, size, index, leaf, proof } of vectors<MerkleVector>('merkle'))
    it(`${name}: ${comment}`, () => {
      const path = proof.map((hash) => fromHex(hash))
      expect(verify(fromHex(root), size, index, fromHex(leaf), path)).to.equal(expected === 'success')
    })
})

describe('vector files', () => {
  const parts: Record<string, () => Vectors | Promise<Vectors>> = {
    seal: sealVectors,
    share: shareVectors,
    manifest: manifestVectors,
    placement: placementVectors,
    cbor: cborVectors,
    merkle: merkleVectors,
  }
  for (const [part, generate] of Object.entries(parts))
    it(`of ${part} are those that their generator makes`, async () => {
      const made = Object.entries(await generate()).map(([name, vector]) => ({ name, text: formatVector(vector) }))
      const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
      expect(vectorFiles(part).sort(byName)).to.deep.equal(made.sort(byName))
    })
})

async function drain(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return concat(...all)
}

/** The code under the OpenError, which must be there. */
async function causeOf(promise: Promise<unknown>): Promise<string> {
  expect(await codeOf(promise)).to.equal('OPEN')
  return codeOf(promise.catch((error: Error) => Promise.reject(error.cause)))
}
