import { createApp } from '@sharewell/reconstructor'
import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { type StorageClient, toJson } from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { asJson } from '../../helpers/as-json.ts'
import { type HeardLog, hearLog } from '../../helpers/heard-log.ts'
import { newAccount, newParties, type Party, paperNetwork } from '../../helpers/parties.ts'
import { placedRecord } from '../../helpers/placed-record.ts'
import { openWorker, rebuildBody, type TestWorker } from '../../helpers/reconstructor.ts'
import { openNode, type TestNode } from '../../helpers/storage.ts'

const network = paperNetwork()
const reader = newAccount()

describe('a reader who hangs up on a reconstructor', () => {
  let nodes: TestNode[]
  let record: Awaited<ReturnType<typeof placedRecord>>
  const workers: TestWorker[] = []
  before(async () => {
    nodes = await Promise.all(newParties(3).map((party) => openNode(network, party)))
    record = await placedRecord(network, nodes, { n: 3, t: 2, r: 0 })
  })
  after(async () => {
    await Promise.all(workers.map((one) => one.close()))
    await Promise.all(nodes.map((one) => one.close()))
  })

  /** A worker whose storage nodes answer for the chunks before `from` and then only when they are told to stop. */
  async function open(from: number, options: { readonly log: HeardLog; readonly readerTimeout?: number }) {
    const asked = Promise.withResolvers<void>()
    const stopped = Promise.withResolvers<unknown>()
    const stall = { from, asked: asked.resolve, stopped: stopped.resolve }
    const { log, readerTimeout } = options
    const worker = await openWorker(network, newParties(1)[0] as Party, {
      nodes,
      records: [record],
      ...(readerTimeout && { limits: { readerTimeout } }),
      wrap: (parts) =>
        createApp({
          ...parts,
          log,
          connect: (node) => withStall(parts.connect(node), stall),
        }),
    })
    workers.push(worker)
    return { worker, asked: asked.promise, stopped: stopped.promise }
  }
  async function ask(worker: TestWorker, signal: AbortSignal): Promise<Response> {
    const range = { first: 0, count: record.sealed.length, nonce: toHex(randomBytes(32)) as Hex }
    const body = toJson(await rebuildBody(network, record, reader, range, worker))
    return await fetch(`${worker.url}/v1/rebuild`, { method: 'POST', headers: asJson, body, signal })
  }
  const jobsOf = async ({ url }: TestWorker) =>
    ((await (await fetch(`${url}/v1/status`)).json()) as { jobs: number }).jobs
  const loud = ({ lines }: HeardLog) => lines.filter(({ level }) => level === 'error' || level === 'warn')

  it('in the middle of the stream ends the job quietly, and everything that it had under way', async () => {
    expect(record.sealed.length).to.be.greaterThan(2)
    const log = hearLog()
    const { worker, stopped } = await open(1, { log })
    const hangUp = new AbortController()
    const answer = await ask(worker, hangUp.signal)
    await answer.body?.getReader().read()
    hangUp.abort()
    expect(await stopped).to.be.instanceOf(Error)
    const { level } = await log.next(({ fields }) => fields.code === 'CLIENT_GONE')
    expect(level).to.equal('info')
    expect(await jobsOf(worker)).to.equal(0)
    expect(loud(log)).to.deep.equal([])
  })

  it('before the stream begins ends the job quietly too', async () => {
    const log = hearLog()
    const { worker, asked, stopped } = await open(0, { log })
    const hangUp = new AbortController()
    const answer = ask(worker, hangUp.signal).catch((error: unknown) => error)
    await asked
    hangUp.abort()
    expect(await answer).to.be.instanceOf(Error)
    expect(await stopped).to.be.instanceOf(Error)
    await log.next(({ fields }) => fields.code === 'CLIENT_GONE')
    expect(await jobsOf(worker)).to.equal(0)
    expect(loud(log)).to.deep.equal([])
    const metrics = await (await fetch(`${worker.url}/metrics`)).text()
    expect(metrics).not.to.include('status="500"')
  })

  it('and one who cancels the answer in this process, as a page of the same worker would', async () => {
    const log = hearLog()
    const { worker, stopped } = await open(1, { log })
    const range = { first: 0, count: record.sealed.length, nonce: toHex(randomBytes(32)) as Hex }
    const body = toJson(await rebuildBody(network, record, reader, range, worker))
    const answer = await worker.app.request('/v1/rebuild', { method: 'POST', headers: asJson, body })
    await answer.body?.cancel()
    expect(await stopped).to.include({ code: 'CLIENT_GONE' })
    expect(await jobsOf(worker)).to.equal(0)
    expect(loud(log)).to.deep.equal([])
  })

  it('and one who does not read is cut off, as quietly', async () => {
    const log = hearLog()
    const { worker } = await open(Number.POSITIVE_INFINITY, { log, readerTimeout: 50 })
    const range = { first: 0, count: record.sealed.length, nonce: toHex(randomBytes(32)) as Hex }
    const body = toJson(await rebuildBody(network, record, reader, range, worker))
    const answer = await worker.app.request('/v1/rebuild', { method: 'POST', headers: asJson, body })
    await log.next(({ fields }) => fields.code === 'CLIENT_GONE')
    const error = await answer.arrayBuffer().catch((thrown: unknown) => thrown)
    expect(error).to.include({ code: 'CLIENT_GONE' })
    expect(await jobsOf(worker)).to.equal(0)
    expect(loud(log)).to.deep.equal([])
  })
})

type Stall = { readonly from: number; readonly asked: () => void; readonly stopped: (reason: unknown) => void }

function withStall(store: StorageClient, { from, asked, stopped }: Stall): StorageClient {
  return {
    ...store,
    getShare: async (ask, options = {}) => {
      if (ask.chunk < from) return await store.getShare(ask, options)
      asked()
      return await new Promise((_, reject) => {
        const stop = () => {
          stopped(options.signal?.reason)
          reject(options.signal?.reason)
        }
        if (options.signal?.aborted) stop()
        options.signal?.addEventListener('abort', stop, { once: true })
      })
    },
  }
}
