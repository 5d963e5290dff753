import { BaseError } from '@sharewell/sdk/errors'

/** Everything a relayer may answer instead of a transaction, beside what every service answers (docs/spec/relayer.md). */
export const refusals = {
  DEADLINE_OVER: {
    status: 410,
    says: 'What was signed holds for 15 minutes, and these are over.',
    hint: 'Sign it again.',
  },
  REQUEST_OVER: { status: 410, says: 'The message is over.', hint: 'Sign it again.' },
  REQUEST_TOO_LONG: {
    status: 400,
    says: 'The message runs more than five minutes ahead.',
    hint: 'Sign one that ends earlier; check the clock.',
  },
  NOT_THE_READER: {
    status: 401,
    says: 'Neither the reader nor a live session key of the reader signed this.',
    hint: 'Begin a shift anew, or log the request yourself.',
  },
  NOT_ATTESTED: {
    status: 403,
    says: 'I carry this for readers whom an organization attests.',
    hint: 'Ask your organization to attest your account, or send it yourself.',
  },
  NO_SESSION: {
    status: 404,
    says: 'This key has no session.',
    hint: 'Nothing is left to end.',
  },
  TOO_MUCH_GAS: {
    status: 422,
    says: 'It would cost more gas than I pay for.',
    hint: 'Send it in smaller batches, or as a transaction of your own.',
  },
  CHAIN_UNAVAILABLE: {
    status: 503,
    says: 'My chain client does not answer.',
    hint: 'Ask another relayer, or send it yourself.',
  },
  STALE_HEAD: { status: 503, says: 'My chain client is behind.', hint: 'Ask another relayer, or send it yourself.' },
  NO_FUNDS: {
    status: 503,
    says: 'My account cannot pay for a transaction.',
    hint: 'Ask another relayer, or send it yourself.',
  },
  NOT_MINED_YET: {
    status: 504,
    says: 'It was sent, and is in no block yet.',
    hint: 'Ask again with the same body: it is carried once.',
  },
} as const satisfies Record<string, { status: number; says: string; hint: string }>

/** One of the codes that are the relayer's own. */
export type RefusalCode = keyof typeof refusals

/** Thrown when the relayer does not carry a message; `refusal` is the published code. */
export class RefusalError extends BaseError<'REFUSAL'> {
  override readonly name = 'RefusalError'
  readonly refusal: RefusalCode
  constructor({ refusal = 'CHAIN_UNAVAILABLE', cause }: { refusal?: RefusalCode; cause?: unknown }) {
    const { says, hint } = refusals[refusal]
    super('REFUSAL', says, { cause, hints: [hint], docs: '/relayer#answers' })
    this.refusal = refusal
  }
}

/** The budgets that can be used up. */
export const limits = {
  BUDGET_PATIENT: 'This pseudonym has had as many messages carried as I carry for one.',
  BUDGET_READER: 'This reader has had as many messages carried as I carry for one.',
  BUDGET_TOTAL: 'I carry as much as I carry in a minute.',
} as const

/** Thrown when a budget is used up, with the seconds after which it makes sense to ask again. */
export class LimitError extends BaseError<'LIMIT'> {
  override readonly name = 'LimitError'
  readonly limit: keyof typeof limits
  readonly seconds: number
  constructor({ limit = 'BUDGET_TOTAL', seconds = 60 }: { limit?: keyof typeof limits; seconds?: number }) {
    super('LIMIT', limits[limit], {
      hints: [`Try again in ${seconds} s, ask another relayer, or send it yourself.`],
      docs: '/relayer#limits',
    })
    this.limit = limit
    this.seconds = seconds
  }
}
