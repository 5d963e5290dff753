import { toHex } from '@sharewell/sdk/bytes'
import {
  createGatherer,
  createLeafLoader,
  createMemoryStore,
  loadContentLeaves,
  rebuildChunks,
  type ShareSource,
  shareSource,
} from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import { cidOf, type Policy, shareChunkLength } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { randomHex } from '../../helpers/ids.ts'
import { newAccount } from '../../helpers/parties.ts'
import { type SealedRecord, sealedRecord } from '../../helpers/sealed-record.ts'
import { sameRows } from '../../helpers/share-code.ts'

const fullChunk = 2 ** 16
type Read = { readonly share: number; readonly chunk: number; readonly bytes: number }

/** Stores of a record that count what is read from them: leaf lists as chunk -1. */
async function countingSources(record: SealedRecord) {
  const reads: Read[] = []
  const names = new Map(record.parts.flatMap((row, chunk) => row.map(({ cid }, share) => [cid, { share, chunk }])))
  const nodes = await Promise.all(
    Array.from({ length: record.manifest.n }, async (_, j) => {
      const store = createMemoryStore()
      for (const body of record.blocks.lists) await store.put(cidOf(sha256(body)), body)
      for (const row of record.parts) await store.put(row[j]?.cid ?? '', row[j]?.body ?? new Uint8Array(0))
      const get: typeof store.get = async (cid, options) => {
        const body = await store.get(cid, options)
        reads.push({ share: j, chunk: names.get(cid)?.chunk ?? -1, bytes: body.length })
        return body
      }
      return { operator: randomHex(16), store: { ...store, get } }
    }),
  )
  const sources: ShareSource[] = nodes.map(({ operator, store }, j) => shareSource(operator, j, store))
  return { reads, nodes, sources }
}

async function readRange(record: SealedRecord, { first, count }: { first: number; count: number }) {
  const { reads, nodes, sources } = await countingSources(record)
  const { manifest } = record
  const gatherer = createGatherer({
    manifest,
    manifestHash: toHex(sha256(record.blocks.manifest)),
    sources,
    leaves: createLeafLoader(manifest, nodes),
  })
  const contentLeaves = await loadContentLeaves(manifest, nodes)
  const chunks = []
  for await (const { sealed } of rebuildChunks(gatherer, { first, count, contentLeaves })) chunks.push(sealed)
  expect(sameRows(chunks, record.sealed.slice(first, first + count))).to.equal(true)
  return reads
}

const sum = (reads: readonly Read[]) => reads.reduce((total, { bytes }) => total + bytes, 0)

describe('reading a range', () => {
  const operators = (policy: Policy) => Array.from({ length: policy.n }, () => randomHex(16))
  const make = (policy: Policy, chunks: number) =>
    sealedRecord({
      networkId: randomHex(32),
      uploader: newAccount(),
      policy,
      operators: operators(policy),
      dataLength: chunks * fullChunk,
    })

  for (const policy of [
    { n: 5, t: 3, r: 0 },
    { n: 6, t: 4, r: 2 },
  ])
    it(`fetches shares of its chunks alone, over ${Object.values(policy)}`, async () => {
      const record = await make(policy, 24)
      for (const [first, count] of [
        [0, 1],
        [11, 3],
        [23, 2],
        [24, 1],
      ] as const) {
        const reads = await readRange(record, { first, count })
        const shares = reads.filter(({ chunk }) => chunk >= 0)
        for (const { chunk } of shares) expect(chunk).to.be.within(first, first + count - 1)
        // One source more than needed is asked for each chunk.
        for (let i = first; i < first + count; i++) {
          const asked = shares.filter(({ chunk }) => chunk === i)
          expect(asked.length).to.be.within(policy.t, policy.t + 1)
          expect(sum(asked)).to.equal(asked.length * shareChunkLength(record.manifest, i))
        }
      }
    })

  it('costs the same in a record eight times as long, but for leaf lists of 32 bytes a chunk', async () => {
    const policy = { n: 5, t: 3, r: 1 }
    const range = { first: 3, count: 2 }
    const most = 2 * (policy.t + 1) * (fullChunk / 2)
    for (const chunks of [12, 96]) {
      const reads = await readRange(await make(policy, chunks), range)
      const lists = reads.filter(({ chunk }) => chunk < 0)
      // Lists are asked of two nodes at a time: the content's, and those of the shares in use.
      expect(sum(lists)).to.be.at.most(2 * (policy.t + 2) * 32 * (chunks + 1))
      expect(sum(reads) - sum(lists)).to.be.at.most(most)
    }
  })
})
