import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Config as DirectoryConfig } from '../../services/directory/src/main.ts'
import type { Config as KeyNodeConfig } from '../../services/key-node/src/main.ts'
import type { Config as ReconstructorConfig } from '../../services/reconstructor/src/main.ts'
import type { Config as RelayerConfig } from '../../services/relayer/src/main.ts'
import type { Config as StorageNodeConfig } from '../../services/storage-node/src/main.ts'
import { writeWhole } from './state.ts'

const root = path.join(import.meta.dirname, '../..')

/** A service with the config that its `main.ts` takes. */
export type Service =
  | { readonly name: string; readonly kind: 'storage-node'; readonly config: StorageNodeConfig }
  | { readonly name: string; readonly kind: 'key-node'; readonly config: KeyNodeConfig }
  | { readonly name: string; readonly kind: 'reconstructor'; readonly config: ReconstructorConfig }
  | { readonly name: string; readonly kind: 'directory'; readonly config: DirectoryConfig }
  | { readonly name: string; readonly kind: 'relayer'; readonly config: RelayerConfig }

/** A service that runs; one that is a process can be killed. */
export type Running = { readonly url: string; kill?(): void; close(): Promise<void> }

/** Thrown when a service does not come up. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
}

/** Starts a service in this process. Its code is loaded then: whoever starts processes needs none of it. */
export async function startHere({ kind, config }: Service): Promise<Running> {
  switch (kind) {
    case 'storage-node':
      return await (await import('../../services/storage-node/src/main.ts')).start(config)
    case 'key-node':
      return await (await import('../../services/key-node/src/main.ts')).start(config)
    case 'reconstructor':
      return await (await import('../../services/reconstructor/src/main.ts')).start(config)
    case 'directory':
      return await (await import('../../services/directory/src/main.ts')).start(config)
    case 'relayer':
      return await (await import('../../services/relayer/src/main.ts')).start(config)
  }
}

/** A young generation of a few MB: services stream, and Node's usual one costs each of them 50 MB more. */
const memory = ['--max-semi-space-size=4']
/** Ends a child with its parent; it needs the `ipc` of {@link spawn}. */
export const withParent = ['--import', pathToFileURL(path.join(import.meta.dirname, 'with-parent.ts')).href]

/** Starts a service as a process of its own, with its config and its log in the network's folder. */
export async function startAlone(service: Service, folder: string, url: string): Promise<Running> {
  const { name, kind, config } = service
  const file = path.join(folder, 'config', `${name}.json`)
  await writeWhole(file, `${JSON.stringify(config, null, 2)}\n`, 0o600)
  await mkdir(path.join(folder, 'logs'), { recursive: true })
  const log = createWriteStream(path.join(folder, 'logs', `${name}.log`), { flags: 'a' })
  // A disk without room costs the log, not the network.
  log.on('error', () => undefined)
  const main = path.join(root, 'services', kind, 'src/main.ts')
  const child = spawn(process.execPath, [...memory, ...withParent, main, file], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  child.stdout?.pipe(log, { end: false })
  child.stderr?.pipe(log, { end: false })
  const gone = new Promise<void>((resolve) => child.once('exit', () => log.end(resolve)))
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await gone
  }
  try {
    await healthy(child, name, url)
  } catch (error) {
    await close()
    const told = await readFile(log.path, 'utf8').catch(() => '')
    throw new ServiceError(`${name} did not come up. The end of its log:\n${told.slice(-2_000)}`, { cause: error })
  }
  return { url, kill: () => void child.kill('SIGKILL'), close }
}

async function healthy(child: ChildProcess, name: string, url: string): Promise<void> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    if (answer?.ok) return
    if (child.exitCode !== null) throw new ServiceError(`${name} ended with ${child.exitCode}.`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new ServiceError(`${name} did not answer within a minute.`)
}
