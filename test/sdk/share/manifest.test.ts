import { type Bytes, concat, equal, toHex } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import { randomBytes } from '@sharewell/sdk/primitives'
import {
  type ChunkLog2,
  chunkCount,
  chunkLength,
  createManifestBuilder,
  encodeChunk,
  encodeManifest,
  encodePlacement,
  joinLeafBlocks,
  leafBlocks,
  listDigests,
  type Manifest,
  type ManifestDigests,
  type Placement,
  type Policy,
  parseManifest,
  parsePlacement,
  proveChunk,
  rowLength,
  shareChunkLength,
  shareLength,
  verifyChunk,
  verifyContentLeaves,
  verifyShareChunk,
  verifyShareLeaves,
} from '@sharewell/sdk/share'
import { type ObjectSigner, signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { privateKeyToAccount } from 'viem/accounts'

const networkId = new Uint8Array(32).fill(9)
const recordId = new Uint8Array(32).fill(1)
const account: ObjectSigner = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const policy = { n: 5, t: 3, r: 1 }
const lengths = [2 ** 16, 2 ** 16, 1000, 272]

describe('manifest', () => {
  let record: Deposited
  before(async () => {
    record = await deposit(policy, lengths)
  })
  const signed = (manifest: Manifest) => signObject('manifest', encodeManifest(manifest), networkId, account)

  it('opens as it was signed, with its hash and its signer', async () => {
    const bytes = await signed(record.manifest)
    const { manifest, signer } = parseManifest(bytes, { networkId, recordId, version: 1 })
    expect(manifest).to.deep.equal(record.manifest)
    expect(signer).to.equal(account.address.toLowerCase())
  })

  it('fixes the length of every chunk and share-chunk', () => {
    const { manifest, parts } = record
    expect(chunkCount(manifest)).to.equal(4)
    expect(lengths.map((_, i) => chunkLength(manifest, i))).to.deep.equal(lengths)
    expect([-1, 4, 0.5].map((i) => chunkLength(manifest, i))).to.deep.equal([0, 0, 0])
    lengths.forEach((_, i) => {
      expect(shareChunkLength(manifest, i)).to.equal(parts[i]?.[0]?.length)
    })
    expect(shareLength(manifest)).to.equal(parts.reduce((sum, chunk) => sum + (chunk[0]?.length ?? 0), 0))
  })

  it('proves each chunk and refuses it anywhere else', async () => {
    const { manifest, chunks, digests } = record
    verifyContentLeaves(manifest, digests.contentLeaves)
    for (const [i, chunk] of chunks.entries()) {
      const proof = proveChunk(digests.contentLeaves, i)
      expect(await verifyChunk(manifest, i, chunk, proof)).to.equal(true)
      expect(await verifyChunk(manifest, (i + 1) % 4, chunk, proof)).to.equal(false)
      expect(await verifyChunk(manifest, i, concat(chunk.subarray(1), Uint8Array.of(0)), proof)).to.equal(false)
      expect(await verifyChunk(manifest, i, chunk, proof.slice(1))).to.equal(false)
    }
    expect(await verifyChunk(manifest, 4, new Uint8Array(0), [])).to.equal(false)
    expect(() => proveChunk(digests.contentLeaves, 4))
      .to.throw()
      .with.property('code', 'MERKLE_INDEX')
  })

  it('fixes the leaves of each share, and so every share-chunk by itself', async () => {
    const { manifest, parts, digests } = record
    for (const [j, list] of digests.shareLeaves.entries()) {
      verifyShareLeaves(manifest, j, list)
      const body = parts[1]?.[j] as Bytes
      expect(await verifyShareChunk(list, 1, body)).to.equal(true)
      expect(await verifyShareChunk(list, 0, body)).to.equal(false)
      expect(await verifyShareChunk(list, 9, body)).to.equal(false)
    }
  })

  it('refuses a leaf list that is another, shorter, or that of another share', () => {
    const { manifest, digests } = record
    const [first, second] = digests.shareLeaves as [Bytes, Bytes]
    const refused = (run: () => void) => expect(run).to.throw().with.property('code', 'LEAF_LIST')
    refused(() => verifyShareLeaves(manifest, 1, first))
    refused(() => verifyShareLeaves(manifest, 0, second))
    refused(() => verifyShareLeaves(manifest, 5, first))
    refused(() => verifyShareLeaves(manifest, 0, first.subarray(32)))
    refused(() => verifyContentLeaves(manifest, first))
    refused(() => verifyContentLeaves(manifest, digests.contentLeaves.subarray(32)))
  })

  it('cuts a long leaf list into blocks of 1 MiB', () => {
    const list = randomBytes(32 * 40_000)
    const blocks = leafBlocks(list)
    expect(blocks.map((block) => block.length)).to.deep.equal([2 ** 20, 32 * 7232])
    expect(equal(joinLeafBlocks(blocks), list)).to.equal(true)
    expect(listDigests(list).length).to.equal(2)
  })

  it('refuses another record, version or network', async () => {
    const bytes = await signed(record.manifest)
    const refused = (expected: parseManifest.Expected, code: string) =>
      expect(() => parseManifest(bytes, expected))
        .to.throw()
        .with.property('code', code)
    refused({ networkId, recordId: new Uint8Array(32) }, 'MANIFEST')
    refused({ networkId, version: 2 }, 'MANIFEST')
    refused({ networkId: new Uint8Array(32) }, 'SIGNED_OBJECT')
    const foreign = encode({ ...record.manifest, networkId: new Uint8Array(32) })
    const moved = await signObject('manifest', foreign, networkId, account)
    expect(() => parseManifest(moved, { networkId }))
      .to.throw()
      .with.property('code', 'MANIFEST')
  })

  it('refuses fields that contradict each other', async () => {
    const { manifest } = record
    const wrong: [Partial<Manifest>, string][] = [
      [{ sealedLen: manifest.sealedLen + 1e6 }, 'MANIFEST'],
      [{ sealedLen: 272 }, 'MANIFEST'],
      [{ sealedLen: 272 + 16 }, 'MANIFEST'],
      [{ shareLen: manifest.shareLen + 32 }, 'MANIFEST'],
      [{ contentLeaves: [] }, 'MANIFEST'],
      [{ T: manifest.T.slice(1) }, 'MANIFEST'],
      [{ shareLeaves: manifest.shareLeaves.slice(1) }, 'MANIFEST'],
      [{ shareLeaves: manifest.shareLeaves.map(() => []) }, 'MANIFEST'],
      [{ t: 6 }, 'POLICY'],
      [{ r: 3 }, 'POLICY'],
      [{ version: 0 }, 'CBOR_FIELD'],
      [{ code: 'other' as 'cauchy1' }, 'CBOR_FIELD'],
      [{ v: 2 as 1 }, 'CBOR_FIELD'],
      [{ chunkLog2: 17 as 16 }, 'CBOR_FIELD'],
      [{ ptCommit: new Uint8Array(31) }, 'CBOR_FIELD'],
      [{ extra: 1 } as Partial<Manifest>, 'CBOR_FIELD'],
    ]
    for (const [change, code] of wrong) {
      const bytes = await signObject('manifest', encode({ ...manifest, ...change }), networkId, account)
      const parse = () => parseManifest(bytes, { networkId })
      expect(parse, JSON.stringify(Object.keys(change)))
        .to.throw()
        .with.property('code', code)
    }
    expect(() => encodeManifest({ ...manifest, shareLen: 1 }))
      .to.throw()
      .with.property('code', 'MANIFEST')
  })
})

describe('manifest builder', () => {
  it('takes the chunks of one record in order, ending with the trailer', async () => {
    const refused = async (lengths: number[], options: { from?: number; n?: number } = {}) => {
      try {
        await deposit(policy, lengths, options)
      } catch (error) {
        return (error as { code: string }).code
      }
      return 'accepted'
    }
    expect(await refused([1000, 272])).to.equal('accepted')
    expect(await refused([2 ** 16, 272, 272])).to.equal('accepted')
    for (const lengths of [[], [272], [1000, 500], [1000, 1000, 272], [2 ** 16 + 1, 272], [1000, 272, 272]])
      expect(await refused(lengths), `${lengths}`).to.equal('MANIFEST_BUILDER')
    expect(await refused([1000, 272], { from: 1 })).to.equal('MANIFEST_BUILDER')
    expect(await refused([1000, 272], { n: 4 })).to.equal('MANIFEST_BUILDER')
  })

  it('keeps lists longer than it first made room for', async () => {
    const { digests } = await deposit({ n: 2, t: 1, r: 0 }, [...Array(70).fill(2 ** 16), 500, 272])
    expect(digests.contentLeaves.length).to.equal(72 * 32)
  })
})

describe('placement', () => {
  const placement: Placement = {
    v: 1,
    networkId,
    recordId,
    version: 1,
    gen: 0,
    salt: new Uint8Array(32).fill(5),
    manifestHash: new Uint8Array(32).fill(6),
    operators: [1, 2, 3].map((i) => new Uint8Array(16).fill(i)),
  }
  const signed = (payload: Bytes) => signObject('placement', payload, networkId, account)

  it('opens as it was signed', async () => {
    const bytes = await signed(encodePlacement(placement))
    const known = { networkId, recordId, version: 1, manifestHash: placement.manifestHash, n: 3 }
    expect(parsePlacement(bytes, known).placement).to.deep.equal(placement)
  })

  it('refuses another record, version, manifest, network or number of shares', async () => {
    const bytes = await signed(encodePlacement(placement))
    const zero = new Uint8Array(32)
    for (const wrong of [{ recordId: zero }, { version: 2 }, { manifestHash: zero }, { n: 4 }])
      expect(() => parsePlacement(bytes, { networkId, ...wrong }))
        .to.throw()
        .with.property('code', 'PLACEMENT')
    const moved = await signed(encode({ ...placement, networkId: zero }))
    expect(() => parsePlacement(moved, { networkId }))
      .to.throw()
      .with.property('code', 'PLACEMENT')
  })

  it('refuses one operator for two shares', async () => {
    const [a] = placement.operators as [Bytes]
    const wrong = { ...placement, operators: [a, a] }
    expect(() => encodePlacement(wrong))
      .to.throw()
      .with.property('code', 'PLACEMENT')
    expect(() => encodePlacement({ ...placement, operators: [] }))
      .to.throw()
      .with.property('code', 'PLACEMENT')
    const bytes = await signed(encode(wrong))
    expect(() => parsePlacement(bytes, { networkId }))
      .to.throw()
      .with.property('code', 'PLACEMENT')
  })
})

type Deposited = { manifest: Manifest; chunks: Bytes[]; parts: Bytes[][]; digests: ManifestDigests }

async function deposit(
  policy: Policy,
  lengths: readonly number[],
  { from = 0, n = policy.n }: { from?: number; n?: number } = {},
): Promise<Deposited> {
  const chunkLog2: ChunkLog2 = 16
  const builder = createManifestBuilder(policy, chunkLog2)
  const chunks = lengths.map((length) => randomBytes(length))
  const parts = chunks.map((chunk) => encodeChunk(policy, chunk).slice(0, n))
  for (const [i, chunk] of chunks.entries()) {
    const { content, shares } = await builder.add(i + from, chunk, parts[i] as Bytes[])
    expect(toHex(content)).to.have.length(66)
    expect(shares.length).to.equal(policy.n)
  }
  const digests = builder.finish()
  expect(digests.shareLen).to.equal(lengths.reduce((sum, length) => sum + rowLength(policy, length), 0))
  const manifest: Manifest = {
    v: 1,
    suite: 'xw-tdh2r255/1',
    networkId,
    recordId,
    version: 1,
    sealHeader: new Uint8Array(10),
    chunkLog2,
    sealedLen: digests.sealedLen,
    ...policy,
    code: 'cauchy1',
    shareLen: digests.shareLen,
    contentRoot: digests.contentRoot,
    contentLeaves: listDigests(digests.contentLeaves),
    T: digests.T,
    shareLeaves: digests.shareLeaves.map(listDigests),
    ptCommit: new Uint8Array(32),
    keyHeaderHash: new Uint8Array(32),
  }
  return { manifest, chunks, parts, digests }
}
