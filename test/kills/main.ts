/**
 * Kills processes of a real network while people deposit, decide and read, and holds what they were told against what is
 * there afterwards: `npm run test:kills -- --kills 100 --seed 1`. With `--committee`, it kills key nodes while they make,
 * refresh and pass on their key.
 *
 * @module
 */
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Check, checkPeople } from './check.ts'
import { checkJournal, checkServiceLogs } from './check-chain.ts'
import { checkReleases } from './check-releases.ts'
import { killCommittee } from './committee/main.ts'
import { startCommitteeWorld } from './committee/world.ts'
import { killMany } from './killer.ts'
import { startCrowd } from './people.ts'
import { createRandom } from './random.ts'
import { createTally, type Tally } from './tally.ts'
import { startWorld, type World } from './world.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    committee: { type: 'boolean', default: false },
    folder: { type: 'string', default: path.join(tmpdir(), `sharewell-kills-${process.pid}`) },
    keep: { type: 'boolean', default: false },
  },
})

const started = performance.now()
const print = (text: string) => void process.stdout.write(`${text}\n`)
const say = (what: string, text: string) =>
  print(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${what.padEnd(8)} ${text}`)

/** Runs the network through its kills; returns what was held against what. */
async function run(world: World, tally: Tally): Promise<Check[]> {
  const seed = Number(values.seed)
  const crowd = startCrowd(world, tally, createRandom(seed + 1))
  const random = createRandom(seed)
  await killMany(world, crowd, { kills: Number(values.kills), tally, random, say: (text) => say('kill', text) })
  say('calm', 'no more kills; everybody ends what they began')
  await crowd.stop()
  say('check', 'holding what people were told against what is there')
  const checks = await checkPeople(world, tally)
  // What key nodes gave out they tell the chain within seconds, in batches.
  await new Promise((resolve) => setTimeout(resolve, 15_000))
  for (const part of world.parts.filter(({ kind }) => kind === 'key-node')) await part.stop()
  checks.push(...(await checkReleases(world)), await checkJournal(world), await checkServiceLogs(world))
  return checks
}

async function ofNetwork() {
  const world = await startWorld(values.folder, say)
  return { world, running: run(world, tally) }
}

async function ofCommittee() {
  const world = await startCommitteeWorld(values.folder, say)
  const options = { kills: Number(values.kills), seed: Number(values.seed), tally, say }
  return { world, running: killCommittee(world, options) }
}

function table({ counts }: Tally, checks: readonly Check[], world: Pick<World, 'parts'>): string {
  const rows = checks.map(
    ({ what, held, wrong }) => `${wrong.length === 0 ? 'ok   ' : 'WRONG'}  ${String(held).padStart(6)}  ${what}`,
  )
  const wrong = checks.flatMap(({ what, wrong }) => wrong.slice(0, 10).map((one) => `  ${what}: ${one}`))
  const happened = [...counts].toSorted().map(([name, times]) => `${String(times).padStart(6)}  ${name}`)
  const slowest = Math.max(...world.parts.map((part) => part.slowest))
  return [
    '',
    ...happened,
    '',
    ...rows,
    ...wrong,
    '',
    `${(slowest / 1000).toFixed(1)} s: the longest that a part took to answer after its start`,
  ].join('\n')
}

const tally = createTally()
say('start', `seed ${values.seed}, ${values.kills} kills`)
const { world, running } = values.committee ? await ofCommittee() : await ofNetwork()
const checks = await running.catch((error: unknown): Check[] => [
  { what: 'the checks could be made', held: 0, wrong: [String(error).slice(0, 500), ...tally.violations] },
])
await world.close()
print(table(tally, checks, world))
const failed = checks.filter(({ wrong }) => wrong.length > 0).length
print(`\n${checks.length - failed} passed, ${failed} failed`)
if (values.keep || failed > 0) print(`The network is kept in ${values.folder}`)
else await rm(values.folder, { recursive: true, force: true })
process.exit(failed === 0 ? 0 : 1)
