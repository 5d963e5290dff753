/** Work on each item of a source, several items at once, with the results in the order of the items. */
export type Each<item, result> = (item: item, i: number, signal: AbortSignal) => Promise<result>

export type StreamOptions = {
  /** Items under way at once, results that wait among them: this bounds memory. */
  readonly ahead?: number | undefined
  /** Ends the stream with the signal's reason, also while it waits for the source. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Yields results in order while at most `ahead` items are taken from the source and not yielded. The source is read
 * only as fast as results are taken. When it ends, for whatever reason, what is under way is aborted and waited for,
 * and the source is told.
 */
export async function* inOrder<item, result>(
  source: AsyncIterable<item> | Iterable<item>,
  each: Each<item, result>,
  { ahead = 4, signal }: StreamOptions = {},
): AsyncGenerator<result> {
  const rest = new AbortController()
  const both = AbortSignal.any([rest.signal, signal ?? rest.signal])
  const items = createPuller(source)
  const running: Promise<result>[] = []
  try {
    for (let i = 0; ; ) {
      signal?.throwIfAborted()
      const pulling = items.pull(running.length < ahead)
      if (pulling.length + running.length === 0) return
      // The results first: with a source that is always ready, nothing would come out until `ahead` items are in.
      const first = await firstOf<typeof head | IteratorResult<item>>(
        [...running.slice(0, 1).map(ready), ...pulling],
        signal,
      )
      if (first === head) yield (await running.shift()) as result
      else for (const item of items.taken(first)) running.push(watched(each(item, i++, both)))
    }
  } finally {
    rest.abort(new DOMException('The stream has ended.', 'AbortError'))
    await Promise.allSettled(running)
    await items.close()
  }
}

/** Asks a source for one item at a time. */
function createPuller<item>(source: AsyncIterable<item> | Iterable<item>) {
  const items = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  let pulling: Promise<IteratorResult<item>> | undefined
  let over = false
  return {
    /** The next item where one is wanted; nothing behind the last one. */
    pull(wanted: boolean): Promise<IteratorResult<item>>[] {
      if (wanted && !over) pulling ??= Promise.resolve(items.next())
      return wanted && pulling ? [pulling] : []
    },
    /** What was pulled: one item, or none at the end. */
    taken(result: IteratorResult<item>): item[] {
      pulling = undefined
      over = result.done === true
      return result.done ? [] : [result.value]
    },
    /** Tells the source that no more is wanted. One that is at an item hears it when that is done: it may hang. */
    async close(): Promise<void> {
      pulling?.catch(() => undefined)
      if (over) return
      const closed = Promise.resolve(items.return?.()).catch(() => undefined)
      if (!pulling) await closed
    },
  }
}

const head = Symbol('the first result')
const ready = (result: Promise<unknown>): Promise<typeof head> => result.then(() => head)

/** Its failure is thrown in its turn; until then it must not count as unhandled. */
function watched<result>(result: Promise<result>): Promise<result> {
  result.catch(() => undefined)
  return result
}

/** What settles first. Nothing outlives it: a promise that many races share would keep what each of them gave. */
async function firstOf<value>(promises: readonly Promise<value>[], signal: AbortSignal | undefined): Promise<value> {
  const { promise, resolve, reject } = Promise.withResolvers<value>()
  const abort = () => reject(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  Promise.race(promises).then(resolve, reject)
  try {
    return await promise
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}
