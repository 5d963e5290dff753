import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  createGatherer,
  createLeafLoader,
  createMemoryStore,
  loadContentLeaves,
  loadRecord,
  rebuildChunks,
  shareSource,
} from '@sharewell/sdk/place'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import {
  cidOf,
  cidOfBlock,
  drawZeroWord,
  encodeManifest,
  encodePlacement,
  leafBlocks,
  type Manifest,
  nextManifest,
  type RenewedShares,
  verifyRenewed,
  xorRows,
} from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { shareRootOf } from '../../../sdk/src/share/leaves.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { newAccount, newParties, paperNetwork } from '../../helpers/parties.ts'
import { upTo } from '../../helpers/renewals.ts'
import { shareChunk } from '../../helpers/renewing.ts'
import { type SealedRecord, sealedRecord } from '../../helpers/sealed-record.ts'

type Bytes = Uint8Array<ArrayBuffer>
const policy = { n: 5, t: 3, r: 2 }
const network = paperNetwork()
const networkId = fromHex(network.networkId, 32)
const parties = newParties(policy.n)
const uploader = newAccount()

/** A refresh of every share: `[j][i]`. */
function refreshed(shares: Bytes[][]): Bytes[][] {
  const words = (shares[0] as Bytes[]).map((body) => upTo(3).map(() => drawZeroWord(policy, body.length)))
  return shares.map((own, j) =>
    own.map((body, i) => xorRows([body, ...(words[i] as Bytes[][]).map((word) => word[j] as Bytes)])),
  )
}

const verified = async (record: SealedRecord, shares: Bytes[][]): Promise<RenewedShares> =>
  await verifyRenewed({
    manifest: record.manifest,
    contentLeaves: record.contentLeaves,
    policy,
    roots: shares.map((own, j) => shareRootOf(j, new Uint8Array(own.flatMap((body) => [...sha256(body)])))),
    read: async (j, i) => shares[j]?.[i] as Bytes,
  })

describe('loading a record whose shares were renewed', () => {
  let record: SealedRecord
  let shares: Bytes[][]
  const store = createMemoryStore()
  const nodes = parties.map(({ operator }) => ({ operator, store }))
  const put = async (block: Bytes) => {
    await store.put(await cidOfBlock(block), block)
    return sha256(block)
  }
  const signManifest = async (manifest: Manifest) =>
    await put(await signObject('manifest', encodeManifest(manifest), networkId, uploader))
  const place = async (manifestHash: Bytes, gen: number): Promise<Hex> => {
    const operators = parties.map(({ operator }) => fromHex(operator, 16))
    const { recordId } = record.manifest
    const fields = {
      v: 1,
      networkId,
      recordId,
      version: 1,
      gen,
      salt: randomBytes(32),
      manifestHash,
      operators,
    } as const
    return toHex(await put(await signObject('placement', encodePlacement(fields), networkId, uploader)))
  }
  const load = async (placementHash: Hex) =>
    await loadRecord({
      networkId: network.networkId,
      recordId: record.recordId,
      version: 1,
      manifestHash: record.manifestHash,
      placementHash,
      nodes,
      timeout: 60_000,
    })
  const attest = upTo(policy.n).map(() => randomBytes(65))

  before(async () => {
    const operators = parties.map(({ operator }) => operator)
    record = await sealedRecord({ networkId: network.networkId, uploader, policy, operators, dataLength: 70_000 })
    shares = upTo(policy.n).map((j) => [...record.parts.keys()].map((i) => shareChunk(record, j, i)))
    const { manifest, placement, lists } = record.blocks
    for (const block of [manifest, placement, ...lists]) await put(new Uint8Array(block))
  })

  it('reads the old shares until the chain names another placement, and then the new ones, twice renewed', async () => {
    expect((await load(record.placementHash)).manifestHash).to.equal(record.manifestHash)
    let standing = { manifest: record.manifest, hash: fromHex(record.manifestHash, 32) }
    for (const gen of [1, 2]) {
      shares = refreshed(shares)
      const renewed = await verified(record, shares)
      const manifest = nextManifest(standing, renewed, attest)
      standing = { manifest, hash: await signManifest(manifest) }
      for (const list of renewed.shareLeaves.flatMap(leafBlocks)) await put(list)
      const loaded = await load(await place(standing.hash, gen))
      expect(loaded.manifestHash).to.equal(toHex(standing.hash))
      expect(loaded.placement.gen).to.equal(gen)
      expect(loaded.lineage.length).to.equal(gen + 1)
      expect(loaded.uploader).to.equal(uploader.address.toLowerCase())
      expect(await rebuilt(loaded)).to.deep.equal(record.sealed)
    }
  })

  const rebuilt = async (loaded: Awaited<ReturnType<typeof load>>) => {
    const fresh = createMemoryStore()
    for (const body of shares.flat()) await fresh.put(cidOf(sha256(body)), body)
    const gatherer = createGatherer({
      ...loaded,
      sources: parties.slice(2).map(({ operator }, at) => shareSource(operator, at + 2, fresh)),
      leaves: createLeafLoader(loaded.manifest, nodes, { timeout: 60_000 }),
      verify: async () => false,
      timeout: 60_000,
    })
    const contentLeaves = await loadContentLeaves(loaded.manifest, nodes, { timeout: 60_000 })
    const chunks: Bytes[] = []
    for await (const { sealed } of rebuildChunks(gatherer, { first: 0, count: 3, contentLeaves })) chunks.push(sealed)
    expect(gatherer.faults).to.deep.equal([])
    return chunks
  }

  it('refuses a manifest that does not descend from the anchored one, or changes more than shares', async () => {
    const renewed = await verified(record, shares)
    const standing = { manifest: record.manifest, hash: fromHex(record.manifestHash, 32) }
    const next = nextManifest(standing, renewed, attest)
    const { prev: _, ...rootless } = next
    const codes: [Manifest, string][] = [
      [rootless, 'MANIFEST'],
      [{ ...next, attest: attest.slice(1) }, 'MANIFEST'],
      [{ ...next, ptCommit: randomBytes(32) }, 'MANIFEST'],
      [{ ...next, prev: randomBytes(32) }, 'BLOCKS_UNAVAILABLE'],
      [{ ...next, prev: await signManifest(rootless) }, 'MANIFEST'],
    ]
    for (const [manifest, code] of codes)
      expect(await codeOf(load(await place(await signManifest(manifest), 1)))).to.equal(code)
    const few = { ...next, n: 4, T: next.T.slice(1), shareLeaves: next.shareLeaves.slice(1), attest: attest.slice(1) }
    expect(await codeOf(load(await place(await signManifest(few), 1)))).to.equal('PLACEMENT')
  })
})
