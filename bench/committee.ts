/**
 * How long key nodes take to make, refresh and pass on the release key. `npm run bench -- committee`.
 *
 * - network: real key nodes over HTTP and the real contract on a local chain that mines at once, all in one process on
 *   one core: hospitals have a machine each. From the opening of the ceremony until its epoch serves and old shares are
 *   erased.
 * - algebra: the curve operations of all parties, one after another, without seals, disk, HTTP and chain.
 *
 * Resharing: one node leaves, one joins, k stays. One run each by default; `RUNS=8` for a mean.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { generateCommitteeKey, reshareCommittee } from '@sharewell/sdk/flow/committee'
import { frameOf, run } from '../test/helpers/ceremony.ts'
import { registerHospitals, startKeyNodes } from '../test/helpers/committee.ts'
import { startNetwork } from '../test/helpers/network.ts'

type Times = { readonly generation: number; readonly refresh: number; readonly resharing: number }
type Row = { readonly k: number; readonly h: number; readonly network: Times; readonly algebra: Times }

const sizes = [
  { k: 3, h: 5 },
  { k: 4, h: 7 },
  { k: 11, h: 16 },
] as const
const runs = Math.min(8, Math.max(1, Number(process.env.RUNS) || 1))
const quick = { interval: 20 }
const acts = ['generation', 'refresh', 'resharing'] as const

async function timed<T>(task: () => T | Promise<T>): Promise<readonly [number, T]> {
  const start = performance.now()
  const result = await task()
  return [Math.round(performance.now() - start), result]
}

/** On nodes and a chain of their own. */
async function overNetwork({ k, h }: { k: number; h: number }): Promise<Times> {
  const net = await startNetwork()
  const started = await startKeyNodes(net, await registerHospitals(net, h + 1), { ceremonyInterval: 3_600_000 })
  try {
    const chain = await net.as(net.admin)
    const nodes = started.operators.slice(0, h)
    const [generation] = await timed(() => generateCommitteeKey({ chain, nodes, k }, quick))
    const [refresh] = await timed(() => reshareCommittee({ chain }, quick))
    const members = started.operators.slice(1).map(({ id }) => id)
    const [resharing] = await timed(() => reshareCommittee({ chain, members }, quick))
    return { generation, refresh, resharing }
  } finally {
    await started.close()
    await net.close()
  }
}

/** In memory. */
async function algebraOf({ k, h }: { k: number; h: number }): Promise<Times> {
  const dealers = Array.from({ length: h }, (_, at) => at + 1)
  const [generation, made] = await timed(() => run(frameOf({ k, h, dealers })))
  const [refresh, held] = await timed(() => run(frameOf({ k, h, dealers, held: made }), made))
  const [resharing] = await timed(() => run(frameOf({ k, h, dealers, held }), held))
  return { generation, refresh, resharing }
}

function mean(all: readonly Times[]): Times {
  const of = (act: (typeof acts)[number]) => Math.round(all.reduce((sum, times) => sum + times[act], 0) / all.length)
  return { generation: of('generation'), refresh: of('refresh'), resharing: of('resharing') }
}

const rows: Row[] = []
for (const size of sizes) {
  const measured = { network: [] as Times[], algebra: [] as Times[] }
  for (let run = 0; run < runs; run++) {
    measured.network.push(await overNetwork(size))
    measured.algebra.push(await algebraOf(size))
  }
  const row = { ...size, network: mean(measured.network), algebra: mean(measured.algebra) }
  rows.push(row)
  for (const act of acts)
    process.stdout.write(
      `${size.k} of ${size.h}  ${act.padEnd(10)}  network ${row.network[act]} ms  algebra ${row.algebra[act]} ms\n`,
    )
}
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
const machine = { cpu: os.cpus()[0]?.model, cores: os.cpus().length, node: process.version }
const file = path.join(import.meta.dirname, 'results', 'committee.json')
await mkdir(path.dirname(file), { recursive: true })
await writeFile(file, `${JSON.stringify({ commit, machine, runs, unit: 'ms', rows }, null, 2)}\n`)
