import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start as startWorker } from '@sharewell/reconstructor/main'
import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { anchor, encodeTicket, type Message, recordIdOf, registerOperator, signMessage } from '@sharewell/sdk/chain'
import { createHttpStore, placeRecord } from '@sharewell/sdk/place'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import type { Policy } from '@sharewell/sdk/share'
import { start as startNode } from '@sharewell/storage-node/main'
import type { Hono } from 'hono'
import { type Components, createApp } from '../../services/storage-node/src/app.ts'
import type { Hospital, Patient } from './committee.ts'
import type { TestNetwork } from './network.ts'
import { newParties, type Party, verifierFor } from './parties.ts'
import { chunksOf } from './placed-record.ts'
import { type SealedRecord, sealedRecord } from './sealed-record.ts'
import { hpkeKeyHashOf } from './whole-network.ts'

/** Makes a storage node's app of its parts. */
type Wrap = (components: Components) => Hono

/** A service of an operator that the registry lists. */
export type RunningService = Party & {
  readonly url: string
  /** Where it keeps what it keeps. */
  readonly folder: string
  close(): Promise<void>
  /** Starts it again at its address, with more in its config; a storage node may be given another app. */
  restart(more?: object, wrap?: Wrap): Promise<void>
  /** Loses blocks behind its own back. */
  lose(cids: readonly string[]): Promise<void>
  /** Lets every block on its disk rot. */
  rot(): Promise<void>
}

/** Starts real storage nodes and reconstructors on a chain and registers their operators. */
export async function startStorageNetwork(net: TestNetwork, hospital: Hospital, options: startStorageNetwork.Options) {
  const root = await mkdtemp(join(tmpdir(), 'storage-network-'))
  const admin = await net.as(net.admin)
  const open = async (kind: 'storage' | 'reconstructor', party: Party): Promise<RunningService> => {
    const { operator, account } = party
    const folder = join(root, operator)
    const config = { operator, privateKey: account.key, network: net.network, folder, logLevel: 'silent' as const }
    let store: Components['store'] | undefined
    const watched = (wrap: Wrap) => (components: Components) => {
      store = components.store
      return wrap(components)
    }
    const run = (more: object = {}, wrap: Wrap = createApp) =>
      kind === 'storage'
        ? startNode({ ...config, ...more }, { wrap: watched(wrap), clock: options.clock })
        : startWorker({ ...config, ...more }, { clock: options.clock })
    let running: Awaited<ReturnType<typeof run>> | undefined = await run()
    const { url } = running
    const close = async () => {
      await running?.close()
      running = undefined
    }
    const restart = async (more: object = {}, wrap?: Wrap) => {
      await close()
      running = await run({ ...more, port: Number(new URL(url).port) }, wrap)
    }
    await registerOperator(admin, {
      id: operator,
      kind,
      organization: hospital.id,
      account: account.address,
      endpoint: url,
      ...(options.keys && kind === 'storage' && { hpkeKeyHash: await hpkeKeyHashOf(url) }),
    })
    return {
      ...party,
      url,
      folder,
      close,
      restart,
      lose: async (cids) => await store?.remove(cids),
      rot: () => rotten(folder),
    }
  }
  const nodes = await Promise.all(newParties(options.nodes).map((party) => open('storage', party)))
  const workers = await Promise.all(newParties(options.workers ?? 0).map((party) => open('reconstructor', party)))
  return {
    nodes,
    workers,
    async close() {
      await Promise.all([...nodes, ...workers].map((one) => one.close()))
      await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}
export declare namespace startStorageNetwork {
  type Options = {
    nodes: number
    workers?: number
    /** Whether the registry has the hashes of storage nodes' HPKE keys: not by default, as in registrations of old. */
    keys?: boolean
    /** The clock of all of them: the machine's by default. */
    clock?: (() => number) | undefined
  }
}

/** Lets every block below a node's folder rot. */
export async function rotten(folder: string): Promise<void> {
  const blocks = join(folder, 'blocks')
  const files = (await readdir(blocks, { recursive: true })).filter((file) => file.endsWith('.data'))
  await Promise.all(files.map((file) => writeFile(join(blocks, file), 'rotten')))
}

/** The ticket by which a hospital writes one record on these nodes. */
export async function writeTicket(
  hospital: Hospital,
  nodes: readonly Party[],
  { recordId, ...more }: { recordId: Hex } & Partial<Message<'WriteTicket'>>,
): Promise<string> {
  const operators = nodes.map(({ operator }) => operator)
  const operatorsHash = toHex(sha256(Buffer.concat(operators.map((id) => fromHex(id, 16)))))
  const message = { recordId, version: 1, operatorsHash, maxBytes: 10_000_000n, notAfter: soon(), ...more }
  const signature = await signMessage(hospital.chain, 'WriteTicket', message)
  return encodeTicket({ kind: 'WriteTicket', message, signature, extra: { operators } })
}

/** Ten minutes from now. */
export const soon = (): number => Math.floor(Date.now() / 1000) + 600

/** Seals, splits, places and anchors a record of a patient, as its hospital. */
export async function depositRecord(
  net: TestNetwork,
  {
    hospital,
    patient,
    nodes,
    ...shape
  }: {
    hospital: Hospital
    patient: Patient
    nodes: readonly RunningService[]
    /** All but one of the nodes rebuild it, where nothing else is said. */
    policy?: Policy
    dataLength?: number
  },
): Promise<SealedRecord> {
  const { networkId } = net.network
  const salt = toHex(randomBytes(32))
  const policy = shape.policy ?? { n: nodes.length, t: nodes.length - 1, r: 0 }
  const recordId = recordIdOf(networkId, patient.pseudonym, salt)
  const operators = nodes.map(({ operator }) => operator)
  const record = await sealedRecord({ ...shape, networkId, uploader: hospital.account, policy, operators, recordId })
  const ticket = await writeTicket(hospital, nodes, { recordId })
  await placeRecord({
    nodes: nodes.map(({ operator, url }) => ({
      operator,
      store: createHttpStore({ url, authorize: async () => ticket }),
    })),
    chunks: chunksOf(record),
    close: async () => record.blocks,
    verify: verifierFor(net.network, 'Acknowledgement', nodes),
  })
  const { manifestHash, placementHash, manifest } = record
  const hashes = { manifestHash, placementHash, ptCommit: toHex(manifest.ptCommit), ...policy }
  await anchor(hospital.chain, { pseudonym: patient.pseudonym, salt, category: 3, ...hashes })
  return record
}
