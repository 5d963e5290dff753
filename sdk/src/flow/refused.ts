import type { Hex } from '../bytes.ts'
import { BaseError } from '../errors.ts'

/** Thrown when the chain knows no such record, or it was erased. */
export class UnknownRecordError extends BaseError<'UNKNOWN_RECORD'> {
  override readonly name = 'UnknownRecordError'
  constructor({ recordId, erased }: { recordId?: Hex; erased?: boolean }) {
    super('UNKNOWN_RECORD', erased ? 'This record was erased.' : `There is no record ${recordId ?? ''}.`, {
      hints: [erased ? 'An erased record cannot be brought back.' : 'Check the record id and the network.'],
      docs: 'anchor.md#records',
    })
  }
}

const refusalHints: Readonly<Record<string, string>> = {
  NO_CONSENT: 'Ask the patient; nothing was granted to this account.',
  OTHER_CATEGORIES: 'The grant covers other categories; ask the patient for this one.',
  NOT_YET_VALID: 'The grant begins later.',
  EXPIRED: 'The grant has ended; ask the patient to renew it.',
  WRONG_PURPOSE: 'The grant is for another purpose; open for that one, or ask again.',
  NOT_AFFILIATED: 'The grant is to an organization or role to which you no longer belong; ask it to attest you again.',
  REVOKED: 'The patient stopped sharing.',
  DENIED: 'The patient denied access.',
  NO_WINDOW: 'Break the glass first, with an emergency officer of the institution that keeps the patient.',
  OTHER_WINDOW: 'The window is for another record; open one for this record.',
  WINDOW_CLOSED: 'The window was closed; open another if the emergency goes on.',
  WINDOW_OVER: 'The window of 24 hours is over; open another if the emergency goes on.',
  NOT_THE_CLINICIAN: 'Who opened the window as the officer reads nothing in it; the clinician does.',
  USED_UP: 'It was opened as often as the grant allows; ask the patient again.',
}

/** Thrown when the patient's consent does not cover this reader, record, purpose and time; `reason` is `decide`'s code. */
export class ConsentRefusedError extends BaseError<'CONSENT_REFUSED'> {
  override readonly name = 'ConsentRefusedError'
  readonly reason: string
  constructor({ reason = 'NO_CONSENT' }: { reason?: string }) {
    super('CONSENT_REFUSED', `The patient's consent does not permit this: ${reason}.`, {
      hints: [refusalHints[reason] ?? 'Ask the patient for a grant that covers this record, purpose and time.'],
      docs: 'consent.md#decisions',
    })
    this.reason = reason
  }
}

/** Thrown when a reader has no live affiliation with an organization. */
export class NoCredentialError extends BaseError<'NO_CREDENTIAL'> {
  override readonly name = 'NoCredentialError'
  constructor() {
    super('NO_CREDENTIAL', 'No organization attests this account now.', {
      hints: ['Ask your hospital to attest the account, or to renew its affiliation.'],
      docs: 'actors.md#affiliations',
    })
  }
}
