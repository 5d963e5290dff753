import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Bytes, fromBase64url, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  authorizeUploader,
  type CeremonyPlan,
  type Chain,
  type CouncilCall,
  ceremonyCall,
  councilCall,
  type OperatorKind,
  operatorKinds,
  operators,
  organizationKinds,
  registerPatient,
  signMessage,
} from '@sharewell/sdk/chain'
import { generateCommitteeKey, reshareCommittee } from '@sharewell/sdk/flow/committee'
import { accountAt, placeKeys, type Vault } from '@sharewell/sdk/person'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import type { LocalAccount } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { agree } from '../../scripts/network/council.ts'
import { attestDoctor, type Hospital, registerHospitals } from './committee.ts'
import { type Host, hostHere, type Lies, type Listening, type Service } from './hosts.ts'
import { randomHex } from './ids.ts'
import { startNetwork, type TestNetwork } from './network.ts'
import { newAccount } from './parties.ts'

/** A node of the network, at one address for as long as the network lives. */
export type WholeNode = {
  readonly kind: OperatorKind
  readonly operator: Hex
  readonly account: LocalAccount & { readonly key: Hex }
  readonly url: string
  /** Where it keeps what it keeps. */
  readonly folder: string
  stop(): Promise<void>
  /** Starts it again on its data, at the same address; with `lies` another app answers there. */
  start(lies?: Lies): Promise<void>
  /** Starts it as it was at first, unless it still is. */
  heal(): Promise<void>
}

/** A patient as an own device knows one: a vault, and what follows from it at one provider. */
export type WholePatient = {
  readonly vault: Vault
  readonly chain: Chain
  readonly pseudonym: Hex
  readonly selfSeed: Bytes
  readonly selfPublicKey: Bytes
}

/** A doctor for whom a hospital vouches. */
export type WholeDoctor = Awaited<ReturnType<typeof attestDoctor>>

/** Everyone and everything that a record meets on its journey. */
export type WholeNetwork = {
  readonly net: TestNetwork
  /** Everything that services write lies below. */
  readonly folder: string
  /** The provider of the patient, and a device of it that deposits. */
  readonly hospital: Hospital
  readonly uploader: Chain
  readonly storage: readonly WholeNode[]
  readonly keys: readonly WholeNode[]
  readonly workers: readonly WholeNode[]
  readonly patient: WholePatient
  readonly doctor: WholeDoctor
  /** Another patient of the hospital. */
  newPatient(): Promise<WholePatient>
  /** Another doctor of the hospital. */
  newDoctor(): Promise<WholeDoctor>
  /** Makes the shares of the release key anew among the same nodes, any `k` of which then release. */
  reshare(k: number): Promise<unknown>
  close(): Promise<void>
}

/**
 * Starts a whole network: a chain with the contracts, nodes that speak HTTP on free ports, a release key that the key
 * nodes generated together, a provider, a patient and a doctor. Once for each test file.
 * @example
 * before(async () => { whole = await startWholeNetwork() })
 * after(() => whole.close())
 */
export async function startWholeNetwork(options: startWholeNetwork.Options = {}): Promise<WholeNetwork> {
  const { storage: shares = 9, keys: h = 5, workers: jobs = 2, k = 3, host = hostHere } = options
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-whole-'))
  const net = await startNetwork()
  const registered = await registerHospitals(net, h)
  const ids = registered.map(({ id }) => id)
  await net.foundCouncil(ids, Math.floor(h / 2) + 1)
  // Connections made before know no council.
  const hospitals = await Promise.all(registered.map(async (one) => ({ ...one, chain: await net.as(one.account) })))
  const [hospital] = hospitals as [Hospital]
  const open = (kind: OperatorKind, count: number) =>
    Promise.all(Array.from({ length: count }, (_, at) => openNode({ net, folder, host }, kind, at)))
  const [storage, keys, workers] = await Promise.all([
    open('storage', shares),
    open('key', h),
    open('reconstructor', jobs),
  ])
  const decide = (calls: readonly CouncilCall[]) =>
    agree(hospitals.map(({ chain }) => chain) as [Chain, ...Chain[]], calls)
  const hosts = [...storage, ...workers].map((node) => ({ node, id: randomHex(16) }))
  await decide([
    ...hosts.map(({ id }) => newOrganization(net, id)),
    ...(await Promise.all(
      hosts.map(async ({ node, id }) => {
        const hpkeKeyHash = node.kind === 'storage' ? await hpkeKeyHashOf(node.url) : noHash
        return admission(net, node, { organization: id, hpkeKeyHash })
      }),
    )),
    ...(await Promise.all(
      keys.map(async (node, at) =>
        admission(net, node, {
          organization: hospitals[at]?.id ?? hospital.id,
          hpkeKeyHash: await hpkeKeyHashOf(node.url),
        }),
      ),
    )),
  ])
  const askCouncil = (plan: CeremonyPlan) => decide([ceremonyCall(net.network, plan)])
  const nodes = await operators(hospital.chain, { kind: 'key' })
  await generateCommitteeKey({ chain: hospital.chain, nodes, k, open: askCouncil })

  const device = newAccount()
  await authorizeUploader(hospital.chain, { key: device.address, until: Math.floor(Date.now() / 1000) + 86_400 })
  const newPatient = () => registerPatientOf(net, hospital)
  const newDoctor = () => attestDoctor(net, hospital)
  return {
    net,
    folder,
    hospital,
    uploader: await net.as(device),
    storage,
    keys,
    workers,
    patient: await newPatient(),
    doctor: await newDoctor(),
    newPatient,
    newDoctor,
    reshare: (k) => reshareCommittee({ chain: hospital.chain, k, open: askCouncil }),
    async close() {
      await Promise.all([...storage, ...keys, ...workers].map((node) => node.stop()))
      await net.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}
export declare namespace startWholeNetwork {
  type Options = {
    /** Storage nodes, each of an organization of its own: 9. */
    storage?: number
    /** Key nodes, each of a hospital of its own: 5. */
    keys?: number
    /** How many key nodes release: 3. */
    k?: number
    /** Reconstructors: 2. */
    workers?: number
    /** Where services run: in this process. */
    host?: Host
  }
}

type Place = { readonly net: TestNetwork; readonly folder: string; readonly host: Host }

async function openNode({ net, folder, host }: Place, kind: OperatorKind, at: number): Promise<WholeNode> {
  const account = newAccount()
  const operator = randomHex(16)
  const service = serviceOf(kind, {
    operator,
    privateKey: account.key,
    folder: path.join(folder, `${kind}-${at + 1}`),
    network: net.network,
  })
  let running: Listening | undefined = await host(service)
  let whole = true
  const { url } = running
  const port = Number(new URL(url).port)
  const node: WholeNode = {
    kind,
    operator,
    account,
    url,
    folder: service.config.folder,
    async stop() {
      await running?.close()
      running = undefined
      whole = false
    },
    async start(lies) {
      await running?.close()
      // The chain names this address.
      running = await host({ ...service, config: { ...service.config, port } } as Service, lies)
      whole = lies === undefined
    },
    async heal() {
      if (!whole) await node.start()
    },
  }
  return node
}

type Common = {
  readonly operator: Hex
  readonly privateKey: Hex
  readonly folder: string
  readonly network: TestNetwork['network']
}

function serviceOf(kind: OperatorKind, { operator, ...common }: Common): Service {
  const config = { ...common, port: 0 }
  if (kind === 'storage') return { kind: 'storage-node', config: { ...config, operator } }
  if (kind === 'reconstructor') return { kind, config: { ...config, operator } }
  const budgets = { minute: 1_000, day: 1_000, patient: 1_000 }
  return { kind: 'key-node', config: { ...config, secret: randomHex(32), releasedInterval: 50, budgets } }
}

function newOrganization({ network }: TestNetwork, id: Hex): CouncilCall {
  const { address } = newAccount()
  const args = [id, organizationKinds.indexOf('host'), noId, address, randomHex(32)] as const
  return councilCall(network, 'actorRegistry', 'registerOrganization', args)
}

function admission(
  { network }: TestNetwork,
  { kind, operator, account, url }: WholeNode,
  { organization, hpkeKeyHash }: { organization: Hex; hpkeKeyHash: Hex },
): CouncilCall {
  const args = [operator, operatorKinds.indexOf(kind), organization, account.address, url, hpkeKeyHash] as const
  return councilCall(network, 'actorRegistry', 'registerOperator', args)
}

const noId: Hex = `0x${'00'.repeat(16)}`
const noHash: Hex = `0x${'00'.repeat(32)}`

/** What a node that runs says of its X-Wing key. */
export async function hpkeKeyHashOf(url: string): Promise<Hex> {
  const { hpkePublicKey } = (await (await fetch(`${url}/v1/status`)).json()) as { hpkePublicKey: string }
  return toHex(sha256(fromBase64url(hpkePublicKey)))
}

/** As at a desk: the patient's device derives and signs, the hospital sends. */
async function registerPatientOf(net: TestNetwork, hospital: Hospital): Promise<WholePatient> {
  const vault: Vault = { networkId: fromHex(net.network.networkId, 32), seed: randomBytes(32), profiles: [] }
  const place = { providerId: fromHex(hospital.id, 16) }
  const account = privateKeyToAccount(accountAt(vault, place).privateKey)
  const chain = await net.as(account)
  const keys = placeKeys(vault, place, account.address)
  const pseudonym = toHex(keys.pseudonym)
  const selfKeyHash = toHex(sha256(keys.self.publicKey))
  const signature = await signMessage(chain, 'Register', { pseudonym, provider: hospital.id, selfKeyHash })
  await registerPatient(hospital.chain, {
    controller: account.address,
    rho: toHex(keys.rho),
    provider: hospital.id,
    selfKeyHash,
    signature,
  })
  return { vault, chain, pseudonym, selfSeed: keys.self.seed, selfPublicKey: keys.self.publicKey }
}
