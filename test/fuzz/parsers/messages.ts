import { fromBase64url, toBase64url, toHex } from '@sharewell/sdk/bytes'
import {
  encodeConsentReceipt,
  encodeTicket,
  type Message,
  type MessageKind,
  type Network,
  parseConsentReceipt,
  parseMessage,
  parseNetwork,
  parseTicket,
  signerOf,
  ticketFromJson,
} from '@sharewell/sdk/chain'
import { structTypes } from '../../../sdk/src/chain/consents-typed.ts'
import { readPossession } from '../../../sdk/src/chain/possession.ts'
import { messageTypes } from '../../../sdk/src/chain/typed-data.ts'
import { paperNetwork } from '../../helpers/parties.ts'
import { type Driven, target } from '../drive.ts'
import { bittenText, type Random } from '../random.ts'
import { bittenTree, type Tree } from '../trees.ts'
import { bittenCbor, hexOf } from './samples.ts'

type Field = { readonly name: string; readonly type: string }

/** A message of each kind as JSON, each field at a value that its type has. */
const samples = Object.entries(messageTypes).map(([kind, fields]) => ({
  kind: kind as MessageKind,
  message: sample(fields),
}))

function sample(fields: readonly Field[]): Record<string, Tree> {
  return Object.fromEntries(fields.map(({ name, type }) => [name, sampleOf(type)]))
}

function sampleOf(type: string): Tree {
  if (type.endsWith('[]')) return [sample(structTypes[type.slice(0, -2) as keyof typeof structTypes])]
  if (type === 'address') return hexOf(3, 20)
  if (type === 'string') return 'W1'
  if (type === 'bool') return true
  if (type.startsWith('bytes')) return hexOf(4, Number(type.slice('bytes'.length)))
  return Number(type.slice('uint'.length)) > 48 ? '17' : 17
}

const named = (kind: MessageKind) => samples.find((one) => one.kind === kind)?.message ?? {}
const possession = { message: named('Possession'), signature: hexOf(5, 65) }
const extra = { operators: [hexOf(1, 16)], record: { recordId: hexOf(2) }, salt: hexOf(3) }
const tickets = (['WriteTicket', 'ReadTicket', 'OperatorTicket', 'RebuildRequest', 'AuditTicket'] as const).map(
  (kind) => ({
    kind,
    message: named(kind),
    signature: hexOf(5, 65),
    possession,
    ...extra,
  }),
)
const consentKinds = ['Grant', 'Revoke', 'Deny', 'RevokeAll', 'GrantMany'] as const
const kinds = tickets.map(({ kind }) => kind)

/** Consents that are right in every field, and signed by nobody. */
export const signedConsents: readonly Tree[] = consentKinds.map((kind) => ({
  kind,
  message: named(kind),
  signature: hexOf(5, 65),
}))

/** What accounts sign, and what carries it. */
export const messages: Readonly<Record<string, Driven>> = {
  'signed message': target({
    make: (random) => {
      const { kind, message } = random.pick(samples)
      return { kind, json: bittenTree([message], random) }
    },
    parse: ({ kind, json }) => parseMessage(kind, json),
    codes: ['MESSAGE'],
  }),
  ticket: target({
    make: (random) => bittenTree(tickets, random),
    parse: (json) => ticketFromJson(json, kinds),
    codes: ['TICKET', 'TICKET_POSSESSION'],
  }),
  'ticket in a header': target({
    make: (random) => headerOf(random),
    parse: (header) => parseTicket(header, kinds),
    codes: ['TICKET', 'TICKET_POSSESSION'],
  }),
  'word of a reply key': target({
    make: (random) => bittenTree([possession], random),
    parse: readPossession,
    codes: ['TICKET_POSSESSION'],
  }),
  'consent receipt': target({
    make: (random) => bittenReceipt(random),
    parse: (text) => parseConsentReceipt(text, { networkId: hexOf(1) }),
    codes: ['CONSENT_RECEIPT'],
  }),
  network: target({
    make: (random) => bittenTree([networkJson(paper)], random),
    parse: parseNetwork,
    codes: ['NETWORK'],
  }),
}

const paper: Network = paperNetwork()
const networkJson = (network: Network): Tree =>
  ({ ...network, finality: { mode: 'depth', depth: 3 }, relayerUrls: ['http://127.0.0.1:4000'] }) as unknown as Tree

const terms = { from: 1, until: 2_000_000_000, purposes: 1, categories: 0, useLimit: 0 }
const receipt = {
  networkId: hexOf(1),
  pseudonym: hexOf(2),
  grantee: { kind: 'role', organization: hexOf(3, 16), role: 4 },
  salt: hexOf(5),
  recordId: hexOf(6),
  terms,
} as const
const once = { controller: hexOf(8, 20), nonce: 256n, signedAt: 1, deadline: 2, signature: hexOf(9, 65) }
const receipts = [
  encodeConsentReceipt({ ...receipt, proof: { transaction: hexOf(7) } }),
  encodeConsentReceipt({ ...receipt, proof: once }),
]

function bittenReceipt(random: Random): string {
  if (random.once(2)) return bittenText(receipts, random)
  const prefix = 'sharewell-consent1:'
  const contents = receipts.map((text) => fromBase64url(text.slice(prefix.length)))
  return prefix + toBase64url(bittenCbor(contents, random))
}

function headerOf(random: Random): string {
  if (random.once(3)) return bittenText([encodeTicket(ticketFromJson(random.pick(tickets), kinds))], random)
  const json = JSON.stringify(bittenTree(tickets, random))
  return `Sharewell ${Buffer.from(json).toString('base64url')}`
}

/** Signatures: recovering an account takes a millisecond. */
export const signatures: Readonly<Record<string, Driven>> = {
  'account of a signature': target({
    make: (random) => {
      const { kind } = random.pick(samples)
      const message = parseMessage(kind, named(kind)) as Message<typeof kind>
      return { kind, message, signature: toHex(random.bytes(random.pick([65, 65, 65, 65, 64, 66, 0]))) }
    },
    parse: (signed) => signerOf(paper, signed as Parameters<typeof signerOf>[1]),
    codes: ['SIGNATURE'],
  }),
}
