import { BaseError } from '@sharewell/sdk/errors'

/** Milliseconds that another node may take. */
const patience = 15_000
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
    const within = AbortSignal.any([AbortSignal.timeout(patience), ...(signal ? [signal] : [])])
    const response = await fetch(new URL(`/v1/book/${step}`, endpoint), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: within,
      redirect: 'error',
    })
    const text = await shortText(response)
    const answer: unknown = JSON.parse(text)
    if (response.ok) return answer
    throw new PeerError({ step, code: codeIn(answer) })
  } catch (cause) {
    if (cause instanceof PeerError) throw cause
    throw new PeerError({ step, code: 'UNREACHABLE', cause })
  }
}

async function shortText(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > maxAnswer) throw new RangeError('too long')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function codeIn(answer: unknown): string {
  const code = typeof answer === 'object' && answer !== null && 'code' in answer ? answer.code : undefined
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : 'BAD_ANSWER'
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
