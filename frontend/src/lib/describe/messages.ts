import type { Hex } from 'viem'
import { moment } from '../format.ts'
import { lower, short } from '../names.ts'
import { purposeLabel, shiftPurposes } from '../purposes.ts'
import { consentWords, type Permission } from './consents.ts'
import { type DelegateTerms, delegateWords } from './delegates.ts'
import { type Context, organizationName, pseudonymName, recordName, type Words } from './described.ts'
import { emergencyWords, type Opening } from './emergencies.ts'

/** A typed message as it reaches a wallet. */
export type TypedMessage = {
  readonly primaryType?: string
  readonly message?: Readonly<Record<string, unknown>>
  readonly domain?: {
    readonly name?: string
    readonly chainId?: unknown
    readonly verifyingContract?: string
    readonly salt?: string
  }
}

/** The fields that a describer reads; which of them a message has is a matter of its primary type. */
type Fields = {
  readonly recordId: Hex
  readonly pseudonym: Hex
  readonly provider: Hex
  readonly purpose: number
  readonly notAfter: number
  readonly replyKeyHash: Hex
  readonly kind: string
  readonly key: Hex
  readonly payloadHash: Hex
  readonly granteeId: Hex
  readonly deadline: number
  readonly consents: readonly Permission[]
  readonly account: Hex
} & Permission &
  DelegateTerms &
  Opening

/** The key that a page makes for one ticket and forgets when it is closed. */
const replyKeyName = (hash: Hex): string => `a key that this page made and keeps to itself (${short(hash)})`

type Describer = (message: Fields, context: Context) => Words

/** Wallets are given numbers as text where they are long. */
const numbered = (permission: Permission): Permission => ({
  ...permission,
  from: Number(permission.from),
  until: Number(permission.until),
  purposes: Number(permission.purposes),
  categories: Number(permission.categories),
  useLimit: Number(permission.useLimit),
})

/** A decision that somebody else carries to the chain: it says how long that may take. */
const carried = (words: Words, { deadline }: Fields): Words => ({
  ...words,
  facts: [...words.facts, { label: 'Sent on by', value: `${moment(Number(deadline))}; later it counts for nothing` }],
})

const describers: Record<string, Describer> = {
  Grant: (message, context) => carried(consentWords.grant(message.pseudonym, numbered(message), context), message),
  GrantMany: (message, context) =>
    carried(consentWords.grantMany(message.pseudonym, message.consents.map(numbered), context), message),
  Revoke: (message, context) => carried(consentWords.revoke(message.pseudonym, message, context), message),
  RevokeAll: (message, context) =>
    carried(consentWords.revokeAll(message.pseudonym, message.granteeId, context), message),
  Deny: (message, context) => carried(consentWords.deny(message.pseudonym, message, context), message),
  Delegate: (message, context) =>
    carried(delegateWords.delegate(message.pseudonym, message.account, message, context), message),
  EndDelegation: (message, context) =>
    carried(delegateWords.endDelegation(message.pseudonym, message.account, context), message),
  KeyRequest: (message, context) => ({
    title: 'Open a record',
    sentence: `The hospitals that keep the keys are asked to release the key of ${recordName(message.recordId, context)} to you.`,
    facts: [
      { label: 'Record', value: recordName(message.recordId, context) },
      { label: 'Why', value: purposeLabel(Number(message.purpose)) },
      { label: 'Valid until', value: moment(Number(message.notAfter)) },
    ],
    warning: 'The patient sees that you opened it, when, and for what.',
  }),
  RebuildRequest: (message) => ({
    title: 'Have the record rebuilt',
    sentence: 'A worker that sees no plaintext collects the shares and puts the sealed record together for you.',
    facts: [
      { label: 'Valid until', value: moment(Number(message.notAfter)) },
      { label: 'Works only with', value: replyKeyName(message.replyKeyHash) },
    ],
  }),
  ReadTicket: (message, context) => ({
    title: 'Show your reading ticket',
    sentence:
      'Proves for some minutes, to those who keep records and keys, that it is you who asks. It opens nothing by itself, and nobody who sees it can show it to another.',
    facts: [
      { label: 'Records of', value: pseudonymName(message.pseudonym, context) },
      { label: 'Why', value: purposeLabel(Number(message.purpose)) },
      { label: 'Valid until', value: moment(Number(message.notAfter)) },
      { label: 'Works only with', value: replyKeyName(message.replyKeyHash) },
    ],
  }),
  WriteTicket: (message) => ({
    title: 'Show your writing ticket',
    sentence: 'Lets the chosen storage nodes take the shares of one record.',
    facts: [{ label: 'Valid until', value: moment(Number(message.notAfter)) }],
  }),
  DeleteTicket: (message, context) => ({
    title: 'Have old copies deleted',
    sentence: `Asks everyone who keeps shares or keys of ${recordName(message.recordId, context)} to delete the copies that are over.`,
    facts: [
      { label: 'Valid until', value: moment(Number(message.notAfter)) },
      { label: 'Works only with', value: replyKeyName(message.replyKeyHash) },
    ],
  }),
  Register: (message, context) => ({
    title: 'Become a patient here',
    sentence: `Lets ${organizationName(message.provider, context)} register your code, and makes this account the one that decides about it.`,
    facts: [
      { label: 'At', value: organizationName(message.provider, context) },
      { label: 'Your code', value: pseudonymName(message.pseudonym, context) },
    ],
    warning: 'Use an account that you use nowhere else: everyone can link what one account does.',
  }),
  BreakGlass: (message, context) => emergencyWords(message, context),
  OpenSession: (message) => ({
    title: 'Begin your shift',
    sentence: `Until ${moment(Number(message.until))} this page opens records for you without asking each time: only what patients share with you.`,
    facts: [
      { label: 'For', value: shiftPurposes(message.purposes) },
      { label: 'Until', value: moment(Number(message.until)) },
      { label: 'Works only with', value: `a key that this page made and keeps to itself (${short(message.key)})` },
    ],
    warning: 'Whoever sits at this screen meanwhile opens records in your name. End the shift when you leave.',
  }),
  EndSession: (message) => ({
    title: 'End your shift',
    sentence: 'From now on your wallet is asked at each opening again.',
    facts: [{ label: 'Key of the shift', value: short(message.key) }],
  }),
  Stored: ({ kind, payloadHash }) => ({
    title: kind === 'capsule' ? 'Sign your sealed note' : `Sign the ${kind}`,
    sentence: 'Your signature stands under a stored object, so that nobody can pass off another as yours.',
    facts: [{ label: 'Fingerprint', value: payloadHash }],
  }),
  Use: () => ({
    title: 'Count an opening',
    sentence: 'The patient allowed only so many: somebody writes this opening into the public ledger and counts it.',
    facts: [],
    warning: 'The count stays, also if nothing was opened.',
  }),
  Vault: () => ({
    title: 'Unlock your vault',
    sentence: 'From this signature your browser makes the key of your vault. The signature never leaves this device.',
    facts: [],
    warning: 'Never sign this on a page that you did not open yourself.',
  }),
}

/** Says what a typed message means, where its domain is this network's own. */
export function describeMessage(typed: TypedMessage, context: Context): Words | undefined {
  const { primaryType = '', message = {} } = typed
  if (!isOurs(typed, context) || !Object.hasOwn(describers, primaryType)) return undefined
  return describers[primaryType]?.(message as Fields, context)
}

function isOurs({ domain = {} }: TypedMessage, { network }: Context): boolean {
  const { name, chainId, verifyingContract, salt } = domain
  if (name !== 'Sharewell') return false
  if (chainId !== undefined && Number(chainId) !== network.chainId) return false
  if (salt !== undefined && lower(salt) !== network.networkId) return false
  return verifyingContract === undefined || Object.values(network.contracts).includes(lower(verifyingContract))
}
