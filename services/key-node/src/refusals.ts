import type { DecisionCode } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'

/** Everything a key node may answer instead of a partial: HTTP status, what it says, what to do. Published in docs/spec/key-node.md. */
export const refusals = {
  // 0: the node's own view of the chain.
  STALE_HEAD: { status: 503, says: 'My chain client is behind.', hint: 'Ask another node, or try again in a minute.' },
  CHAIN_UNAVAILABLE: { status: 503, says: 'My chain client does not answer.', hint: 'Ask another node.' },
  CHAIN_SPLIT: { status: 503, says: 'My two chain clients disagree.', hint: 'Ask another node.' },
  NO_SHARE: { status: 503, says: 'I hold no share of the key that serves.', hint: 'Ask another node.' },
  // 1: the request itself.
  BAD_REQUEST: { status: 400, says: 'The request is malformed.', hint: 'Build it as docs/spec/key-node.md says.' },
  OTHER_NETWORK: {
    status: 400,
    says: 'The request is for another network.',
    hint: 'Use the network.json of this network.',
  },
  REQUEST_EXPIRED: { status: 410, says: 'The request is over.', hint: 'Sign a new request.' },
  REQUEST_TOO_LONG: {
    status: 400,
    says: 'The request runs more than five minutes ahead.',
    hint: 'Sign one that ends earlier; check the clock.',
  },
  BAD_SIGNATURE: {
    status: 401,
    says: 'The reader did not sign this request.',
    hint: 'Send the request unchanged, as it was signed.',
  },
  SESSION_DEAD: {
    status: 401,
    says: 'The session that signed this request is over, not final yet, or for other purposes.',
    hint: 'Begin a shift anew, or sign with the account of the reader.',
  },
  BAD_READER_KEY: {
    status: 400,
    says: 'The reader key is not the one in the request.',
    hint: 'Send the key whose hash was signed.',
  },
  BAD_PROOF: {
    status: 400,
    says: 'Nothing proves that the reader holds its key.',
    hint: 'Make the proof over the hash of this request.',
  },
  // 2: log before release.
  NOT_LOGGED: {
    status: 403,
    says: 'The request is not in a final block of the access log.',
    hint: 'Log its hash first and wait until the block is final.',
  },
  LOG_TOO_OLD: {
    status: 403,
    says: 'The request was logged more than ten minutes ago.',
    hint: 'Sign and log a new request.',
  },
  // 3: consent, record, credential.
  UNKNOWN_RECORD: {
    status: 404,
    says: 'No such record is anchored in a final block.',
    hint: 'Check the record id; wait for the block to be final.',
  },
  NO_CONSENT: { status: 403, says: 'The patient has not shared this with you.', hint: 'Ask the patient.' },
  OTHER_CATEGORIES: {
    status: 403,
    says: 'The patient shares other categories with you.',
    hint: 'Ask the patient for this category.',
  },
  NOT_YET_VALID: { status: 403, says: 'The consent begins later.', hint: 'Wait until it begins.' },
  EXPIRED: { status: 403, says: 'The consent is over.', hint: 'Ask the patient again.' },
  WRONG_PURPOSE: {
    status: 403,
    says: 'The consent is for another purpose.',
    hint: 'Ask the patient for this purpose.',
  },
  NOT_AFFILIATED: {
    status: 403,
    says: 'The consent is for an organization or role to which you do not belong any more.',
    hint: 'Ask your organization to attest your affiliation again.',
  },
  REVOKED: { status: 403, says: 'The patient stopped sharing this with you.', hint: 'Ask the patient again.' },
  DENIED: { status: 403, says: 'The patient does not want you to read this.', hint: 'Respect it.' },
  UNKNOWN_PURPOSE: {
    status: 403,
    says: 'No consent covers this purpose.',
    hint: 'Break-glass has a procedure of its own.',
  },
  WRONG_CATEGORY: {
    status: 403,
    says: 'The record has another category.',
    hint: 'Read the record from the chain again.',
  },
  WRONG_PSEUDONYM: {
    status: 403,
    says: 'The record belongs to another pseudonym.',
    hint: 'Read the record from the chain again.',
  },
  UNKNOWN_PSEUDONYM: { status: 404, says: 'No such pseudonym is registered.', hint: "Check the patient's code." },
  ERASED: { status: 410, says: 'The record was erased.', hint: 'Nothing can open it any more.' },
  USED_UP: {
    status: 403,
    says: 'The record was opened as often as the patient allowed.',
    hint: 'Ask the patient again.',
  },
  NOT_COUNTED: {
    status: 409,
    says: 'The consent limits its uses, and none was counted for this request.',
    hint: 'Log the request with AccessLog.logCountedRequest.',
  },
  OTHER_CONSENT: {
    status: 403,
    says: 'Another consent permits this than the one you name.',
    hint: 'Ask decide() again and sign its key.',
  },
  SUPERSEDED: {
    status: 409,
    says: 'The record has another current version.',
    hint: 'Read the record from the chain again.',
  },
  REFUSED_RECORD: {
    status: 410,
    says: 'I release nothing for this record.',
    hint: 'It was withdrawn; ask who deposited it.',
  },
  NOT_YOUR_CREDENTIAL: {
    status: 403,
    says: 'The affiliation you name is not yours.',
    hint: 'Name an affiliation of your own account.',
  },
  CREDENTIAL_DEAD: {
    status: 403,
    says: 'Your affiliation does not hold any more.',
    hint: 'Ask your hospital to attest it.',
  },
  OTHER_MANIFEST: {
    status: 409,
    says: 'The chain names another manifest.',
    hint: 'Read the record from the chain again.',
  },
  // 3, in the place of consent: break-glass.
  NO_WINDOW: {
    status: 403,
    says: 'The glass was not broken for you, or no final block says so yet.',
    hint: 'Open a window with an emergency officer of the institution that keeps the patient.',
  },
  OTHER_WINDOW: { status: 403, says: 'Your window is for another record.', hint: 'Open a window for this record.' },
  WINDOW_CLOSED: { status: 403, says: 'The window was closed.', hint: 'Open another if the emergency goes on.' },
  WINDOW_OVER: {
    status: 403,
    says: 'The window of 24 hours is over.',
    hint: 'Open another if the emergency goes on.',
  },
  NOT_THE_CLINICIAN: {
    status: 403,
    says: 'You opened this window with a clinician; you read nothing in it.',
    hint: 'Hand your part to the clinician.',
  },
  EMERGENCY_ONLY: {
    status: 403,
    says: 'An emergency wrap opens for break-glass alone.',
    hint: 'Ask for W1 under a consent.',
  },
  OTHER_OFFICERS: {
    status: 409,
    says: 'The institution has other officers than those the record was wrapped to.',
    hint: 'The patient must wrap the record anew.',
  },
  // 5: the ciphertext.
  UNKNOWN_WRAP: { status: 400, says: 'I answer for no wrap of this kind.', hint: 'Ask for W1.' },
  UNKNOWN_HEADER: {
    status: 404,
    says: 'I do not keep this key header.',
    hint: 'Put the header to me first, or ask another node.',
  },
  OTHER_HEADER: {
    status: 409,
    says: 'The key header is of another record or version.',
    hint: 'Name the header of this version.',
  },
  OTHER_GROUP_KEY: {
    status: 409,
    says: 'The header is wrapped to another group key.',
    hint: 'The record must be wrapped anew.',
  },
  OTHER_CIPHERTEXT: {
    status: 409,
    says: 'The header carries another ciphertext than the request names.',
    hint: 'Read the header again.',
  },
  BAD_CIPHERTEXT: {
    status: 400,
    says: 'The proof of the ciphertext does not hold.',
    hint: 'Whoever wrapped this record made a mistake or worse.',
  },
  NO_SECOND_SHARE: {
    status: 503,
    says: 'I hold no share of the second key of this record.',
    hint: 'Ask the nodes to which it was dealt.',
  },
  BAD_SECOND_SHARE: {
    status: 400,
    says: 'My share of the second key is not the one that was committed to.',
    hint: 'Whoever wrapped this record made a mistake or worse.',
  },
  // Key headers and capsules.
  NOT_THE_PATIENT: {
    status: 403,
    says: 'Only the patient reads this.',
    hint: 'Sign with the account that decides for the pseudonym.',
  },
  NOT_A_MEMBER: {
    status: 403,
    says: 'Only members of the committee that serves take what I keep.',
    hint: "Sign with the operator's account, for this node, once the epoch serves.",
  },
  // 6: budgets.
  BUDGET_MINUTE: { status: 429, says: 'Too many requests in a minute.', hint: 'Wait a minute.' },
  BUDGET_DAY: { status: 429, says: 'Too many requests in a day.', hint: 'Wait until tomorrow, or ask another node.' },
  BUDGET_PATIENT: { status: 429, says: 'Too many requests for one patient in a day.', hint: 'Wait until tomorrow.' },
} as const satisfies Record<string, { status: number; says: string; hint: string }> &
  Record<Exclude<DecisionCode, 'PERMIT'>, unknown>

/** One of the published codes. */
export type RefusalCode = keyof typeof refusals

/** Thrown when a key node does not answer a release request; `refusal` is the published code. */
export class RefusalError extends BaseError<'REFUSAL'> {
  override readonly name = 'RefusalError'
  readonly refusal: RefusalCode
  constructor({ refusal = 'BAD_REQUEST', cause }: { refusal?: RefusalCode; cause?: unknown }) {
    const { says, hint } = refusals[refusal]
    super('REFUSAL', says, { cause, hints: [hint], docs: '/key-node#refusals' })
    this.refusal = refusal
  }
}

/** Turns an error with the SDK's code `code` into a refusal, and throws every other as it is. */
export const refuseOn =
  (code: string, refusal: RefusalCode) =>
  (error: unknown): never => {
    if (error instanceof BaseError && error.code === code) throw new RefusalError({ refusal, cause: error })
    throw error
  }
