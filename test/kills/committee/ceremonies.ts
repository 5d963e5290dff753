import type { Hex } from '@sharewell/sdk/bytes'
import { type CeremonyPlan, ceremonyCall, ceremonyOf, ceremonyProgress, latestCeremony } from '@sharewell/sdk/chain'
import { planResharing } from '@sharewell/sdk/flow/committee'
import { agree } from '../../../scripts/network/council.ts'
import { type Call, call } from '../process.ts'
import type { Random } from '../random.ts'
import { count, type Tally } from '../tally.ts'
import type { CommitteeWorld } from './world.ts'

/** The council opening ceremonies, and whoever carries their messages. */
export type Ceremonies = {
  /** The calls of `sharewell committee run` that run now. */
  readonly calls: ReadonlySet<Call>
  /** Resolves when the ceremony under way is over. */
  stop(): Promise<void>
}

/** What the council wants next. */
export type Wish = 'generation' | 'refresh' | 'resharing'

/** Seconds that each step has: a node that is killed is back long before. */
const window = 180

/** Has one ceremony after another run, each drawn from `wishes`, until it is told to stop. */
export function startCeremonies(
  world: CommitteeWorld,
  { tally, random, wishes }: { tally: Tally; random: Random; wishes: readonly [Wish, ...Wish[]] },
): Ceremonies {
  const calls = new Set<Call>()
  let stopped = false
  const running = (async () => {
    while (!stopped) {
      const wish = random.pick(wishes)
      count(tally, `${wish}: ${await runOne(world, { wish, random, calls })}`)
    }
  })()
  return {
    calls,
    async stop() {
      stopped = true
      await running
    },
  }
}

/** Opens one ceremony and carries it to its end, whatever is killed meanwhile; returns how it ended. */
export async function runOne(
  world: CommitteeWorld,
  { wish, random, calls }: { wish: Wish; random: Random; calls: Set<Call> },
): Promise<string> {
  const { chain, council, folder } = world
  const opened = await persist(async () => {
    const plan = await planFor(world, wish, random)
    await agree(council, [ceremonyCall(chain.network, plan)])
    return await latestCeremony(chain)
  })
  for (;;) {
    const carrier = call(['committee', 'run', '--as', 'hospital-1'], { folder, kind: 'committee run' })
    calls.add(carrier)
    const { killed } = await carrier.ended
    calls.delete(carrier)
    const ended = await persist(() => endOf(world, opened))
    if (ended !== 'open') return killed ? `${ended}, its carrier killed` : ended
  }
}

/** How a ceremony, or the last of those that went on without somebody, ended. */
async function endOf({ chain }: CommitteeWorld, first: number): Promise<string> {
  const found = await ceremonyOf(chain, { ceremony: Math.max(first, await latestCeremony(chain)) })
  if (!found || found.state === 'open') return 'open'
  return found.ceremony > first ? `${found.state} without all` : found.state
}

async function planFor({ chain, nodes }: CommitteeWorld, wish: Wish, random: Random): Promise<CeremonyPlan> {
  const all = nodes.map(({ id }) => id)
  if (wish === 'generation') return { generation: true, k: 3, dealers: [], members: all, window }
  if (wish === 'refresh') return await planResharing({ chain, window })
  const members = some(all, 3 + random.below(all.length - 2), random)
  return await planResharing({ chain, k: 2 + random.below(members.length - 1), members, window })
}

function some(from: readonly Hex[], many: number, random: Random): Hex[] {
  const drawn = from.map((id) => ({ id, at: random.next() })).toSorted((a, b) => a.at - b.at)
  return drawn.slice(0, many).map(({ id }) => id)
}

/** Where the ceremony stands at this moment, in a few words. */
export async function whereItStands({ chain }: CommitteeWorld): Promise<string> {
  const ceremony = await latestCeremony(chain)
  const found = await ceremonyOf(chain, { ceremony })
  if (found?.state !== 'open') return 'between ceremonies'
  const kind = found.generation ? 'a generation' : 'a resharing'
  const { packages, revealed, accepted } = await ceremonyProgress(chain, { ceremony })
  if (packages.includes(undefined)) return `while dealers commit, in ${kind}`
  if (revealed.includes(false)) return `while dealers reveal, in ${kind}`
  return `while members ${accepted.some(Boolean) ? 'accept' : 'take shares'}, in ${kind}`
}

const mostTries = 200

/** Does it again until nothing was killed under it. */
export async function persist<T>(task: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await task()
    } catch (error) {
      if (tries >= mostTries) throw error
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}
