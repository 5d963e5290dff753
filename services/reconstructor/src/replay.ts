import type { Hex } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'

/** Remembers nonces until their request has expired, so that a request is served once. */
export function createReplayGuard(most = 100_000) {
  const seen = new Map<string, number>()
  return {
    /** Enters a nonce whose signature was checked. Errors: {@link ReplayError}. */
    take(reader: Hex, nonce: Hex, notAfter: number, now: number): void {
      const key = `${reader}/${nonce}`
      if ((seen.get(key) ?? 0) >= now) throw new ReplayError()
      if (seen.size >= most) for (const [old, until] of seen) if (until < now) seen.delete(old)
      if (seen.size >= most) throw new ReplayError({ full: true })
      // The clocks of chain and worker may differ by a minute.
      seen.set(key, notAfter + 120)
    },
  }
}

/** Thrown when a request was already served here. */
export class ReplayError extends BaseError<'REPLAY'> {
  override readonly name = 'ReplayError'
  constructor({ full = false }: { full?: boolean } = {}) {
    super('REPLAY', full ? 'Too many requests to remember.' : 'This request was already served.', {
      hints: ['Sign a new request with a new nonce.'],
      docs: 'rebuild.md#request',
    })
  }
}
