import { BaseError } from '@sharewell/sdk/errors'

/** Thrown inside a command when the person pressed Ctrl-C. `hint` tells how to go on where something was kept. */
export class InterruptedError extends BaseError<'INTERRUPTED'> {
  override readonly name = 'InterruptedError'
  constructor({ hint }: { hint?: string } = {}) {
    super('INTERRUPTED', hint === undefined ? 'Interrupted; nothing was left half done.' : 'Interrupted.', {
      hints: [hint ?? 'run the same command again when you want to'],
    })
  }
}
