import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Message, replyKeyHash, typedData } from '@sharewell/sdk/chain'
import { hashTypedData, parseSignature, serializeSignature } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { bytesFrom, type Vector, type Vectors, whenRun, writeVectors } from './vector.ts'

const hex = (seed: string, length: number): Hex => toHex(bytesFrom(`possession ${seed}`, length))
const replyKey = hex('reply key', 32)
const account = privateKeyToAccount(replyKey)
const otherAccount = privateKeyToAccount(hex('other key', 32))
const node = hex('node', 16)
const now = 1_700_000_000
const chainId = 31_337
const contracts = {
  accessManager: hex('access manager', 20),
  actorRegistry: hex('actor registry', 20),
  patientRegistry: hex('patient registry', 20),
  recordRegistry: hex('record registry', 20),
  consentRegistry: hex('consent registry', 20),
  keyCommittee: hex('key committee', 20),
  accessLog: hex('access log', 20),
}
const network = {
  chainId,
  contracts: {
    ...contracts,
    council: hex('council', 20),
    delegations: hex('delegations', 20),
    breakGlass: hex('glass', 20),
    faultReports: hex('fault reports', 20),
    audits: hex('audits', 20),
  },
}

const readTicket: Message<'ReadTicket'> = {
  reader: hex('reader', 20),
  pseudonym: hex('pseudonym', 32),
  purpose: 0,
  replyKeyHash: replyKeyHash(account.address),
  notAfter: now + 600,
}
const rebuildRequest: Message<'RebuildRequest'> = {
  manifestHash: hex('manifest', 32),
  first: 0,
  count: 3,
  releaseRequest: hex('release request', 32),
  nonce: hex('nonce', 32),
  replyKeyHash: replyKeyHash(account.address),
  notAfter: now + 300,
}
const hashOf = <kind extends 'ReadTicket' | 'RebuildRequest'>(kind: kind, message: Message<kind>, on = network): Hex =>
  hashTypedData(typedData(on, kind, message))

async function possess(change: Partial<Message<'Possession'>> = {}, by = account, on = network) {
  const message = { ticketHash: hashOf('ReadTicket', readTicket), node, notAfter: now + 120, ...change }
  return { message, signature: await by.signTypedData(typedData(on, 'Possession', message)) }
}

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

function twinOf(signature: Hex): Hex {
  const { r, s, yParity } = parseSignature(signature)
  const high = `0x${(order - BigInt(s)).toString(16).padStart(64, '0')}` as const
  return serializeSignature({ r, s: high, yParity: 1 - yParity })
}

/** A vector: at `earlier` and `later`, the node `node` is shown a ticket with that possession. */
const vector = (comment: string, expected: string, more: object): Vector => ({
  comment,
  expect: expected,
  chainId,
  contracts,
  node,
  earlier: now,
  later: now,
  replyKey,
  kind: 'ReadTicket',
  ticket: readTicket,
  ticketHash: hashOf('ReadTicket', readTicket),
  ...more,
})

/** Every way in which the word of a reply key holds or does not. */
export async function possessionVectors(): Promise<Vectors> {
  const refused = 'TICKET_POSSESSION'
  const sound = await possess()
  const ticketHash = hashOf('RebuildRequest', rebuildRequest)
  const rebuild = { kind: 'RebuildRequest', ticket: rebuildRequest, ticketHash }
  const exchanged = { ...readTicket, replyKeyHash: replyKeyHash(otherAccount.address) }
  const elsewhere = { ...network, chainId: 1 }
  return {
    sound: vector('the reply key of a ReadTicket names this node and this ticket', 'success', { possession: sound }),
    'sound-rebuild-request': vector('the same for a RebuildRequest', 'success', {
      ...rebuild,
      possession: await possess({ ticketHash }),
    }),
    'last-second': vector('it holds in the very second in which it ends', 'success', {
      later: now + 120,
      possession: sound,
    }),
    'furthest-ahead': vector('120 seconds ahead, and 60 of grace for the clocks', 'success', {
      possession: await possess({ notAfter: now + 180 }),
    }),
    none: vector('a ticket alone is worth nothing', refused, {}),
    'other-node': vector('shown on: it names the node that was meant', refused, {
      node: hex('other node', 16),
      possession: sound,
    }),
    'other-ticket': vector('it names another ticket of the same key', refused, { ...rebuild, possession: sound }),
    'altered-ticket': vector('the ticket was altered after it was signed for', refused, {
      ticket: { ...readTicket, purpose: 2 },
      ticketHash: hashOf('ReadTicket', { ...readTicket, purpose: 2 }),
      possession: sound,
    }),
    expired: vector('one second after its end by the later clock', refused, { later: now + 121, possession: sound }),
    'too-far-ahead': vector('it runs further ahead than a node takes', refused, {
      possession: await possess({ notAfter: now + 181 }),
    }),
    'other-key': vector('another key signed it', refused, { possession: await possess({}, otherAccount) }),
    'exchanged-key': vector('the ticket names another key than the one that signed', refused, {
      ticket: exchanged,
      ticketHash: hashOf('ReadTicket', exchanged),
      possession: await possess({ ticketHash: hashOf('ReadTicket', exchanged) }),
    }),
    'other-chain': vector('it was signed for another chain', refused, {
      possession: await possess({}, account, elsewhere),
    }),
    'high-s': vector('the twin of a good signature, which anyone can derive', refused, {
      possession: { ...sound, signature: twinOf(sound.signature) },
    }),
    'short-signature': vector('a signature of 64 bytes', refused, {
      possession: { ...sound, signature: sound.signature.slice(0, -2) },
    }),
    'field-missing': vector('it does not say until when', refused, {
      possession: { ...sound, message: { ticketHash: sound.message.ticketHash, node } },
    }),
    'field-beside': vector('it carries a field that nobody signed', refused, {
      possession: { ...sound, kind: 'more' },
    }),
  }
}

whenRun(import.meta.url, async () => writeVectors('possession', await possessionVectors()))
