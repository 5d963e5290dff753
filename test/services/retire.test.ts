import { concat, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import { cidOf, encodeTerms, type Manifest } from '@sharewell/sdk/share'
import { expect } from 'chai'
import type { Authority } from '../../services/storage-node/src/authority.ts'
import { openTerms } from '../../services/storage-node/src/renew-terms.ts'
import { codeOf } from '../helpers/code-of.ts'
import { newAccount, newParties, paperNetwork } from '../helpers/parties.ts'
import { placedRecord } from '../helpers/placed-record.ts'
import {
  anchoredOf,
  attestedNext,
  nextOf,
  refreshed,
  rootsOf,
  shareChunk,
  sharesOf,
  signedGeneration,
  unverified,
  verified,
} from '../helpers/renewing.ts'
import { openNode, paperAuthority, type TestNode } from '../helpers/storage.ts'

type Bytes = Uint8Array<ArrayBuffer>
const policy = { n: 3, t: 2, r: 1 }
const network = paperNetwork()

describe('a storage node whose shares were renewed', () => {
  let nodes: TestNode[]
  let record: Awaited<ReturnType<typeof placedRecord>>
  const uploader = newAccount()
  const parties = newParties(policy.n)
  const keepers = parties.map(({ account }) => account)
  before(async () => {
    const authority: Authority = {
      ...paperAuthority,
      keeper: async (operator) => {
        const party = parties.find((one) => one.operator === operator)
        return party && { account: party.account.address, hpkeKeyHash: `0x${'00'.repeat(32)}` }
      },
    }
    nodes = await Promise.all(parties.map((party) => openNode(network, party, { authority })))
    record = await placedRecord(network, nodes, policy, { uploader, dataLength: 70_000 })
  })
  after(() => Promise.all(nodes.map((node) => node.close())))

  const put = async (node: TestNode, bytes: Bytes) => {
    await node.client(`write ${record.recordId} 100000000`).put(cidOf(sha256(bytes)), bytes)
    return sha256(bytes)
  }
  const holds = (node: TestNode, body: Bytes) => node.client('read any').has(cidOf(sha256(body)))
  const retire = (node: TestNode, placementHash: Hex) =>
    node.client(`retire ${record.recordId} ${record.manifestHash} ${placementHash}`).retireShares()

  /** A generation on all nodes, but for its shares. */
  const placed = async (manifest: Manifest, shareLeaves: readonly Bytes[]) => {
    const operators = nodes.map(({ operator }) => operator)
    const { blocks, placementHash } = await signedGeneration(manifest, { uploader, operators, shareLeaves })
    for (const node of nodes) for (const block of blocks) await put(node, block)
    return placementHash
  }

  /** The next generation: refreshed shares, attested by their keepers. */
  const renewed = async () => {
    const fresh = refreshed(policy, sharesOf(record))
    const shares = await verified(record, policy, fresh)
    const manifest = await attestedNext(anchoredOf(record), shares, keepers)
    return { fresh, placementHash: await placed(manifest, shares.shareLeaves) }
  }

  it('keeps old shares while a depositor alone says that there are new ones', async () => {
    const node = nodes[0] as TestNode
    const invented = unverified(
      policy,
      sharesOf(record).map((own) => own.map(({ length }) => randomBytes(length))),
    )
    const standing = anchoredOf(record)
    const forged = keepers.map(() => uploader)
    // Signed by nobody, by the depositor in their names, and by all keepers but one.
    const manifests = [
      nextOf(standing, invented),
      await attestedNext(standing, invented, forged),
      await attestedNext(standing, invented, [...keepers.slice(0, -1), uploader]),
    ]
    for (const manifest of manifests) {
      const placementHash = await placed(manifest, invented.shareLeaves)
      expect(await codeOf(retire(node, placementHash))).to.equal('NODE_REFUSED')
    }
    for (const i of record.parts.keys()) expect(await holds(node, shareChunk(record, 0, i))).to.equal(true)
  })

  it('removes the old share once it holds the whole new one, and nothing before', async () => {
    const [node, other] = nodes as [TestNode, TestNode]
    const old = [...record.parts.keys()].map((i) => shareChunk(record, 0, i))
    expect(await retire(node, record.placementHash)).to.deep.equal({ removed: 0 })
    const { fresh, placementHash } = await renewed()
    const own = fresh[0] as Bytes[]
    for (const body of own.slice(1)) await put(node, body)
    expect(await codeOf(retire(node, placementHash))).to.equal('NODE_REFUSED')
    for (const body of old) expect(await holds(node, body)).to.equal(true)
    await put(node, own[0] as Bytes)
    const bytes = node.ledger.totals()
    expect(await retire(node, placementHash)).to.deep.equal({ removed: old.length })
    for (const body of old) expect(await holds(node, body)).to.equal(false)
    for (const body of own) expect(await holds(node, body)).to.equal(true)
    expect(node.ledger.totals().blocks).to.equal(bytes.blocks - old.length)
    expect(await retire(node, placementHash)).to.deep.equal({ removed: 0 })
    // Nobody asked the other one.
    expect(await holds(other, shareChunk(record, 1, 0))).to.equal(true)
  })

  it('refuses a placement that it does not hold, and whoever has no ticket', async () => {
    const node = nodes[2] as TestNode
    expect(await codeOf(retire(node, toHex(sha256(new Uint8Array(1)))))).to.equal('NODE_REFUSED')
    expect(await codeOf(node.client('read any').retireShares())).to.equal('NODE_REFUSED')
    for (const i of record.parts.keys()) expect(await holds(node, shareChunk(record, 2, i))).to.equal(true)
  })

  it('removes nothing that readers need, whatever a manifest between calls its shares', async () => {
    const node = nodes[1] as TestNode
    const standing = anchoredOf(record)
    const named = [fromHex(record.manifestHash, 32), ...record.manifest.contentLeaves]
    const lists = sharesOf(record).map(() => concat(...named))
    const between = nextOf(standing, { policy, T: rootsOf(sharesOf(record)), shareLeaves: lists })
    await placed(between, lists)
    const { signed, hash } = await signedGeneration(between, {
      uploader,
      operators: nodes.map(({ operator }) => operator),
      shareLeaves: lists,
    })
    for (const one of nodes) await put(one, signed)
    const fresh = refreshed(policy, sharesOf(record))
    const shares = await verified(record, policy, fresh)
    const last = await attestedNext({ manifest: between, hash }, shares, keepers, 2)
    const lastHash = await placed(last, shares.shareLeaves)
    for (const body of fresh[1] as Bytes[]) await put(node, body)
    expect((await retire(node, lastHash)).removed).to.be.greaterThan(0)
    for (const block of named)
      expect(await node.client('read any').has(cidOf(block)), 'manifest and content list').to.equal(true)
    for (const body of fresh[1] as Bytes[]) expect(await holds(node, body)).to.equal(true)
  })

  it('helps nobody under a policy that a depositor made up', async () => {
    const node = nodes[2] as TestNode
    const standing = anchoredOf(record)
    const { T, shareLeaves } = unverified(policy, sharesOf(record))
    const eased = nextOf(standing, { policy: { ...policy, t: 3 }, T, shareLeaves })
    const { recordId, manifestHash } = record
    const termsOf = (placementHash: Hex) =>
      encodeTerms({
        v: 1,
        networkId: record.manifest.networkId,
        recordId: record.manifest.recordId,
        version: 1,
        manifestHash: fromHex(manifestHash, 32),
        placementHash: fromHex(placementHash, 32),
        epoch: 1,
        nonce: randomBytes(32),
        kind: 'refresh',
        contributors: [0, 1],
        receivers: parties.map(({ operator }) => fromHex(operator, 16)),
        off: 0,
      })
    const open = async (placementHash: Hex) =>
      await openTerms(
        { ...node, networkId: network.networkId },
        { recordId, version: 1, manifestHash, placementHash, maxBytes: 0 },
        { bytes: termsOf(placementHash), kinds: ['refresh'] },
      )
    expect(await said(open(await placed(eased, shareLeaves)))).to.match(/the policy that stands/)
    const same = nextOf(standing, { policy, T, shareLeaves })
    expect(await said(open(await placed(same, shareLeaves)))).not.to.match(/the policy that stands/)
    // But under one by which this node made its share, and then under no other one.
    const root = toHex(T[2] as Bytes)
    node.ledger.notePolicy({ recordId, root }, { ...policy, t: 3 })
    expect(await said(open(await placed(eased, shareLeaves)))).not.to.match(/the policy that stands/)
    expect(await said(open(await placed(same, shareLeaves)))).to.match(/the policy that stands/)
  })
})

/** What a promise is refused with. */
const said = async (promise: Promise<unknown>): Promise<string> =>
  await promise.then(
    () => '',
    (error: Error) => error.message,
  )
