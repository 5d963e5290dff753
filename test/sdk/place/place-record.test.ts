import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import {
  createMemoryStore,
  loadContentLeaves,
  loadRecord,
  loadShareLeaves,
  NotPlacedError,
  type PlacedPart,
  type PlaceNode,
  placeRecord,
} from '@sharewell/sdk/place'
import { cidOfBlock } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { flipped } from '../../compliance/share-store.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { newAccount, newParties, type Party, paperNetwork, signerFor, verifierFor } from '../../helpers/parties.ts'
import { chunksOf } from '../../helpers/placed-record.ts'
import { type SealedRecord, sealedRecord } from '../../helpers/sealed-record.ts'

const network = paperNetwork()
const policy = { n: 4, t: 2, r: 0 }
const parties = newParties(4)
const verify = verifierFor(network, 'Acknowledgement', parties)

describe('placing a record', () => {
  let record: SealedRecord
  before(async () => {
    const operators = parties.map(({ operator }) => operator)
    record = await sealedRecord({ networkId: network.networkId, uploader: newAccount(), policy, operators })
  })

  /** A node in memory that acknowledges as it should, or what `sign` makes of it. */
  const nodeOf = (party: Party, signAs = party): PlaceNode & { readonly blocks: Map<string, Bytes> } => {
    const store = createMemoryStore()
    return {
      operator: party.operator,
      blocks: store.blocks,
      store: {
        put: store.put,
        async acknowledge({ index }) {
          const message = {
            manifestHash: record.manifestHash,
            placementHash: record.placementHash,
            index,
            shareRoot: `0x${Buffer.from(record.manifest.T[index] as Bytes).toString('hex')}` as Hex,
            bytes: BigInt(record.manifest.shareLen),
            time: 1,
          }
          return { message, signature: await signerFor(network, 'Acknowledgement', signAs.account)(message) }
        },
      },
    }
  }
  const nodesOf = () => parties.map((party) => nodeOf(party))
  const place = (nodes: readonly PlaceNode[], more: Partial<placeRecord.Options> = {}) =>
    placeRecord({ nodes, chunks: chunksOf(record), close: async () => record.blocks, verify, timeout: 2_000, ...more })
  const replaced = (nodes: readonly PlaceNode[], at: number, store: Partial<PlaceNode['store']>) =>
    nodes.map((node, index) => (index === at ? { ...node, store: { ...node.store, ...store } } : node))

  it('gives each node its share and what all nodes hold, and no other share', async () => {
    const nodes = nodesOf()
    const receipts = await place(nodes)
    expect(receipts.map(({ operator, index }) => [operator, index])).to.deep.equal(
      parties.map(({ operator }, index) => [operator, index]),
    )
    const { manifest, placement, lists } = record.blocks
    const common = [manifest, placement, ...lists].map((block) => cidOfBlock(block))
    nodes.forEach(({ blocks }, j) => {
      const own = record.parts.map((parts) => parts[j]?.cid)
      expect([...blocks.keys()]).to.have.members([...own, ...common])
    })
  })

  it('tries a block again when a node fails for a moment', async () => {
    const nodes = nodesOf()
    let failures = 2
    const flaky = replaced(nodes, 1, {
      put: async (cid, bytes, options) => {
        if (failures-- > 0) throw new TypeError('reset')
        await nodes[1]?.store.put(cid, bytes, options)
      },
    })
    expect(await place(flaky)).to.have.length(4)
  })

  it('fails by name when a node stays down or hangs', async () => {
    const down = async () => {
      throw new TypeError('refused')
    }
    const hanging = () => new Promise<never>(() => undefined)
    const nodes = replaced(replaced(nodesOf(), 0, { put: down }), 3, { put: hanging })
    const error = await place(nodes, { retries: 0 }).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(NotPlacedError)
    const { reasons } = error as NotPlacedError
    expect(reasons.map(({ operator }) => operator)).to.have.members([parties[0]?.operator, parties[3]?.operator])
    expect(String(error)).to.include('No answer')
  })

  it('takes an acknowledgement only from the node itself and only for this record', async () => {
    const [first, second] = parties
    if (!first || !second) throw new Error('no party')
    const forged = nodesOf().map((node, index) => (index === 0 ? nodeOf(first, second) : node))
    expect(await codeOf(place(forged))).to.equal('NOT_PLACED')
    const nodes = nodesOf()
    const other = replaced(nodes, 0, {
      acknowledge: async (ask) => await (nodes[0] as PlaceNode).store.acknowledge({ ...ask, index: 1 }),
    })
    const error = await place(other).catch((thrown: unknown) => thrown)
    expect(String(error)).to.include(first.operator).and.to.include('something else')
  })

  it('reads its source no faster than the slowest node takes', async () => {
    let ahead = 0
    let most = 0
    async function* source(): AsyncGenerator<readonly PlacedPart[]> {
      for (const parts of record.parts) {
        most = Math.max(most, ++ahead)
        yield parts
      }
    }
    const nodes = nodesOf()
    const last = record.parts.map((parts) => parts[3]?.cid)
    const slow = replaced(nodes, 3, {
      put: async (cid, bytes, options) => {
        await new Promise((resolve) => setImmediate(resolve))
        await nodes[3]?.store.put(cid, bytes, options)
        if (last.includes(cid)) ahead -= 1
      },
    })
    await place(slow, { chunks: source(), window: 2 })
    expect(most).to.equal(2)
  })

  it('stops when it is told to', async () => {
    const reason = new Error('enough')
    const act = place(nodesOf(), { signal: AbortSignal.abort(reason) })
    expect(await act.catch((error: unknown) => error)).to.equal(reason)
  })

  describe('and reading what describes it', () => {
    const held = async () => {
      const nodes = nodesOf()
      await place(nodes)
      return nodes.map(({ operator, blocks }) => ({
        operator,
        blocks,
        store: {
          get: async (cid: string) => {
            const bytes = blocks.get(cid)
            if (!bytes) throw new TypeError('gone')
            return bytes
          },
        },
      }))
    }
    const load = (nodes: Awaited<ReturnType<typeof held>>, more: Partial<loadRecord.Options> = {}) => {
      const { recordId, manifestHash, placementHash } = record
      const { networkId } = network
      return loadRecord({
        networkId,
        recordId,
        version: 1,
        manifestHash,
        placementHash,
        nodes,
        timeout: 2_000,
        ...more,
      })
    }

    it('finds manifest, placement and lists by the hashes on chain, at any node that has them', async () => {
      const nodes = await held()
      for (const node of nodes.slice(0, 3)) node.blocks.clear()
      const { manifest, placement } = await load(nodes)
      expect(manifest.T).to.deep.equal(record.manifest.T)
      expect(placement.operators).to.have.length(policy.n)
      expect(await loadContentLeaves(manifest, nodes)).to.deep.equal(record.contentLeaves)
      expect(await loadShareLeaves(manifest, 2, nodes)).to.deep.equal(record.shareLeaves[2])
    })

    it('refuses a manifest or placement of another record, version or network', async () => {
      const nodes = await held()
      expect(await codeOf(load(nodes, { version: 2 }))).to.equal('MANIFEST')
      expect(await codeOf(load(nodes, { recordId: record.manifestHash }))).to.equal('MANIFEST')
      expect(await codeOf(load(nodes, { networkId: record.manifestHash }))).to.equal('SIGNED_OBJECT')
      expect(await codeOf(load(nodes, { placementHash: record.manifestHash }))).to.equal('SIGNED_OBJECT')
    })

    it('names each node when none has a block', async () => {
      const nodes = await held()
      for (const node of nodes) node.blocks.clear()
      const error = await load(nodes).catch((thrown: unknown) => thrown)
      expect(error).to.have.property('code', 'BLOCKS_UNAVAILABLE')
      for (const { operator } of parties) expect(String(error)).to.include(operator)
    })

    it('refuses a leaf list that does not match the manifest', async () => {
      const nodes = await held()
      const wrong = { ...record.manifest, T: record.manifest.T.map((root) => flipped(root)) }
      expect(await codeOf(loadShareLeaves(wrong, 0, nodes))).to.equal('LEAF_LIST')
      expect(await codeOf(loadContentLeaves({ ...wrong, contentRoot: flipped(wrong.contentRoot) }, nodes))).to.equal(
        'LEAF_LIST',
      )
    })
  })
})
