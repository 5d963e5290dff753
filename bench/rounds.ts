import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { cpuClock } from './cpu-clock.ts'

/** Something to time. It may wait. */
export type Task = () => unknown

const clock = await cpuClock()

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
/** What the last task left is cleared away before the next one's time runs: twice, since the first pass goes on behind. */
const clearAway = () => {
  collect()
  collect()
}

/** Milliseconds that a task runs before it counts: engines compile in tiers, WebAssembly too. */
const warmUp = 250

/** How often a task runs for one sample of at least `least` milliseconds, found while it warms up. */
async function repeats(task: Task, least: number): Promise<number> {
  for (let times = 1, all = 0; ; ) {
    const spent = await spentOn(task, times)
    all += spent
    if (spent >= least && all >= warmUp) return times
    if (spent >= least) continue
    times = Math.ceil(times * Math.min(20, Math.max(1.5, (1.1 * least) / Math.max(spent, 0.01))))
  }
}

async function spentOn(task: Task, times: number): Promise<number> {
  clearAway()
  const start = clock()
  for (let i = 0; i < times; i++) await task()
  return clock() - start
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Processor time of one call in milliseconds: the median of the rounds, and each round. */
export type Timed = { readonly median: number; readonly rounds: readonly number[] }

/**
 * Times tasks side by side: in every round each of them once, one after the other, so that what else the machine does
 * falls on all of them. Processor time, not wall time.
 */
export async function timed<name extends string>(
  tasks: Record<name, Task>,
  { rounds = 5, least = 15 }: { rounds?: number; least?: number } = {},
): Promise<Record<name, Timed>> {
  const names = Object.keys(tasks) as name[]
  const times = new Map<name, number>()
  const spent = new Map<name, number[]>(names.map((name) => [name, []]))
  for (const name of names) times.set(name, await repeats(tasks[name], least))
  for (let round = 0; round < rounds; round++)
    for (const name of names) {
      const count = times.get(name) ?? 1
      spent.get(name)?.push((await spentOn(tasks[name], count)) / count)
    }
  const result = (name: name): Timed => {
    const all = spent.get(name) ?? []
    return { median: median(all), rounds: all }
  }
  return Object.fromEntries(names.map((name) => [name, result(name)])) as Record<name, Timed>
}
