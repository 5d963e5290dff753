import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Host, Service } from './hosts.ts'

/** A process in which services run, apart from the test. */
export type Apart = {
  readonly pid: number
  readonly host: Host
  /** Every string that its heap holds, from a snapshot that V8 takes after collecting garbage. */
  heapStrings(): Promise<string[]>
  close(): Promise<void>
}

type Told = { readonly id: number; readonly url?: string; readonly error?: string }

/** Starts a process of services that log to `folder/logs/<name>.log`. */
export async function startApart(folder: string, name: string): Promise<Apart> {
  const snapshots = path.join(folder, 'heaps', name)
  await mkdir(snapshots, { recursive: true })
  await mkdir(path.join(folder, 'logs'), { recursive: true })
  const execArgv = ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${snapshots}`]
  const child = fork(new URL('./service-host.ts', import.meta.url), [], {
    execArgv,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const log = createWriteStream(path.join(folder, 'logs', `${name}.log`))
  for (const stream of [child.stdout, child.stderr]) stream?.pipe(log, { end: false })
  const gone = once(child, 'exit')
  let next = 0
  let url = ''

  const host: Host = async (service) => {
    const told = await ask(child, next++, service)
    if (!told.url) throw new Error(told.error ?? 'It did not start.')
    url = told.url
    // The process keeps its services until it ends.
    return { url, close: async () => undefined }
  }
  return {
    pid: child.pid ?? 0,
    host,
    heapStrings: () => snapshot(child, snapshots, () => url),
    async close() {
      if (child.connected) child.disconnect()
      await gone
      log.end()
    },
  }
}

async function ask(child: ChildProcess, id: number, service: Service): Promise<Told> {
  const { promise, resolve } = Promise.withResolvers<Told>()
  const hear = (told: Told) => told.id === id && resolve(told)
  child.on('message', hear)
  child.once('exit', () => resolve({ id, error: 'The process ended.' }))
  child.send({ id, service })
  const told = await promise
  child.off('message', hear)
  return told
}

async function snapshot(child: ChildProcess, folder: string, url: () => string): Promise<string[]> {
  const before = new Set(await readdir(folder))
  child.kill('SIGUSR2')
  let file: string | undefined
  while (!file) {
    await answers(url())
    file = (await readdir(folder)).find((name) => !before.has(name))
  }
  // V8 writes it between two turns of the event loop: once the process answers again, it is whole.
  while (!(await answers(url())));
  const { strings } = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as { strings: string[] }
  return strings
}

/** Whether a service answers; a connection that slept too long does not. */
async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`, { headers: { connection: 'close' } })).ok
  } catch {
    return false
  }
}
