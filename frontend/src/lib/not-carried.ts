import type { RelayerError, SignedConsent, SignedDelegation } from '@sharewell/sdk/chain'

/** What a patient signed: about their records, or about who acts for them. */
export type SignedDecision = SignedConsent | SignedDelegation

/** Thrown when a decision was signed and no relayer brought it to the chain. It is kept, to be sent another way. */
export class NotCarriedError extends Error {
  override readonly name = 'NotCarriedError'
  readonly code = 'NOT_CARRIED'
  readonly signed: SignedDecision

  constructor(signed: SignedDecision, cause: RelayerError) {
    super('Nobody sent your decision on.', { cause })
    this.signed = signed
  }
}
