import { BaseError } from '@sharewell/sdk/errors'

/** Thrown when this node does not sign a checkpoint, or cannot make one. */
export class CheckpointRefusedError extends BaseError<'CHECKPOINT_REFUSED'> {
  override readonly name = 'CheckpointRefusedError'
  constructor({ reason, cause }: { reason?: string; cause?: unknown }) {
    super('CHECKPOINT_REFUSED', `I do not sign this checkpoint: ${reason ?? 'unknown'}.`, {
      cause,
      hints: ['Compare the chain clients of the key nodes; ask again when they agree.'],
      docs: '/book#what-a-node-signs',
    })
  }
}
