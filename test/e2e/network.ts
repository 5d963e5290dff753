import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.join(import.meta.dirname, '../..')

/** What `npm start` writes for clients: the network, its page, and the demo's people with their public keys. */
export type NetworkFile = {
  readonly web: string
  readonly network: Readonly<Record<string, unknown>> & { readonly rpcUrls: readonly [string] }
  readonly demo: { readonly people: readonly DemoPerson[] }
}

export type DemoPerson = {
  readonly id: string
  readonly name: string
  readonly accounts: readonly { readonly address: `0x${string}`; readonly privateKey: `0x${string}` }[]
  /** Whom a hospital registered. */
  readonly patients?: readonly { readonly label: string; readonly pseudonym: `0x${string}` }[]
}

export type RunningNetwork = {
  readonly folder: string
  /** Where the dApp is served. */
  readonly url: string
  readonly description: NetworkFile
  close(): Promise<void>
}

/**
 * Starts a whole network as `npm start` does, in a folder of its own and on free ports, and waits until its demo
 * records are anchored. With SHAREWELL_E2E_FOLDER it takes the network that already runs in that folder: for writing
 * stories, which then find what earlier ones left.
 */
export async function startNetwork(options: { args?: readonly string[] } = {}): Promise<RunningNetwork> {
  const running = process.env.SHAREWELL_E2E_FOLDER
  if (running) return { ...(await describe(running)), close: async () => undefined }
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-e2e-'))
  const child = spawn(
    process.execPath,
    [path.join(root, 'scripts/start.ts'), '--folder', folder, '--any-ports', ...(options.args ?? [])],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => output.push(String(text)))
  try {
    await until(child, output, /every record is anchored/, 280_000)
    return { ...(await describe(folder)), close: () => stop(child, folder) }
  } catch (error) {
    await stop(child, folder)
    throw error
  }
}

async function describe(folder: string): Promise<Omit<RunningNetwork, 'close'>> {
  const description = JSON.parse(await readFile(path.join(folder, 'network.json'), 'utf8')) as NetworkFile
  return { folder, url: description.web, description }
}

function until(child: ChildProcess, output: string[], sign: RegExp, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => () => reject(new Error(`The network ${why}.\n${output.join('')}`))
    const timer = setTimeout(fail('was not ready in time'), milliseconds)
    const look = () => {
      if (!sign.test(output.join(''))) return
      clearTimeout(timer)
      resolve()
    }
    child.stdout?.on('data', look)
    child.once('exit', fail('stopped while it started'))
    look()
  })
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
  }
  await rm(folder, { recursive: true, force: true })
}
