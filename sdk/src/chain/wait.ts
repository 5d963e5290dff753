import { BaseError } from '../errors.ts'

/** Options of everything that waits. */
export type WaitOptions = { readonly signal?: AbortSignal | undefined }

/** Waits for `promise` no longer than `timeout` ms and no longer than the signal allows.
 * The work underneath may go on; its result is then dropped. */
export async function within<T>(
  promise: Promise<T>,
  what: string,
  { signal, timeout }: WaitOptions & { timeout: number },
): Promise<T> {
  signal?.throwIfAborted()
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new ChainTimeoutError({ what, timeout })), timeout)
  const abort = () => reject(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, stopped])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    // The loser of the race may still fail; nobody is left to hear it.
    promise.catch(() => undefined)
  }
}

/** Waits `milliseconds`, or until the signal says stop. */
export async function pause(milliseconds: number, { signal }: WaitOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  const abort = () => reject(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    signal?.throwIfAborted()
    await promise
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** Thrown when the chain client does not answer in time. */
export class ChainTimeoutError extends BaseError<'CHAIN_TIMEOUT'> {
  override readonly name = 'ChainTimeoutError'
  constructor({ what, timeout, transaction }: { what?: string; timeout?: number; transaction?: `0x${string}` }) {
    super('CHAIN_TIMEOUT', `The chain did not answer ${what ?? 'a call'} within ${timeout ?? 0} ms.`, {
      hints: [
        ...(transaction
          ? [`${transaction} was sent and may still be mined: look for it before you send it again.`]
          : []),
        'Check that the chain client is up and in step, then try again.',
      ],
      docs: '/chain#timeouts',
    })
  }
}
