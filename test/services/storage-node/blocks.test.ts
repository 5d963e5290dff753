import { readdir, writeFile } from 'node:fs/promises'
import { connect as dial } from 'node:net'
import { join } from 'node:path'
import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { fromHeader, type StorageClient, shareAskShape, toHeader } from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import { cidOfBlock } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { flipped } from '../../compliance/share-store.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { newAccount, newParties, type Party, paperNetwork, verifierFor } from '../../helpers/parties.ts'
import { placedRecord } from '../../helpers/placed-record.ts'
import { claimList, claimShare } from '../../helpers/record-claims.ts'
import { sealedRecord } from '../../helpers/sealed-record.ts'
import { openNode, type TestNode } from '../../helpers/storage.ts'

const network = paperNetwork()
const recordId = toHex(randomBytes(32))

/** Status and code of a problem. */
async function problemOf(answer: Response): Promise<string> {
  expect(answer.headers.get('content-type')).to.equal('application/problem+json')
  const { status, code, title, detail, hint } = (await answer.json()) as Record<string, string>
  for (const text of [title, detail, hint]) expect(text).to.be.a('string').and.not.equal('')
  expect(Number(status)).to.equal(answer.status)
  return `${answer.status} ${code}`
}

describe('storage node', () => {
  let nodes: TestNode[]
  let node: TestNode
  let writer: StorageClient
  before(async () => {
    nodes = await Promise.all(newParties(3).map((party) => openNode(network, party)))
    node = nodes[0] as TestNode
    writer = node.client(`write ${recordId} 10000000`)
    await node.meet(nodes[1] as TestNode)
  })
  after(async () => {
    await Promise.all([...nodes, ...extra].map((one) => one.close()))
  })
  const extra: TestNode[] = []
  const another = async (options: openNode.Options = {}) => {
    const opened = await openNode(network, newParties(1)[0] as Party, options)
    extra.push(opened)
    return opened
  }

  const put = (cid: string, body: Uint8Array<ArrayBuffer>, authorization = `write ${recordId} 10000000`) =>
    fetch(`${node.url}/v1/blocks/${cid}`, { method: 'PUT', body, headers: { authorization } })
  const get = (cid: string, headers: Record<string, string> = {}, query = '?format=raw') =>
    fetch(`${node.url}/ipfs/${cid}${query}`, { headers: { authorization: 'read any', ...headers } })
  const placed = async () => {
    const block = randomBytes(3_000)
    await writer.put(cidOfBlock(block), block)
    return { block, cid: cidOfBlock(block) }
  }

  it('serves a block as the IPFS trustless gateway does', async () => {
    const { block, cid } = await placed()
    const answer = await get(cid)
    expect(new Uint8Array(await answer.arrayBuffer())).to.deep.equal(block)
    expect(answer.headers.get('content-type')).to.equal('application/vnd.ipld.raw')
    expect(answer.headers.get('etag')).to.equal(`"${cid}.raw"`)
    expect(answer.headers.get('x-content-type-options')).to.equal('nosniff')
    const byAccept = await get(cid, { accept: 'application/vnd.ipld.raw' }, '')
    expect(byAccept.status).to.equal(200)
  })

  it('refuses another format, a CID that is none of ours, and a route that it does not have', async () => {
    const { cid } = await placed()
    expect(await problemOf(await get(cid, {}, '?format=car'))).to.equal('400 BAD_REQUEST')
    expect(await problemOf(await get('QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG'))).to.equal('400 CID')
    expect(await problemOf(await put('nonsense', randomBytes(3)))).to.equal('400 CID')
    expect(await problemOf(await fetch(`${node.url}/v2`))).to.equal('404 NOT_FOUND')
  })

  it('takes and gives nothing without a ticket', async () => {
    const { cid, block } = await placed()
    expect(await problemOf(await put(cid, block, ''))).to.equal('401 TICKET')
    expect(await problemOf(await get(cid, { authorization: '' }))).to.equal('401 TICKET')
    const acknowledge = await fetch(`${node.url}/v1/acknowledge`, { method: 'POST', body: '{}' })
    expect(await problemOf(acknowledge)).to.equal('401 TICKET')
  })

  it('refuses bytes that are not those of the CID', async () => {
    const block = randomBytes(100)
    expect(await problemOf(await put(cidOfBlock(block), flipped(block)))).to.equal('400 CID_MISMATCH')
    expect(await problemOf(await get(cidOfBlock(block)))).to.equal('404 BLOCK_NOT_FOUND')
  })

  it('refuses a body that is longer than a block, announced or not', async () => {
    const block = randomBytes(1_060_000)
    expect(await problemOf(await put(cidOfBlock(block), block))).to.equal('413 TOO_LARGE')
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(randomBytes(65_536))
      },
    })
    const headers = { authorization: `write ${recordId} 10000000` }
    const init = { method: 'PUT', body, headers, duplex: 'half' } as RequestInit
    const endless = await fetch(`${node.url}/v1/blocks/${cidOfBlock(block)}`, init)
    expect(await problemOf(endless)).to.equal('413 TOO_LARGE')
  })

  it('takes no more bytes for a record than its ticket allows, and forgets what it refused', async () => {
    const small = toHex(randomBytes(32))
    const client = node.client(`write ${small} 2500`)
    const blocks = [randomBytes(1_000), randomBytes(1_000), randomBytes(1_000)] as const
    await client.put(cidOfBlock(blocks[0]), blocks[0])
    expect(await problemOf(await put(cidOfBlock(blocks[1]), flipped(blocks[1]), `write ${small} 2500`))).to.equal(
      '400 CID_MISMATCH',
    )
    await client.put(cidOfBlock(blocks[1]), blocks[1])
    await client.put(cidOfBlock(blocks[1]), blocks[1])
    expect(await problemOf(await put(cidOfBlock(blocks[2]), blocks[2], `write ${small} 2500`))).to.equal('413 QUOTA')
  })

  it('gives a reader of one record no block of another', async () => {
    const { cid } = await placed()
    const other = node.client(`read ${toHex(randomBytes(32))}`)
    expect(await codeOf(other.get(cid))).to.equal('BLOCK_NOT_FOUND')
    expect(await other.has(cid)).to.equal(false)
    expect(await node.client(`read ${recordId}`).has(cid)).to.equal(true)
  })

  it('fetches a block from another node by bitswap, unless only what it holds is wanted', async () => {
    const { cid, block } = await placed()
    const other = nodes[1] as TestNode
    const reader = other.client('read any')
    expect(await reader.has(cid)).to.equal(false)
    expect(await reader.fetch(cid)).to.deep.equal(block)
    expect(await other.store.has(cid), 'it passes on and keeps nothing').to.equal(false)
    const cached = await fetch(`${other.url}/ipfs/${cid}?format=raw`, {
      headers: { authorization: 'read any', 'cache-control': 'only-if-cached' },
    })
    expect(await problemOf(cached)).to.equal('404 BLOCK_NOT_FOUND')
  })

  it('says so in time when no node of the swarm has a block', async () => {
    const client = (nodes[1] as TestNode).client('read any')
    expect(await codeOf(client.fetch(cidOfBlock(randomBytes(32))))).to.equal('BLOCK_NOT_FOUND')
  })

  it('turns away what it cannot serve at once', async () => {
    const busy = await another({ limits: { requests: 0 } })
    const answer = await fetch(`${busy.url}/v1/status`)
    expect(answer.headers.get('retry-after')).to.equal('1')
    expect(await problemOf(answer)).to.equal('503 BUSY')
    expect((await fetch(`${busy.url}/healthz`)).status).to.equal(200)
  })

  it('cuts off a body that stops arriving', async () => {
    const slow = await another({ limits: { bodyTimeout: 50 } })
    const { hostname, port } = new URL(slow.url)
    const socket = dial(Number(port), hostname)
    const head = [`PUT /v1/blocks/${cidOfBlock(randomBytes(8))} HTTP/1.1`, 'host: x', 'content-length: 8']
    socket.write(`${[...head, `authorization: write ${recordId} 1000`].join('\r\n')}\r\n\r\nhalf`)
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))
    expect(answer).to.include('408').and.to.include('BODY_TIMEOUT')
    socket.destroy()
  })

  it('tells what it holds, and counts', async () => {
    const status = await writer.status()
    expect(status.operator).to.equal(node.operator)
    expect(status.blocks).to.be.greaterThan(0)
    expect(status.bytes).to.be.greaterThan(0)
    expect(status.peers).to.equal(1)
    expect(status.swarm[0]).to.match(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\//)
    const metrics = await (await fetch(`${node.url}/metrics`)).text()
    for (const name of ['bytes_total', 'blocks', 'held_bytes', 'peers'])
      expect(metrics).to.include(`sharewell_storage_${name}`)
    expect(metrics).to.include('http_requests_total{method="PUT",route="/v1/blocks/:cid",status="201"}')
    for (const path of ['healthz', 'readyz']) expect((await fetch(`${node.url}/${path}`)).status).to.equal(200)
  })

  describe('shares', () => {
    const policy = { n: 3, t: 2, r: 1 }
    let record: Awaited<ReturnType<typeof placedRecord>>
    before(async () => {
      record = await placedRecord(network, nodes, policy)
    })

    it('acknowledges a whole share under its own signature', () => {
      expect(record.receipts.map(({ operator }) => operator)).to.deep.equal(nodes.map(({ operator }) => operator))
      expect(record.receipts.map(({ message }) => message.shareRoot)).to.deep.equal(record.manifest.T.map(toHex))
      for (const { message } of record.receipts) expect(message.bytes).to.equal(BigInt(record.manifest.shareLen))
    })

    it('signs which share-chunk it sent, for this question only', async () => {
      const cid = record.parts[1]?.[0]?.cid ?? ''
      const ask = { cid, manifestHash: record.manifestHash, index: 0, chunk: 1 }
      const { body, nonce, response } = await node.client('read any').getShare(ask)
      if (!response) throw new Error('not signed')
      expect(response.message).to.include({ j: 0, i: 1, nonce, length: body.length, manifestHash: record.manifestHash })
      expect(response.message.shareRoot).to.equal(toHex(record.manifest.T[0] as Uint8Array))
      const verify = verifierFor(network, 'ShareResponse', nodes)
      expect(await verify(node.operator, response)).to.equal(true)
      expect(await verify((nodes[1] as TestNode).operator, response)).to.equal(false)
    })

    it('cannot be brought to sign that a block is a share-chunk that it is not', async () => {
      const cid = record.parts[1]?.[0]?.cid ?? ''
      for (const [index, chunk] of [
        [0, 0],
        [1, 1],
        [0, 99],
        [9, 1],
      ] as const) {
        const ask = { manifestHash: record.manifestHash, index, chunk, nonce: toHex(randomBytes(32)) }
        const answer = await get(cid, { 'x-sharewell-share': toHeader(ask) })
        expect(answer.headers.get('x-sharewell-response')).to.equal(null)
        expect(await problemOf(answer)).to.equal(index === 9 ? '400 LEAF_LIST' : '400 SHARE_MISMATCH')
      }
      expect(await problemOf(await get(cid, { 'x-sharewell-share': 'nonsense' }))).to.equal('400 HEADER')
      expect(() => fromHeader('nonsense', shareAskShape))
        .to.throw()
        .with.property('code', 'HEADER')
    })

    it("gives a record's reader what this node took for that record, and a reconstructor another node's too", async () => {
      const open = await placedRecord(network, nodes, { n: 3, t: 2, r: 0 })
      const read = (index: number, ticket: string) => {
        const ask = { manifestHash: open.manifestHash, index, chunk: 0, nonce: toHex(randomBytes(32)) }
        const cid = open.parts[0]?.[index]?.cid ?? ''
        return get(cid, { 'x-sharewell-share': toHeader(ask), authorization: `read ${ticket}` })
      }
      for (const [index, ticket] of [
        [0, open.recordId],
        [1, 'any'],
      ] as const) {
        const answer = await read(index, ticket)
        expect(new Uint8Array(await answer.arrayBuffer())).to.deep.equal(open.parts[0]?.[index]?.body)
      }
      expect(await problemOf(await read(0, recordId))).to.equal('404 BLOCK_NOT_FOUND')
      expect(await problemOf(await read(1, open.recordId))).to.equal('404 BLOCK_NOT_FOUND')
    })

    it('lets of an r > 0 record only manifest and placement leave by the swarm', async () => {
      const cid = record.parts[0]?.[1]?.cid ?? ''
      expect(await codeOf(node.client('read any').fetch(cid))).to.equal('BLOCK_NOT_FOUND')
      expect(await (nodes[1] as TestNode).client('read any').get(cid)).to.deep.equal(record.parts[0]?.[1]?.body)
      const late = await another()
      await late.meet(node)
      const { manifest, placement, lists } = record.blocks
      for (const block of [manifest, placement])
        expect(await late.client('read any').fetch(cidOfBlock(block))).to.deep.equal(block)
      expect(await codeOf(late.client('read any').fetch(cidOfBlock(lists[0] as typeof manifest)))).to.equal(
        'BLOCK_NOT_FOUND',
      )
    })

    it('gives no block to who lists it as a share of an own record, here or in the swarm', async () => {
      const open = await placedRecord(network, nodes, { n: 3, t: 2, r: 0 })
      const wanted = [record.parts[0]?.[0]?.cid, open.parts[0]?.[1]?.cid, cidOfBlock(record.blocks.manifest)]
      for (const cid of wanted as string[]) {
        const { manifestHash, recordId: own } = await claimShare(node, cid)
        const ask = { manifestHash, index: 0, chunk: 0, nonce: toHex(randomBytes(32)) }
        const answer = await get(cid, { 'x-sharewell-share': toHeader(ask), authorization: `read ${own}` })
        expect(await problemOf(answer)).to.equal('404 BLOCK_NOT_FOUND')
      }
    })

    it('lets no share of an r > 0 record leave by the swarm because a manifest calls it a list', async () => {
      const cid = record.parts[0]?.[1]?.cid ?? ''
      await claimList(nodes[1] as TestNode, cid)
      expect(await codeOf(node.client('read any').fetch(cid))).to.equal('BLOCK_NOT_FOUND')
      await claimList(nodes[1] as TestNode, cid, record.recordId)
      expect(await codeOf(node.client('read any').fetch(cid))).to.equal('BLOCK_NOT_FOUND')
    })

    const acknowledge = async (
      at: TestNode,
      of: { readonly recordId: Hex; readonly blocks: typeof record.blocks },
      index: number,
    ) =>
      codeOf(
        at.client(`write ${of.recordId} 10000000`).acknowledge({
          manifest: cidOfBlock(of.blocks.manifest),
          placement: cidOfBlock(of.blocks.placement),
          index,
        }),
      )

    it('acknowledges nothing while one block is missing, a list is missing, or it is not the node of that share', async () => {
      const uploader = newAccount()
      const operators = nodes.map(({ operator }) => operator)
      const whole = await sealedRecord({ networkId: network.networkId, uploader, policy, operators })
      const client = node.client(`write ${whole.recordId} 10000000`)
      const own = whole.parts.map((parts) => parts[0]?.body as Uint8Array<ArrayBuffer>)
      const needed = [whole.blocks.manifest, whole.blocks.placement, ...whole.blocks.lists, ...own]
      for (const block of needed) {
        expect(await acknowledge(node, whole, 0)).to.equal('NODE_REFUSED')
        await client.put(cidOfBlock(block), block)
      }
      expect(await acknowledge(node, whole, 0)).to.equal('success')
      expect(await acknowledge(node, whole, 1)).to.equal('NODE_REFUSED')
      expect(await acknowledge(node, { ...whole, recordId }, 0)).to.equal('NODE_REFUSED')
    })

    it('acknowledges nothing that rotted on its disk', async () => {
      const again = await placedRecord(network, nodes, policy)
      const name = (await readdir(join(node.folder, 'blocks'), { recursive: true })).filter((file) =>
        file.endsWith('.data'),
      )
      const bodies = again.parts.map((parts) => parts[0]?.body.length)
      expect(bodies).to.have.length.greaterThan(1)
      expect(await acknowledge(node, again, 0)).to.equal('success')
      for (const file of name) await writeFile(join(node.folder, 'blocks', file), 'rotten')
      expect(await acknowledge(node, again, 0)).to.equal('NODE_REFUSED')
    })
  })
})
