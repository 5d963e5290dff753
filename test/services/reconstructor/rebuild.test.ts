import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import type { BaseError } from '@sharewell/sdk/errors'
import {
  type ArrivedChunk,
  convicts,
  encodeFrame,
  type FaultFile,
  judgeFault,
  LyingWorkerError,
  parseFaultFile,
  type RebuildBody,
  readFrames,
  rebuild,
  rebuildByWorkers,
  type TrailerFrame,
  type WorkerFailure,
} from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import { cidOfBlock } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { flipped } from '../../compliance/share-store.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { lyingNode, lyingWorker, type WorkerLie } from '../../helpers/liars.ts'
import { newAccount, newParties, paperNetwork, verifierFor } from '../../helpers/parties.ts'
import { placedRecord } from '../../helpers/placed-record.ts'
import { openWorker, rebuildBody, type TestWorker } from '../../helpers/reconstructor.ts'
import { anchoredOf, nextOf, sharesOf, signedGeneration, unverified } from '../../helpers/renewing.ts'
import { openNode, type TestNode } from '../../helpers/storage.ts'

const network = paperNetwork()
const policy = { n: 5, t: 3, r: 0 }
const reader = newAccount()
const nonce = (): Hex => toHex(randomBytes(32))

describe('reconstructor', () => {
  let nodes: TestNode[]
  let record: Awaited<ReturnType<typeof placedRecord>>
  const parties = newParties(8)
  const workers: TestWorker[] = []
  const liars: TestNode[] = []
  before(async () => {
    nodes = await Promise.all(newParties(5).map((party) => openNode(network, party)))
    record = await placedRecord(network, nodes, policy)
  })
  after(async () => {
    await Promise.all([...workers, ...liars].map((one) => one.close()))
    await Promise.all(nodes.map((one) => one.close()))
  })

  const open = async (options: Partial<openWorker.Options> = {}) => {
    const party = parties[workers.length] ?? newParties(1)[0]
    if (!party) throw new Error('no party')
    if (!parties.includes(party)) parties.push(party)
    const worker = await openWorker(network, party, { nodes, records: [record], ...options })
    workers.push(worker)
    return worker
  }
  const checks = (more: Partial<rebuild.Options> = {}): rebuild.Options => ({
    manifest: record.manifest,
    contentLeaves: async () => record.contentLeaves,
    verifyFrame: verifierFor(network, 'Frame', parties),
    verifyReceipt: verifierFor(network, 'WorkReceipt', parties),
    timeout: 15_000,
    ...more,
  })
  const all = () => ({ first: 0, count: record.sealed.length })
  const sign = (first: number, count: number, worker = { operator: toHex(randomBytes(16)) }) =>
    rebuildBody(network, record, reader, { first, count, nonce: nonce() }, worker)
  const read = async (chunks: AsyncIterable<ArrivedChunk>): Promise<Bytes[]> => {
    const sealed: Bytes[] = []
    for await (const chunk of chunks) sealed.push(chunk.sealed)
    return sealed
  }
  /** The first proof; it is kept beside the job, so perhaps a moment after it. */
  const keptBy = async (worker: TestWorker) => {
    for (let waits = 0; waits < 500; waits++) {
      const [kept] = worker.faults.list()
      if (kept && (await worker.faults.read(kept.fault))) return kept
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error('no proof was kept')
  }
  const posted = async (worker: TestWorker, count: number) => ({
    method: 'POST',
    body: JSON.stringify(await sign(0, count, worker)),
    headers: { 'content-type': 'application/json' },
  })
  const post = (worker: TestWorker, body: unknown) =>
    fetch(`${worker.url}/v1/rebuild`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })

  it('streams every sealed chunk, byte for byte, with a receipt that adds up', async () => {
    const worker = await open()
    let trailer: TrailerFrame | undefined
    const onTrailer = (_: Hex, end: TrailerFrame) => {
      trailer = end
    }
    const { count } = all()
    expect(await read(rebuild(worker, await sign(0, count), checks({ onTrailer })))).to.deep.equal(record.sealed)
    expect(trailer?.faults).to.deep.equal([])
    expect(Number(trailer?.receipt.bytes)).to.equal(record.manifest.sealedLen)
  })

  it('costs its reader one look at a signature, and one at the receipt', async () => {
    const worker = await open()
    const { count } = all()
    expect(count).to.be.greaterThan(1)
    const options = checks({})
    let looks = 0
    const verifyFrame: typeof options.verifyFrame = (operator, signed) => {
      looks += 1
      return options.verifyFrame(operator, signed)
    }
    expect(await read(rebuild(worker, await sign(0, count), { ...options, verifyFrame }))).to.deep.equal(record.sealed)
    expect(looks).to.equal(1)
  })

  it('rebuilds a range and only that', async () => {
    const worker = await open()
    expect(await read(rebuild(worker, await sign(1, 2), checks()))).to.deep.equal(record.sealed.slice(1, 3))
  })

  it('fetches the shares of a range and no others', async () => {
    const asked: { readonly index: number; readonly chunk: number }[] = []
    const worker = await open({ onShare: (ask) => asked.push(ask) })
    const [first, count] = [1, 2]
    expect(await read(rebuild(worker, await sign(first, count), checks()))).to.deep.equal(record.sealed.slice(1, 3))
    for (let i = 0; i < record.sealed.length; i++) {
      const shares = asked.filter(({ chunk }) => chunk === i).map(({ index }) => index)
      const wanted = i >= first && i < first + count
      // More than needed are asked for where some are slow, each once.
      expect(shares.length, `chunk ${i}`).to.be.within(wanted ? policy.t : 0, wanted ? policy.n : 0)
      expect(new Set(shares).size).to.equal(shares.length)
    }
  })

  it('serves a request once', async () => {
    const worker = await open()
    const body = await sign(0, 1)
    await read(rebuild(worker, body, checks()))
    const again = await post(worker, body)
    expect(again.status).to.equal(409)
    expect(await again.json()).to.include({ code: 'REPLAY' })
  })

  it('refuses chunks that the record does not have, another manifest, and what it cannot read', async () => {
    const worker = await open()
    const status = async (body: unknown) => {
      const answer = await post(worker, body)
      return `${answer.status} ${((await answer.json()) as { code: string }).code}`
    }
    expect(await status(await sign(0, 99))).to.equal('400 CHUNK_RANGE')
    expect(await status(await sign(0, 0))).to.equal('400 CHUNK_RANGE')
    const other = await sign(0, 1)
    const altered: RebuildBody = { ...other, request: { ...other.request, manifestHash: nonce() } }
    expect(await status(altered)).to.equal('403 REBUILD_REFUSED')
    expect(await status('{')).to.equal('400 BAD_REQUEST')
    expect(await status({ request: {} })).to.equal('400 BAD_REQUEST')
    expect(await status({ ...other, request: { ...other.request, count: -1 } })).to.equal('400 MESSAGE')
    expect(await status(`{"x":"${'y'.repeat(70_000)}"}`)).to.equal('413 TOO_LARGE')
    expect((await fetch(`${worker.url}/nowhere`)).status).to.equal(404)
  })

  it('turns away more jobs than it takes at once', async () => {
    const worker = await open({ limits: { jobs: 0 } })
    const answer = await post(worker, await sign(0, 1))
    expect(answer.status).to.equal(503)
    expect(answer.headers.get('retry-after')).to.equal('1')
  })

  it('lets one reader wait, and another one in', async () => {
    const [ada, ben] = [newAccount().address, newAccount().address]
    let who = ada
    const limits = { jobs: 2, jobsEach: 1, turnTimeout: 20, readerTimeout: 60_000 }
    const worker = await open({ limits, readerOf: () => who })
    const jobs = async () => ((await (await fetch(`${worker.url}/v1/status`)).json()) as { jobs: number }).jobs
    const { count } = all()
    // Nobody reads it, so its job goes on.
    const held = await worker.app.request('/v1/rebuild', await posted(worker, count))
    expect([held.status, await jobs()]).to.deep.equal([200, 1])
    const second = await worker.app.request('/v1/rebuild', await posted(worker, count))
    expect([second.status, await jobs()]).to.deep.equal([503, 1])
    who = ben
    const other = await worker.app.request('/v1/rebuild', await posted(worker, count))
    expect([other.status, await jobs()]).to.deep.equal([200, 2])
    await held.body?.cancel()
    expect(await jobs()).to.equal(1)
    who = ada
    const again = await worker.app.request('/v1/rebuild', await posted(worker, count))
    expect([again.status, await jobs()]).to.deep.equal([200, 2])
    await Promise.all([other.body?.cancel(), again.body?.cancel()])
    expect(await jobs()).to.equal(0)
  })

  it('tells what it is and what it did', async () => {
    const worker = await open()
    expect(await (await fetch(`${worker.url}/v1/status`)).json()).to.deep.equal({
      operator: worker.operator,
      jobs: 0,
      faults: 0,
    })
    expect(await (await fetch(`${worker.url}/metrics`)).text()).to.include('sharewell_rebuild_jobs_total')
    for (const path of ['healthz', 'readyz']) expect((await fetch(`${worker.url}/${path}`)).status).to.equal(200)
  })

  /** The same nodes, the first of them lying. */
  const withLiar = async (lie: Parameters<typeof lyingNode>[0]) => {
    const [first, ...others] = nodes
    if (!first) throw new Error('no node')
    const liar = await openNode(network, first, { wrap: lyingNode(lie), over: first })
    liars.push(liar)
    return { liar, nodes: [liar, ...others] }
  }

  it('survives a storage node that signs a lie, keeps the proof, and tells the reader', async () => {
    const { liar, nodes: mixed } = await withLiar('signed')
    const worker = await open({ nodes: mixed })
    let trailer: TrailerFrame | undefined
    const onTrailer = (_: Hex, end: TrailerFrame) => {
      trailer = end
    }
    const { first, count } = all()
    expect(await read(rebuild(worker, await sign(first, count), checks({ onTrailer })))).to.deep.equal(record.sealed)
    const told = trailer?.faults.find(({ reason }) => reason === 'lie')
    const kept = await keptBy(worker)
    expect(told?.operator).to.equal(liar.operator)
    expect(kept.operator).to.equal(liar.operator)
    if (!told?.proof) throw new Error('no proof')
    const check = {
      manifest: record.manifest,
      manifestHash: record.manifestHash,
      operator: liar.operator,
      verifyShare: verifierFor(network, 'ShareResponse', nodes),
      verifyFrame: async () => false,
    }
    expect(await convicts(told.proof, check)).to.equal(true)
    // Whoever asks gets the file that is checked anywhere.
    const answer = await fetch(`${worker.url}/v1/faults/${kept.fault}`)
    const file = parseFaultFile(await answer.text())
    const { fault, operator } = await judgeFault(file, check)
    expect({ fault, operator }).to.deep.equal({ fault: kept.fault, operator: liar.operator })
    expect(file.accused?.account).to.equal(liar.account.address.toLowerCase())
    expect((await fetch(`${worker.url}/v1/faults/${nonce()}`)).status).to.equal(404)
  })

  it('keeps the proof against a depositor who split wrongly, and gives its sealed bytes to nobody', async () => {
    const tamper = (body: Bytes, chunk: number, index: number) =>
      chunk === 1 && index === 0 ? new Uint8Array(body.length).fill(7) : undefined
    const bad = await placedRecord(network, nodes, policy, { tamper })
    // Only t nodes are there, so the false share is used.
    const worker = await open({ records: [bad], nodes: nodes.slice(0, policy.t) })
    const answer = await post(
      worker,
      await rebuildBody(network, bad, reader, { first: 1, count: 1, nonce: nonce() }, worker),
    )
    const { code } = (await answer.json()) as { code: string }
    const kept = await keptBy(worker)
    expect([answer.status, code, kept.kind, kept.operator]).to.deep.equal([
      422,
      'INCONSISTENT_RECORD',
      'upload',
      undefined,
    ])
    expect((await fetch(`${worker.url}/v1/faults/${kept.fault}`)).status).to.equal(404)
    const file = parseFaultFile((await worker.faults.read(kept.fault)) ?? '')
    const unused = { verifyShare: async () => false, verifyFrame: async () => false }
    expect((await judgeFault(file, unused)).account).to.match(/^0x[0-9a-f]{40}$/)
  })

  it('convicts nobody where shares that were made again do not fit together', async () => {
    const uploader = newAccount()
    const anchored = await placedRecord(network, nodes, policy, { uploader, dataLength: 1_000 })
    const wrong = sharesOf(anchored).map((own, j) => (j === 0 ? own.map((body) => flipped(body)) : own))
    const { shareLeaves, ...described } = unverified(policy, wrong)
    const renewed = await signedGeneration(nextOf(anchoredOf(anchored), { ...described, shareLeaves }), {
      uploader,
      operators: nodes.map(({ operator }) => operator),
      shareLeaves,
    })
    for (const node of nodes)
      for (const block of [...renewed.blocks, ...(wrong[0] ?? [])])
        await node.client(`write ${anchored.recordId} 100000000`).put(await cidOfBlock(block), block)
    const { placementHash } = renewed
    const worker = await open({ records: [{ ...anchored, placementHash }], nodes: nodes.slice(0, policy.t) })
    const kept: FaultFile[] = []
    worker.faults.add = async (file) => void kept.push(file)
    const body = await rebuildBody(network, anchored, reader, { first: 0, count: 1, nonce: nonce() }, worker)
    const answer = await post(worker, body)
    const { code, detail } = (await answer.json()) as { code: string; detail: string }
    expect([answer.status, code]).to.deep.equal([422, 'INCONSISTENT_RENEWAL'])
    expect(detail).to.not.match(/deposit/i)
    expect(kept).to.deep.equal([])
  })

  for (const [lie, reason] of [
    ['flipped', 'unsigned'],
    ['another record', 'unsigned'],
    ['missing', 'missing'],
    ['hanging', 'timeout'],
  ] as const) {
    it(`survives a storage node whose shares are ${lie}, and names it`, async () => {
      const { liar, nodes: mixed } = await withLiar(lie)
      const worker = await open({ nodes: mixed, limits: lie === 'hanging' ? { shareGrace: 300 } : {} })
      let trailer: TrailerFrame | undefined
      const onTrailer = (_: Hex, end: TrailerFrame) => {
        trailer = end
      }
      const { first, count } = all()
      expect(await read(rebuild(worker, await sign(first, count), checks({ onTrailer })))).to.deep.equal(record.sealed)
      const named = trailer?.faults.map((fault) => `${fault.operator} ${fault.reason}`)
      expect(named).to.include(`${liar.operator} ${reason}`)
      expect(worker.faults.list()).to.have.length(0)
    })
  }

  it('works with n - t nodes dead, and with one more says which and why', async () => {
    const dead = newParties(3).map((party) => ({ ...party, url: 'http://127.0.0.1:9' }))
    const replaced = (count: number) =>
      nodes.map((node, index) => (index < count ? { ...node, url: dead[index]?.url ?? '' } : node))
    const able = await open({ nodes: replaced(2) })
    const { count } = all()
    expect(await read(rebuild(able, await sign(0, count), checks()))).to.deep.equal(record.sealed)
    const unable = await open({ nodes: replaced(3) })
    const answer = await post(unable, await sign(0, count))
    const problem = (await answer.json()) as { code: string; hint: string }
    expect([answer.status, problem.code]).to.deep.equal([503, 'TOO_FEW_SHARES'])
    for (const { operator } of nodes.slice(0, 3)) expect(problem.hint).to.include(operator)
    expect(problem.hint).to.include('unreachable')
  })

  const lies: { readonly [lie in WorkerLie]: string } = {
    'wrong bytes': 'LYING_WORKER',
    'another record': 'LYING_WORKER',
    'unsigned bytes': 'WORKER_SILENT',
    truncated: 'WORKER_SILENT',
    'replayed frames': 'WORKER_SILENT',
    'no receipt': 'WORKER_SILENT',
    hanging: 'PLACE_TIMEOUT',
  }
  for (const [lie, code] of Object.entries(lies) as [WorkerLie, string][]) {
    it(`catches a reconstructor with ${lie}; the second takes over`, async () => {
      const liar = await open({ wrap: lyingWorker(lie) })
      const honest = await open()
      const { count } = all()
      // A worker can replay only what it has: its first job is served to somebody else.
      if (lie === 'replayed frames') await post(liar, await sign(0, count)).then((answer) => answer.arrayBuffer())
      const failures: WorkerFailure[] = []
      const chunks = rebuildByWorkers({
        ...checks({ timeout: lie === 'hanging' ? 3_000 : 15_000 }),
        workers: [liar, honest],
        sign,
        first: 0,
        count,
        onFailure: (failure) => failures.push(failure),
      })
      expect(await read(chunks)).to.deep.equal(record.sealed)
      expect(failures.map(({ operator, error }) => [operator, error.code])).to.deep.equal([[liar.operator, code]])
      if (code === 'LYING_WORKER') await convict(liar, failures[0]?.error)
    })
  }

  async function convict(liar: TestWorker, error: BaseError | undefined): Promise<void> {
    if (!(error instanceof LyingWorkerError) || !error.proof) throw new Error('no proof')
    const check = {
      manifest: record.manifest,
      manifestHash: record.manifestHash,
      operator: liar.operator,
      verifyShare: async () => false,
      verifyFrame: verifierFor(network, 'Frame', parties),
    }
    expect(await convicts(error.proof, check)).to.equal(true)
    const { frame } = error.proof
    const truth = { ...error.proof, frame: { ...frame, message: { ...frame.message, digest: error.proof.leaf } } }
    expect(await convicts(truth, check)).to.equal(false)
  }

  it('fails by name when every reconstructor lies', async () => {
    const liars = [await open({ wrap: lyingWorker('unsigned bytes') }), await open({ wrap: lyingWorker('truncated') })]
    const chunks = rebuildByWorkers({ ...checks(), workers: liars, sign, first: 0, count: all().count })
    const error = await read(chunks).catch((thrown: unknown) => thrown)
    expect(error).to.include({ code: 'WORKERS_FAILED' })
    for (const { operator } of liars) expect(String(error)).to.include(operator)
  })

  it('stops working when the reader goes', async () => {
    const worker = await open()
    const stop = new AbortController()
    const reason = new Error('enough')
    const chunks = rebuild(worker, await sign(0, all().count), checks({ signal: stop.signal }))
    await chunks.next()
    stop.abort(reason)
    expect(await chunks.next().catch((error: unknown) => error)).to.equal(reason)
    expect(await codeOf(chunks.return(undefined))).to.equal('success')
  })

  it('leaves a worker that sends a frame now and then, however good its frames are', async () => {
    const worker = await open()
    const body = await sign(0, all().count, worker)
    const answer = await post(worker, body)
    const frames: Bytes[] = []
    for await (const frame of readFrames(answer.body as unknown as AsyncIterable<Uint8Array>))
      frames.push(encodeFrame(frame))
    const slowly = async () => {
      const left = [...frames]
      const pull = async (controller: ReadableStreamDefaultController<Bytes>) => {
        await new Promise((resolve) => setTimeout(resolve, 150))
        const next = left.shift()
        if (next) controller.enqueue(next)
        else controller.close()
      }
      return new Response(new ReadableStream({ pull }), { status: 200 })
    }
    const slow = (more: Partial<rebuild.Options>) => read(rebuild(worker, body, checks({ fetch: slowly, ...more })))
    expect(await slow({ timeout: 15_000, leastRate: 1 })).to.deep.equal(record.sealed)
    expect(await codeOf(slow({ timeout: 400, leastRate: 1_000_000_000 }))).to.equal('PLACE_TIMEOUT')
  })

  it('takes frames only in the form that the spec gives', async () => {
    const send = (bytes: Bytes) => async () => new Response(bytes, { status: 200 })
    const body = await sign(0, 1)
    const worker = { operator: toHex(randomBytes(16)), url: 'http://127.0.0.1:9' }
    for (const hex of [
      '0x',
      '0x00',
      '0x00000000',
      '0xffffffff',
      '0x0000000101',
      '0x000000ff00',
      '0x00000001a0',
    ] as const) {
      const chunks = rebuild(worker, body, checks({ fetch: send(fromHex(hex)) }))
      expect(await codeOf(chunks.next()), hex).to.equal('WORKER_SILENT')
    }
  })
})
