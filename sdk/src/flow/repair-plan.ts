import { digest } from '#primitives'
import { concat, fromHex, type Hex, toHex, u16 } from '../bytes.ts'
import type { Chain, Operator } from '../chain/index.ts'
import type { StorageClient } from '../place/index.ts'
import { activeOperators, answers, NotEnoughOperatorsError } from './operators.ts'
import { addressOf, type Examined, type ExamineOptions, type ShareHealth } from './record-health.ts'

/** How a record is repaired. */
export type RepairOptions = ExamineOptions & {
  /** Whether a node that is silent, or lost its share, is given up, so that the share is made anew elsewhere. None is. */
  readonly isGone?: ((share: ShareHealth) => boolean) | undefined
  /** Milliseconds that a node may take for one step of a repair with r > 0: 120,000. */
  readonly stepTimeout?: number | undefined
  /** Hears of each chunk that all targets have. */
  readonly onChunk?: (() => void) | undefined
}

/** A share that lies elsewhere now. */
export type Move = { readonly index: number; readonly from: Hex; readonly to: Hex }

/** What was found of a record whose description is there. */
export type Loaded = Examined & { readonly loaded: NonNullable<Examined['loaded']> }

/** What is to be done. */
export type Plan = { readonly refill: readonly ShareHealth[]; readonly move: readonly ShareHealth[] }

/** What is made whole where it is, and what goes elsewhere. */
export function planOf(shares: readonly ShareHealth[], { isGone }: Pick<RepairOptions, 'isGone'>): Plan {
  const wanted = (share: ShareHealth): 'refill' | 'move' | undefined => {
    const { state, leaving } = share
    if (state === 'silent') return isGone?.(share) ? 'move' : undefined
    // Without a leaf list nobody can tell whether what is made is the share.
    if (state === 'unproved') return undefined
    if (leaving || state === 'closed' || state === 'wrong' || state === 'doubled') return 'move'
    if (state !== 'missing') return undefined
    return isGone?.(share) ? 'move' : 'refill'
  }
  const to = (what: 'refill' | 'move') => shares.filter((share) => wanted(share) === what)
  return { refill: to('refill'), move: to('move') }
}

/** Where a share goes. */
export type NewHome = { readonly share: ShareHealth; readonly to: Operator; readonly reader: StorageClient }

/** An operator for each share that moves: other organizations first, and the same ones when it is done again.
 * `suits` says who may be asked at all. Errors: `NotEnoughOperatorsError`. */
export async function chooseNew(
  chain: Chain,
  { health, holders, loaded }: Examined,
  shares: readonly ShareHealth[],
  { read, suits = () => true, signal }: chooseNew.Options,
): Promise<NewHome[]> {
  if (shares.length === 0) return []
  const used = new Set(health.shares.map(({ operator }) => operator))
  const keep = health.shares.filter((share) => !shares.includes(share))
  const organizations = new Set(keep.map(({ organization }) => organization))
  const addresses = new Set(
    holders.filter(({ operator }) => keep.some((share) => share.operator === operator)).map(({ address }) => address),
  )
  const known = await activeOperators(chain, 'storage', { signal })
  const active = known.filter((one) => !used.has(one.id) && suits(one))
  const asked = await Promise.all(active.map(async (one) => ((await answers(one, { signal })) ? [one] : [])))
  const left = new Set(asked.flat())
  const homes: NewHome[] = []
  for (const share of shares) {
    const free = [...left].filter(({ endpoint }) => !addresses.has(addressOf(endpoint)))
    const others = free.filter(({ organization }) => !organizations.has(organization))
    const [to] = await ranked(others.length > 0 ? others : free, loaded?.manifestHash ?? '0x', share.index)
    if (!to) throw new NotEnoughOperatorsError({ n: shares.length, live: homes.length })
    left.delete(to)
    addresses.add(addressOf(to.endpoint))
    organizations.add(to.organization)
    homes.push({ share, to, reader: read(to) })
  }
  return homes
}

export declare namespace chooseNew {
  type Options = Pick<RepairOptions, 'read' | 'signal'> & {
    readonly suits?: ((operator: Operator) => boolean) | undefined
  }
}

/** In an order that the record and the share fix, so that records spread and a repetition chooses alike. */
export async function ranked(operators: readonly Operator[], manifestHash: Hex, index: number): Promise<Operator[]> {
  const marked = await Promise.all(
    operators.map(async (operator) => {
      const mark = await digest(concat(fromHex(manifestHash), u16(index), fromHex(operator.id, 16)))
      return { operator, mark: toHex(mark) }
    }),
  )
  return marked.sort((a, b) => (a.mark < b.mark ? -1 : 1)).map(({ operator }) => operator)
}
