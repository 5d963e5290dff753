/**
 * Our Reed-Solomon beside github.com/klauspost/reedsolomon (leopard, Go), where Go is there. `npm run bench -- leopard`.
 *
 * Processor time of each process, one thread, ours and theirs alternating in five rounds, medians of the rounds' ratios. Ours
 * is WebAssembly of 128 bits, with rows copied in and out; theirs runs once as wide (SSSE3) and once with whatever this
 * processor has. Losses: every data row; or every tenth row, data and parity, of which the data are rebuilt. Theirs sees
 * all shards that are left, ours t of them.
 */
import { randomBytes } from 'node:crypto'
import { createKernelCode, type KernelCode } from '@sharewell/sdk/share'
import { cpuClock } from './cpu-clock.ts'
import { median } from './rounds.ts'
import { type Leopard, startLeopard } from './share/leopard.ts'
import { drawLeopard } from './share/pictures.ts'
import { keepResults } from './share/results.ts'
import { significant } from './share/row.ts'

const rounds = 5
const least = 25
const clock = await cpuClock()

type Size = { readonly n: number; readonly t: number; readonly bytes: number }
type Acts = Record<'encode' | 'all' | 'tenth', () => void>

const drawn = (count: number, length: number): Uint8Array<ArrayBuffer>[] =>
  Array.from({ length: count }, () => new Uint8Array(randomBytes(length)))

/** Ours: the data rows there are, and the lowest parity rows for those that are lost. */
function ours(code: KernelCode, { n, t, bytes }: Size): Acts {
  const policy = { n, t, r: 0 }
  const length = 64 * Math.ceil(bytes / t / 64)
  const rows = drawn(t, length)
  const parity = drawn(n - t, length)
  code.encodeInto(policy, rows, parity)
  const all = [...rows, ...parity].map((body, index) => ({ index, body }))
  const rebuild = (isLost: (index: number) => boolean) => {
    const parts = all.filter(({ index }) => !isLost(index)).slice(0, t)
    const wanted = rows.filter((_, index) => isLost(index))
    const lost = drawn(wanted.length, length)
    const task = () => code.decodeInto(policy, parts, lost)
    task()
    if (!lost.every((row, i) => Buffer.compare(row, wanted[i] as Uint8Array) === 0))
      throw new Error('Ours does not rebuild.')
    return task
  }
  return {
    encode: () => code.encodeInto(policy, rows, parity),
    all: rebuild((index) => index < Math.min(t, n - t)),
    tenth: rebuild((index) => index % 10 === 3),
  }
}

function spentOn(task: () => void, times: number): number {
  const start = clock()
  for (let i = 0; i < times; i++) task()
  return clock() - start
}

/** How often a task runs for a sample that is long enough. */
async function repeats(spend: (times: number) => number | Promise<number>): Promise<number> {
  for (let times = 1; ; times *= 2) if ((await spend(times)) >= least) return times
}

async function compared(leopard: Leopard, task: () => void, act: string, { n, t, bytes }: Size) {
  const spenders: Record<string, (times: number) => number | Promise<number>> = {
    sharewell: (times) => spentOn(task, times),
    ssse3: (times) => leopard.spend(act, 'ssse3', n, t, bytes, times),
    best: (times) => leopard.spend(act, 'best', n, t, bytes, times),
  }
  const spent: Record<string, number[]> = { sharewell: [], ssse3: [], best: [] }
  const times = new Map<string, number>()
  for (const [name, spend] of Object.entries(spenders)) times.set(name, await repeats(spend))
  for (let round = 0; round < rounds; round++)
    for (const [name, spend] of Object.entries(spenders)) {
      const count = times.get(name) ?? 1
      spent[name]?.push((await spend(count)) / count)
    }
  const own = spent.sharewell ?? []
  const against = (name: string): number =>
    significant(median(own.map((time, at) => (spent[name]?.[at] ?? Number.NaN) / time)))
  const rates = Object.fromEntries(
    Object.entries(spent).map(([name, all]) => [name, significant(bytes / 1e3 / median(all))]),
  )
  return { act, policy: { n, t, r: 0 }, bytes, rates, ratios: { ssse3: against('ssse3'), best: against('best') } }
}

const leopard = await startLeopard()
const code = createKernelCode()
if (!leopard) process.stdout.write('Skipped: there is no Go here. It is at https://go.dev/dl.\n')
else if (!code) throw new Error('This Node runs no kernels.')
else {
  const rows = []
  for (const bytes of [2 ** 20, 2 ** 24])
    for (const n of [100, 300, 1000]) {
      const size = { n, t: n / 2, bytes }
      for (const [act, task] of Object.entries(ours(code, size))) {
        const row = await compared(leopard, task, act, size)
        process.stdout.write(`${JSON.stringify(row)}\n`)
        rows.push(row)
      }
    }
  await leopard.close()
  const versions = { 'github.com/klauspost/reedsolomon': '1.14.2' }
  await keepResults('leopard', 'MB/s of processor time', { versions, rows })
  await drawLeopard()
}
