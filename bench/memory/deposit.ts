/** Deposits a record and says what that took. A process of its own: `node bench/memory/deposit.ts JOB`. @module */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Bytes } from '@sharewell/sdk/bytes'
import { createHttpStore, placeRecord } from '@sharewell/sdk/place'
import { cutterOf, placeHere, recordId, sealedAgain } from '../record/record.ts'
import { createProgress, jobOf, report } from './job.ts'

const job = jobOf(process.argv[2])
const { policy, length, folder, nodes } = job
const sealed = sealedAgain(job)
const cut = cutterOf(job, sealed)
const progress = createProgress('deposit', length)
let shareBytes = 0

const close = async () => {
  const blocks = await cut.close(await sealed.ptCommit)
  const files: Record<string, Bytes> = { manifest: blocks.manifest, placement: blocks.placement }
  blocks.lists.forEach((list, i) => {
    files[`list-${i}`] = list
  })
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(folder, name), bytes)
  return blocks
}

/** Counts what goes to the stores: the shares of whole chunks, and the lists behind them. */
function count(body: Bytes): void {
  shareBytes += body.length
  progress((shareBytes * (policy.t - policy.r)) / policy.n)
}

if (nodes.length === 0) {
  const put = async (_: number, __: string, body: Bytes) => {
    await setImmediate()
    count(body)
  }
  await placeHere(policy, put, cut.parts(sealed.chunks), close, cut.placed)
} else {
  const authorize = async () => `write ${recordId} ${2 ** 40}`
  await placeRecord({
    nodes: nodes.map(({ operator, url }) => {
      const client = createHttpStore({ url, authorize })
      const put: typeof client.put = async (cid, body, options) => {
        await client.put(cid, body, options)
        count(body)
      }
      return { operator, store: { ...client, put } }
    }),
    chunks: cut.parts(sealed.chunks),
    close,
    onPlaced: cut.placed,
    verify: async (_, { signature }) => signature.length === 132,
    acknowledgeTimeout: 3_600_000,
  })
}
report(shareBytes)
