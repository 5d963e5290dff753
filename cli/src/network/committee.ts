/**
 * The committee of key nodes as a person reads it: who holds a share, and how far the next epoch is.
 * @module
 */
import type { Hex } from '@sharewell/sdk/bytes'
import {
  activatedAt,
  type Ceremony,
  type Chain,
  ceremonyProgress,
  complaintsOf,
  type Epoch,
  type Operator,
  operators,
  silentIn,
  struckIn,
} from '@sharewell/sdk/chain'
import { type ShareStatus, shareStatus } from '@sharewell/sdk/flow/committee'
import { formatMoment } from '../time.ts'
import { type Names, shownAs } from './names.ts'

/** One seat: whose node it is, and whether that node says that it holds its share. */
export type SeatLine = {
  readonly type: 'seat'
  readonly number: number
  readonly operator: Hex
  readonly organization: string
  readonly share: 'held' | 'missing' | 'unreachable'
}

/** How old the shares are, and when the nodes renew them. */
type RefreshLine = {
  readonly type: 'refresh'
  /** When the epoch that serves began to, in seconds. */
  readonly last: number | null
  /** When the first node opens the next refresh; null where none says so. */
  readonly next: number | null
  /** Operators for whose nodes it waits. */
  readonly waitsFor: readonly string[]
}

/** Every seat of an epoch, and the next refresh; nodes are asked side by side. */
export async function seatsOf(chain: Chain, epoch: Epoch, names: Names, signal: AbortSignal): Promise<Seats> {
  const nodes = new Map((await operators(chain, { kind: 'key' }, { signal })).map((node) => [node.id, node]))
  const asked = await Promise.all(
    epoch.members.map(async (operator, at) => {
      const node = nodes.get(operator)
      const said = node && (await shareStatus(node, { signal }))
      const organization = await namedBy(names, node, operator)
      return { said, seat: { type: 'seat' as const, number: at + 1, operator, organization, share: wordOf(said) } }
    }),
  )
  const dues = asked.map(({ said }) => said?.refreshDue).filter((due) => due !== undefined)
  const refresh = {
    type: 'refresh' as const,
    last: (await activatedAt(chain, epoch, { signal })) ?? null,
    next: dues.length > 0 ? Math.min(...dues) : null,
    waitsFor: [...new Set(asked.flatMap(({ said }) => said?.waitsFor ?? []))],
  }
  return { seats: asked.map(({ seat }) => seat), refresh }
}
type Seats = { readonly seats: readonly SeatLine[]; readonly refresh: RefreshLine }

/** The same in a sentence. */
export function refreshWords({ last, next, waitsFor }: RefreshLine, seats: readonly SeatLine[]): string {
  const made = last === null ? '' : `shares of ${formatMoment(last)}; `
  if (next === null) return `${made}no node says when it renews them`
  const whose = seats.filter(({ operator }) => waitsFor.includes(operator)).map(({ organization }) => organization)
  const waits = whose.length > 0 ? `; it waits for ${whose.join(', ')}` : ''
  return `${made}the next refresh is due ${formatMoment(next)}${waits}`
}

/** Why a ceremony failed: who was silent, and who is shown to be at fault. */
export async function failureOf(chain: Chain, ceremony: Ceremony, names: Names, signal: AbortSignal) {
  const nodes = await operators(chain, { kind: 'key' }, { signal })
  const struck = await struckIn(chain, ceremony, { signal })
  const reasons = await Promise.all(
    struck.map(async ({ operator, silent }) => {
      const node = nodes.find(({ id }) => id === operator)
      return `${await namedBy(names, node, operator)} ${silent ? 'was silent' : 'is shown to be at fault'}`
    }),
  )
  const what = ceremony.byMember ? ', a refresh on schedule,' : ''
  return { struck, words: `ceremony ${ceremony.ceremony}${what} failed: ${reasons.join(', ')}` }
}

const namedBy = async (names: Names, node: Operator | undefined, operator: Hex): Promise<string> =>
  node ? shownAs(await names.organization(node.organization), node.organization) : operator

function wordOf(said: ShareStatus | undefined): SeatLine['share'] {
  if (said === undefined) return 'unreachable'
  return said.holds ? 'held' : 'missing'
}

/** How far a ceremony is, in numbers and in a sentence. */
export async function progressOf(chain: Chain, ceremony: Ceremony, signal: AbortSignal) {
  const { packages, revealed, accepted } = await ceremonyProgress(chain, ceremony, { signal })
  const waiting = (await complaintsOf(chain, ceremony, { signal })).filter(({ level }) => level % 2 === 1)
  const silent = await silentIn(chain, ceremony, { signal })
  const counts = {
    committed: packages.filter((hash) => hash !== undefined).length,
    revealed: revealed.filter(Boolean).length,
    accepted: accepted.filter((hash) => hash !== undefined).length,
    complaints: waiting.length,
    silent: silent.dealers.length + silent.members.length,
  }
  const { dealers, members, generation, k, epoch } = ceremony
  const what = generation ? 'a new key' : 'the same key'
  const words =
    `ceremony ${ceremony.ceremony} makes epoch ${epoch}, ${what}, any ${k} of ${members.length}: ` +
    `${counts.committed} of ${dealers.length} dealers committed, ${counts.revealed} showed their package, ` +
    `${counts.accepted} of ${members.length} members accepted` +
    `${counts.complaints > 0 ? `; ${counts.complaints} complaints wait for an answer` : ''}` +
    `${counts.silent > 0 ? `; ${counts.silent} are silent past their time` : ''}`
  return { counts, words }
}
