import { toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  createReplyKey,
  encodeTicket,
  hashMessage,
  type Message,
  MessageError,
  type MessageKind,
  messageToJson,
  messageTypes,
  parseMessage,
  parseTicket,
  type ReplyKey,
  SignatureError,
  signerOf,
  signMessage,
  TicketError,
  typedData,
  verifyMessage,
  verifyTicket,
  view,
} from '@sharewell/sdk/chain'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import fc from 'fast-check'
import { type Hex, parseSignature, serializeSignature } from 'viem'
import { structTypes } from '../../../sdk/src/chain/consents-typed.ts'
import { newAccount } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const now = () => Math.floor(Date.now() / 1000)

/** Returns 0x1626ba7e to every call: a contract account that accepts every signature. */
const acceptsAll: Hex = '0x6f631626ba7e60e01b60005260206000f360005260106010f3'

/** Any message of a kind, field by field. */
function messages<kind extends MessageKind>(kind: kind): fc.Arbitrary<Message<kind>> {
  return anyStruct(messageTypes[kind]) as fc.Arbitrary<Message<kind>>
}

const anyStruct = (fields: readonly { readonly name: string; readonly type: string }[]): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(fields.map(({ name, type }) => [name, anyOf(type)])))

function anyOf(type: string): fc.Arbitrary<unknown> {
  if (type === 'Consent[]') return fc.array(anyStruct(structTypes.Consent), { minLength: 1, maxLength: 3 })
  if (type === 'string') return fc.string({ maxLength: 10 })
  if (type === 'bool') return fc.boolean()
  if (type.startsWith('uint')) {
    const bits = Number(type.slice(4))
    return bits > 48 ? fc.bigInt(0n, 2n ** BigInt(bits) - 1n) : fc.integer({ min: 0, max: 2 ** bits - 1 })
  }
  const length = type === 'address' ? 20 : Number(type.slice(5))
  return fc.uint8Array({ minLength: length, maxLength: length }).map(toHex)
}

describe('signed messages', () => {
  const node = toHex(randomBytes(16))
  let net: TestNetwork
  let chain: Chain
  let key: ReplyKey
  let ticket: Message<'ReadTicket'>
  before(async () => {
    net = await startNetwork()
    chain = await net.as(newAccount())
    key = createReplyKey(chain)
    const reader = chain.wallet?.account.address ?? '0x'
    ticket = { reader, pseudonym: toHex(randomBytes(32)), purpose: 0, replyKeyHash: key.hash, notAfter: now() + 600 }
  })
  after(() => net.close())

  for (const kind of Object.keys(messageTypes) as MessageKind[])
    it(`${kind} survives JSON, and no two of them share a hash`, () => {
      fc.assert(
        fc.property(messages(kind), messages(kind), (a, b) => {
          const read = parseMessage(kind, JSON.parse(JSON.stringify(messageToJson(a))))
          expect(read).to.deep.equal(a)
          const same = JSON.stringify(messageToJson(a)) === JSON.stringify(messageToJson(b))
          expect(hashMessage(net.network, kind, a) === hashMessage(net.network, kind, b)).to.equal(same)
        }),
        { numRuns: 10 },
      )
    })

  it('have nothing missing, nothing beside and nothing out of range', () => {
    const json = messageToJson(ticket)
    const { purpose: _, ...missing } = json
    for (const wrong of [missing, { ...json, more: 1 }, { ...json, purpose: 256 }, { ...json, reader: '0x12' }, null])
      expect(() => parseMessage('ReadTicket', wrong)).to.throw(MessageError)
  })

  it('name their signer; another chain, contract or field names another', async () => {
    const signature = await signMessage(chain, 'ReadTicket', ticket)
    const signed = { kind: 'ReadTicket', message: ticket, signature } as const
    expect(await signerOf(net.network, signed)).to.equal(ticket.reader)
    expect(await signerOf({ ...net.network, chainId: 1 }, signed)).not.to.equal(ticket.reader)
    const contracts = { ...net.network.contracts, recordRegistry: net.network.contracts.accessLog }
    expect(await signerOf({ ...net.network, contracts }, signed)).not.to.equal(ticket.reader)
    expect(await signerOf(net.network, { ...signed, message: { ...ticket, purpose: 1 } })).not.to.equal(ticket.reader)
  })

  it('are refused with the high twin of a signature, which anyone can derive', async () => {
    const { r, s, yParity } = parseSignature(await signMessage(chain, 'ReadTicket', ticket))
    const twin = serializeSignature({
      r,
      s: `0x${(order - BigInt(s)).toString(16).padStart(64, '0')}`,
      yParity: 1 - yParity,
    })
    const signed = { kind: 'ReadTicket', message: ticket, signature: twin } as const
    expect(await failure(signerOf(net.network, signed))).to.be.instanceOf(SignatureError)
  })

  it('show a wallet the very fields that are hashed', () => {
    const data = typedData(net.network, 'ReadTicket', ticket)
    expect(data.domain).to.include({ name: 'Sharewell', version: '1', chainId: net.network.chainId })
    expect(data.domain.verifyingContract).to.equal(net.network.contracts.recordRegistry)
    expect(data.message).to.deep.equal(ticket)
  })

  it('of contract accounts hold when the contract accepts them', async () => {
    const { wallet } = chain
    if (!wallet) throw new Error('no wallet')
    const hash = await wallet.sendTransaction({ data: acceptsAll, gasPrice: 0n })
    const { contractAddress } = await chain.client.waitForTransactionReceipt({ hash })
    if (!contractAddress) throw new Error('no contract')
    const { final } = await view(chain)
    const message = { ...ticket, reader: contractAddress }
    const signed = { kind: 'ReadTicket', message, signature: `0x${'12'.repeat(65)}` } as const
    await verifyMessage(chain, { ...signed, signer: contractAddress }, { at: final })
    expect(await failure(verifyMessage(chain, { ...signed, signer: ticket.reader }, { at: final }))).to.be.instanceOf(
      SignatureError,
    )
  })

  describe('as tickets', () => {
    async function header(change: Partial<Message<'ReadTicket'>> = {}): Promise<string> {
      const message = { ...ticket, ...change }
      const signature = await signMessage(chain, 'ReadTicket', message)
      const possession = await key.prove(hashMessage(net.network, 'ReadTicket', message), node)
      return encodeTicket({ kind: 'ReadTicket', message, signature, possession })
    }

    it('travel in a header and name who signed them', async () => {
      const read = parseTicket(await header(), ['ReadTicket', 'WriteTicket'])
      expect(read.kind).to.equal('ReadTicket')
      expect(await verifyTicket(chain, read, { at: await view(chain), node })).to.equal(ticket.reader.toLowerCase())
    })

    it('carry what travels beside them', async () => {
      const signature = await signMessage(chain, 'ReadTicket', ticket)
      const read = parseTicket(encodeTicket({ kind: 'ReadTicket', message: ticket, signature, extra: { n: 1 } }), [
        'ReadTicket',
      ])
      expect(read.extra).to.deep.equal({ n: 1 })
    })

    it('are refused when over, too long, altered, of another kind or missing', async () => {
      const at = await view(chain)
      for (const change of [{ notAfter: now() - 60 }, { notAfter: now() + 2_000 }]) {
        const read = parseTicket(await header(change), ['ReadTicket'])
        expect(await failure(verifyTicket(chain, read, { at, node }))).to.be.instanceOf(TicketError)
      }
      const read = parseTicket(await header(), ['ReadTicket'])
      const altered = { ...read, message: { ...read.message, purpose: 3 } }
      expect(await failure(verifyTicket(chain, altered, { at, node }))).to.be.instanceOf(TicketError)
      const good = await header()
      expect(() => parseTicket(good, ['WriteTicket'])).to.throw(TicketError)
      for (const bad of [undefined, '', 'Bearer x', 'Sharewell !!', 'Sharewell e30'])
        expect(() => parseTicket(bad, ['ReadTicket'])).to.throw(TicketError)
    })
  })
})
