/**
 * How much memory a deposit and a retrieval take, however long the record is. `npm run bench -- memory`.
 *
 * One process deposits a record from a generator, another one reads it back and compares every byte. First into stores that
 * only count (for the reader they make the shares again, in its own process), then on real storage nodes on disk over
 * HTTP, in a third process. Memory is the most that the system saw of a process (maxRSS), threads and all.
 *
 * `GB=10 NODES_GB=2 npm run bench -- memory`, 0 to leave one out; `MOST_MINUTES=120` ends each process that takes longer.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { MemoryJob, MemoryReport, NodeAt } from './memory/job.ts'
import { writeResults } from './results.ts'

const numberOf = (name: string, standard: number) => Number(process.env[name] ?? standard)
const compiled = path.join(import.meta.dirname, '..', 'node_modules', '.cache', 'compile')
const most = 300
const policy = { n: 5, t: 3, r: 0 }
const timeout = numberOf('MOST_MINUTES', 120) * 60_000

const mains = {
  deposit: new URL('./memory/deposit.ts', import.meta.url),
  read: new URL('./memory/read.ts', import.meta.url),
  nodes: new URL('./memory/nodes.ts', import.meta.url),
}

/** The heaps that `sharewell` and `npm start` ask for: with Node's usual ones each process takes some 100 MB more. */
const heaps = {
  deposit: '--optimize-for-size',
  read: '--optimize-for-size',
  nodes: '--max-semi-space-size=4',
}

/** Starts one of the bench's processes. Its last line is what it found. */
function start(name: keyof typeof mains, argument: string, more: NodeJS.ProcessEnv = {}) {
  // As `npm start` runs services: sources that were compiled once are not compiled again.
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled, ...more }
  const child = spawn(process.execPath, [heaps[name], fileURLToPath(mains[name]), argument], {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout,
    env,
  })
  const lines = createInterface({ input: child.stdout })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${name} ended with ${code}.`))))
  })
  ended.catch(() => undefined)
  const line = new Promise<string>((resolve) => lines.once('line', resolve))
  return { child, ended, line: Promise.race([line, ended.then(() => '')]) }
}

async function found(name: 'deposit' | 'read', job: MemoryJob): Promise<MemoryReport> {
  const { line, ended } = start(name, JSON.stringify(job))
  const text = await line
  await ended
  return JSON.parse(text) as MemoryReport
}

async function measure(where: string, gigabytes: number, nodes: readonly NodeAt[]) {
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-memory-'))
  try {
    const job: MemoryJob = { policy, length: Math.round(gigabytes * 1e9), folder, nodes }
    const row = { where, policy, gigabytes, deposit: await found('deposit', job), read: await found('read', job), most }
    for (const act of ['deposit', 'read'] as const) {
      const { megabytesAtMost, seconds, processorSeconds } = row[act]
      const line = `${where}, ${gigabytes} GB, ${act}: ${megabytesAtMost} MB at most (aim ${most}), ${seconds} s, ${processorSeconds} s of processor time\n`
      process.stdout.write(line)
    }
    return row
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function onNodes(gigabytes: number) {
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-nodes-'))
  const { child, line, ended } = start('nodes', String(policy.n), { TMPDIR: folder })
  try {
    return await measure('storage nodes', gigabytes, JSON.parse(await line) as NodeAt[])
  } finally {
    child.stdin.end()
    await ended
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

const counted = numberOf('GB', 10)
const onDisk = numberOf('NODES_GB', 2)
const rows = [
  ...(counted > 0 ? [await measure('counting store', counted, [])] : []),
  ...(onDisk > 0 ? [await onNodes(onDisk)] : []),
]
await writeResults('memory', { unit: 'MB of 10^6 bytes', rows })
if (rows.some(({ deposit, read }) => Math.max(deposit.megabytesAtMost, read.megabytesAtMost) > most))
  process.exitCode = 1
