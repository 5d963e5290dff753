import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Log } from '@sharewell/host'
import { type Config, start } from '@sharewell/key-node/main'
import { type Bytes, fromBase64url, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  anchor,
  attest,
  type Chain,
  credentialId,
  type Epoch,
  type Operator,
  operators,
  pseudonymOf,
  recordIdOf,
  registerOperator,
  registerOrganization,
  registerPatient,
} from '@sharewell/sdk/chain'
import { publicKeyOf } from '@sharewell/sdk/envelope'
import { generateCommitteeKey } from '@sharewell/sdk/flow/committee'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import {
  type Ciphertext,
  consentCiphertext,
  ctHash,
  encodeKeyHeader,
  type KeyHeader,
  wrapDek,
} from '@sharewell/sdk/release'
import { signObject } from '@sharewell/sdk/signed'
import type { LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { TestNetwork } from './network.ts'

const randomHex = (bytes: number): Hex => toHex(randomBytes(bytes))
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** A hospital with its own account. */
export type Hospital = {
  readonly id: Hex
  /** Its key where this process made it. */
  readonly account: LocalAccount & { readonly key?: Hex }
  readonly chain: Chain
}

/** A key node that a test can stop and start again on its data. */
export type TestKeyNode = {
  readonly config: Config
  readonly url: string
  restart(change?: Partial<Config>): Promise<void>
  stop(): Promise<void>
}

/** Connects as the operator of a node. */
export const asOperator = async (net: TestNetwork, { config }: TestKeyNode): Promise<Chain> =>
  await net.as(privateKeyToAccount(config.privateKey as Hex))

/** Registers `count` hospitals. */
export async function registerHospitals(net: TestNetwork, count: number): Promise<Hospital[]> {
  const admin = await net.as(net.admin)
  const hospitals = Array.from({ length: count }, () => ({ id: randomHex(16), account: newAccount() }))
  for (const { id, account } of hospitals)
    await registerOrganization(admin, { id, kind: 'hospital', account: account.address, directoryHash: randomHex(32) })
  return await Promise.all(hospitals.map(async (one) => ({ ...one, chain: await net.as(one.account) })))
}

/** A fresh account; gas is free, so it needs no funds. */
export const newAccount = (): LocalAccount & { readonly key: Hex } => {
  const key = generatePrivateKey()
  return { ...privateKeyToAccount(key), key }
}

/** How the nodes of a test run: their config, their clock, and who hears what they log. */
type Running = Partial<Config> & { readonly clock?: () => number; readonly log?: Log }

/** Starts one key node for each hospital and registers it. */
export async function startKeyNodes(
  net: TestNetwork,
  hospitals: readonly Hospital[],
  { clock, log = silent, ...change }: Running = {},
): Promise<{ nodes: TestKeyNode[]; operators: Operator[]; close(): Promise<void> }> {
  const admin = await net.as(net.admin)
  const root = await mkdtemp(path.join(tmpdir(), 'sharewell-key-nodes-'))
  const nodes = await Promise.all(
    hospitals.map(async (hospital, at) => {
      const privateKey = generatePrivateKey()
      const config: Config = {
        port: 0,
        folder: path.join(root, `node-${at + 1}`),
        network: net.network,
        privateKey,
        secret: randomHex(32),
        releasedInterval: 50,
        // A test that turns the clock by months asks for it.
        refreshInterval: 0,
        ...change,
      }
      return { hospital, account: privateKeyToAccount(privateKey), ...(await runNode(config, { clock, log })) }
    }),
  )
  for (const { hospital, account, node } of nodes) {
    const { hpkePublicKey } = (await (await fetch(`${node.url}/v1/status`)).json()) as { hpkePublicKey: string }
    await registerOperator(admin, {
      id: randomHex(16),
      kind: 'key',
      organization: hospital.id,
      account: account.address,
      endpoint: node.url,
      hpkeKeyHash: toHex(sha256(fromBase64url(hpkePublicKey))),
    })
  }
  return {
    nodes: nodes.map(({ node }) => node),
    operators: await operators(admin, { kind: 'key' }),
    async close() {
      await Promise.all(nodes.map(({ node }) => node.stop()))
      await rm(root, { recursive: true, force: true })
    },
  }
}

async function runNode(config: Config, options: start.Options): Promise<{ node: TestKeyNode }> {
  let running = await start(config, options)
  let stopped = false
  // After a restart the node listens where it did before, because the chain names its endpoint.
  const port = Number(new URL(running.url).port)
  const stop = async () => {
    if (!stopped) await running.close()
    stopped = true
  }
  const restart = async (change: Partial<Config> = {}) => {
    await stop()
    running = await start({ ...config, ...change, port }, options)
    stopped = false
  }
  return { node: { config, url: running.url, restart, stop } }
}

/** Starts a committee of k of h whose key was generated over HTTP. */
export async function startCommittee(
  net: TestNetwork,
  { h = 5, k = 3, ...options }: Running & { readonly h?: number; readonly k?: number } = {},
) {
  const hospitals = await registerHospitals(net, h)
  const started = await startKeyNodes(net, hospitals, options)
  const chain = await net.as(net.admin)
  const epoch: Epoch = await generateCommitteeKey({ chain, nodes: started.operators, k })
  return { ...started, hospitals, epoch }
}

/** A patient registered at a hospital. */
export type Patient = {
  readonly account: LocalAccount
  readonly chain: Chain
  readonly pseudonym: Hex
  readonly selfSeed: Bytes
  readonly selfPublicKey: Bytes
}

/** Registers a patient at a hospital. */
export async function registerPatientAt(net: TestNetwork, hospital: Hospital): Promise<Patient> {
  const account = newAccount()
  const rho = randomHex(32)
  const selfSeed = randomBytes(32)
  const selfPublicKey = publicKeyOf(selfSeed)
  const chain = await net.as(account)
  const selfKeyHash = toHex(sha256(selfPublicKey))
  await registerPatient(chain, { controller: account.address, rho, provider: hospital.id, selfKeyHash })
  const pseudonym = pseudonymOf(net.network.networkId, account.address, rho)
  return { account, chain, pseudonym, selfSeed, selfPublicKey }
}

/** A practitioner for whom a hospital vouches for an hour. */
export async function attestDoctor(net: TestNetwork, hospital: Hospital, clock = () => Math.floor(Date.now() / 1000)) {
  const account = newAccount()
  const until = clock() + 3_600
  const terms = { account: account.address, organization: hospital.id, roles: 1, until, directoryHash: randomHex(32) }
  await attest(hospital.chain, terms)
  return { account, chain: await net.as(account), credential: credentialId(account.address, hospital.id) }
}

/** An anchored record with its signed key header; what the shares hold is not looked at. */
export type TestRecord = {
  readonly recordId: Hex
  readonly manifestHash: Hex
  readonly header: KeyHeader
  readonly headerBytes: Bytes
  readonly headerHash: Hex
  readonly ct: Ciphertext
  readonly ctHash: Hex
  readonly dek: Bytes
}

/** Wraps a fresh key for a patient and the committee, and anchors a record of that key. */
export async function anchorRecord(
  net: Pick<TestNetwork, 'network'>,
  { hospital, patient, groupKey, category = 3 }: anchorRecord.Args,
): Promise<TestRecord> {
  const networkId = fromHex(net.network.networkId, 32)
  const salt = randomHex(32)
  const recordId = recordIdOf(net.network.networkId, patient.pseudonym, salt)
  const dek = randomBytes(32)
  const record = { networkId, recordId: fromHex(recordId, 32), version: 1, sealHash: randomBytes(32) }
  const header = await wrapDek({ record, dek, patientKey: patient.selfPublicKey, groupKey: fromHex(groupKey, 32) })
  const headerBytes = await signObject('key header', encodeKeyHeader(header), networkId, hospital.account)
  const manifestHash = randomHex(32)
  const hashes = { manifestHash, placementHash: randomHex(32), ptCommit: randomHex(32), n: 5, t: 3, r: 0 }
  await anchor(hospital.chain, { pseudonym: patient.pseudonym, salt, category, ...hashes })
  const { ct } = consentCiphertext(header)
  const headerHash = toHex(sha256(headerBytes))
  return { recordId, manifestHash, header, headerBytes, headerHash, ct, ctHash: toHex(ctHash(ct)), dek }
}
export declare namespace anchorRecord {
  type Args = {
    hospital: Pick<Hospital, 'chain'> & { account: LocalAccount }
    patient: Pick<Patient, 'pseudonym' | 'selfPublicKey'>
    groupKey: Hex
    category?: number
  }
}
