import { createHash, randomBytes, randomInt } from 'node:crypto'
import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { toHex } from '@sharewell/sdk/bytes'
import type { Hex } from 'viem'
import { syncFolder } from './journal.ts'
import { hospitals, reconstructorOperators, storageOperators } from './layout.ts'
import { isLock } from './lock.ts'

/** What one run of the local network hands to the next. Keys in here are of the demo; the file is for its user only. */
export type State = {
  readonly networkId: Hex
  /** Ports of the local network: chain, dApp, directory, relayer, and one for each operator, by its name. */
  readonly ports: Readonly<Record<string, number>>
  /** Private keys by the name of who holds them. */
  readonly keys: Record<string, Hex>
  /** 16-byte ids by the name of the organization or operator. */
  readonly ids: Record<string, Hex>
  /** Filled once the contracts stand. */
  contracts?: Record<string, Hex>
  genesisHash?: Hex
  /** What the contracts were when they were deployed: {@link interfacesHash}. */
  interfaces?: Hex
}

/** The usual ports, where they are free. */
const usualPorts = Object.fromEntries([
  ['chain', 8545],
  ['web', 3000],
  ['directory', 7100],
  ['relayer', 7400],
  ...storageOperators.map((_, i) => [`storage-${i + 1}`, 7101 + i]),
  ...hospitals.map((_, i) => [`key-${i + 1}`, 7201 + i]),
  ...reconstructorOperators.map((_, i) => [`reconstructor-${i + 1}`, 7301 + i]),
])

/** What an earlier run left in the folder, or the state of a new network. `fresh` forgets the earlier one. */
export async function openState(
  folder: string,
  { fresh = false, anyPorts = false }: { fresh?: boolean; anyPorts?: boolean } = {},
): Promise<State> {
  if (fresh) await clear(folder)
  const old = await loadState(folder)
  if (old) {
    await requireInterfaces(old)
    await requirePorts(old.ports)
    // Whoever listens since an update has no port yet.
    return { ...old, ports: await choosePorts(anyPorts ? {} : usualPorts, old.ports) }
  }
  const networkId = toHex(new Uint8Array(randomBytes(32)))
  const state: State = { networkId, ports: await choosePorts(anyPorts ? {} : usualPorts), keys: {}, ids: {} }
  await saveState(folder, state)
  return state
}

/** Removes all but the lock, which whoever starts anew holds. */
async function clear(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((each) => !isLock(each)))
    await rm(path.join(folder, name), { recursive: true, force: true })
}

/** A hash over the contracts' interfaces, as clients know them. */
export async function interfacesHash(): Promise<Hex> {
  const abi = await readFile(path.join(import.meta.dirname, '../../sdk/src/chain/abi.ts'))
  return `0x${createHash('sha256').update(abi).digest('hex')}`
}

/** Thrown when the network in the folder was made by another version of the contracts. */
export class OldNetworkError extends Error {
  override readonly name = 'OldNetworkError'
}

/** The chain keeps the contracts that were deployed on it: clients of other contracts cannot speak to them. */
async function requireInterfaces({ contracts, interfaces }: State): Promise<void> {
  if (!contracts || interfaces === (await interfacesHash())) return
  throw new OldNetworkError(
    'The network in this folder was started with other contracts than these. Start anew (npm start -- --fresh), which ' +
      'forgets its records, or go back to the version that started it.',
  )
}

export const stateFile = (folder: string): string => path.join(folder, 'state.json')

export async function loadState(folder: string): Promise<State | undefined> {
  const text = await readFile(stateFile(folder), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as State)
}

/** Replaces the state in one step: a power cut leaves the old or the new file, never half of one. */
export async function saveState(folder: string, state: State): Promise<void> {
  await writeWhole(stateFile(folder), `${JSON.stringify(state, null, 2)}\n`, 0o600)
}

/** Writes a file so that readers see all of it or the old one, also after a power cut. */
export async function writeWhole(file: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  const next = `${file}.next`
  const handle = await open(next, 'w', mode)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await chmod(next, mode)
  await rename(next, file)
  await syncFolder(path.dirname(file))
}

/** Everyone who listens, in the order of their ports. */
export function listeners(): readonly string[] {
  return [
    'chain',
    'web',
    'directory',
    'relayer',
    ...storageOperators.map((_, i) => `storage-${i + 1}`),
    ...hospitals.map((_, i) => `key-${i + 1}`),
    ...reconstructorOperators.map((_, i) => `reconstructor-${i + 1}`),
  ]
}

/** Chooses a free port for everyone: the wished one where it is free, else any. Wished 0 means any. Who has one keeps it. */
export async function choosePorts(
  wished: Readonly<Record<string, number>>,
  kept: Readonly<Record<string, number>> = {},
): Promise<Record<string, number>> {
  const ports: Record<string, number> = { ...kept }
  for (const name of listeners()) {
    if (ports[name] !== undefined) continue
    const want = wished[name] ?? 0
    const taken = new Set(Object.values(ports))
    const free = want !== 0 && !taken.has(want) && (await probe(want)) !== undefined ? want : await anyPort(taken)
    ports[name] = free
  }
  return ports
}

/** Thrown when somebody else listens where the network lived. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError'
}

/** Operators' addresses stand on the chain, so a later start needs the same ports. */
export async function requirePorts(ports: Readonly<Record<string, number>>): Promise<void> {
  for (const [name, port] of Object.entries(ports))
    if ((await probe(port)) === undefined)
      throw new PortTakenError(
        `Port ${port} (${name}) is taken. Is the network running already? Else free the port, or start anew with --fresh.`,
      )
}

/** Below the range from which systems draw ports for outgoing connections: what is free now stays free until we listen. */
const firstPort = 20_000
const portCount = 10_000

async function anyPort(taken: ReadonlySet<number>): Promise<number> {
  for (let tries = 0; tries < 1_000; tries++) {
    const port = firstPort + randomInt(portCount)
    if (!taken.has(port) && (await probe(port)) !== undefined) return port
  }
  throw new PortTakenError(`No port is free on 127.0.0.1 between ${firstPort} and ${firstPort + portCount}.`)
}

/** The port, if one can listen there now. */
function probe(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })
}
