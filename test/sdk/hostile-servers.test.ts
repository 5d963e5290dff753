import { type Chain, connect, decide, type Network, relay, view } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { generateCommitteeKey } from '@sharewell/sdk/flow/committee'
import { fetchEntry, listEntries, putEntry } from '@sharewell/sdk/flow/directory'
import { listCapsules, listOpenings, putCapsule, putHeader, readHeader } from '@sharewell/sdk/flow/key-nodes'
import { createHttpStore, PlaceTimeoutError, rebuild } from '@sharewell/sdk/place'
import { cidOfBlock } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { createPublicClient, custom, defineChain } from 'viem'
import { inTurn } from '../../sdk/src/chain/transport.ts'
import { paperChain } from '../fuzz/paper-chain.ts'
import { account, filled, hexOf } from '../fuzz/parsers/samples.ts'
import { codeOf } from '../helpers/code-of.ts'
import { heldBytes } from '../helpers/held-bytes.ts'
import { everyHostility, type HostileServer, startHostileServer } from '../helpers/hostile-server.ts'
import { paperNetwork } from '../helpers/parties.ts'
import { passOf } from '../helpers/passes.ts'
import { rebuildBody } from '../helpers/reconstructor.ts'
import { sealedRecord } from '../helpers/sealed-record.ts'

const timeout = 400

describe('a client of a hostile server', function () {
  this.timeout(120_000)
  let server: HostileServer
  let calls: Readonly<Record<string, () => Promise<unknown>>>
  before(async () => {
    server = await startHostileServer()
    calls = await everyCall(server)
  })
  after(() => server.close())

  for (const hostility of everyHostility)
    it(`that ${hostility} gets a typed error that is fit to read, in time, and keeps nothing`, async () => {
      server.act(hostility)
      const before = await heldBytes()
      await Promise.all(
        Object.entries(calls).map(async ([name, call]) => {
          const error = await call().then(
            (value) => value,
            (thrown: unknown) => thrown,
          )
          if (error === harmless) return
          expect(error, `${name}: ${String(error)}`).to.be.instanceOf(BaseError)
          expect((error as BaseError).code, name).to.match(/^[A-Z][A-Z0-9_]*$/)
          expect((error as BaseError).message.length, name).to.be.lessThan(10_000)
          expect((error as BaseError).message, name).not.to.match(unprintable)
        }),
      )
      expect(server.strayed, 'redirects that were followed').to.deep.equal([])
      await server.idle()
      expect((await heldBytes()) - before, 'bytes held').to.be.lessThan(64 * 1024 * 1024)
    })
})

describe('a chain client', () => {
  it('takes no block without a time, a number or a hash for a new one', async () => {
    const network = paperNetwork()
    const hash = `0x${'ab'.repeat(32)}`
    const time = `0x${Math.floor(Date.now() / 1000).toString(16)}`
    const whole = { number: '0x10', hash, timestamp: time, transactions: [] }
    const says = (block: object) => {
      const request = async ({ method }: { method: string }) => (method === 'eth_syncing' ? false : block)
      const client = createPublicClient({ transport: custom({ request }, { retryCount: 0 }), cacheTime: 0 })
      return { ...paperChain(network), client } as Chain
    }
    expect(await view(says(whole))).to.have.nested.property('latest.hash', hash)
    for (const lacking of ['timestamp', 'number', 'hash']) {
      const block = { ...whole, [lacking]: undefined }
      expect(await codeOf(view(says(block))), lacking).to.equal('CHAIN_CALL')
    }
  })
})

/** Whatever moves a cursor, hides text or turns the order of the letters. */
const unprintable = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u

/** Calls that have no time limit of their own to be shortened are given up by their caller. */
const enough = () => {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(new PlaceTimeoutError({ what: 'the test', timeout })), timeout)
  timer.unref()
  return { signal: stop.signal }
}

/** What a call may also say: that there is nothing, or what nobody relies on. */
const harmless = Symbol('nothing')
const nothing = (value: unknown) => (Array.isArray(value) && value.length === 0 ? harmless : value)
const hearsay = () => harmless

/** Bytes that nobody signed for: whoever gathers shares compares them with their leaf, and takes them for silence. */
const unsigned = ({ response }: { readonly response?: unknown }) => (response === undefined ? harmless : 'signed')

/** A connection whose chain client turned hostile after it was made. */
function over(network: Network): Chain {
  const chain = defineChain({
    id: network.chainId,
    name: 'Paper',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [] } },
  })
  const transport = inTurn(network.rpcUrls, { chain, timeout })
  return { ...paperChain(network), timeout, client: createPublicClient({ chain, transport, cacheTime: 0 }) }
}

async function everyCall(server: HostileServer): Promise<Record<string, () => Promise<unknown>>> {
  const { url } = server
  /** Only a server that says nothing has said that it took something. */
  const taken = () => (server.doing().startsWith('sends no') ? harmless : 'taken')
  const network: Network = { ...paperNetwork(), rpcUrls: [url], relayerUrls: [url], directoryUrls: [url] }
  const chain = paperChain(network, account)
  const operator = hexOf(1, 16)
  const policy = { n: 2, t: 1, r: 0 }
  const operators = [operator, hexOf(2, 16)]
  const record = await sealedRecord({
    networkId: network.networkId,
    uploader: account,
    policy,
    operators,
    dataLength: 70_000,
  })
  const { manifest, contentLeaves } = record
  const block = filled(7, 100)
  const cid = cidOfBlock(block)
  const store = createHttpStore({ url, authorize: async () => 'ticket', timeout, acknowledgeTimeout: timeout })
  const worker = { operator, url }
  const body = await rebuildBody(network, record, account, { first: 0, count: 2, nonce: hexOf(3) }, worker)
  const rebuilt = async () => {
    const options = {
      manifest,
      contentLeaves: async () => contentLeaves,
      verifyFrame: async () => true,
      verifyReceipt: async () => true,
    }
    for await (const _ of rebuild(worker, body, { ...options, timeout }));
    return 'rebuilt'
  }
  const hpkeKeyHash = hexOf(7)
  const seat = { i: 1, verifyingShare: filled(4), hpkeKeyHash }
  const node = { id: operator, endpoint: url, account: account.address, ...seat }
  const nodes = { nodes: [node], k: 1, keyEpoch: 1, groupKey: filled(5) }
  const pass = await passOf(chain, { pseudonym: hexOf(6) })
  const member = { ...node, kind: 'key', organization: operator, active: true } as const
  const { networkId } = network
  const within = { timeout, signal: undefined }
  const behind = over(network)
  const consent = {
    kind: 'RevokeAll',
    message: {
      pseudonym: hexOf(6),
      controller: account.address,
      granteeId: hexOf(8),
      nonce: 256n,
      signedAt: 1,
      deadline: 2,
    },
    signature: hexOf(9, 65),
  } as const
  return {
    'read a block': () => store.get(cid),
    'read a block through a node': () => store.fetch(cid),
    'ask whether a block is there': () => store.has(cid).then(hearsay),
    'write a block': () => store.put(cid, block),
    'read a share': () => store.getShare({ cid, manifestHash: hexOf(1), index: 0, chunk: 0 }).then(unsigned),
    'ask for an acknowledgement': () => store.acknowledge({ manifest: cid, placement: cid, index: 0 }),
    'ask for the status': () => store.status(),
    'have a record rebuilt': rebuilt,
    'fetch a name': () => fetchEntry([url], { hash: hexOf(1), networkId }, within),
    'list names': async () => nothing(await listEntries(url, within)),
    'put a name': () => putEntry([url], block, within).then(taken),
    'put a key header': () => putHeader(nodes, { header: block }, enough()).then(taken),
    'read a key header': () => readHeader(nodes, { hash: hexOf(1), pass }, enough()),
    'put a capsule': () => putCapsule(nodes, { capsule: block }, enough()).then(taken),
    'list capsules': async () => nothing(await listCapsules(nodes, { pass, networkId }, enough())),
    'list openings': async () => nothing(await listOpenings(nodes, { chain, pass }, enough())),
    'generate a key': () => generateCommitteeKey({ chain, nodes: [member], k: 1 }, enough()),
    'have a consent carried': () => relay(chain, consent, { timeout, patience: 1 }),
    'connect to a chain': () => connect(network, { timeout }),
    'look at a chain': () => view(behind),
    'ask a chain': () => decide(behind, { pseudonym: hexOf(1), reader: account.address, categoryBit: 1, purpose: 0 }),
  }
}
