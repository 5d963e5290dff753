import path from 'node:path'
import { fromBase64url, type Hex, toHex } from '@sharewell/sdk/bytes'
import { activeEpoch, type Chain, connect, type Network, type Operator, operators } from '@sharewell/sdk/chain'
import { generateCommitteeKey } from '@sharewell/sdk/flow/committee'
import { keyNodesOf } from '@sharewell/sdk/flow/key-nodes'
import { sha256 } from '@sharewell/sdk/primitives'
import { mnemonicToAccount } from 'viem/accounts'
import { startChain } from './chain.ts'
import { deployContracts, describeNetwork } from './contracts.ts'
import { depositPatient } from './deposits.ts'
import { releaseThreshold } from './layout.ts'
import {
  admitNode,
  admitOrganizations,
  attestDoctors,
  type Entry,
  idOf,
  keyOf,
  type NodeParty,
  nodeParties,
} from './parties.ts'
import { demoPatients } from './people.ts'
import { type Service, startAlone, startHere } from './services.ts'
import type { State } from './state.ts'

/** Hardhat's well-known first account deploys and administers until the hospitals' council does. */
const deployer = mnemonicToAccount('test test test test test test test test test test test junk')

export type RunOptions = {
  readonly folder: string
  readonly state: State
  /** A process for each service. */
  readonly processes: boolean
  /** Takes what must be closed, in reverse order. */
  readonly running: AsyncDisposableStack
  readonly say: (what: string, text: string) => void
  readonly signal: AbortSignal
}

export type RunningNetwork = {
  readonly description: Network
  /** Deposits the demo patients' records that are not there yet. */
  depositDemo(): Promise<void>
}

/** Brings the network up: the first start deploys, admits and generates keys; later ones find all that. */
export async function runNetwork(options: RunOptions): Promise<RunningNetwork> {
  const { folder, state, running, say, signal } = options
  const url = (name: string) => `http://127.0.0.1:${state.ports[name]}`

  const chainServer = await startChain({ file: path.join(folder, 'chain.jsonl'), port: state.ports.chain ?? 0 })
  running.defer(chainServer.close)
  await deployContracts(folder, state, chainServer.url)
  const network = describeNetwork(state, { rpc: chainServer.url, directory: url('directory') })
  const admin = await connect(network, { account: deployer, signal })
  say('chain', `${chainServer.url}${chainServer.replayed > 0 ? `, ${chainServer.replayed} transactions replayed` : ''}`)
  signal.throwIfAborted()

  const host = async (service: Service, at: string) => {
    const started = options.processes ? await startAlone(service, folder, at) : await startHere(service)
    running.defer(started.close)
    signal.throwIfAborted()
  }
  const organizations = await admitOrganizations(admin, state)
  const practitioners = await attestDoctors(admin, state)
  await startNodes(admin, state, { folder, network, host, url, processes: options.processes })
  await fillDirectory(url('directory'), [...organizations, ...practitioners])
  say('nodes', nodeParties.length + 1 === 17 ? '9 storage nodes, 5 key nodes, 2 reconstructors, 1 directory' : '')

  if (!(await activeEpoch(admin))) {
    const members = await keyOperators(admin, state)
    await generateCommitteeKey({ chain: admin, nodes: members, k: releaseThreshold }, { signal })
    say('keys', `${releaseThreshold} of ${members.length} key nodes release; they generated the key together`)
  }
  return {
    description: network,
    async depositDemo() {
      const keyNodes = await keyNodesOf(admin, { signal })
      for (const patient of demoPatients(state)) {
        const onRecord = (done: number, of: number) => {
          if (done === of) say('records', `${patient.name}: ${of} records`)
        }
        await depositPatient(admin, state, patient, { keyNodes, signal, onRecord })
      }
    },
  }
}

type NodeOptions = {
  readonly folder: string
  readonly network: Network
  readonly processes: boolean
  readonly host: (service: Service, at: string) => Promise<void>
  readonly url: (name: string) => string
}

async function startNodes(chain: Chain, state: State, options: NodeOptions): Promise<void> {
  const { folder, network, host, url, processes } = options
  const common = (name: string) => ({
    port: state.ports[name] ?? 0,
    folder: path.join(folder, name),
    network: JSON.parse(JSON.stringify(network)) as Network,
    logLevel: processes ? ('info' as const) : ('error' as const),
  })
  await host({ name: 'directory', kind: 'directory', config: common('directory') }, url('directory'))
  for (const party of nodeParties) {
    const { name, kind } = party
    const endpoint = url(name)
    // A key node tells its HPKE key when it runs; the others are admitted first, because they look themselves up.
    if (kind !== 'key') await admitNode(chain, state, party, { endpoint })
    await host(serviceOf(state, party, common(name)), endpoint)
    if (kind === 'key') await admitNode(chain, state, party, { endpoint, hpkeKeyHash: await hpkeKeyHashOf(endpoint) })
  }
}

function serviceOf(
  state: State,
  { name, kind }: NodeParty,
  common: { port: number; folder: string; network: Network; logLevel: 'info' | 'error' },
): Service {
  const privateKey = keyOf(state, name)
  const operator = idOf(state, name)
  if (kind === 'storage') return { name, kind: 'storage-node', config: { ...common, operator, privateKey } }
  if (kind === 'reconstructor') return { name, kind, config: { ...common, operator, privateKey } }
  return { name, kind: 'key-node', config: { ...common, privateKey, secret: keyOf(state, `${name}-secret`) } }
}

async function hpkeKeyHashOf(endpoint: string): Promise<Hex> {
  const response = await fetch(`${endpoint}/v1/status`, { signal: AbortSignal.timeout(10_000) })
  const { hpkePublicKey } = (await response.json()) as { hpkePublicKey: string }
  return toHex(sha256(fromBase64url(hpkePublicKey)))
}

async function keyOperators(chain: Chain, state: State): Promise<Operator[]> {
  const all = await operators(chain, { kind: 'key' })
  return nodeParties
    .filter(({ kind }) => kind === 'key')
    .flatMap(({ name }) => all.filter(({ id }) => id === idOf(state, name)))
}

async function fillDirectory(directory: string, entries: readonly Entry[]): Promise<void> {
  for (const { hash, bytes } of entries) {
    const response = await fetch(`${directory}/v1/entries/${hash}`, {
      method: 'PUT',
      body: bytes,
      signal: AbortSignal.timeout(10_000),
    })
    if (!response.ok) throw new Error(`The directory refused an entry: ${response.status} ${await response.text()}`)
  }
}
