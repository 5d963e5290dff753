import { createServer, type Server } from 'node:http'
import path from 'node:path'
import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  bookLeaf,
  type Checkpoint,
  checkpointBytes,
  checkpointsOf,
  logKeysOf,
  operatorOf,
  readBook,
  signMessage,
} from '@sharewell/sdk/chain'
import { generateLogKey } from '@sharewell/sdk/flow/book'
import { root } from '@sharewell/sdk/merkle'
import { verifyFrost } from '@sharewell/sdk/release'
import { expect } from 'chai'
import { privateKeyToAccount } from 'viem/accounts'
import { makeCheckpoint } from '../../../services/key-node/src/book/round.ts'
import { createBook, type SentCommitment, statementOf } from '../../../services/key-node/src/book/service.ts'
import { openSignedLast } from '../../../services/key-node/src/book/signed-last.ts'
import { openKeyStore } from '../../../services/key-node/src/keystore.ts'
import { asJson } from '../../helpers/as-json.ts'
import { asOperator, startCommittee, type TestKeyNode } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
type Json = Record<string, unknown>

async function post(url: string, step: string, body: unknown): Promise<Json> {
  const answer = await fetch(`${url}/v1/book/${step}`, { method: 'POST', headers: asJson, body: JSON.stringify(body) })
  return (await answer.json()) as Json
}

describe('checkpoints of the book', () => {
  let net: TestNetwork
  let committee: Awaited<ReturnType<typeof startCommittee>>
  let nodes: TestKeyNode[]
  before(async () => {
    net = await startNetwork()
    committee = await startCommittee(net, { h: 4, k: 2, checkpointInterval: 0 })
    nodes = committee.nodes
  })
  after(async () => {
    await committee.close()
    await net.close()
  })

  const one = () => nodes[0] as TestKeyNode
  const other = () => nodes[1] as TestKeyNode
  /** What a node works with, opened beside it. */
  async function partsOf({ config }: TestKeyNode) {
    const chain = await net.as(privateKeyToAccount(config.privateKey as Hex))
    const keys = openKeyStore(path.join(config.folder, 'keys'), fromHex(config.secret as Hex, 32))
    const operator = async () => (await operatorOf(chain, { account: chain.wallet?.account.address as Hex })) as Hex
    const book = createBook({ chain, keys, operator, last: openSignedLast(path.join(config.folder, 'beside')) })
    return { chain, keys, book, log: silent }
  }
  const now = async () => (await readBook(await net.as(net.admin))).block.time
  /** The checkpoint of everything until now, as anybody computes it. */
  async function expected(): Promise<Checkpoint> {
    const book = await readBook(await net.as(net.admin))
    const events = book.events.filter(({ time }) => time < book.block.time)
    return { book: book.id, time: book.block.time, size: events.length, root: toHex(root(events.map(bookLeaf))) }
  }

  /** Waits for a block after `time`: the chain makes one every second. */
  async function later(time: number): Promise<void> {
    const end = Date.now() + 20_000
    while ((await now()) <= time && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 100))
  }

  it('are refused before the members made a key for them', async () => {
    expect((await post(one().url, 'commit', { checkpoint: await expected() })).code).to.equal('CHECKPOINT_REFUSED')
  })

  it('have a key of their own, which every member confirms on chain', async () => {
    const chain = await net.as(net.admin)
    const key = await generateLogKey({ chain: await asOperator(net, one()) })
    expect(key).to.include({ epoch: 1, k: 2 })
    expect(key.groupKey).not.to.equal(committee.epoch.groupKey)
    expect(await logKeysOf(chain)).to.deep.equal([key])
    // The key that releases is no key for checkpoints, whoever asks.
    const { transcriptHash } = committee.epoch
    expect((await post(one().url, 'confirm', { epoch: 1, transcriptHash })).code).to.equal('CHECKPOINT_REFUSED')
  })

  it('are signed by k members over what all contracts said, and published', async () => {
    await net.mine()
    const time = await now()
    const parts = await partsOf(one())
    const { checkpoint, faults } = await makeCheckpoint(parts, { time })
    expect(faults).to.deep.equal([])
    const signature = fromHex(checkpoint.signature, 64)
    expect(verifyFrost(fromHex(checkpoint.groupKey, 32), checkpointBytes(checkpoint), signature)).to.equal(true)
    const [published] = await checkpointsOf(parts.chain)
    expect(published).to.deep.include({ time, size: checkpoint.size, root: checkpoint.root })
    expect(published?.signature).to.equal(checkpoint.signature)
    const { events } = await readBook(parts.chain)
    const before = events.filter((event) => event.time < time)
    expect(checkpoint.size).to.equal(before.length)
    expect(checkpoint.root).to.equal(toHex(root(before.map(bookLeaf))))
  })

  describe('a node signs none', () => {
    const refused = async (checkpoint: Checkpoint, node = other()) =>
      String((await post(node.url, 'commit', { checkpoint })).detail)

    it('that its own chain client does not confirm', async () => {
      const checkpoint = await expected()
      const elsewhere = `0x${'ab'.repeat(32)}` as const
      expect(await refused({ ...checkpoint, root: elsewhere })).to.match(/tells otherwise/)
      expect(await refused({ ...checkpoint, size: checkpoint.size - 1 })).to.match(/tells otherwise/)
      expect(await refused({ ...checkpoint, book: elsewhere })).to.match(/another book/)
      expect(await refused({ ...checkpoint, time: checkpoint.time + 600 })).to.match(/older than its time/)
    })

    it('that is older than, or does not continue, the last one it signed', async () => {
      const early = await expected()
      await net.mine()
      await makeCheckpoint(await partsOf(one()), {
        time: early.time + 1 <= (await now()) ? early.time + 1 : early.time,
      })
      const parts = await partsOf(other())
      const last = openSignedLast(other().config.folder)
      const kept = await last.of(early.book)
      if (!kept) throw new Error('the second node signed nothing')
      expect(await refused({ ...(await parts.book.propose(kept.time - 1)) })).to.match(/later one already/)
      await later(await now())
      await last.set({ ...kept, root: `0x${'cd'.repeat(32)}` })
      const next = await parts.book.propose(await now())
      expect(await refused(next)).to.match(/does not continue/)
      await last.set(kept)
      expect((await post(other().url, 'commit', { checkpoint: next })).i).to.equal(2)
    })

    it('twice with one pair of nonces, or with nonces of another checkpoint', async () => {
      await net.mine()
      const parts = await partsOf(one())
      const checkpoint = await parts.book.propose(await now())
      const ask = async ({ url }: TestKeyNode) =>
        (await post(url, 'commit', { checkpoint })) as unknown as SentCommitment
      const commitments = [await ask(one()), await ask(other())]
      const first = await post(one().url, 'sign', { checkpoint, commitments })
      expect(first.share).to.match(/^0x[0-9a-f]{64}$/)
      expect((await post(one().url, 'sign', { checkpoint, commitments })).code).to.equal('CHECKPOINT_REFUSED')
      await later(await now())
      const newer = await parts.book.propose(await now())
      expect((await post(other().url, 'sign', { checkpoint: newer, commitments })).code).to.equal('CHECKPOINT_REFUSED')
    })
  })

  it('go on without a member that is silent, and name one whose share is wrong, with what it signed', async () => {
    const [first, second, third] = nodes as [TestKeyNode, TestKeyNode, TestKeyNode]
    await second.stop()
    const liar = await lieFor(third)
    try {
      await net.mine()
      const { checkpoint, faults } = await makeCheckpoint(await partsOf(first), { time: await now() })
      expect(faults.map(({ i, code }) => ({ i, code }))).to.deep.equal([
        { i: 2, code: 'UNREACHABLE' },
        { i: 3, code: 'BAD_SHARE' },
      ])
      expect(faults[1]?.statement?.signature).to.match(/^0x/)
      const signature = fromHex(checkpoint.signature, 64)
      expect(verifyFrost(fromHex(checkpoint.groupKey, 32), checkpointBytes(checkpoint), signature)).to.equal(true)
    } finally {
      await liar.close()
      await third.restart()
      await second.restart()
    }
  })

  it('are not made by fewer than k', async () => {
    for (const node of nodes.slice(1)) await node.stop()
    await net.mine()
    const outcome = await makeCheckpoint(await partsOf(one()), { time: await now() }).catch((error: unknown) => error)
    expect(String(outcome)).to.match(/1 of 2 members/)
    for (const node of nodes.slice(1)) await node.restart()
  })

  it('are made on schedule by the nodes themselves', async () => {
    const chain = await net.as(net.admin)
    const before = (await checkpointsOf(chain)).length
    await one().restart({ checkpointInterval: 1 })
    const end = Date.now() + 30_000
    while ((await checkpointsOf(chain)).length === before && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 200))
    expect((await checkpointsOf(chain)).length).to.be.greaterThan(before)
    await one().restart()
  }).timeout(60_000)

  /** Stands in a stopped node's place and says what it would, but with a wrong share, well signed. */
  async function lieFor(node: TestKeyNode): Promise<{ close(): Promise<void> }> {
    const parts = await partsOf(node)
    await node.stop()
    const server: Server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        checkpoint: Checkpoint
        commitments: SentCommitment[]
      }
      const answer = request.url?.endsWith('commit') ? await parts.book.commit(body.checkpoint) : await lie(body)
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    })
    async function lie({ checkpoint, commitments }: { checkpoint: Checkpoint; commitments: SentCommitment[] }) {
      const { i } = await parts.book.sign(checkpoint, commitments)
      const share: Hex = `0x${'01'.padStart(64, '0')}`
      const statement = statementOf(checkpoint, commitments, { i, share })
      return { i, share, signature: await signMessage(parts.chain, 'CheckpointShare', statement) }
    }
    await new Promise<void>((resolve) => server.listen(Number(new URL(node.url).port), '127.0.0.1', resolve))
    return {
      close: () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        }),
    }
  }
})
