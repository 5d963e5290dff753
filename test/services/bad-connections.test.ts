import { type Listening, listen } from '@sharewell/host'
import { expect } from 'chai'
import type { Fuzzed, Sample } from '../fuzz/requests.ts'
import { fuzzedServices } from '../fuzz/services/index.ts'
import { heldBytes } from '../helpers/held-bytes.ts'
import { dial, firstAnswer, type RawClient } from '../helpers/raw-http.ts'

/** Short, so that a test sees them pass. */
const limits = { header: 300, request: 600, idle: 300, unread: 300, stop: 300 }

for (const [name, open] of Object.entries(fuzzedServices))
  describe(`a ${name} and clients that do not keep to HTTP`, function () {
    this.timeout(180_000)
    let fuzzed: Fuzzed
    let server: Listening
    before(async () => {
      fuzzed = await open()
      server = await listen(fuzzed.app, { port: 0, limits })
    })
    after(async () => {
      await server.close()
      await fuzzed.close()
    })

    /** One request of each route that takes a body. */
    const withBody = (): Sample[] => {
      const routes = new Map<string, Sample>()
      for (const sample of fuzzed.samples)
        if ((sample.json !== undefined || sample.bytes) && !routes.has(sample.route)) routes.set(sample.route, sample)
      return [...routes.values()]
    }
    /** Steps of a renewal: their bodies may be so long that time runs out first, and of few at once; who comes then is told
     * to come again. */
    const isLimited = ({ path }: Sample) => /^\/v1\/(?:repair|renew)\//.test(path)
    const onEachRoute = async (act: (sample: Sample) => Promise<void>): Promise<void> => {
      const all = withBody()
      const inTurn = async () => {
        for (const sample of all.filter(isLimited)) await act(sample)
      }
      await Promise.all([inTurn(), ...all.filter((sample) => !isLimited(sample)).map(act)])
    }
    const alive = async () => expect((await fetch(`${server.url}/healthz`)).status).to.equal(200)
    const head = ({ method, path, headers = {}, json }: Sample, more: readonly string[]): string => {
      const fields = { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) }
      const lines = Object.entries(fields).map(([key, value]) => `${key}: ${value}`)
      return `${[`${method} ${path} HTTP/1.1`, 'host: x', ...lines, ...more].join('\r\n')}\r\n\r\n`
    }
    /** A chunk of a body without an end. */
    const piece = `8000\r\n${'a'.repeat(0x8000)}\r\n`
    const refusedOn = async (client: RawClient, route: string, statuses: readonly number[]) => {
      const { status, problem } = firstAnswer(await client.closed())
      expect(status, route).to.be.oneOf(statuses)
      for (const field of ['code', 'detail', 'hint'])
        expect(problem?.[field], `${route} ${field}`).to.be.a('string').and.not.equal('')
    }

    it('refuses a body whose announced length is beyond every limit, without reading it', async () => {
      await onEachRoute(async (sample) => {
        const client = await dial(server.url)
        client.socket.write(head(sample, ['content-length: 4000000000000']))
        await refusedOn(client, sample.route, [413])
      })
      await alive()
    })

    it('refuses an endless body that does not say how long it is, and keeps no more of it than its limit', async () => {
      const before = await heldBytes()
      const all = withBody()
      while (all.length > 0) {
        const samples = all.splice(0, 4)
        const flooding = samples.flatMap((sample) =>
          Array.from({ length: 8 }, async () => {
            const client = await dial(server.url)
            client.socket.write(head(sample, ['transfer-encoding: chunked']))
            const flood = setInterval(() => client.socket.writable && client.socket.write(piece), 1).unref()
            const due = isLimited(sample) ? [408, 413, 503] : [413]
            await refusedOn(client, sample.route, due).finally(() => clearInterval(flood))
          }),
        )
        await Promise.all(flooding)
        const routes = samples.map(({ route }) => route).join(', ')
        expect((await heldBytes()) - before, routes).to.be.lessThan(64 * 1024 * 1024)
      }
      await alive()
    })

    it('answers once, also when what follows the answer is no HTTP', async () => {
      await onEachRoute(async (sample) => {
        const client = await dial(server.url)
        const flood = setInterval(() => client.socket.writable && client.socket.write(piece), 1).unref()
        client.socket.write(head(sample, ['transfer-encoding: chunked']))
        await client.heard(isLimited(sample) ? /^HTTP\/1\.1 (?:408|413).*\}$/s : /^HTTP\/1\.1 413.*\}$/s)
        clearInterval(flood)
        client.socket.write('no chunk at all\r\n\r\n')
        expect((await client.closed()).match(/HTTP\/1\.1 /g), sample.route).to.have.length(1)
      })
      await alive()
    })

    it('cuts off a body that stands still, and one that comes byte by byte', async () => {
      for (const drips of [false, true])
        await onEachRoute(async (sample) => {
          const client = await dial(server.url)
          client.socket.write(head(sample, ['content-length: 900']))
          const drip = setInterval(() => drips && client.socket.writable && client.socket.write('7'), 20)
          await refusedOn(client, sample.route, [408])
          clearInterval(drip)
        })
      await alive()
    })

    it('cuts off a header that comes byte by byte', async () => {
      const client = await dial(server.url)
      const text = `GET /healthz HTTP/1.1\r\nx: ${'a'.repeat(9_000)}`
      let at = 0
      const drip = setInterval(() => client.socket.writable && client.socket.write(text.charAt(at++)), 20)
      await refusedOn(client, 'the header', [408])
      clearInterval(drip)
      await alive()
    })

    it('closes connections that are half open, whether their request was whole or not', async () => {
      for (const sample of withBody())
        for (const more of [['content-length: 9'], ['content-length: 0'], ['transfer-encoding: chunked']]) {
          const client = await dial(server.url, { allowHalfOpen: true })
          client.socket.end(head(sample, more))
          await client.closed()
        }
      await alive()
    })

    it('takes nobody’s hanging up for a failure, in the middle of a body or before the answer', async () => {
      await onEachRoute(async (sample) => {
        const half = await dial(server.url)
        half.socket.write(head(sample, ['content-length: 900', 'expect: 100-continue']))
        // By then the request is with its route.
        await half.heard(/100 Continue/)
        half.socket.destroy()
        const whole = await dial(server.url)
        whole.socket.write(`${head(sample, ['content-length: 2'])}{}`, () => whole.socket.destroy())
        await whole.closed()
      })
      await alive()
      expect(await (await fetch(`${server.url}/metrics`)).text()).not.to.include('status="500"')
    })

    it('serves on while hundreds of connections send nothing, garbage, or half a request', async () => {
      const [sample] = withBody()
      if (!sample) throw new Error('no route takes a body')
      const clients = await Promise.all(Array.from({ length: 240 }, () => dial(server.url)))
      for (const [at, { socket }] of clients.entries()) {
        if (at % 3 === 1) socket.write(Buffer.from('\x16\x03\x01garbage\r\n\r\n', 'latin1'))
        if (at % 3 === 2) socket.write(head(sample, ['content-length: 50']).slice(0, 40 + at))
      }
      await alive()
      await Promise.all(clients.map((client) => client.closed()))
      await alive()
    })
  })
