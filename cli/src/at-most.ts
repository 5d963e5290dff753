/** Runs `run` for every item, at most `limit` at a time, and answers in the order of the items. The first failure ends
 * it: nothing more is begun. */
export async function atMost<item, result>(
  limit: number,
  items: readonly item[],
  run: (item: item, at: number) => Promise<result>,
): Promise<result[]> {
  const results: result[] = []
  const waiting = items.entries()
  const work = async () => {
    for (const [at, item] of waiting) results[at] = await run(item, at)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work))
  return results
}
