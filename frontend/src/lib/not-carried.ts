import type { RelayerError, SignedConsent } from '@sharewell/sdk/chain'

/** Thrown when a decision was signed and no relayer brought it to the chain. It is kept, to be sent another way. */
export class NotCarriedError extends Error {
  override readonly name = 'NotCarriedError'
  readonly code = 'NOT_CARRIED'
  readonly signed: SignedConsent

  constructor(signed: SignedConsent, cause: RelayerError) {
    super('Nobody sent your decision on.', { cause })
    this.signed = signed
  }
}
