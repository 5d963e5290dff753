import { BaseError } from '../../errors.ts'

const again = 'Begin again without the nodes named; until the next placement is on chain the old shares stand.'

/** Thrown when a repair, a refresh or a change of policy cannot go on. `culprits` are the shares whose keepers' signed
 * words are at fault, by number; silence and what does not open names nobody. */
export class RenewError extends BaseError<'RENEW'> {
  override readonly name = 'RenewError'
  readonly culprits: readonly number[]
  constructor({
    culprits = [],
    reason = 'a message is missing or malformed',
    hint = again,
    cause,
  }: RenewError.Options) {
    const who = culprits.length === 0 ? '' : ` at share ${culprits.join(', ')}`
    super('RENEW', `The shares are not renewed${who}: ${reason}.`, {
      cause,
      hints: [hint],
      docs: 'share-renewal.md#failure-and-blame',
    })
    this.culprits = culprits
  }
}
export declare namespace RenewError {
  type Options = { culprits?: readonly number[]; reason?: string; hint?: string; cause?: unknown }
}
