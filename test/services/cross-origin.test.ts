import { createApp as createReconstructor } from '@sharewell/reconstructor'
import { createApp as createStorageNode } from '@sharewell/storage-node'
import { expect } from 'chai'
import type { Hono } from 'hono'
import { pino } from 'pino'

/** What a browser asks before it sends a request with these headers from another origin. */
const preflight = async (app: Hono, path: string, method: string, headers: string) =>
  await app.request(path, {
    method: 'OPTIONS',
    headers: {
      origin: 'http://127.0.0.1:3000',
      'access-control-request-method': method,
      'access-control-request-headers': headers,
    },
  })

describe("a page's requests", () => {
  const log = pino({ level: 'silent' })
  const unused = new Proxy({}, { get: () => () => undefined }) as never
  const parts = { operator: `0x${'11'.repeat(16)}`, networkId: `0x${'22'.repeat(32)}`, log, clock: () => 0 } as const

  it('may carry tickets to a storage node, and see what it signed', async () => {
    const app = createStorageNode({
      ...parts,
      store: unused,
      ledger: unused,
      authority: unused,
      swarm: unused,
      room: unused,
      hpke: unused,
      renewals: unused,
      author: unused,
      sign: unused,
    })
    const answer = await preflight(app, '/v1/blocks/cid', 'PUT', 'authorization,x-sharewell-share,cache-control')
    expect(answer.headers.get('access-control-allow-origin')).to.equal('*')
    expect(answer.headers.get('access-control-allow-methods')).to.contain('PUT')
    expect(answer.headers.get('access-control-allow-headers')).to.contain('authorization')
    const other = await app.request('/nowhere', { headers: { origin: 'http://127.0.0.1:3000' } })
    expect(other.headers.get('access-control-allow-origin')).to.equal('*')
    expect(other.headers.get('access-control-expose-headers')).to.contain('x-sharewell-response')
  })

  it('may ask a reconstructor', async () => {
    const app = createReconstructor({
      ...parts,
      network: unused,
      authority: unused,
      connect: unused,
      sign: unused,
      faults: unused,
    })
    const answer = await preflight(app, '/v1/rebuild', 'POST', 'content-type')
    expect(answer.headers.get('access-control-allow-origin')).to.equal('*')
    expect(answer.headers.get('access-control-allow-methods')).to.contain('POST')
  })
})
