import type { Bytes, Hex } from '@sharewell/sdk/bytes'
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
import { cidOf, cidOfBlock, type Manifest } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { codeOf } from '../../helpers/code-of.ts'
import { newAccount, newParties, paperNetwork } from '../../helpers/parties.ts'
import {
  anchoredOf,
  nextOf,
  refreshed,
  type Shares,
  sharesOf,
  signedGeneration,
  verified,
} from '../../helpers/renewing.ts'
import { type SealedRecord, sealedRecord } from '../../helpers/sealed-record.ts'

const policy = { n: 5, t: 3, r: 2 }
const network = paperNetwork()
const parties = newParties(policy.n)
const operators = parties.map(({ operator }) => operator)
const uploader = newAccount()

describe('loading a record whose shares were renewed', () => {
  let record: SealedRecord
  let shares: Shares
  const store = createMemoryStore()
  const nodes = operators.map((operator) => ({ operator, store }))
  const put = async (blocks: readonly Bytes[]) => {
    for (const block of blocks) await store.put(await cidOfBlock(block), block)
  }
  /** Gives a manifest and a placement that names it to the nodes. */
  const place = async (manifest: Manifest, more: Partial<signedGeneration.Options> = {}) => {
    const generation = await signedGeneration(manifest, { uploader, operators, ...more })
    await put(generation.blocks)
    return generation
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
  before(async () => {
    record = await sealedRecord({ networkId: network.networkId, uploader, policy, operators, dataLength: 70_000 })
    shares = sharesOf(record)
    const { manifest, placement, lists } = record.blocks
    await put([manifest, placement, ...lists].map((block) => new Uint8Array(block)))
  })

  it('reads the old shares until the chain names another placement, and then the new ones, twice renewed', async () => {
    expect((await load(record.placementHash)).manifestHash).to.equal(record.manifestHash)
    let standing = anchoredOf(record)
    for (const gen of [1, 2]) {
      shares = refreshed(policy, shares)
      const renewed = await verified(record, policy, shares)
      const generation = await place(nextOf(standing, renewed), { gen, shareLeaves: renewed.shareLeaves })
      standing = generation
      const loaded = await load(generation.placementHash)
      expect(loaded.manifestHash).to.equal(generation.manifestHash)
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
    const next = nextOf(anchoredOf(record), await verified(record, policy, shares))
    const { prev: _, ...rootless } = next
    const { attest = [], ...rest } = next
    const codes: [Manifest, string][] = [
      [rootless, 'MANIFEST'],
      [{ ...rest, attest: attest.slice(1) }, 'MANIFEST'],
      [{ ...next, ptCommit: randomBytes(32) }, 'MANIFEST'],
      [{ ...next, prev: randomBytes(32) }, 'BLOCKS_UNAVAILABLE'],
      [{ ...next, prev: (await place(rootless)).hash }, 'MANIFEST'],
    ]
    for (const [manifest, code] of codes)
      expect(await codeOf(load((await place(manifest)).placementHash))).to.equal(code)
    const few = { ...rest, n: 4, T: next.T.slice(1), shareLeaves: next.shareLeaves.slice(1), attest: attest.slice(1) }
    expect(await codeOf(load((await place(few)).placementHash))).to.equal('PLACEMENT')
  })
})
