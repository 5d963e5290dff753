import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { withParent } from './services.ts'

const root = path.join(import.meta.dirname, '../..')
const next = path.join(root, 'node_modules/next/dist/bin/next')
const stamp = path.join(root, 'frontend/.next/built-from')

/** Thrown when the dApp cannot be built or served; says where the reasons are. */
export class WebError extends Error {
  override readonly name = 'WebError'
}

/** Builds the dApp unless the last build was made from the same sources. Returns whether it built. */
export async function buildWeb(log: string, signal: AbortSignal): Promise<boolean> {
  const sources = await digestOf(['frontend', 'sdk', 'package-lock.json'])
  if ((await readFile(stamp, 'utf8').catch(() => '')) === sources) return false
  const { done } = await launch(['build'], log, {}, signal)
  const code = await done
  if (code !== 0) throw new WebError(`The dApp did not build; see ${path.relative(root, log)}.`)
  await writeFile(stamp, sources)
  return true
}

/** Serves the built dApp, or the one under development. */
export async function serveWeb(options: {
  port: number
  dev: boolean
  networkFile: string
  log: string
  signal: AbortSignal
}): Promise<{ url: string; stopped: Promise<number>; close(): Promise<void> }> {
  const { port, dev, networkFile, log, signal } = options
  const url = `http://127.0.0.1:${port}`
  const web = await launch(
    [dev ? 'dev' : 'start', '-H', '127.0.0.1', '-p', String(port)],
    log,
    { SHAREWELL_NETWORK_FILE: networkFile },
    signal,
  )
  const ready = async () => {
    for (;;) {
      const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]) }).catch(
        () => undefined,
      )
      if (answer?.ok) return
      signal.throwIfAborted()
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
  }
  const stopped = web.done.then((code) => {
    throw new WebError(`The dApp stopped with code ${code}; see ${path.relative(root, log)}.`)
  })
  await Promise.race([ready(), stopped])
  stopped.catch(() => {})
  return { url, stopped: web.done, close: web.close }
}

async function launch(args: string[], log: string, env: Record<string, string>, signal: AbortSignal) {
  signal.throwIfAborted()
  await mkdir(path.dirname(log), { recursive: true })
  const file = createWriteStream(log, { flags: 'a' })
  // A disk without room costs the log, not the network.
  file.on('error', () => undefined)
  const child = spawn(process.execPath, [...withParent, next, ...args], {
    cwd: path.join(root, 'frontend'),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env, NEXT_TELEMETRY_DISABLED: '1' },
  })
  child.stdout?.pipe(file, { end: false })
  child.stderr?.pipe(file, { end: false })
  const done = once(child, 'exit').then(([code]) => {
    file.end()
    return (code as number | null) ?? 1
  })
  const stop = () => child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  return {
    done,
    async close() {
      signal.removeEventListener('abort', stop)
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await done
    },
  }
}

/** A hash over the texts of all source files below the given paths. */
async function digestOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const name of paths)
    for (const file of await filesOf(path.join(root, name)))
      hash
        .update(file)
        .update('\0')
        .update(await readFile(file))
  return hash.digest('hex')
}

async function filesOf(start: string): Promise<string[]> {
  const entries = await readdir(start, { withFileTypes: true }).catch(() => undefined)
  if (entries === undefined) return [start]
  const skipped = new Set(['node_modules', '.next', 'next-env.d.ts'])
  const below = await Promise.all(
    entries
      .filter(({ name }) => !skipped.has(name) && !name.includes('.test.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((entry) => {
        const file = path.join(start, entry.name)
        return entry.isDirectory() ? filesOf(file) : [file]
      }),
  )
  return below.flat()
}
