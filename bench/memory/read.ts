/** Reads a record back and says what that took. A process of its own: `node bench/memory/read.ts JOB`. @module */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fromHex, toHex } from '@sharewell/sdk/bytes'
import {
  createGatherer,
  createHttpStore,
  createLeafLoader,
  createMemoryStore,
  loadContentLeaves,
  rebuildChunks,
  type ShareSource,
  shareSource,
} from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import { openAll } from '@sharewell/sdk/seal'
import { chunkCount, cidOf, parseManifest } from '@sharewell/sdk/share'
import { networkId, operatorOf, plaintext, recordId, sealedAgain } from '../record/record.ts'
import { createProgress, jobOf, report } from './job.ts'
import { sharesAgain } from './shares-again.ts'

const job = jobOf(process.argv[2])
const { policy, length, folder, nodes } = job
let shareBytes = 0

/** Counts what comes from a source. */
const counting = ({ fetch, ...source }: ShareSource): ShareSource => ({
  ...source,
  async fetch(ask, options) {
    const answer = await fetch(ask, options)
    shareBytes += answer.body.length
    return answer
  },
})

function sources(): ShareSource[] {
  const shares = sharesAgain(job)
  const authorize = async () => `read ${recordId}`
  return Array.from({ length: policy.n }, (_, index) => {
    const node = nodes[index]
    if (node) return counting(shareSource(node.operator, index, createHttpStore({ url: node.url, authorize })))
    return counting({
      operator: operatorOf(index),
      index,
      async fetch({ chunk }) {
        // Not at once, as no store answers: weak references hold what they refer to until the event loop goes round.
        await setImmediate()
        return { body: await shares(chunk, index) }
      },
    })
  })
}

const expected = { networkId: fromHex(networkId), recordId: fromHex(recordId), version: 1 }
const { manifest } = parseManifest(new Uint8Array(await readFile(path.join(folder, 'manifest'))), expected)
const lists = createMemoryStore()
const blocks = manifest.contentLeaves.length + manifest.shareLeaves.flat().length
for (let i = 0; i < blocks; i++) {
  const list = new Uint8Array(await readFile(path.join(folder, `list-${i}`)))
  await lists.put(cidOf(sha256(list)), list)
}
const holders = [{ operator: operatorOf(0), store: lists }]
const gatherer = createGatherer({
  manifest,
  manifestHash: toHex(sha256(await readFile(path.join(folder, 'manifest')))),
  sources: sources(),
  leaves: createLeafLoader(manifest, holders),
  // What counts here is memory: on a busy machine an answer takes what it takes.
  timeout: 60_000,
  grace: 60_000,
})
const { header, dek } = sealedAgain(job)
const range = { first: 0, count: chunkCount(manifest), contentLeaves: await loadContentLeaves(manifest, holders) }
async function* chunks() {
  for await (const { sealed } of rebuildChunks(gatherer, range)) yield sealed
}

const progress = createProgress('read', length)
const source = plaintext(length)
let piece = new Uint8Array(0)
let done = 0
for await (const bytes of openAll({ header, dek, chunks: chunks(), ptCommit: manifest.ptCommit, take: true }).bytes)
  for (let at = 0; at < bytes.length; ) {
    if (piece.length === 0) piece = (await source.next()).value ?? new Uint8Array(0)
    const some = Math.min(piece.length, bytes.length - at)
    if (some === 0 || Buffer.compare(piece.subarray(0, some), bytes.subarray(at, at + some)) !== 0)
      throw new Error(`Other bytes than those deposited, at ${done}.`)
    piece = piece.subarray(some)
    at += some
    done += some
    progress(done)
  }
if (done !== length) throw new Error(`${done} bytes came back of ${length}.`)
report(shareBytes)
