import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import { activeEpoch } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { every } from '../every.ts'
import { fetchHeader, type Taken, type TransferParts, takeAll } from './fetch.ts'

/** Takes from other key nodes what is missing here. */
export type Transfer = {
  /** One header that a reader who may have it asks for. */
  find(hash: Hex): Promise<Bytes | undefined>
  /** The last full round, undefined before the first. */
  last(): Taken | undefined
  close(): Promise<void>
}

/** Seconds after which a round in which somebody did not answer is made again. */
const soon = 60

/** Looks every `interval` ms whether the committee changed, and then takes everything; else once in `again` seconds. */
export function startTransfer(
  parts: TransferParts,
  { interval, again }: { interval: number; again: number },
): Transfer {
  const stop = new AbortController()
  const { signal } = stop
  const finding = new Map<Hex, Promise<Bytes | undefined>>()
  let done: (Taken & { readonly at: number }) | undefined

  async function look(): Promise<void> {
    const epoch = (await activeEpoch(parts.chain, { signal }))?.epoch
    const wait = done?.unreachable ? Math.min(soon, again) : again
    const due = !done || done.epoch !== epoch || parts.chain.clock() >= done.at + wait
    if (epoch === undefined || !due) return
    const taken = await takeAll(parts, { signal })
    // Who has no seat takes nothing before it has one.
    if (taken.epoch === epoch) done = { ...taken, at: parts.chain.clock() }
    if (taken.taken > 0) parts.log.info({ entries: taken.taken }, 'took headers and capsules from other key nodes')
  }
  const attempt = () =>
    look().catch((error: unknown) => {
      if (signal.aborted) return
      parts.log.info({ code: error instanceof BaseError ? error.code : 'UNKNOWN' }, 'headers not looked for')
    })
  const watch = every(interval, attempt)
  return {
    async find(hash) {
      // However many readers wait for a header, the others are asked once.
      const found = finding.get(hash) ?? fetchHeader(parts, hash, { signal })
      finding.set(hash, found)
      return await found.finally(() => finding.delete(hash))
    },
    last: () => done,
    async close() {
      stop.abort()
      await watch.close()
    },
  }
}
