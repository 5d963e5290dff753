import { availableParallelism } from 'node:os'
import path from 'node:path'
import { fromBase64url, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  activeEpoch,
  type CeremonyPlan,
  type Chain,
  ceremonyCall,
  connect,
  logKeysOf,
  type Network,
  type Operator,
  operators,
  withAccount,
} from '@sharewell/sdk/chain'
import { generateLogKey } from '@sharewell/sdk/flow/book'
import { generateCommitteeKey } from '@sharewell/sdk/flow/committee'
import { keyNodesOf } from '@sharewell/sdk/flow/key-nodes'
import { sha256 } from '@sharewell/sdk/primitives'
import { startChain } from './chain.ts'
import { deployContracts, describeNetwork } from './contracts.ts'
import { agree } from './council.ts'
import { depositPatients } from './deposits.ts'
import { eachOf } from './each-of.ts'
import { prepareEmergencies } from './emergencies.ts'
import { hospitals, releaseThreshold } from './layout.ts'
import {
  accountOf,
  asKeyNode,
  attestStaff,
  type Entry,
  idOf,
  keyOf,
  type NodeParty,
  nodeAdmissions,
  nodeParties,
  organizationAdmissions,
  organizationEntries,
} from './parties.ts'
import { type Running, type Service, startAlone, startHere } from './services.ts'
import { type State, writeWhole } from './state.ts'

export type RunOptions = {
  readonly folder: string
  readonly state: State
  /** A process for each service. */
  readonly processes: boolean
  /** Takes what must be closed, in reverse order. */
  readonly running: AsyncDisposableStack
  readonly say: (what: string, text: string) => void
  readonly signal: AbortSignal
  /** Starts a service in another way than `processes` says, e.g. so that a test can kill it. */
  readonly host?: (service: Service, url: string) => Promise<Running>
  /** Where the chain runs already. */
  readonly chainUrl?: string
  /** How much each key node releases, where the usual budgets do not do. */
  readonly budgets?: { readonly minute: number; readonly day: number; readonly patient: number }
}

/** The chain with its contracts: enough to describe the network, before its nodes are up. */
export type RunningChain = {
  readonly description: Network
  /** Connected as the first hospital, which proposes what the others confirm. */
  readonly chain: Chain
}

export type RunningNetwork = RunningChain & {
  /** Deposits the demo patients' records that are not there yet. */
  depositDemo(): Promise<void>
}

/** Milliseconds between two looks of an auditor at the chain: whoever asks a node waits for its answer here. */
const auditInterval = 5_000
/** Milliseconds that the chain may take for its first answers: everything starts at once, on machines of any size. */
const patience = 60_000

/** Brings the chain up: the first start deploys the contracts, later ones replay the journal. */
export async function runChain(options: RunOptions): Promise<RunningChain> {
  const { folder, state, running, say, signal, chainUrl } = options
  const own = () => startChain({ file: path.join(folder, 'chain.jsonl'), port: state.ports.chain ?? 0 })
  const server = chainUrl === undefined ? await own() : { url: chainUrl, replayed: 0, close: async () => undefined }
  running.defer(server.close)
  const urls = { rpc: server.url, directory: urlOf(state, 'directory'), relayer: urlOf(state, 'relayer') }
  await deployContracts(folder, state, urls, signal)
  const description = describeNetwork(state, urls)
  const chain = await connect(description, { account: accountOf(state, 'hospital-1'), patience, signal })
  say('chain', `${server.url}${server.replayed > 0 ? `, ${server.replayed} transactions replayed` : ''}`)
  signal.throwIfAborted()
  return { description, chain }
}

/**
 * Brings everyone else up: at the first start the council admits organizations and nodes and proposes the release key
 * that the key nodes generate; later starts find all that.
 */
export async function runNodes({ description, chain }: RunningChain, options: RunOptions): Promise<RunningNetwork> {
  const { state, say, signal } = options
  const council = hospitalChains(chain, state)
  await writeWorkerKeys(options)
  const [practitioners] = await Promise.all([
    attestStaff(chain, state),
    startNodes(state, { ...options, network: description }),
  ])
  const endpoints = { urlOf: (name: string) => urlOf(state, name), hpkeKeyHashOf }
  const admissions = [
    ...(await organizationAdmissions(chain, state)),
    ...(await nodeAdmissions(chain, state, endpoints)),
  ]
  await agree(council, admissions, { signal })
  await fillDirectory(urlOf(state, 'directory'), [...(await organizationEntries(chain, state)), ...practitioners])
  say('nodes', summary())

  if (!(await activeEpoch(chain))) {
    const nodes = await keyOperators(chain, state)
    const open = (plan: CeremonyPlan) => agree(council, [ceremonyCall(description, plan)], { signal })
    await generateCommitteeKey({ chain, nodes, k: releaseThreshold, open }, { signal })
    say('keys', `${releaseThreshold} of ${nodes.length} key nodes release; they generated the key together`)
  }
  if ((await logKeysOf(chain)).length === 0) await generateLogKey({ chain: asKeyNode(chain, state) }, { signal })
  await prepareEmergencies(chain, state, { say, signal })
  return {
    description,
    chain,
    async depositDemo() {
      const keyNodes = await keyNodesOf(chain, { signal })
      await depositPatients(chain, state, {
        keyNodes,
        signal,
        onPatient: ({ name }, records) => say('records', `${name}: ${records} records`),
      })
    },
  }
}

/** Keys of the reconstructors in files, for the commands by which a hospital reads with one (`--worker-key-file`). */
async function writeWorkerKeys({ folder, state }: RunOptions): Promise<void> {
  for (const { name } of nodeParties.filter(({ kind }) => kind === 'reconstructor'))
    await writeWhole(path.join(folder, 'keys', `${name}.key`), `${keyOf(state, name)}\n`, 0o600)
}

/** Connections as the hospitals, which are the council. */
function hospitalChains(chain: Chain, state: State): readonly [Chain, ...Chain[]] {
  const [, ...others] = hospitals.map((_, i) => withAccount(chain, accountOf(state, `hospital-${i + 1}`)))
  return [chain, ...others]
}

const urlOf = ({ ports }: State, name: string) => `http://127.0.0.1:${ports[name]}`

function summary(): string {
  const count = (wanted: NodeParty['kind']) => nodeParties.filter(({ kind }) => kind === wanted).length
  return `${count('storage')} storage nodes, ${count('key')} key nodes, ${count('reconstructor')} reconstructors, 1 directory, 1 relayer`
}

type NodeOptions = RunOptions & { readonly network: Network }

/** Starts the directory, the relayer and all nodes, a few at a time where each is a process. */
async function startNodes(state: State, options: NodeOptions): Promise<void> {
  const { folder, network, processes, running, signal } = options
  const here = (name: string) => ({
    port: state.ports[name] ?? 0,
    network: JSON.parse(JSON.stringify(network)) as Network,
    logLevel: processes ? ('info' as const) : ('error' as const),
  })
  const common = (name: string) => ({ ...here(name), folder: path.join(folder, name) })
  const host = async (service: Service) => {
    signal.throwIfAborted()
    const at = urlOf(state, service.name)
    const start = options.host ?? ((one) => (processes ? startAlone(one, folder, at) : startHere(one)))
    const started = await start(service, at)
    running.defer(started.close)
  }
  await eachOf(
    [
      () => host({ name: 'directory', kind: 'directory', config: common('directory') }),
      // It keeps nothing, so it has no folder.
      () =>
        host({ name: 'relayer', kind: 'relayer', config: { ...here('relayer'), privateKey: keyOf(state, 'relayer') } }),
      ...nodeParties.map((party) => () => host(serviceOf(state, party, common(party.name), options.budgets))),
    ],
    { atOnce: processes ? availableParallelism() + 1 : nodeParties.length },
  )
}

function serviceOf(
  state: State,
  { name, kind }: NodeParty,
  common: { port: number; folder: string; network: Network; logLevel: 'info' | 'error' },
  budgets: RunOptions['budgets'],
): Service {
  const privateKey = keyOf(state, name)
  const operator = idOf(state, name)
  if (kind === 'storage') return { name, kind: 'storage-node', config: { ...common, operator, privateKey } }
  if (kind === 'reconstructor') {
    // Each watches one hospital's records; it has no key to deposit with, so it repairs none.
    const organization = idOf(state, name.replace('reconstructor', 'hospital'))
    const duties = { care: { organization, interval: 120 }, audit: { interval: auditInterval } }
    return { name, kind, config: { ...common, operator, privateKey, ...duties } }
  }
  const secret = keyOf(state, `${name}-secret`)
  return { name, kind: 'key-node', config: { ...common, privateKey, secret, ...(budgets && { budgets }) } }
}

/** The hash of the X-Wing key that a node says it has. */
export async function hpkeKeyHashOf(endpoint: string): Promise<Hex> {
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
  const put = async ({ hash, bytes }: Entry) => {
    const response = await fetch(`${directory}/v1/entries/${hash}`, {
      method: 'PUT',
      body: bytes,
      signal: AbortSignal.timeout(10_000),
    })
    if (!response.ok) throw new Error(`The directory refused an entry: ${response.status} ${await response.text()}`)
  }
  await Promise.all(entries.map(put))
}
