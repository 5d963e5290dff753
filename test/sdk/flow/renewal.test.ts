import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { encodeTicket, type Operator, operators, recordOf } from '@sharewell/sdk/chain'
import { type Activation, activateShares, retireOldShares } from '@sharewell/sdk/flow'
import { recordHealth, repairRecord } from '@sharewell/sdk/flow/health'
import { createHttpStore, createLeafLoader, loadContentLeaves, loadRecord } from '@sharewell/sdk/place'
import {
  addParts,
  attestRoot,
  blindRows,
  chunkCount,
  cidOf,
  encodeParts,
  leafAt,
  type Policy,
  planChange,
} from '@sharewell/sdk/share'
import { expect } from 'chai'
import { storageParties } from '../../../sdk/src/flow/parties.ts'
import { readPass } from '../../../sdk/src/flow/tickets.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { byDoctor, byPatient, depositBytes, open, permit, someBytes } from '../../helpers/journeys.ts'
import { heldByAll } from '../../helpers/rekeying.ts'
import { upTo } from '../../helpers/renewals.ts'
import { refreshed, rootsOf } from '../../helpers/renewing.ts'
import { rotten } from '../../helpers/storage-network.ts'
import { startWholeNetwork, type WholeNetwork, type WholeNode } from '../../helpers/whole-network.ts'

const policy = { n: 4, t: 3, r: 2 }
const bytes = someBytes(70_000)

/** A whole network, and a record with r > 0 on it. What nodes compute is computed here, from what they keep. */
describe('a record whose shares were renewed', function () {
  this.timeout(300_000)
  let whole: WholeNetwork
  let recordId: Hex
  before(async () => {
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2, workers: 1 })
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
    const ids = record.placement.operators.map((id) => toHex(id))
    return { anchored, record, ids, nodes: nodes.filter((node) => node !== undefined) }
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

  type Standing = Awaited<ReturnType<typeof loaded>>

  /** What a change makes of them; with one data row nothing is to be masked. */
  const changed = (old: Bytes[][], to: Policy): Bytes[][] => {
    const plan = planChange(policy, to, [0, 2, 3])
    const chunks = (old[0] as Bytes[]).map((_, i) =>
      plan.contributors.map((contributor) => {
        const body = old[contributor]?.[i] as Bytes
        return encodeParts(plan, blindRows(plan, { contributor, body, masks: [] }))
      }),
    )
    const partsFor = (parts: Bytes[][], j: number) => parts.map((own) => own[j] as Bytes)
    return upTo(to.n).map((j) => chunks.map((parts) => addParts(plan, partsFor(parts, j))))
  }

  /** The nodes attest their new shares, and the hospital's device activates them. */
  const activated = async (
    { record, nodes, anchored }: Standing,
    { to, fresh, keepers }: { to: Policy; fresh: Bytes[][]; keepers: readonly WholeNode[] },
    change: Partial<Activation> = {},
  ) => {
    const { networkId, recordId: id, version } = record.manifest
    const roots = rootsOf(fresh)
    const prev = fromHex(record.manifestHash, 32)
    const common = { networkId, recordId: id, version, prev, epoch: record.lineage.length }
    const attest = keepers.map(({ account }, share) =>
      attestRoot({ ...common, share, root: roots[share] as Bytes }, account),
    )
    return await activateShares(whole.uploader, {
      anchored,
      standing: record,
      contentLeaves: await loadContentLeaves(record.manifest, nodes),
      policy: to,
      operators: keepers.map(({ operator }) => operator),
      roots,
      attest: await Promise.all(attest),
      read: async (j, i) => fresh[j]?.[i] as Bytes,
      ...change,
    })
  }

  const keepersOf = ({ record }: Standing) =>
    record.placement.operators.map((id) => whole.storage.find(({ operator }) => operator === toHex(id)) as WholeNode)

  it('opens for patient and reader, by the reconstructor and without it, from the new shares alone', async () => {
    const before = await loaded()
    const old = await sharesOf(before)
    const fresh = refreshed(policy, old)
    const files = await heldByAll(whole)
    const { placementHash, notRetired } = await activated(before, { to: policy, fresh, keepers: keepersOf(before) })
    expect(notRetired).to.deep.equal([])
    // Nothing but the old share-chunks is gone from the disks.
    const left = await heldByAll(whole)
    expect([...files].filter((name) => !left.has(name)).length).to.equal(old.flat().length)
    const now = await loaded()
    expect(now.anchored.placementHash).to.equal(placementHash)
    expect(now.anchored.manifestHash).to.equal(before.anchored.manifestHash)
    expect(await sharesOf(now)).to.deep.equal(fresh)
    expect(fresh).not.to.deep.equal(old)
    for (const options of [byPatient(whole.patient, recordId), byDoctor(whole.doctor, recordId)]) {
      const opened = await open(options)
      expect(opened.bytes).to.deep.equal(bytes)
      expect(opened.faults).to.deep.equal([])
    }
    await (whole.workers[0] as WholeNode).stop()
    expect((await open(byDoctor(whole.doctor, recordId))).bytes).to.deep.equal(bytes)
    await (whole.workers[0] as WholeNode).heal()
  })

  const reader = async () => {
    const { chain, pseudonym } = whole.patient
    const pass = await readPass(chain, { pseudonym, purpose: 0 })
    return ({ id, endpoint }: Operator) =>
      createHttpStore({ url: endpoint, authorize: async () => encodeTicket(await pass.ticketFor(id)) })
  }

  it('has a renewed share made again by nodes, on a disk where everything rotted', async () => {
    const before = await loaded()
    const shares = await sharesOf(before)
    await rotten((keepersOf(before)[2] as WholeNode).folder)
    const done = await repairRecord(whole.patient.chain, { recordId }, { read: await reader(), samples: 9 })
    expect(done).to.deep.include({ refilled: [2], failed: new Map(), unhelpful: [] })
    expect(await sharesOf(await loaded())).to.deep.equal(shares)
  })

  it('is not activated with a share that is off, a root that another signed, or once the record moved', async () => {
    const before = await loaded()
    const fresh = refreshed(policy, await sharesOf(before))
    const given = { to: policy, fresh, keepers: keepersOf(before) }
    const off = fresh.with(1, fresh[0] as Bytes[])
    expect(await codeOf(activated(before, { ...given, fresh: off }))).to.equal('RENEW')
    expect(
      await codeOf(activated(before, { ...given, keepers: given.keepers.toReversed() }, { operators: before.ids })),
    ).to.equal('SIGNED_OBJECT')
    expect(await codeOf(activated(before, given, { attest: [] }))).to.equal('RENEW')
    const moved = { ...before.anchored, placementHash: before.anchored.manifestHash }
    expect(await codeOf(activated(before, given, { anchored: moved }))).to.equal('RENEW')
    expect((await loaded()).anchored.placementHash).to.equal(before.anchored.placementHash)
    // No node lets go of a version that does not stand.
    const next = { recordId, version: 2 }
    const refused = before.ids.map((operator) => ({ operator, code: 'FORBIDDEN' }))
    expect(await retireOldShares(whole.uploader, next, before.ids)).to.have.deep.members(refused)
    expect((await sharesOf(before)).flat().length).to.equal(fresh.flat().length)
  })

  it('opens after a change to five nodes, any four of which rebuild, with one of them gone', async () => {
    const to = { n: 5, t: 4, r: 3 }
    const before = await loaded()
    const keepers = [...keepersOf(before).toReversed(), spare(before)]
    const { notRetired } = await activated(before, { to, fresh: changed(await sharesOf(before), to), keepers })
    expect(notRetired).to.deep.equal([])
    const { record, anchored } = await loaded()
    expect(record.placement).to.include({ gen: 2 })
    expect(record.manifest).to.include(to)
    const health = async () => await recordHealth(whole.patient.chain, anchored, { read: await reader(), samples: 1 })
    expect(await health()).to.include({ ...to, live: 5, level: 'healthy' })
    await (keepers[1] as WholeNode).stop()
    // By what the record was anchored with, one of four could still fail.
    expect(await health()).to.include({ ...to, live: 4, level: 'endangered' })
    expect((await open(byPatient(whole.patient, recordId))).bytes).to.deep.equal(bytes)
    expect((await open(byDoctor(whole.doctor, recordId))).bytes).to.deep.equal(bytes)
  })

  const spare = (standing: Standing) => {
    const taken = keepersOf(standing)
    return whole.storage.find((node) => !taken.includes(node)) as WholeNode
  }
})
