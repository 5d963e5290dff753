import { type Hex, toHex } from '../bytes.ts'
import type { Operator } from '../chain/index.ts'
import { greeted, NotEnoughOperatorsError, type PartyOptions } from './operators.ts'
import { addressOf } from './record-health.ts'
import type { Looked } from './renew-job.ts'
import { ranked } from './repair-plan.ts'

/**
 * Operators that are to have the n shares of a changed record, in their order: first those that keep one, then others,
 * other organizations first, no two at one address. Asked again it chooses alike. Who does not answer, has no room or
 * leaves is not chosen. Errors: `NotEnoughOperatorsError`.
 */
export async function successorsOf(
  { known, loaded }: Pick<Looked, 'known' | 'loaded'>,
  { n, not }: { readonly n: number; readonly not: ReadonlySet<Hex> },
  options: PartyOptions & { readonly reader: (operator: Operator) => Parameters<typeof greeted>[0] },
): Promise<Operator[]> {
  const { reader, signal } = options
  const asked = known.map(async (one) => {
    const status = not.has(one.id) ? undefined : await greeted(reader(one), { signal })
    return status?.room && !status.leaving ? [one] : []
  })
  const live = (await Promise.all(asked)).flat()
  const keepers = loaded.placement.operators.flatMap((id) => live.filter((one) => one.id === toHex(id)))
  const chosen: Operator[] = []
  const isFree = ({ endpoint }: Operator) => !chosen.some((other) => addressOf(other.endpoint) === addressOf(endpoint))
  for (const keeper of keepers) if (chosen.length < n && isFree(keeper)) chosen.push(keeper)
  while (chosen.length < n) {
    const free = live.filter(isFree)
    const others = free.filter(({ organization }) => !chosen.some((one) => one.organization === organization))
    const [to] = await ranked(others.length > 0 ? others : free, loaded.manifestHash, chosen.length)
    if (!to) throw new NotEnoughOperatorsError({ n, live: chosen.length })
    chosen.push(to)
  }
  return chosen
}
