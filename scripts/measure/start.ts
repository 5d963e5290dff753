/**
 * Measures `npm start`: how long until the first page and until everything is ready, how much processor time that
 * takes, and the memory of all its processes together, shared pages counted once (PSS). Each way of running is started
 * on nothing, and again on what that start left.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { buildWeb } from '../network/web.ts'
import { processesBelow } from './processes.ts'
import { type Column, head, mebibytes, row, seconds } from './table.ts'

const help = `npm run measure start [-- OPTIONS]

  --mode MODE       shared or processes (default: one after the other)
  --no-web          without the dApp
  --rest SECONDS    how long it runs on before memory is measured (default: 10)
  --json FILE       write the results there as well`

const { values: options } = parseArgs({
  options: {
    mode: { type: 'string' },
    'no-web': { type: 'boolean', default: false },
    rest: { type: 'string', default: '10' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const root = path.join(import.meta.dirname, '../..')
/** Bytes that all processes together may take, by mode, and milliseconds until the first page of a later start. */
const allowed = { shared: 1.5e9, processes: 3e9 } as const
const allowedPage = 20_000

type Mode = keyof typeof allowed
type Marks = Partial<Record<'chain' | 'nodes' | 'dApp' | 'ready' | 'records', number>>
type Result = {
  readonly mode: Mode
  readonly start: 'first' | 'second'
  /** Milliseconds since the command until each line that it printed. */
  readonly marks: Marks
  /** Seconds of processor time until it was ready, and until all records were there. */
  readonly cpuReady: number
  readonly cpuRecords: number
  /** PSS of all processes: at rest, and the most that was seen. */
  readonly memory: number
  readonly peak: number
  readonly processes: number
}

const columns: readonly Column[] = [
  { title: 'mode', width: 9 },
  { title: 'start', width: 6 },
  { title: 'chain s', width: 7, right: true },
  { title: 'nodes s', width: 7, right: true },
  { title: 'page s', width: 7, right: true },
  { title: 'ready s', width: 7, right: true },
  { title: 'cpu s', width: 6, right: true },
  { title: 'records s', width: 9, right: true },
  { title: 'cpu s', width: 6, right: true },
  { title: 'procs', width: 5, right: true },
  { title: 'rest MiB', width: 8, right: true },
  { title: 'peak MiB', width: 8, right: true },
]

async function main(signal: AbortSignal): Promise<boolean> {
  const modes = (['shared', 'processes'] as const).filter((mode) => options.mode === undefined || options.mode === mode)
  if (modes.length === 0) throw new Error('--mode is shared or processes.')
  await using left = new AsyncDisposableStack()
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-start-'))
  left.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  if (!options['no-web']) {
    const started = performance.now()
    const built = await buildWeb(path.join(folder, 'build.log'), signal)
    console.log(built ? `pages built in ${seconds(performance.now() - started)} s` : 'pages were built before')
  }
  console.log(head(columns))
  const results: Result[] = []
  for (const mode of modes)
    for (const start of ['first', 'second'] as const) {
      const result = await measure(mode, start, path.join(folder, mode), signal)
      results.push(result)
      console.log(row(columns, cells(result)))
    }
  if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`)
  return verdict(results)
}

async function measure(mode: Mode, start: Result['start'], folder: string, signal: AbortSignal): Promise<Result> {
  const words = ['--folder', folder, '--any-ports']
  if (mode === 'processes') words.push('--processes')
  if (options['no-web']) words.push('--no-web')
  const began = performance.now()
  const child = spawn(process.execPath, [path.join(root, 'scripts/start.mjs'), ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  })
  const watch = watchMemory(child)
  try {
    const marks: Marks = {}
    let cpuReady = 0
    for await (const line of createInterface({ input: child.stdout })) {
      const [, name = ''] = /^(chain|nodes|dApp|ready|records) /.exec(line) ?? []
      if (name !== '') marks[name as keyof Marks] = performance.now() - began
      if (name === 'ready') cpuReady = (await usedBy(child)).cpu
      if (line.includes('Ctrl-C')) break
    }
    if (marks.records === undefined) throw new Error('The network stopped before its records were there.')
    const { cpu: cpuRecords } = await usedBy(child)
    await new Promise((resolve) => setTimeout(resolve, Number(options.rest) * 1000))
    const { memory, processes } = await usedBy(child)
    return { mode, start, marks, cpuReady, cpuRecords, memory, processes, peak: Math.max(memory, watch.peak()) }
  } finally {
    watch.stop()
    await stop(child)
  }
}

async function usedBy({ pid = 0 }: ChildProcess): Promise<{ cpu: number; memory: number; processes: number }> {
  const all = await processesBelow(pid)
  return {
    cpu: all.reduce((sum, { cpu }) => sum + cpu, 0),
    memory: all.reduce((sum, { proportional }) => sum + proportional, 0),
    processes: all.length,
  }
}

/** Looks at the memory every two seconds; a look costs the kernel a walk through all pages. */
function watchMemory(child: ChildProcess): { peak(): number; stop(): void } {
  let peak = 0
  const timer = setInterval(async () => {
    peak = Math.max(peak, (await usedBy(child)).memory)
  }, 2_000)
  return { peak: () => peak, stop: () => clearInterval(timer) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await gone
}

function cells({ mode, start, marks, cpuReady, cpuRecords, processes, memory, peak }: Result) {
  const at = (mark: keyof Marks) => (marks[mark] === undefined ? '' : seconds(marks[mark]))
  const [chain, nodes, page, ready, records] = [at('chain'), at('nodes'), at('dApp'), at('ready'), at('records')]
  const sizes = [mebibytes(memory), mebibytes(peak)]
  return [
    mode,
    start,
    chain,
    nodes,
    page,
    ready,
    cpuReady.toFixed(1),
    records,
    cpuRecords.toFixed(1),
    processes,
    ...sizes,
  ]
}

function verdict(results: readonly Result[]): boolean {
  const faults = results.flatMap(({ mode, start, marks, peak }) => [
    ...(peak >= allowed[mode] ? [`${mode}: ${mebibytes(peak)} MiB of ${mebibytes(allowed[mode])}`] : []),
    ...(start === 'second' && (marks.dApp ?? 0) >= allowedPage
      ? [`${mode}: first page after ${seconds(marks.dApp ?? 0)} s`]
      : []),
  ])
  console.log(faults.length === 0 ? '\nwithin all limits' : `\nnot within limits: ${faults.join('; ')}`)
  return faults.length === 0
}

if (options.help) console.log(help)
else {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort())
  try {
    if (!(await main(interrupted.signal))) process.exitCode = 1
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}
