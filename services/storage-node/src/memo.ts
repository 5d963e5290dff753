import type { Chain, Ticket } from '@sharewell/sdk/chain'

/** Remembers good answers for `seconds`, never longer than the ticket; at most 1,000 of them. Whoever asks the same
 * meanwhile shares the answer, so that `check` must not stop when the one who asked first goes away. */
export function createMemo<T>(chain: Chain, seconds: number) {
  const answers = new Map<string, { readonly until: number; readonly answer: Promise<T> }>()
  return async (key: string, ticket: Ticket, check: () => Promise<T>): Promise<T> => {
    const now = chain.clock()
    const known = answers.get(key)
    if (known && now < known.until) return await known.answer
    const answer = check()
    answers.delete(key)
    answers.set(key, { until: Math.min(now + seconds, ticket.message.notAfter), answer })
    answer.catch(() => answers.delete(key))
    for (const oldest of answers.keys()) {
      if (answers.size <= 1000) break
      answers.delete(oldest)
    }
    return await answer
  }
}
