import { type Bytes, toHex } from '@sharewell/sdk/bytes'
import { createHttpStore } from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import { cidOfBlock } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { codeOf } from '../../helpers/code-of.ts'

/** A client of a node that answers as told. */
const clientOf = (answer: (url: string, init: RequestInit) => Response | Promise<Response>, timeout = 10_000) =>
  createHttpStore({
    url: 'http://node.test/',
    authorize: async () => 'ticket',
    timeout,
    fetch: async (url, init) => await answer(url, init),
  })
const block = randomBytes(100)
const cid = cidOfBlock(block)

describe('client of a storage node', () => {
  it('sends the ticket with each request and asks as the trustless gateway wants it', async () => {
    const seen: string[] = []
    const client = clientOf((url, init) => {
      const headers = new Headers(init.headers)
      seen.push([init.method ?? 'GET', url, headers.get('authorization'), headers.get('accept')].join(' '))
      return new Response(block)
    })
    await client.get(cid)
    expect(seen).to.deep.equal([`GET http://node.test/ipfs/${cid}?format=raw ticket application/vnd.ipld.raw`])
  })

  it('takes no bytes that are not those of the CID', async () => {
    expect(await codeOf(clientOf(() => new Response(randomBytes(100))).get(cid))).to.equal('CID_MISMATCH')
  })

  it('reads no more than a block, whatever the node sends', async () => {
    const endless = () =>
      new Response(new ReadableStream<Bytes>({ pull: (controller) => controller.enqueue(randomBytes(65_536)) }))
    expect(await codeOf(clientOf(endless).get(cid))).to.equal('ANSWER')
    const announced = () => new Response(block, { headers: { 'content-length': '99999999' } })
    expect(await codeOf(clientOf(announced).get(cid))).to.equal('ANSWER')
  })

  it('holds what came, and not room for all that might come', async () => {
    const pieces = Array.from({ length: 9 }, (_, at) => new Uint8Array(7_000).fill(at))
    const inPieces = () =>
      new Response(
        new ReadableStream<Bytes>({
          start(controller) {
            for (const piece of pieces) controller.enqueue(piece)
            controller.close()
          },
        }),
      )
    const read = await clientOf(inPieces).repair('sums', block)
    expect(Buffer.compare(read, Buffer.concat(pieces))).to.equal(0)
    const stalling = () => new Response(new ReadableStream<Bytes>({ start: (controller) => controller.enqueue(block) }))
    const before = process.memoryUsage().arrayBuffers
    const waiting = Array.from({ length: 8 }, () => clientOf(stalling).repair('sums', block, { timeout: 200 }))
    const codes = Promise.all(waiting.map((one) => codeOf(one)))
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    // An answer of this step may have 32 MiB.
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(2 ** 24)
    expect(new Set(await codes)).to.deep.equal(new Set(['PLACE_TIMEOUT']))
  })

  it('does not wait for a node that hangs before or inside its answer', async () => {
    expect(await codeOf(clientOf(() => new Promise<never>(() => undefined), 100).get(cid))).to.equal('PLACE_TIMEOUT')
    const stalling = () => new Response(new ReadableStream<Bytes>({ start: (controller) => controller.enqueue(block) }))
    expect(await codeOf(clientOf(stalling, 100).get(cid))).to.equal('PLACE_TIMEOUT')
  })

  it("repeats a refusal's code and hint, and makes do without", async () => {
    const told = clientOf(() =>
      Response.json({ code: 'QUOTA', detail: 'Too much.', hint: 'Less.' }, { status: 413 }),
    ).get(cid)
    const error = await told.catch((thrown: unknown) => thrown)
    expect(error).to.include({ code: 'NODE_REFUSED', reason: 'QUOTA', status: 413 })
    expect(String(error)).to.include('Less.')
    expect(await codeOf(clientOf(() => new Response('no', { status: 500 })).get(cid))).to.equal('NODE_REFUSED')
  })

  it('tells a node that is down from one that refuses', async () => {
    const down = clientOf(() => Promise.reject(new TypeError('ECONNREFUSED')))
    expect(await codeOf(down.get(cid))).to.equal('NODE_UNREACHABLE')
  })

  it('takes a signature that it cannot read for none', async () => {
    const client = clientOf(() => new Response(block, { headers: { 'x-sharewell-response': 'bm9uc2Vuc2U' } }))
    const answer = await client.getShare({ cid, manifestHash: toHex(randomBytes(32)), index: 0, chunk: 0 })
    expect(answer.body).to.deep.equal(block)
    expect(answer.response).to.equal(undefined)
  })

  it('takes an acknowledgement and a status only in the agreed form', async () => {
    const client = clientOf(() => Response.json({ blocks: -1 }))
    expect(await codeOf(client.status())).to.equal('ANSWER')
    expect(await codeOf(client.acknowledge({ manifest: cid, placement: cid, index: 0 }))).to.equal('ANSWER')
  })
})
