import type { Call } from './process.ts'
import type { Random } from './random.ts'
import { count, type Tally } from './tally.ts'
import type { Part, World } from './world.ts'

/** Most parts that lie down at once. */
const mostDown = 4

/**
 * Kills processes, one after the other and drawn at random: parts of the network, which are started again a moment
 * later, and commands of depositors and readers, whose callers call them again. Returns once all parts are up again.
 */
export async function killMany(world: Killed, crowd: Callers, options: killMany.Options): Promise<void> {
  const { kills, tally, random, say, during } = options
  const down = new Set<Promise<void>>()
  for (let at = 1; at <= kills; at++) {
    await pause(1_000 + random.below(3_000))
    while (down.size >= mostDown) await Promise.race(down)
    const victim = choose(world, crowd, random)
    count(tally, `kill -9 ${victim.kind}`)
    const when = await during?.()
    if (when) count(tally, `killed ${when}`)
    say(`kill ${at} of ${kills}: ${victim.name}${when ? ` ${when}` : ''}`)
    await victim.kill()
    // Whoever called a command calls it again.
    if (!('start' in victim)) continue
    const again = back(victim, random.below(2_000), tally)
    down.add(again)
    void again.finally(() => down.delete(again))
  }
  await Promise.all(down)
}

export declare namespace killMany {
  type Options = {
    readonly kills: number
    readonly tally: Tally
    readonly random: Random
    readonly say: (text: string) => void
    /** What was going on, in a few words. */
    readonly during?: () => Promise<string>
  }
}

type Killed = Pick<World, 'parts'>
type Callers = { readonly calls: ReadonlySet<Call> }

/** Depositors and readers as often as all that serve them; the chain at every tenth, because nothing goes on without it. */
function choose({ parts }: Killed, { calls }: Callers, random: Random): Part | Call {
  const up = parts.filter((part) => part.up)
  const chain = up.find(({ kind }) => kind === 'chain')
  const running = [...calls]
  const deposit = running.find(({ kind }) => kind === 'deposit')
  const reader = running.find(({ kind }) => kind === 'retrieve')
  const carrier = running.find(({ kind }) => kind === 'committee run')
  const [first, ...others] = up.filter(({ kind }) => kind !== 'chain')
  const rest = first && random.pick([first, ...others])
  const all = [chain, deposit, deposit, reader, reader, carrier, rest, rest, rest, rest, rest]
  const [one, ...more] = all.filter((each) => each !== undefined)
  if (!one) throw new Error('Nothing runs.')
  return random.pick([one, ...more])
}

/** Starts of one part before it counts as lost. On a slow machine, or while the chain is down, some take too long. */
const mostStarts = 10

/** Starts a part again, as whoever runs it would: again and again. */
async function back(part: Part, after: number, tally: Tally): Promise<void> {
  await pause(after)
  for (let tries = 1; ; tries++) {
    try {
      return await part.start()
    } catch (error) {
      count(tally, `slow start of a ${part.kind}`)
      if (tries < mostStarts) continue
      tally.violations.push(`${part.name} does not come up again: ${String(error).slice(0, 500)}`)
      return
    }
  }
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
