import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { encodeTicket, operators, recordOf, relocate } from '@sharewell/sdk/chain'
import { createLeafLoader, type LoadedRecord, loadContentLeaves, loadRecord, placeRecord } from '@sharewell/sdk/place'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import {
  attestRoot,
  checkAttested,
  chunkCount,
  cidOf,
  drawZeroWord,
  encodeManifest,
  encodePlacement,
  leafAt,
  leafBlocks,
  nextManifest,
  verifyRenewed,
  xorRows,
} from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { operatorsHash } from '../../../sdk/src/flow/cut.ts'
import { objectSigner, storageParties, verifierOf } from '../../../sdk/src/flow/parties.ts'
import { readPass, writeAuthorization } from '../../../sdk/src/flow/tickets.ts'
import { shareRootOf } from '../../../sdk/src/share/leaves.ts'
import { byDoctor, byPatient, depositBytes, open, permit, someBytes } from '../../helpers/journeys.ts'
import { upTo } from '../../helpers/renewals.ts'
import { startWholeNetwork, type WholeNetwork, type WholeNode } from '../../helpers/whole-network.ts'

const policy = { n: 4, t: 3, r: 2 }
const bytes = someBytes(70_000)

/** A whole network, a record with r > 0 on it, and its shares refreshed: as its nodes and its hospital would do it. */
describe('a record whose shares were refreshed', function () {
  this.timeout(300_000)
  let whole: WholeNetwork
  let recordId: Hex
  before(async () => {
    whole = await startWholeNetwork({ storage: 4, keys: 3, k: 2, workers: 1 })
    recordId = (await depositBytes(whole, bytes, { policy })).recordId
    await permit(whole, recordId)
  })
  after(() => whole?.close())

  /** The record as the chain fixes it, with clients of its nodes in share order. */
  const loaded = async () => {
    const { chain, pseudonym } = whole.patient
    const anchored = await recordOf(chain, { recordId })
    if (!anchored) throw new Error('no record')
    const pass = await readPass(chain, { pseudonym, purpose: 0 })
    const all = await operators(chain, { kind: 'storage' })
    const parties = storageParties(all, async (node) => encodeTicket(await pass.ticketFor(node)))
    const { networkId } = chain.network
    const record = await loadRecord({ ...anchored, networkId, nodes: parties })
    const nodes = record.placement.operators.map((id) => parties.find(({ operator }) => operator === toHex(id)))
    return { record, nodes: nodes.filter((node) => node !== undefined) }
  }

  /** `[j][i]`: what the nodes keep. */
  const sharesOf = async ({ record, nodes }: Awaited<ReturnType<typeof loaded>>): Promise<Bytes[][]> => {
    const leaves = createLeafLoader(record.manifest, nodes)
    const chunks = upTo(chunkCount(record.manifest))
    const own = nodes.map(async ({ store }, j) => {
      const list = await leaves(j)
      return await Promise.all(chunks.map((i) => store.get(cidOf(leafAt(list, i) as Bytes))))
    })
    return await Promise.all(own)
  }

  /** New shares, attested and verified; then manifest, placement and shares on their nodes, and the placement on chain. */
  const refresh = async (gen: number) => {
    const standing = await loaded()
    const { manifest } = standing.record
    const old = await sharesOf(standing)
    const words = (old[0] as Bytes[]).map(({ length }) => upTo(3).map(() => drawZeroWord(policy, length)))
    const fresh = old.map((own, j) =>
      own.map((body, i) => xorRows([body, ...(words[i] as Bytes[][]).map((word) => word[j] as Bytes)])),
    )
    const roots = fresh.map((own, j) => shareRootOf(j, new Uint8Array(own.flatMap((body) => [...sha256(body)]))))
    const contentLeaves = await loadContentLeaves(manifest, standing.nodes)
    const read = async (j: number, i: number) => fresh[j]?.[i] as Bytes
    const renewed = await verifyRenewed({ manifest, contentLeaves, policy, roots, read })
    const attest = await attested(standing.record, roots, gen)
    const next = nextManifest({ manifest, hash: fromHex(standing.record.manifestHash, 32) }, renewed, attest)
    await activate(standing, { next, gen, fresh, lists: [contentLeaves, ...renewed.shareLeaves] })
    return { old, fresh }
  }

  const attested = async ({ manifest, manifestHash, placement }: LoadedRecord, roots: Bytes[], epoch: number) => {
    const { networkId, version } = manifest
    const root = { networkId, version, recordId: manifest.recordId, prev: fromHex(manifestHash, 32), epoch }
    const signed = roots.map(async (own, share) => {
      const id = toHex(placement.operators[share] as Bytes)
      const { account } = whole.storage.find(({ operator }) => operator === id) as WholeNode
      const signature = await attestRoot({ ...root, share, root: own }, account)
      checkAttested({ ...root, share, root: own }, signature, account.address)
      return signature
    })
    return await Promise.all(signed)
  }

  type Next = { next: LoadedRecord['manifest']; gen: number; fresh: Bytes[][]; lists: Bytes[] }
  const activate = async ({ record }: Awaited<ReturnType<typeof loaded>>, { next, gen, fresh, lists }: Next) => {
    const chain = whole.uploader
    const { networkId } = next
    const signer = objectSigner(chain)
    const manifest = await signObject('manifest', encodeManifest(next), networkId, signer)
    const placed = { ...record.placement, gen, salt: randomBytes(32), manifestHash: sha256(manifest) }
    const placement = await signObject('placement', encodePlacement(placed), networkId, signer)
    const ids = record.placement.operators.map((id) => toHex(id))
    const all = await operators(chain, { kind: 'storage' })
    const hash = await operatorsHash(ids)
    const ticket = { recordId, version: 1, operatorsHash: hash, maxBytes: 10_000_000n, operators: ids }
    const authorize = writeAuthorization(chain, { ...ticket, subject: undefined })
    const parties = storageParties(all, authorize)
    const nodes = ids.map((id) => parties.find(({ operator }) => operator === id)).filter((node) => node !== undefined)
    const chunks = upTo(chunkCount(next)).map((i) =>
      fresh.map((own) => ({ cid: cidOf(sha256(own[i] as Bytes)), body: own[i] as Bytes })),
    )
    await placeRecord({
      nodes,
      chunks: (async function* () {
        yield* chunks
      })(),
      close: async () => ({
        manifest,
        placement,
        lists: lists.flatMap(leafBlocks),
        shareRoots: next.T,
        shareLength: next.shareLen,
      }),
      verify: verifierOf(chain, 'Acknowledgement', {}),
    })
    await relocate(chain, { recordId, version: 1, placementHash: toHex(sha256(placement)) })
  }

  it('opens for patient and reader, by the reconstructor and without it, from the new shares alone', async () => {
    const { old, fresh } = await refresh(1)
    const now = await loaded()
    expect(await sharesOf(now)).to.deep.equal(fresh)
    expect(fresh).not.to.deep.equal(old)
    expect(now.record.placement.gen).to.equal(1)
    expect(toHex(now.record.manifest.prev as Bytes)).to.equal(
      (await recordOf(whole.patient.chain, { recordId }))?.manifestHash,
    )
    for (const options of [byPatient(whole.patient, recordId), byDoctor(whole.doctor, recordId)]) {
      const opened = await open(options)
      expect(opened.bytes).to.deep.equal(bytes)
      expect(opened.faults).to.deep.equal([])
    }
    await (whole.workers[0] as WholeNode).stop()
    expect((await open(byDoctor(whole.doctor, recordId))).bytes).to.deep.equal(bytes)
    await (whole.workers[0] as WholeNode).heal()
  })

  it('opens after a second refresh too, with one node gone', async () => {
    await refresh(2)
    await (whole.storage[1] as WholeNode).stop()
    expect((await open(byPatient(whole.patient, recordId))).bytes).to.deep.equal(bytes)
    expect((await loaded()).record.placement.gen).to.equal(2)
  })
})
