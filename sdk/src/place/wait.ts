import { BaseError } from '../errors.ts'
import type { AbortOptions } from './share-store.ts'

/** Runs `work` under a deadline of its own and the caller's signal, and stops waiting when either ends. The deadline counts
 * the time in which this process could go on. Work that ignores its signal goes on unheard.
 * Errors: {@link PlaceTimeoutError}, the signal's reason. */
export async function withDeadline<T>(
  what: string,
  timeout: number,
  { signal }: AbortOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const controller = new AbortController()
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const stop = (reason: unknown) => {
    reject(reason)
    controller.abort(reason)
  }
  const settle = afterAwake(timeout, () => stop(new PlaceTimeoutError({ what, timeout })))
  const abort = () => stop(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  const running = work(controller.signal)
  try {
    return await Promise.race([running, stopped])
  } finally {
    settle()
    signal?.removeEventListener('abort', abort)
    running.catch(() => undefined)
    stopped.catch(() => undefined)
  }
}

/** Calls `end` after `ms` in steps, between which whatever has arrived is taken. While this process is kept from going on,
 * one step passes, however long that takes: what others said meanwhile is heard, and their silence is not held against them.
 * @returns what calls it off. */
function afterAwake(ms: number, end: () => void): () => void {
  let left = steps
  const timer = setInterval(() => {
    left -= 1
    if (left > 0) return
    clearInterval(timer)
    end()
  }, ms / steps)
  return () => clearInterval(timer)
}

const steps = 4

/** Waits `ms`, or until the signal ends it. */
export async function pause(ms: number, { signal }: AbortOptions): Promise<void> {
  signal?.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const abort = () => reject(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await promise
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** Thrown when a node does not finish in time. */
export class PlaceTimeoutError extends BaseError<'PLACE_TIMEOUT'> {
  override readonly name = 'PlaceTimeoutError'
  constructor({ what, timeout }: { what?: string; timeout?: number }) {
    super('PLACE_TIMEOUT', `No answer to ${what ?? 'a request'} within ${timeout ?? 0} ms.`, {
      hints: ['Another node of the placement may answer; check whether this one is up.'],
      docs: 'placement.md#timeouts',
    })
  }
}
