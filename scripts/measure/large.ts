/**
 * Sends a large file through the command line, over a network in which every service is a process of its own, and
 * measures the peak memory of each: whoever deposits, stores, rebuilds or reads must stay under 300 MB whatever the
 * file's length. The file is made from a seed; what comes back is compared by its hash.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { grantAll, type MeasuredNetwork, startMeasuredNetwork } from './network.ts'
import { type ProcessUse, processesBelow, useOf } from './processes.ts'
import { type Column, head, row, seconds } from './table.ts'

const help = `npm run measure large [-- OPTIONS]

  --size MB         length of the file in millions of bytes (default: 2147.483648, that is 2 GiB)
  --policy N,T,R    (default: 5,3,0)
  --seed TEXT       another seed gives another file
  --json FILE       write the results there as well`

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '2147.483648' },
    policy: { type: 'string', default: '5,3,0' },
    seed: { type: 'string', default: 'sharewell' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const root = path.join(import.meta.dirname, '../..')
/** Bytes that no process may exceed. */
const allowed = 300e6

type Measured = { readonly name: string; readonly peak: number; readonly cpu: number }

async function main(signal: AbortSignal): Promise<boolean> {
  const size = Math.round(Number(options.size) * 1e6)
  if (!Number.isSafeInteger(size) || size <= 0) throw new Error('--size is a number of millions of bytes.')
  await using network = disposable(await startMeasuredNetwork({ processes: true, signal }))
  await grantAll(network, signal)
  const [source, target] = [path.join(network.folder, 'large.bin'), path.join(network.folder, 'opened.bin')]
  const wanted = await makeFile(source, size)
  console.log(`${size} bytes, policy ${options.policy}, SHA-256 ${wanted}`)

  const depositing = await command(network, 'deposit', [source, '--patient', 'royal', '--as', 'hospital-1'], signal)
  const { recordId } = JSON.parse(depositing.output) as { recordId: string }
  await rm(source)
  const reading = await command(network, 'retrieve', [recordId, '-o', target, '--as', 'okafor'], signal)
  const services = await processesBelow(process.pid)
  const exact = (await hashOf(target)) === wanted

  const measured = [depositing, reading, ...services.filter(({ name }) => isMeasured(name)).sort(byName)]
  report(measured)
  const over = measured.filter(({ peak }) => peak >= allowed)
  const rate = (milliseconds: number) => `${seconds(milliseconds)} s, ${(size / 1e3 / milliseconds).toFixed(1)} MB/s`
  console.log(`\ndeposit ${rate(depositing.wall)}; retrieval ${rate(reading.wall)}`)
  console.log(
    `byte-exact: ${exact ? 'yes' : 'NO'}; at or over ${allowed / 1e6} MB: ${over.map(({ name }) => name).join(', ') || 'none'}`,
  )
  if (options.json) {
    const result = {
      size,
      policy: options.policy,
      exact,
      depositMs: depositing.wall,
      retrieveMs: reading.wall,
      measured,
    }
    await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`)
  }
  return exact && over.length === 0
}

const isMeasured = (name: string) => /^(?:storage|key|reconstructor|directory)/.test(name)
const byName = (a: ProcessUse, b: ProcessUse) => (a.name < b.name ? -1 : 1)

const columns: readonly Column[] = [
  { title: 'process', width: 24 },
  { title: 'peak MB', width: 8, right: true },
  { title: 'cpu s', width: 8, right: true },
]

function report(measured: readonly Measured[]): void {
  console.log(`\n${head(columns)}`)
  for (const { name, peak, cpu } of measured) console.log(row(columns, [name, (peak / 1e6).toFixed(0), cpu.toFixed(1)]))
}

type Command = Measured & { readonly output: string; readonly wall: number }

/** Runs one command to its end, watching its memory. */
async function command(
  { file }: MeasuredNetwork,
  name: 'deposit' | 'retrieve',
  words: readonly string[],
  signal: AbortSignal,
): Promise<Command> {
  const more = name === 'deposit' ? ['--policy', options.policy, '--category', 'other'] : []
  const args = [path.join(root, 'cli/bin/sharewell.mjs'), name, ...words, ...more, '--network', file, '--json']
  const started = performance.now()
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], signal })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const ended = Promise.withResolvers<number | null>()
  child.once('error', ended.reject)
  child.once('close', ended.resolve)
  let last: ProcessUse | undefined
  const watch = setInterval(async () => {
    last = (child.pid === undefined ? undefined : await useOf(child.pid)) ?? last
  }, 100)
  const code = await ended.promise.finally(() => clearInterval(watch))
  if (code !== 0) throw new Error(`sharewell ${name} ended with ${code}.`)
  const { peak = 0, cpu = 0 } = last ?? {}
  return { name: `sharewell ${name}`, peak, cpu, output, wall: performance.now() - started }
}

/** Writes bytes that follow from the seed (AES-256-CTR over zeros) and returns their hash. */
async function makeFile(file: string, size: number): Promise<string> {
  const key = createHash('sha256').update(options.seed).digest()
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16))
  const hash = createHash('sha256')
  const zeros = Buffer.alloc(2 ** 20)
  const handle = await open(file, 'wx', 0o600)
  try {
    for (let left = size; left > 0; left -= zeros.length) {
      const piece = stream.update(zeros.subarray(0, Math.min(left, zeros.length)))
      hash.update(piece)
      await handle.writeFile(piece)
    }
  } finally {
    await handle.close()
  }
  return hash.digest('hex')
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(piece as Buffer)
  return hash.digest('hex')
}

const disposable = (network: MeasuredNetwork) => ({ ...network, [Symbol.asyncDispose]: network.close })

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
