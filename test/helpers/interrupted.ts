import { AsyncLocalStorage } from 'node:async_hooks'
import type { Bytes } from '@sharewell/sdk/bytes'
import type { DepositJournal, DepositNote } from '@sharewell/sdk/flow'
import { randomBytes } from '@sharewell/sdk/primitives'

/** What the interrupted saw last. */
export class Killed extends Error {
  override readonly name = 'Killed'
}

/** A call over HTTP, as the one who is interrupted made it. */
export type Call = { readonly method: string; readonly path: string }

/** One life of a caller: it may end at any step, and counts the steps that it lived. */
export type Life = {
  /** Aborts when the life ends. */
  readonly signal: AbortSignal
  /** Steps lived: each call over HTTP and each write of a note is two, before and after. */
  readonly steps: number
  readonly calls: readonly Call[]
}

const lives = new AsyncLocalStorage<{ step: () => void; calls: Call[] }>()

/**
 * Lets `work` live until its step number `last`, and makes everything that it tries afterwards fail. What runs in the
 * same process on behalf of others (services that it calls) lives on.
 * @example
 * const { outcome, life } = await liveFor(17, ({ signal }) => deposit(source, { ...options, signal }))
 */
export async function liveFor<T>(
  last: number,
  work: (life: Life) => Promise<T>,
): Promise<{ readonly outcome: PromiseSettledResult<T>; readonly life: Life }> {
  const stop = new AbortController()
  const calls: Call[] = []
  let steps = 0
  const step = () => {
    if (steps >= last) {
      stop.abort(new Killed('Killed'))
      throw new Killed('Killed')
    }
    steps += 1
  }
  const life = {
    signal: stop.signal,
    calls,
    get steps() {
      return steps
    },
  }
  const honest = globalThis.fetch
  globalThis.fetch = counted(honest)
  try {
    const [outcome] = await Promise.allSettled([lives.run({ step, calls }, () => work(life))])
    return { outcome, life }
  } finally {
    globalThis.fetch = honest
  }
}

function counted(honest: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const mine = lives.getStore()
    if (!mine) return await honest(input, init)
    mine.step()
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    mine.calls.push({ method: init?.method ?? 'GET', path: pathname })
    const answer = await honest(input, init)
    mine.step()
    return answer
  }
}

/** A journal on a disk that survives every life: what was written stays, and no torn note. */
export function createDisk(key: Bytes = randomBytes(32)): { readonly notes: DepositNote[]; open(): DepositJournal } {
  const notes: DepositNote[] = []
  return {
    notes,
    open: () => ({
      key,
      notes: [...notes],
      async write(more) {
        lives.getStore()?.step()
        // As text, as a file would keep it.
        notes.push(...(JSON.parse(JSON.stringify(more)) as DepositNote[]))
        lives.getStore()?.step()
      },
    }),
  }
}
