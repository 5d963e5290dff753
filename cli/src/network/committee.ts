/**
 * The committee of key nodes as a person reads it: who holds a share, and how far the next epoch is.
 * @module
 */
import type { Hex } from '@sharewell/sdk/bytes'
import {
  type Ceremony,
  type Chain,
  ceremonyProgress,
  complaintsOf,
  type Epoch,
  type Operator,
  operators,
  silentIn,
} from '@sharewell/sdk/chain'
import { nodeHolds } from '@sharewell/sdk/flow/committee'
import { type Names, shownAs } from './names.ts'

/** One seat: whose node it is, and whether that node says that it holds its share. */
export type SeatLine = {
  readonly type: 'seat'
  readonly number: number
  readonly operator: Hex
  readonly organization: string
  readonly share: 'held' | 'missing' | 'unreachable'
}

/** Every seat of an epoch; nodes are asked side by side. */
export async function seatsOf(chain: Chain, epoch: Epoch, names: Names, signal: AbortSignal): Promise<SeatLine[]> {
  const nodes = new Map((await operators(chain, { kind: 'key' }, { signal })).map((node) => [node.id, node]))
  return await Promise.all(
    epoch.members.map(async (operator, at) => {
      const node = nodes.get(operator)
      const share = node ? await shareAt(node, signal) : 'unreachable'
      const organization = node ? shownAs(await names.organization(node.organization), node.organization) : operator
      return { type: 'seat' as const, number: at + 1, operator, organization, share }
    }),
  )
}

async function shareAt(node: Operator, signal: AbortSignal): Promise<SeatLine['share']> {
  const holds = await nodeHolds(node, { signal })
  if (holds === undefined) return 'unreachable'
  return holds ? 'held' : 'missing'
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
