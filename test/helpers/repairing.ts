import { type Bytes, fromHex } from '@sharewell/sdk/bytes'
import { type AnchoredRecord, type Operator, operators } from '@sharewell/sdk/chain'
import { operatorAuthorization } from '@sharewell/sdk/flow/health'
import { createHttpStore, loadRecord } from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import {
  encodePlacement,
  encodeRepairAsk,
  encodeTerms,
  type Placement,
  type RenewTerms,
  type RepairAsk,
  readRepairAnswer,
} from '@sharewell/sdk/share'
import { type ObjectSigner, signObject } from '@sharewell/sdk/signed'
import { Hono } from 'hono'
import { storageKeyOf } from '../../sdk/src/flow/storage-key.ts'
import { type Components, createApp } from '../../services/storage-node/src/app.ts'
import type { Hospital } from './committee.ts'
import type { TestNetwork } from './network.ts'
import type { RunningService, startStorageNetwork } from './storage-network.ts'

type Storage = Awaited<ReturnType<typeof startStorageNetwork>>

/** Clients that read as the network's first reconstructor. */
export async function readerOf(net: TestNetwork, { workers }: Storage) {
  const worker = workers[0] as RunningService
  const authorize = operatorAuthorization(await net.as(worker.account), worker.operator)
  return ({ id, endpoint }: Operator) =>
    createHttpStore({ url: endpoint, authorize: () => authorize(id), timeout: 5_000 })
}

/** The X-Wing keys of all nodes. */
export async function keysOf({ chain }: Hospital, { nodes }: Storage): Promise<Bytes[]> {
  const known = await operators(chain, { kind: 'storage' })
  const read = ({ endpoint }: Operator) => createHttpStore({ url: endpoint, authorize: async () => '' })
  const all = nodes.map(({ operator }) => known.find(({ id }) => id === operator) as Operator)
  return await Promise.all(all.map(async (info) => (await storageKeyOf(info, read(info))) as Bytes))
}

/** Another answer to the steps of a repair; whoever examines the node finds nothing. */
export const onlyInRepairs = (answer: (components: Components) => Hono) => (components: Components) => {
  const [honest, other] = [createApp(components), answer(components)]
  const app = new Hono()
  app.all('/v1/repair/*', (c) => other.fetch(c.req.raw, c.env))
  app.all('*', (c) => honest.fetch(c.req.raw, c.env))
  return app
}

/** Takes no step of a repair. */
export const refusing = onlyInRepairs(() => new Hono())

/** Terms of a repair of share 4 by the first three nodes, as an attacker may change them. */
export const termsOf = (
  { recordId, manifestHash, placementHash }: Pick<AnchoredRecord, 'recordId' | 'manifestHash' | 'placementHash'>,
  { networkId, ...more }: Partial<RenewTerms> & Pick<RenewTerms, 'networkId' | 'receivers'>,
): RenewTerms => ({
  v: 1,
  networkId,
  recordId: fromHex(recordId, 32),
  version: 1,
  manifestHash: fromHex(manifestHash, 32),
  placementHash: fromHex(placementHash, 32),
  epoch: 0,
  nonce: randomBytes(32),
  kind: 'repair',
  contributors: [0, 1, 2],
  share: 4,
  ...more,
})

/** One request about chunk 0, as anybody may send it. */
export const askOf = (terms: RenewTerms, more: Partial<RepairAsk> & Pick<RepairAsk, 'keys'>): RepairAsk => ({
  terms: encodeTerms(terms),
  first: 0,
  count: 1,
  parts: [],
  ...more,
})

/** Asks a node for a step, with a ticket. */
export async function step(url: string, name: 'pieces' | 'sums' | 'take' | 'open', ask: RepairAsk, ticket: string) {
  const client = createHttpStore({ url, authorize: async () => ticket })
  return readRepairAnswer(await client.repair(name, encodeRepairAsk(ask)))
}

/** The code with which a node refuses; undefined where it does not. */
export const refusal = async (work: Promise<unknown>): Promise<unknown> =>
  await work.then(
    () => undefined,
    (error: { reason?: string }) => error.reason,
  )

/** The placement that stands. */
export async function placementOf(
  record: AnchoredRecord,
  reader: Awaited<ReturnType<typeof readerOf>>,
  { chain }: Hospital,
): Promise<Placement> {
  const known = await operators(chain, { kind: 'storage' })
  const nodes = known.filter(({ active }) => active).map((one) => ({ operator: one.id, store: reader(one) }))
  return (await loadRecord({ ...record, networkId: chain.network.networkId, nodes })).placement
}

/** A placement that would follow it, with what an attacker changes. */
export const draftOf = async (before: Placement, more: Partial<Placement>, signer: ObjectSigner): Promise<Bytes> => {
  const after = { ...before, gen: before.gen + 1, salt: randomBytes(32), ...more }
  return await signObject('placement', encodePlacement(after), before.networkId, signer)
}

/** The operators of a placement with some of them changed. */
export const changed = (before: Placement, to: Readonly<Record<number, Uint8Array>>): Bytes[] =>
  before.operators.map((id, j) => new Uint8Array(to[j] ?? id))
