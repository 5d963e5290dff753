/**
 * A committee under load. `npm run bench -- load`.
 *
 * 200 readers of five hospitals ask five key nodes, each a process of its own, for keys under consent: sign, log on
 * chain, ask k + 1 of them, combine, unwrap. One node is killed (SIGKILL) and started again, one signs false partials
 * all the time. Every fifth request is for a record that nobody shared with its reader. Each key that comes out is
 * compared with the one that was wrapped. Chain and readers share one process; `AT_ONCE` of the readers ask at a time,
 * because that many keep the machine's processors busy. Then where a doctor's whole retrieval spends its time.
 *
 * `SECONDS=60 READERS=200 AT_ONCE=6 RECORDS=40 npm run bench -- load`; ten minutes by default.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { processesBelow } from '../scripts/measure/processes.ts'
import { sharesIn } from './load/profile.ts'
import { ask, blames, type Outcome } from './load/readers.ts'
import { timeRetrieves } from './load/retrieve.ts'
import { startWorld, type World } from './load/world.ts'

const numberOf = (name: string, standard: number) => Math.max(1, Number(process.env[name]) || standard)
const seconds = numberOf('SECONDS', 600)
const count = numberOf('READERS', 200)
const atOnce = numberOf('AT_ONCE', 6)
const records = Math.max(2, numberOf('RECORDS', 40))
const say = (line: string) => process.stdout.write(`${line}\n`)
const round = (value: number) => Math.round(10 * value) / 10

/** Kills the second node after 40 % of the time and starts it again after 60 %. */
function killOne({ nodes }: World): { readonly done: Promise<void>; readonly times: { killed: number; back: number } } {
  const times = { killed: 0, back: 0 }
  const start = performance.now()
  const at = async (share: number) => {
    const wait = share * seconds * 1000 - (performance.now() - start)
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)))
    return round((performance.now() - start) / 1000)
  }
  const done = (async () => {
    times.killed = await at(0.4)
    await nodes[1]?.kill()
    await at(0.6)
    await nodes[1]?.start()
    times.back = round((performance.now() - start) / 1000)
  })()
  return { done, times }
}

function percentiles(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b)
  const of = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)
  return { p50: of(0.5), p95: of(0.95), p99: of(0.99) }
}

function tally(outcomes: readonly Outcome[]) {
  const opened = outcomes.filter(({ permitted, end }) => permitted && end === 'OPENED')
  const permitted = outcomes.filter((one) => one.permitted)
  const foreign = outcomes.filter((one) => !one.permitted)
  const failed = permitted.filter(({ end }) => end !== 'OPENED')
  const took = Math.max(...outcomes.map(({ at }) => at))
  const codes: Record<string, number> = {}
  for (const code of failed.flatMap((one) => one.codes)) codes[code] = (codes[code] ?? 0) + 1
  return {
    requests: outcomes.length,
    perSecond: round(outcomes.length / took),
    opened: opened.length,
    failed: failed.length,
    failureRate: Math.round((1000 * failed.length) / Math.max(1, permitted.length)) / 1000,
    failures: codes,
    asked: foreign.length,
    refused: foreign.filter(({ end }) => end === 'REFUSED').length,
    wronglyReleased: outcomes.filter(({ end, permitted }) => end === 'OTHER_KEY' || (!permitted && end === 'OPENED'))
      .length,
    logMs: percentiles(opened.map(({ logged }) => logged)),
    releaseMs: percentiles(opened.map(({ released }) => released)),
    wholeMs: percentiles(opened.map(({ logged, released }) => logged + released)),
  }
}

const load = () => round(os.loadavg()[0] ?? 0)
const before = load()
say(`${count} readers, ${records} records, 3 of 5 key nodes; ${seconds} s`)
const world = await startWorld({ count, records })
const killing = killOne(world)
const outcomes = await ask(world, { seconds, atOnce })
await killing.done
const cpu = (await processesBelow(process.pid)).map(({ pid, cpu }) => ({
  reader: pid === process.pid,
  cpu: round(cpu),
}))
await world.close()
const profile = await sharesIn(world.profiles)
await world.remove()
const retrieves = await timeRetrieves([2_000, 1_000_000], 8)

const result = {
  ...tally(outcomes),
  blamed: blames(outcomes, world.liar),
  killed: killing.times,
  cpuSeconds: {
    readersAndChain: round(cpu.filter(({ reader }) => reader).reduce((sum, one) => sum + one.cpu, 0)),
    keyNodes: round(cpu.filter(({ reader }) => !reader).reduce((sum, one) => sum + one.cpu, 0)),
  },
  profile,
  retrieves,
}
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
const machine = {
  cpu: os.cpus()[0]?.model,
  cores: os.cpus().length,
  node: process.version,
  nice: os.getPriority(),
  loadBefore: before,
  loadAfter: load(),
}
const parameters = { seconds, readers: count, atOnce, records }
const file = path.join(import.meta.dirname, 'results', 'load.json')
await mkdir(path.dirname(file), { recursive: true })
await writeFile(file, `${JSON.stringify({ commit, machine, parameters, ...result }, null, 2)}\n`)
say(JSON.stringify(result, null, 2))
if (result.wronglyReleased > 0) process.exitCode = 1
