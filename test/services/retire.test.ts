import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { sha256 } from '@sharewell/sdk/primitives'
import {
  cidOf,
  drawZeroWord,
  encodeManifest,
  encodePlacement,
  leafBlocks,
  nextManifest,
  verifyRenewed,
  xorRows,
} from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { shareRootOf } from '../../sdk/src/share/leaves.ts'
import { codeOf } from '../helpers/code-of.ts'
import { newAccount, newParties, paperNetwork } from '../helpers/parties.ts'
import { placedRecord } from '../helpers/placed-record.ts'
import { upTo } from '../helpers/renewals.ts'
import { shareChunk } from '../helpers/renewing.ts'
import { openNode, type TestNode } from '../helpers/storage.ts'

type Bytes = Uint8Array<ArrayBuffer>
const policy = { n: 3, t: 2, r: 1 }
const network = paperNetwork()
const networkId = fromHex(network.networkId, 32)

describe('a storage node whose shares were renewed', () => {
  let nodes: TestNode[]
  let record: Awaited<ReturnType<typeof placedRecord>>
  const uploader = newAccount()
  before(async () => {
    nodes = await Promise.all(newParties(policy.n).map((party) => openNode(network, party)))
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

  /** The next generation, on all nodes but for its shares. */
  const renewed = async () => {
    const chunks = [...record.parts.keys()]
    const words = chunks.map((i) => upTo(2).map(() => drawZeroWord(policy, shareChunk(record, 0, i).length)))
    const fresh = upTo(policy.n).map((j) =>
      chunks.map((i) => xorRows([shareChunk(record, j, i), ...(words[i] ?? []).map((word) => word[j] as Bytes)])),
    )
    const { manifest, contentLeaves } = record
    const roots = fresh.map((own, j) => shareRootOf(j, new Uint8Array(own.flatMap((body) => [...sha256(body)]))))
    const read = async (j: number, i: number) => fresh[j]?.[i] as Bytes
    const shares = await verifyRenewed({ manifest, contentLeaves, policy, roots, read })
    const standing = { manifest, hash: fromHex(record.manifestHash, 32) }
    const next = nextManifest(
      standing,
      shares,
      upTo(3).map(() => new Uint8Array(65)),
    )
    const signed = await signObject('manifest', encodeManifest(next), networkId, uploader)
    const placement = encodePlacement({
      v: 1,
      networkId,
      recordId: manifest.recordId,
      version: 1,
      gen: 1,
      salt: new Uint8Array(32),
      manifestHash: sha256(signed),
      operators: nodes.map(({ operator }) => fromHex(operator, 16)),
    })
    const placed = await signObject('placement', placement, networkId, uploader)
    for (const node of nodes)
      for (const block of [signed, placed, ...shares.shareLeaves.flatMap(leafBlocks)]) await put(node, block)
    return { fresh, placementHash: toHex(sha256(placed)) }
  }

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
})
