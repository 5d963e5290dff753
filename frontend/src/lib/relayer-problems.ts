import type { Known } from './known-problems.ts'

const kept = 'Your decision is signed and kept here. Try again, or send it from your own wallet.'

/** Why nobody sent a patient's decision on, by the code of the carrier's answer (docs/spec/relayer.md). */
export const relayerProblems: Readonly<Record<string, Known>> = {
  NONE: {
    title: 'Nobody sends decisions on here',
    what: 'This network has no service that brings your decision to the public ledger for you.',
    todo: 'Send it from your own wallet.',
  },
  UNREACHABLE: {
    title: 'Your decision was not sent on',
    what: 'The service that brings it to the public ledger cannot be reached.',
    todo: kept,
  },
  SILENT: {
    title: 'Your decision was not sent on',
    what: 'The service that brings it there does not answer.',
    todo: kept,
  },
  UNREADABLE: {
    title: 'Your decision was not sent on',
    what: 'The service that brings it there gave an answer that makes no sense.',
    todo: kept,
  },
  NOT_SEEN: {
    title: 'Your decision did not arrive',
    what: 'The service says that it sent it, but the public ledger does not show it.',
    todo: kept,
  },
  BUDGET_PATIENT: {
    title: 'Many decisions in a short time',
    what: 'The service sends on only so many decisions of one person.',
    todo: 'Wait a minute and try again, or send it from your own wallet.',
  },
  BUDGET_READER: {
    title: 'Many openings in a short time',
    what: 'The service logs only so many openings of one person.',
    todo: 'Wait a minute and try again, or confirm from your own wallet.',
  },
  NOT_ATTESTED: {
    title: 'No hospital vouches for you',
    what: 'The service carries shifts only of those for whom a hospital vouches.',
    todo: 'Ask your hospital to attest you.',
  },
  NOT_THE_READER: {
    title: 'Your shift has ended',
    what: 'The service does not know the key of your shift any more.',
    todo: 'Begin a new shift.',
  },
  NO_SESSION: {
    title: 'There is no such shift',
    what: 'Nothing stands in the public ledger that could be ended.',
    todo: 'Begin a new shift when you need one.',
  },
  REQUEST_OVER: {
    title: 'That took too long',
    what: 'The request to log the opening ran out on its way.',
    todo: 'Open the record again.',
  },
  REQUEST_TOO_LONG: {
    title: 'This device’s clock is ahead',
    what: 'The request carries a time that lies too far ahead.',
    todo: 'Set the clock right, then try again.',
  },
  BUDGET_TOTAL: {
    title: 'Many people decide right now',
    what: 'The service has as much to send on as it can.',
    todo: 'Wait a minute and try again, or send it from your own wallet.',
  },
  BUSY: {
    title: 'Many people decide right now',
    what: 'The service has as much to send on as it can.',
    todo: 'Wait a moment and try again, or send it from your own wallet.',
  },
  NOT_READY: {
    title: 'Your decision was not sent on',
    what: 'The service that brings it there is just stopping.',
    todo: kept,
  },
  CHAIN_UNAVAILABLE: {
    title: 'Your decision was not sent on',
    what: 'The service that brings it there has lost the public ledger.',
    todo: kept,
  },
  STALE_HEAD: {
    title: 'Your decision was not sent on',
    what: 'The service that brings it there sees an old public ledger.',
    todo: kept,
  },
  NO_FUNDS: {
    title: 'Your decision was not sent on',
    what: 'The service that pays for it has nothing left to pay with.',
    todo: 'Send it from your own wallet.',
  },
  NOT_MINED_YET: {
    title: 'Your decision is on its way',
    what: 'It was sent, and the public ledger has not taken it yet.',
    todo: 'Try again in a moment: it counts only once, however often it is sent.',
    mild: true,
  },
  DEADLINE_OVER: {
    title: 'Your signature has run out',
    what: 'A signed decision holds for 15 minutes.',
    todo: 'Close this and decide again.',
  },
  TOO_MUCH_GAS: {
    title: 'Too much at once',
    what: 'The service does not pay for a decision about so many.',
    todo: 'Choose fewer at once, or send it from your own wallet.',
  },
  CONTRACT_REFUSAL: {
    title: 'Your decision was not taken',
    what: 'Something newer stands in the public ledger, or it was taken already.',
    todo: 'Look at what holds now; to change it, decide again.',
  },
}

const order = Object.keys(relayerProblems)

/** The one of several carriers' answers that helps most, as a key of {@link relayerProblems}. */
export function relayerCode(refusals: readonly { readonly code: string }[]): string {
  const known = refusals.map(({ code }) => code).filter((code) => Object.hasOwn(relayerProblems, code))
  // Whoever answered knows more than whoever did not.
  return (
    known.toSorted((a, b) => order.indexOf(b) - order.indexOf(a))[0] ?? (refusals.length > 0 ? 'UNREADABLE' : 'NONE')
  )
}
