import { randomBytes } from '#primitives'

/**
 * Items in random order, so that nobody carries the load of all or sees every reader first.
 * Fisher and Yates; four random bytes a draw bias it by less than n / 2^32.
 */
export function shuffled<T>(items: readonly T[]): T[] {
  const mixed = [...items]
  for (let last = mixed.length - 1; last > 0; last--) {
    const drawn = new DataView(randomBytes(4).buffer).getUint32(0) % (last + 1)
    const swap = mixed[drawn] as T
    mixed[drawn] = mixed[last] as T
    mixed[last] = swap
  }
  return mixed
}
