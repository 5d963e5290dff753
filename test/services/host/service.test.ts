import {
  BadRequestError,
  BusyError,
  ClientGoneError,
  createService,
  hangUp,
  limiting,
  listen,
  MethodError,
  NotReadyError,
  readBody,
  readJson,
} from '@sharewell/host'
import { BaseError } from '@sharewell/sdk/errors'
import { expect } from 'chai'
import { hearLog } from '../../helpers/heard-log.ts'
import { dial } from '../../helpers/raw-http.ts'

class TeapotError extends BaseError<'TEAPOT'> {
  override readonly name = 'TeapotError'
  constructor() {
    super('TEAPOT', 'This is a teapot.', { hints: ['Ask a coffee pot.'] })
  }
}

/** A service whose routes fail in every way. */
function failing() {
  const log = hearLog()
  let state: Error | undefined
  const service = createService({
    log,
    ready: async () => {
      if (state) throw state
    },
    statuses: { TEAPOT: 418 },
    problemOf: (error) =>
      error instanceof BusyError ? { status: 503, code: 'BUSY', detail: 'In own words.', hint: 'Wait.' } : undefined,
  })
  const { app } = service
  app.get('/teapot', () => {
    throw new TeapotError()
  })
  app.get('/secret', () => {
    throw new Error('the key is 1234')
  })
  app.get('/text', () => {
    // Whatever a library throws.
    const thrown: unknown = 'the key is 1234'
    throw thrown
  })
  app.get('/own', () => {
    throw new BusyError()
  })
  app.get('/gone', () => {
    throw new ClientGoneError()
  })
  app.post('/json', async (c) => c.json({ got: await readJson(c, { limit: 1_000 }) }))
  app.put('/bytes/:name', async (c) => c.json({ length: (await readBody(c, { limit: 10 })).length }))
  const fall = (error: Error | undefined) => {
    state = error
  }
  return { app, log, fall }
}

async function problemOf(answer: Response) {
  expect(answer.headers.get('content-type')).to.equal('application/problem+json')
  const problem = (await answer.json()) as Record<string, unknown>
  for (const field of ['type', 'title', 'code', 'detail', 'hint'])
    expect(problem[field], field).to.be.a('string').and.not.equal('')
  expect(problem.status).to.equal(answer.status)
  return `${answer.status} ${problem.code}`
}

describe('a service', () => {
  it('answers each error as problem details with its code, what happened and what to do', async () => {
    const { app } = failing()
    const answer = await app.request('/teapot')
    expect(await answer.clone().json()).to.deep.equal({
      type: 'urn:sharewell:error:TEAPOT',
      title: 'Teapot',
      status: 418,
      code: 'TEAPOT',
      detail: 'This is a teapot.',
      hint: 'Ask a coffee pot.',
    })
    expect(await problemOf(answer)).to.equal('418 TEAPOT')
    const own = await app.request('/own')
    expect(own.headers.get('retry-after')).to.equal('1')
    expect(await own.json()).to.include({ code: 'BUSY', detail: 'In own words.' })
  })

  it('says nothing of what it did not expect, and logs no more than its name', async () => {
    for (const path of ['/secret', '/text']) {
      const { app, log } = failing()
      const answer = await app.request(path)
      expect(await answer.clone().text()).not.to.contain('1234')
      expect(await problemOf(answer)).to.equal('500 INTERNAL')
      expect(log.lines.map(({ level }) => level)).to.deep.equal(['error'])
      expect(JSON.stringify(log.lines)).not.to.contain('1234')
    }
  })

  it('counts who hung up apart, and not as a failure', async () => {
    const { app, log } = failing()
    expect(await problemOf(await app.request('/gone'))).to.equal('499 CLIENT_GONE')
    expect(log.lines.map(({ level }) => level)).to.deep.equal(['debug'])
  })

  it('tells a path that it does not have from one with another method', async () => {
    const { app } = failing()
    expect(await problemOf(await app.request('/nowhere'))).to.equal('404 NOT_FOUND')
    const answer = await app.request('/bytes/x', { method: 'POST' })
    expect(answer.headers.get('allow')).to.equal('PUT')
    expect(await problemOf(answer)).to.equal('405 METHOD')
    expect((await app.request('/teapot', { method: 'DELETE' })).headers.get('allow')).to.equal('GET, HEAD')
    expect(new MethodError({}).hints).to.deep.equal(['Use another.'])
  })

  it('is ready when it can work, and says why not', async () => {
    const { app, fall } = failing()
    expect((await app.request('/readyz')).status).to.equal(200)
    fall(new NotReadyError({ reason: 'it warms up' }))
    expect(await problemOf(await app.request('/readyz'))).to.equal('503 NOT_READY')
    fall(new Error('unknown'))
    expect(await problemOf(await app.request('/readyz'))).to.equal('503 INTERNAL')
    expect((await app.request('/healthz')).status).to.equal(200)
  })

  it('counts by words of its own, however many a client invents', async () => {
    const { app } = failing()
    for (let at = 0; at < 50; at += 1) await app.request(`/invented/${at}`, { method: at % 2 ? 'GET' : `BREW${at}` })
    const metrics = await (await app.request('/metrics')).text()
    expect(metrics).not.to.contain('invented')
    expect(metrics.split('\n').filter((line) => line.startsWith('http_requests_total'))).to.have.length(2)
  })

  const bodies: Readonly<
    Record<string, [body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>, answer: string]>
  > = {
    'no JSON': ['{', {}, '400 BAD_REQUEST'],
    nothing: ['', {}, '400 BAD_REQUEST'],
    'what is not UTF-8': [Uint8Array.of(0x22, 0xff, 0x22), {}, '400 BAD_REQUEST'],
    'more nesting than anybody needs': [`${'['.repeat(33)}${']'.repeat(33)}`, {}, '400 BAD_REQUEST'],
    'nesting that is never closed': ['{"a":'.repeat(150), {}, '400 BAD_REQUEST'],
    'too much': [' '.repeat(1_001), {}, '413 TOO_LARGE'],
    'another kind': ['{}', { 'content-type': 'text/xml' }, '415 MEDIA_TYPE'],
    'a compressed body': ['{}', { 'content-encoding': 'gzip' }, '415 MEDIA_TYPE'],
  }
  for (const [name, [body, headers, answer]] of Object.entries(bodies))
    it(`refuses ${name}`, async () => {
      const { app } = failing()
      const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }
      expect(await problemOf(await app.request('/json', init))).to.equal(answer)
    })

  it('reads what is JSON, whatever its strings contain, and no key of it becomes a property of everything', async () => {
    const { app } = failing()
    const text = '{"a":"[[[[\\"{{{\\\\","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
    const init = { method: 'POST', body: text, headers: { 'content-type': 'application/json; charset=utf-8' } }
    expect(await (await app.request('/json', init)).text()).to.equal(`{"got":${text}}`)
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined)
    const deep = `${'['.repeat(32)}${']'.repeat(32)}`
    expect((await app.request('/json', { ...init, body: deep })).status).to.equal(200)
  })

  it('reads a body of exactly its limit, in any pieces, and none that is longer', async () => {
    const { app } = failing()
    const pieces = (...lengths: readonly number[]) =>
      new ReadableStream({
        start(controller) {
          for (const length of lengths) controller.enqueue(new Uint8Array(length))
          controller.close()
        },
      })
    const put = async (body: ReadableStream) =>
      await app.request('/bytes/x', { method: 'PUT', body, duplex: 'half' } as RequestInit)
    for (const lengths of [[10], [3, 3, 4], [1, 9], [0, 10, 0]])
      expect(await (await put(pieces(...lengths))).json()).to.deep.equal({ length: 10 })
    expect(await problemOf(await put(pieces(10, 1)))).to.equal('413 TOO_LARGE')
    expect(await (await app.request('/bytes/x', { method: 'PUT' })).json()).to.deep.equal({ length: 0 })
  })

  it('waits for no body longer than it says, whether it stands still or drips', async () => {
    const app = createService({ log: hearLog(), ready: async () => undefined, statuses: {} }).app
    app.put('/idle', async (c) => c.json(await readBody(c, { limit: 9_999, idle: 20, total: 60_000 })))
    app.put('/total', async (c) => c.json(await readBody(c, { limit: 9_999, idle: 60_000, total: 60 })))
    const put = (path: string, body: ReadableStream) =>
      app.request(path, { method: 'PUT', body, duplex: 'half' } as RequestInit)
    expect(await problemOf(await put('/idle', new ReadableStream({})))).to.equal('408 BODY_TIMEOUT')
    let drip: NodeJS.Timeout | undefined
    const dripping = new ReadableStream({
      start(controller) {
        drip = setInterval(() => controller.enqueue(new Uint8Array(1)), 5)
      },
      cancel: () => clearInterval(drip),
    })
    expect(await problemOf(await put('/total', dripping))).to.equal('408 BODY_TIMEOUT')
  })

  it('takes so many requests at once, until their answers are sent', async () => {
    const { app } = createService({ log: hearLog(), ready: async () => undefined, statuses: {} })
    app.use('/slow', limiting(1))
    const go = Promise.withResolvers<void>()
    app.get('/slow', async (c) => {
      await go.promise
      return c.text('done')
    })
    const first = app.request('/slow')
    expect(await problemOf(await app.request('/slow'))).to.equal('503 BUSY')
    go.resolve()
    expect((await first).status).to.equal(200)
    expect((await app.request('/slow')).status).to.equal(200)
    const server = await listen(app, { port: 0 })
    for (let at = 0; at < 5; at += 1) expect(await (await fetch(`${server.url}/slow`)).text()).to.equal('done')
    await server.close()
  })

  it('can hang up on who does not read', async () => {
    const { app } = createService({ log: hearLog(), ready: async () => undefined, statuses: {} })
    const cancelled = Promise.withResolvers<void>()
    app.get('/stream', (c) => {
      const pull = (controller: ReadableStreamDefaultController) => {
        controller.enqueue(new Uint8Array(10))
        expect(hangUp(c)).to.equal(true)
      }
      return c.body(new ReadableStream({ pull, cancel: () => cancelled.resolve() }, { highWaterMark: 0 }))
    })
    const server = await listen(app, { port: 0 })
    const client = await dial(server.url)
    client.socket.write('GET /stream HTTP/1.1\r\nhost: x\r\n\r\n')
    await client.closed()
    await cancelled.promise
    await server.close()
  })

  it('makes each of its errors from nothing but its name', () => {
    for (const error of [new BadRequestError({}), new NotReadyError(), new ClientGoneError(), new BusyError()])
      expect(error.hints).not.to.deep.equal([])
  })
})
