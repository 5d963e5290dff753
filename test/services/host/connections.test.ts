import type { HttpBindings } from '@hono/node-server'
import { createService, type Listening, listen, readBody, readJson, type ServerLimits } from '@sharewell/host'
import { expect } from 'chai'
import { dial, firstAnswer } from '../../helpers/raw-http.ts'
import { silentLog } from '../../helpers/silent-log.ts'

/** Short, so that a test sees them pass. */
const limits: Partial<ServerLimits> = { header: 300, request: 600, idle: 300, unread: 300, stop: 300 }

describe('a server', () => {
  const open: Listening[] = []
  const cut = Promise.withResolvers<void>()
  after(async () => {
    await Promise.all(open.map((server) => server.close()))
  })

  /** A service that reads bodies, JSON, and sends much. */
  async function serve(more: Partial<ServerLimits> = {}): Promise<string> {
    const { app } = createService({ log: silentLog, ready: async () => undefined, statuses: {} })
    app.put('/bytes', async (c) => c.json({ length: (await readBody(c, { limit: 100_000 })).length }))
    app.post('/json', async (c) => c.json({ got: await readJson(c, { limit: 1_000 }) }))
    app.get('/much', (c) => {
      ;(c.env as HttpBindings).outgoing.once('close', () => cut.resolve())
      return c.body(new Uint8Array(64 * 1024 * 1024))
    })
    const server = await listen(app, { port: 0, limits: { ...limits, ...more } })
    open.push(server)
    return server.url
  }
  const alive = async (url: string) => expect((await fetch(`${url}/healthz`)).status).to.equal(200)

  it('cuts off who sends nothing', async () => {
    const url = await serve()
    const client = await dial(url)
    await client.closed()
    await alive(url)
  })

  it('cuts off who sends a header byte by byte, and says why', async () => {
    const url = await serve()
    const client = await dial(url)
    const drip = dripping(client.socket, 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-a: '.padEnd(4_000, 'a'))
    const { status, problem } = firstAnswer(await client.closed())
    clearInterval(drip)
    expect(status).to.equal(408)
    expect(problem).to.include({ code: 'BODY_TIMEOUT' })
    expect(problem?.hint).to.be.a('string')
    await alive(url)
  })

  it('cuts off who sends a body byte by byte, and says why', async () => {
    const url = await serve()
    const client = await dial(url)
    client.socket.write('PUT /bytes HTTP/1.1\r\nhost: x\r\ncontent-length: 90000\r\n\r\n')
    const drip = dripping(client.socket, 'a'.repeat(90_000))
    const { status, problem } = firstAnswer(await client.closed())
    clearInterval(drip)
    expect(status).to.equal(408)
    expect(problem).to.include({ code: 'BODY_TIMEOUT' })
    await alive(url)
  })

  it('cuts off who says that it has sent all, but has not', async () => {
    const url = await serve()
    const client = await dial(url, { allowHalfOpen: true })
    client.socket.end('PUT /bytes HTTP/1.1\r\nhost: x\r\ncontent-length: 90000\r\n\r\nhalf')
    await client.closed()
    await alive(url)
  })

  it('answers who says that it has sent all, and has', async () => {
    const url = await serve()
    const client = await dial(url, { allowHalfOpen: true })
    client.socket.end('PUT /bytes HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\nconnection: close\r\n\r\nhalf')
    expect(await client.closed()).to.contain('{"length":4}')
  })

  it('cuts off who does not take its answer', async () => {
    const url = await serve()
    const client = await dial(url)
    client.socket.write('GET /much HTTP/1.1\r\nhost: x\r\n\r\n')
    await client.heard(/200/)
    client.socket.pause()
    // Who does not read is not told of the end.
    await cut.promise
    client.socket.destroy()
  })

  it('keeps no connection without a request', async () => {
    const url = await serve()
    const client = await dial(url)
    client.socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')
    expect(await client.closed()).to.contain(' 200 ')
  })

  it('takes no more connections than it bears, and goes on', async () => {
    const url = await serve({ connections: 4, header: 60_000, request: 60_000 })
    const clients = await Promise.all(Array.from({ length: 12 }, () => dial(url)))
    await Promise.race(clients.slice(4).map((client) => client.closed()))
    for (const { socket } of clients) socket.destroy()
    await Promise.all(clients.map((client) => client.closed()))
    await alive(url)
  })

  const garbage: Readonly<Record<string, [sent: string, status: number, code: string]>> = {
    'no HTTP': ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'BAD_REQUEST'],
    'a header that is too long': [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'TOO_LARGE'],
    'a header with a line break of its own': ['GET / HTTP/1.1\r\nhost: x\r\nx: a\nb\r\n\r\n', 400, 'BAD_REQUEST'],
    'two lengths': [
      'PUT /bytes HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
      400,
      'BAD_REQUEST',
    ],
    'a length and pieces': [
      'PUT /bytes HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'BAD_REQUEST',
    ],
    'a piece of a length that is none': [
      'PUT /bytes HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
      400,
      'BAD_REQUEST',
    ],
    'an endless piece': [
      'PUT /bytes HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n',
      400,
      'BAD_REQUEST',
    ],
    'no host': ['GET /healthz HTTP/1.1\r\n\r\n', 400, 'BAD_REQUEST'],
    'a host that is none': ['GET /healthz HTTP/1.1\r\nhost: a b/c\r\nconnection: close\r\n\r\n', 400, 'BAD_REQUEST'],
    'a path that is none': ['GET \\\\x HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'BAD_REQUEST'],
    'an expectation': ['GET / HTTP/1.1\r\nhost: x\r\nexpect: a-pony\r\n\r\n', 417, 'BAD_REQUEST'],
    'a tunnel': ['CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n', 405, 'METHOD'],
    'another method': ['BREW /healthz HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'BAD_REQUEST'],
  }
  for (const [name, [sent, status, code]] of Object.entries(garbage))
    it(`answers ${name} with a problem`, async () => {
      const url = await serve()
      const client = await dial(url)
      client.socket.write(sent, 'latin1')
      const answer = firstAnswer(await client.closed())
      expect({ status: answer.status, code: answer.problem?.code }).to.deep.equal({ status, code })
      expect(answer.problem?.hint).to.be.a('string').and.not.equal('')
      await alive(url)
    })

  it('takes no body that is longer than its route allows, whatever it says of its length', async () => {
    const url = await serve()
    const announced = await dial(url)
    announced.socket.write('PUT /bytes HTTP/1.1\r\nhost: x\r\ncontent-length: 100001\r\n\r\n')
    expect(firstAnswer(await announced.closed()).problem).to.include({ status: 413, code: 'TOO_LARGE' })
    const unsaid = await dial(url)
    unsaid.socket.write('PUT /bytes HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n')
    const piece = `2000\r\n${'a'.repeat(8_192)}\r\n`
    const flood = setInterval(() => unsaid.socket.writable && unsaid.socket.write(piece.repeat(4)), 1)
    expect(firstAnswer(await unsaid.closed()).problem).to.include({ status: 413, code: 'TOO_LARGE' })
    clearInterval(flood)
    await alive(url)
  })

  it('says on which port it cannot listen', async () => {
    const url = new URL(await serve())
    const { app } = createService({ log: silentLog, ready: async () => undefined, statuses: {} })
    const error = await listen(app, { port: Number(url.port) }).catch((thrown: unknown) => thrown)
    expect(error).to.include({ code: 'LISTEN' })
    expect(String(error)).to.contain(url.port)
  })
})

/** Sends a byte now and then. */
function dripping(socket: { write(text: string): unknown; writable: boolean }, text: string): NodeJS.Timeout {
  let at = 0
  const timer = setInterval(() => {
    if (socket.writable && at < text.length) socket.write(text.charAt(at))
    at += 1
  }, 20)
  return timer.unref()
}
