import { BaseError } from '@sharewell/sdk/errors'
import { codeIn, postTo } from '../post.ts'

/** Most bytes of an answer: two points or a share, with a signature. */
const maxAnswer = 4_096

/** Asks another key node for its part of a checkpoint. Throws {@link PeerError}; the caller reads what comes. */
export async function askPeer(
  endpoint: string,
  step: 'commit' | 'sign',
  body: unknown,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<unknown> {
  try {
    const { ok, bytes } = await postTo(endpoint, `/v1/book/${step}`, body, { limit: maxAnswer, signal })
    const answer: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (ok) return answer
    throw new PeerError({ step, code: codeIn(answer) })
  } catch (cause) {
    if (cause instanceof PeerError) throw cause
    throw new PeerError({ step, code: 'UNREACHABLE', cause })
  }
}

/** Thrown when another key node does not do its part of a checkpoint; `problem` is its own code, or UNREACHABLE. */
export class PeerError extends BaseError<'PEER'> {
  override readonly name = 'PeerError'
  readonly problem: string
  constructor({ step = 'answer', code = 'UNREACHABLE', cause }: { step?: string; code?: string; cause?: unknown }) {
    super('PEER', `Another key node did not ${step}: ${code}.`, {
      cause,
      hints: ['The checkpoint is tried with other members, and again later.'],
      docs: '/book#signing',
    })
    this.problem = code
  }
}
