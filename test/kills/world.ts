import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, type Network, withAccount } from '@sharewell/sdk/chain'
import { keyNodesOf } from '@sharewell/sdk/flow/key-nodes'
import { register, sendCategoryKey } from '../../scripts/network/deposits.ts'
import { accountOf } from '../../scripts/network/parties.ts'
import { demoPatients, demoPeople, drawKeys } from '../../scripts/network/people.ts'
import { runChain, runNodes } from '../../scripts/network/run.ts'
import { type Running, type Service, startAlone, withParent } from '../../scripts/network/services.ts'
import { openState, type State, saveState, writeWhole } from '../../scripts/network/state.ts'
import type { Victim } from './process.ts'

/** A process of the network that is started again after it was killed. */
export type Part = Victim & {
  readonly up: boolean
  start(): Promise<void>
  stop(): Promise<void>
  /** Milliseconds that its slowest start took, until it answered. */
  readonly slowest: number
}

/** A patient as the own device knows one. */
export type Patient = {
  readonly id: string
  /** The hospital that deposits for them. */
  readonly desk: string
  readonly pseudonym: Hex
  readonly selfSeed: Uint8Array<ArrayBuffer>
  readonly chain: Chain
}

/** A whole local network, each of its parts a process. */
export type World = {
  readonly folder: string
  readonly network: Network
  readonly state: State
  /** A connection that outlives kills of the chain. */
  readonly chain: Chain
  readonly parts: readonly Part[]
  readonly patients: readonly [Patient, ...Patient[]]
  readonly journal: string
  close(): Promise<void>
}

/** Starts the network in a folder. */
export async function startWorld(folder: string, say: (what: string, text: string) => void): Promise<World> {
  const running = new AsyncDisposableStack()
  const { signal } = new AbortController()
  const state = await openState(folder, { anyPorts: true })
  drawKeys(state)
  await saveState(folder, state)
  const journal = path.join(folder, 'chain.jsonl')
  const chainPart = chainOf(folder, journal, state.ports.chain ?? 0)
  await chainPart.start()
  const parts: Part[] = [chainPart]
  const host = async (service: Service, url: string): Promise<Running> => {
    const part = serviceOf(service, folder, url)
    await part.start()
    parts.push(part)
    return { url, close: part.stop }
  }
  const chainUrl = `http://127.0.0.1:${state.ports.chain}`
  // Whatever is killed, nobody must be refused for having asked often.
  const budgets = { minute: 100_000, day: 100_000, patient: 100_000 }
  const options = { folder, state, processes: true, running, say, signal, host, chainUrl, budgets }
  const opened = await runChain(options)
  const { chain, description: network } = await runNodes(opened, options)
  const file = { network, demo: { people: demoPeople(state) } }
  await writeWhole(path.join(folder, 'network.json'), `${JSON.stringify(file)}\n`, 0o600)
  const patients = await registerAll(chain, state)
  return {
    folder,
    network,
    state,
    chain,
    parts,
    patients,
    journal,
    async close() {
      await Promise.all(parts.slice(1).map((part) => part.stop()))
      await chainPart.stop()
    },
  }
}

async function registerAll(chain: Chain, state: State): Promise<World['patients']> {
  const keyNodes = await keyNodesOf(chain)
  const { signal } = new AbortController()
  const patients: Patient[] = []
  for (const patient of demoPatients(state)) {
    const { id, hospital, places } = patient
    const place = places.get(hospital)
    if (!place) continue
    const desk = withAccount(chain, accountOf(state, `hospital-${hospital + 1}`))
    await register(desk, state, patient)
    await sendCategoryKey(desk, state, patient, { keyNodes, signal })
    const own = withAccount(chain, accountOf(state, `${id}-${hospital + 1}`))
    patients.push({
      id,
      desk: `hospital-${hospital + 1}`,
      pseudonym: toHex(place.pseudonym),
      selfSeed: place.self.seed,
      chain: own,
    })
  }
  const [first, ...others] = patients
  if (!first) throw new Error('The demo has no patient.')
  return [first, ...others]
}

/** A service as a process of its own. */
export function serviceOf(service: Service, folder: string, url: string): Part {
  return partOf(service.name, service.kind, async () => {
    const { kill = () => undefined, close } = await startAlone(service, folder, url)
    return { kill, close }
  })
}

/** The journalled chain as a process of its own. */
export function chainOf(folder: string, journal: string, port: number): Part {
  return partOf('chain', 'chain', async () => {
    await mkdir(path.join(folder, 'logs'), { recursive: true })
    const log = createWriteStream(path.join(folder, 'logs/chain.log'), { flags: 'a' })
    const main = path.join(import.meta.dirname, 'chain.ts')
    const child = spawn(process.execPath, [...withParent, main, journal, String(port)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    child.stdout?.pipe(log, { end: false })
    child.stderr?.pipe(log, { end: false })
    const gone = once(child, 'exit')
    await answers(child, `http://127.0.0.1:${port}`)
    const close = async () => {
      child.kill('SIGTERM')
      await gone
    }
    return { kill: () => void child.kill('SIGKILL'), close }
  })
}

async function answers(child: ChildProcess, url: string): Promise<void> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
  const ready = async () => (await fetch(url, { method: 'POST', body }).catch(() => undefined))?.ok === true
  while (!(await ready())) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('The chain ended while it started.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function partOf(name: string, kind: string, launch: () => Promise<{ kill(): void; close(): Promise<void> }>): Part {
  let running: Awaited<ReturnType<typeof launch>> | undefined
  let slowest = 0
  return {
    name,
    kind,
    get up() {
      return running !== undefined
    },
    get slowest() {
      return slowest
    },
    async start() {
      const begun = performance.now()
      await running?.close()
      running = await launch()
      slowest = Math.max(slowest, performance.now() - begun)
    },
    async kill() {
      const killed = running
      running = undefined
      killed?.kill()
      await killed?.close()
    },
    async stop() {
      await running?.close()
      running = undefined
    },
  }
}
