import { type Bytes, equal, type Hex, toHex } from '@sharewell/sdk/bytes'
import { createMemoryStore, type PlaceNode, placeRecord, type RecordBlocks } from '@sharewell/sdk/place'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import { openAll, seal } from '@sharewell/sdk/seal'
import { type ChunkDigests, chunkLength, cidOf, decodeChunk, type Policy, parseManifest } from '@sharewell/sdk/share'
import { expect } from 'chai'
import fc from 'fast-check'
import { cutRecord } from '../../../sdk/src/flow/cut.ts'
import { newAccount } from '../../helpers/parties.ts'

const length = 3_000_000
const chunkLog2 = 16
const [networkId, recordId, salt, dek, placementSalt] = Array.from({ length: 5 }, () => randomBytes(32)) as [
  Bytes,
  Bytes,
  Bytes,
  Bytes,
  Bytes,
]
const uploader = newAccount()

/** A deposit of one long record on stores in memory, with what its device notes; it may be cut off at any block. */
function createDeposit(policy: Policy, batch: number) {
  const notes = { chunks: new Map<number, ChunkDigests>(), placed: new Set<number>() }
  const stores = Array.from({ length: policy.n }, createMemoryStore)
  const operators = stores.map((_, j): Hex => `0x${String(j).padStart(32, '0')}`)

  async function live(last: number, source: Bytes) {
    const drawn = [dek, salt]
    const sealed = seal([source], { recordId, version: 1, mime: 'x/y', chunkLog2, random: () => drawn.shift() ?? salt })
    sealed.ptCommit.catch(() => undefined)
    const cut = cutRecord(
      {
        networkId: toHex(networkId),
        recordId: toHex(recordId),
        version: 1,
        policy,
        chunkLog2,
        keyHeader: salt,
        placementSalt,
        operators,
        sealed,
        earlier: {
          draft: undefined,
          operators,
          moves: 0,
          chunks: new Map(notes.chunks),
          placed: new Set(notes.placed),
          acknowledged: undefined,
          anchored: undefined,
        },
        notes: {
          batch,
          chunks: async (first, digests) => {
            for (const [i, one] of digests.entries()) notes.chunks.set(first + i, one)
          },
          placed: (i) => notes.placed.add(i),
        },
      },
      uploader,
    )
    const stop = new AbortController()
    const given: Bytes[] = []
    let puts = 0
    let blocks: RecordBlocks | undefined
    const node = (operator: Hex, index: number): PlaceNode => ({
      operator,
      store: {
        async put(cid, body) {
          if (puts++ >= last) stop.abort(new Error('cut off'))
          stop.signal.throwIfAborted()
          given.push(body)
          await stores[index]?.put(cid, body)
        },
        acknowledge: async () => {
          const { manifest, placement, shareRoots, shareLength } = blocks as RecordBlocks
          const [manifestHash, placementHash] = [toHex(sha256(manifest)), toHex(sha256(placement))]
          const shareRoot = toHex(shareRoots[index] as Bytes)
          const message = { manifestHash, placementHash, index, shareRoot, bytes: BigInt(shareLength), time: 0 }
          return { message, signature: '0x' }
        },
      },
    })
    const close = async () => {
      blocks = await cut.close(await sealed.ptCommit)
      return blocks
    }
    const outcome = await placeRecord({
      nodes: operators.map(node),
      chunks: cut.parts(sealed.chunks),
      close,
      verify: async () => true,
      onPlaced: cut.placed,
      signal: stop.signal,
    }).then(
      () => blocks,
      () => undefined,
    )
    return { outcome, puts, given, header: sealed.header, stopped: stop.signal.aborted }
  }

  /** Opens what lies in the stores, from the last t of them. */
  async function open(blocks: RecordBlocks, header: Bytes): Promise<Bytes> {
    const { manifest } = parseManifest(blocks.manifest, { networkId, recordId, version: 1 })
    const lengths = [...notes.chunks].sort(([a], [b]) => a - b)
    const chunks = lengths.map(async ([i, { shares }]) => {
      const some = Array.from({ length: policy.t }, (_, at) => policy.n - policy.t + at)
      const parts = some.map(async (index) => ({
        index,
        body: (await stores[index]?.get(cidOf(shares[index] as Bytes))) as Bytes,
      }))
      return decodeChunk(policy, await Promise.all(parts), chunkLength(manifest, i))
    })
    const opened = openAll({ header, dek, chunks: await Promise.all(chunks), ptCommit: manifest.ptCommit })
    const pieces: Bytes[] = []
    for await (const piece of opened.bytes) pieces.push(piece)
    return new Uint8Array(Buffer.concat(pieces))
  }
  return { live, open, notes }
}

describe('a long record that is cut again', function () {
  this.timeout(120_000)
  const source = randomBytes(length)

  for (const policy of [
    { n: 4, t: 3, r: 0 },
    { n: 4, t: 3, r: 1 },
  ])
    it(`goes on wherever it was cut off, as often as it is, over ${Object.values(policy)}`, async () => {
      const whole = (await createDeposit(policy, 2 ** 18).live(Number.POSITIVE_INFINITY, source)).puts
      const cuts = fc.array(fc.integer({ min: 0, max: whole - 1 }), { minLength: 1, maxLength: 3 })
      await fc.assert(
        fc.asyncProperty(cuts, fc.constantFrom(0, 2 ** 18, 2 ** 20), async (moments, batch) => {
          const deposit = createDeposit(policy, batch)
          let sent = 0
          for (const moment of moments) {
            const { outcome, puts, stopped } = await deposit.live(moment, source)
            // A later life has less to send, so it may come to its end.
            expect(outcome === undefined).to.equal(stopped)
            sent += puts
          }
          const last = await deposit.live(Number.POSITIVE_INFINITY, source)
          expect(last.outcome).not.to.equal(undefined)
          // Sent again: what was under way, one batch, and the blocks that all nodes hold.
          const again = policy.n * (4 + 1 + batch / 2 ** chunkLog2 + 7 + 4)
          expect(sent + last.puts).to.be.at.most(whole + moments.length * again)
          const opened = await deposit.open(last.outcome as RecordBlocks, last.header)
          expect(equal(opened, source)).to.equal(true)
        }),
        { numRuns: 12 },
      )
    })

  it('gives the memory of shares back once all nodes have them', async () => {
    const policy = { n: 4, t: 3, r: 1 }
    const { outcome, given } = await createDeposit(policy, 0).live(Number.POSITIVE_INFINITY, source)
    const { manifest, placement, lists } = outcome as RecordBlocks
    const left = given.filter(({ length }) => length > 0)
    expect(left).to.have.length(policy.n * [manifest, placement, ...lists].length)
    expect(given.length).to.be.above(policy.n * 40 + left.length)
  })

  it('sends nothing more once a chunk of the source is another', async () => {
    const policy = { n: 4, t: 3, r: 0 }
    const deposit = createDeposit(policy, 0)
    await deposit.live(60, source)
    const changed = source.slice()
    const last = Math.max(...deposit.notes.chunks.keys())
    changed[last * (2 ** chunkLog2 - 16)] = (changed[last * (2 ** chunkLog2 - 16)] ?? 0) ^ 1
    const before = new Map(deposit.notes.chunks)
    const { outcome, puts } = await deposit.live(Number.POSITIVE_INFINITY, changed)
    expect(outcome).to.equal(undefined)
    expect(puts).to.be.at.most(policy.n * (before.size - deposit.notes.placed.size + 4))
    expect([...deposit.notes.chunks.keys()]).to.deep.equal([...before.keys()])
  })
})
