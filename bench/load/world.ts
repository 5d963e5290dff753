import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fromBase64url, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, grant, operators, personId, registerOperator } from '@sharewell/sdk/chain'
import { generateCommitteeKey } from '@sharewell/sdk/flow/committee'
import { type KeyNodes, keyNodesOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { sha256 } from '@sharewell/sdk/primitives'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { type Running, startAlone } from '../../scripts/network/services.ts'
import {
  anchorRecord,
  attestDoctor,
  type Hospital,
  registerHospitals,
  registerPatientAt,
  type TestRecord,
} from '../../test/helpers/committee.ts'
import { randomHex } from '../../test/helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../../test/helpers/network.ts'
import type { Doctor } from '../../test/helpers/requests.ts'
import { type Liar, startLiar } from './liar.ts'

/** A reader with the one record that a patient shares with them, and one that nobody does. */
export type LoadReader = { readonly doctor: Doctor; readonly mine: LoadRecord; readonly foreign: LoadRecord }
/** A record with the pseudonym that it belongs to. */
export type LoadRecord = TestRecord & { readonly pseudonym: Hex }

/** A key node in a process of its own. */
export type LoadNode = { readonly id: Hex; readonly name: string; kill(): Promise<void>; start(): Promise<void> }

/** Five key nodes, one behind a liar, and readers of several hospitals. */
export type World = {
  readonly net: TestNetwork
  readonly chain: Chain
  readonly committee: KeyNodes
  readonly nodes: readonly LoadNode[]
  readonly liar: Hex
  readonly readers: readonly LoadReader[]
  /** Where the profiled node writes its profile when it stops. */
  readonly profiles: string
  close(): Promise<void>
  remove(): Promise<void>
}

const h = 5
const k = 3
/** Above what any reader asks in the run: budgets are tested elsewhere. */
const budgets = { minute: 100_000, day: 1_000_000, patient: 1_000_000 }

/** Starts everything. The first node is profiled, the last one lies. */
export async function startWorld({ count, records }: { count: number; records: number }): Promise<World> {
  const net = await startNetwork()
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-load-'))
  const profiles = path.join(folder, 'profiles')
  const hospitals = await registerHospitals(net, h)
  const ciphertexts = new Map<Hex, TestRecord['ct']>()
  const started: StartedNode[] = []
  for (const at of hospitals.keys()) started.push(await startNode({ net, folder, profiles }, at))
  const last = started.at(-1)
  if (!last) throw new Error('no node')
  const liar = await startLiar(net.network, { honest: last.url, account: last.account, ciphertexts })
  await registerAll(net, hospitals, started, liar)
  const chain = await net.as(net.admin)
  await generateCommitteeKey({ chain, nodes: await operators(chain, { kind: 'key' }), k }, { interval: 100 })
  const committee = await keyNodesOf(chain)
  liar.serve(committee)
  const readers = await makeReaders({ net, hospitals, committee, ciphertexts }, { count, records })
  return {
    net,
    chain,
    committee,
    nodes: started.map(({ node }) => node),
    liar: last.node.id,
    readers,
    profiles,
    async close() {
      await Promise.all(started.map(({ stop }) => stop()))
      await liar.close()
      await net.close()
    },
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  }
}

type StartedNode = Awaited<ReturnType<typeof startNode>>
type Place = { readonly net: TestNetwork; readonly folder: string; readonly profiles: string }

async function startNode({ net, folder, profiles }: Place, at: number) {
  const name = `key-node-${at + 1}`
  const privateKey = generatePrivateKey()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const config = {
    port,
    folder: path.join(folder, name),
    network: net.network,
    privateKey,
    secret: randomHex(32),
    budgets,
    logLevel: 'warn' as const,
  }
  const run = () =>
    profiled(at === 0 ? profiles : undefined, () => startAlone({ name, kind: 'key-node', config }, folder, url))
  let running: Running = await run()
  const node: LoadNode = {
    id: randomHex(16),
    name,
    async kill() {
      running.kill?.()
      await running.close()
    },
    async start() {
      running = await run()
    },
  }
  return { node, url, account: privateKeyToAccount(privateKey), stop: () => running.close() }
}

/** Has Node sample the stack of the process that `start` starts, where a folder for the profile is given. */
async function profiled<T>(folder: string | undefined, start: () => Promise<T>): Promise<T> {
  const before = process.env.NODE_OPTIONS
  if (folder) process.env.NODE_OPTIONS = `--cpu-prof --cpu-prof-dir=${folder}`
  try {
    return await start()
  } finally {
    if (folder) process.env.NODE_OPTIONS = before ?? ''
  }
}

async function registerAll(
  net: TestNetwork,
  hospitals: readonly Hospital[],
  started: readonly StartedNode[],
  liar: Liar,
): Promise<void> {
  const admin = await net.as(net.admin)
  for (const [at, { node, url, account }] of started.entries()) {
    const { hpkePublicKey } = (await (await fetch(`${url}/v1/status`)).json()) as { hpkePublicKey: string }
    await registerOperator(admin, {
      id: node.id,
      kind: 'key',
      organization: hospitals[at]?.id ?? randomHex(16),
      account: account.address,
      endpoint: at === started.length - 1 ? liar.url : url,
      hpkeKeyHash: toHex(sha256(fromBase64url(hpkePublicKey))),
    })
  }
}

type Clinic = {
  readonly net: TestNetwork
  readonly hospitals: readonly Hospital[]
  readonly committee: KeyNodes
  readonly ciphertexts: Map<Hex, TestRecord['ct']>
}

/** Readers in turn at each hospital; each is let into one record, and not into the next one. */
async function makeReaders(
  { net, hospitals, committee, ciphertexts }: Clinic,
  { count, records }: { count: number; records: number },
): Promise<LoadReader[]> {
  const groupKey = toHex(committee.groupKey)
  const made: (LoadRecord & { readonly chain: Chain })[] = []
  for (let at = 0; at < records; at++) {
    const hospital = hospitals[at % hospitals.length] as Hospital
    const patient = await registerPatientAt(net, hospital)
    const record = await anchorRecord(net, { hospital, patient, groupKey })
    await putHeader(committee, { header: record.headerBytes })
    ciphertexts.set(record.recordId, record.ct)
    made.push({ ...record, pseudonym: patient.pseudonym, chain: patient.chain })
  }
  const terms = { from: 0, until: Math.floor(Date.now() / 1000) + 3_600, purposes: 1, categories: 0 }
  const readers: LoadReader[] = []
  // One transaction of an account after another, those of different accounts at once.
  await Promise.all(
    hospitals.map(async (hospital, first) => {
      for (let at = first; at < count; at += hospitals.length) {
        const doctor = await attestDoctor(net, hospital)
        const [mine, foreign] = [made[at % records], made[(at + 1) % records]] as [(typeof made)[number], LoadRecord]
        readers[at] = { doctor, mine, foreign }
      }
    }),
  )
  await Promise.all(
    made.map(async ({ chain, pseudonym, recordId }) => {
      for (const { doctor } of readers.filter(({ mine }) => mine.recordId === recordId)) {
        const granteeId = personId(doctor.account.address)
        await grant(chain, { pseudonym, granteeId, recordId, terms })
      }
    }),
  )
  return readers
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return typeof address === 'object' && address ? address.port : 0
}
