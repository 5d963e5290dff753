/**
 * Does all the work, `atOnce` pieces at a time and begun in order. When one fails no further one begins; the failure is
 * thrown once those under way have ended, so that nobody is left working behind the caller's back.
 */
export async function eachOf(work: readonly (() => Promise<void>)[], { atOnce }: { atOnce: number }): Promise<void> {
  const failures: unknown[] = []
  let next = 0
  const takeTurns = async () => {
    for (let piece = work[next++]; piece && failures.length === 0; piece = work[next++])
      await piece().catch((error: unknown) => failures.push(error))
  }
  await Promise.all(Array.from({ length: atOnce }, takeTurns))
  if (failures.length > 0) throw failures[0]
}

/** Waits until both have ended, however they end, before it throws what one of them threw. */
export async function bothOf<one, other>(one: Promise<one>, other: Promise<other>): Promise<[one, other]> {
  await Promise.allSettled([one, other])
  return await Promise.all([one, other])
}
