import { sha256 } from '#primitives'
import { type Bytes, fromBase64url, fromHex, type Hex, toHex } from '../bytes.ts'
import {
  activeEpoch,
  type Chain,
  type Epoch,
  type Operator,
  operatorInfo,
  ticketToJson,
  type WaitOptions,
} from '../chain/index.ts'
import { type Capsule, parseCapsule } from '../envelope/index.ts'
import { BaseError } from '../errors.ts'
import { call, callJson, put, ServiceError } from './http.ts'
import { type Opening, proveOpenings, type ToldOpenings } from './openings.ts'
import { shuffled } from './shuffled.ts'
import type { ReadPass } from './tickets.ts'
import type { Fault } from './types.ts'

export type { Opening } from './openings.ts'
export { type ReadPass, readPass } from './tickets.ts'

/** A member of the committee that serves. */
export type KeyNode = Pick<Operator, 'id' | 'endpoint' | 'account' | 'hpkeKeyHash'> & {
  /** Its number, 1..h. */
  readonly i: number
  /** X_i. */
  readonly verifyingShare: Bytes
}

/** The committee that serves, with where to reach its nodes. */
export type KeyNodes = {
  readonly keyEpoch: number
  readonly k: number
  /** Y, to which consent wraps are made. */
  readonly groupKey: Bytes
  readonly nodes: readonly KeyNode[]
}

/** Which of the nodes did something, and why the others did not. */
export type NodeReport = { readonly done: readonly number[]; readonly failed: readonly { i: number; code: string }[] }

/** The committee that serves now, as the chain names it. Throws {@link NoCommitteeError} before the first. */
export async function keyNodesOf(chain: Chain, options: WaitOptions = {}): Promise<KeyNodes> {
  const epoch = await activeEpoch(chain, options)
  if (!epoch) throw new NoCommitteeError({})
  return await keyNodesWith(chain, { ...epoch, keyEpoch: epoch.epoch }, options)
}

/** The nodes that hold the shares of one key, with where to reach them. */
export async function keyNodesWith(
  chain: Chain,
  key: Pick<Epoch, 'k' | 'members' | 'groupKey' | 'verifyingShares'> & { readonly keyEpoch: number },
  options: WaitOptions = {},
): Promise<KeyNodes> {
  const { keyEpoch, k, members, groupKey } = key
  const nodes = await Promise.all(members.map((operator, at) => nodeOf(chain, key, { operator, at }, options)))
  return { keyEpoch, k, groupKey: fromHex(groupKey, 32), nodes }
}

/** Gives every node a copy of a signed key header. Throws {@link KeyNodesError} when fewer than k keep it.
 * `pseudonym` is needed where the patient's own account signed it. */
export async function putHeader(
  { nodes, k }: KeyNodes,
  { header, pseudonym }: { header: Bytes; pseudonym?: Hex | undefined },
  options: WaitOptions = {},
): Promise<NodeReport> {
  const path = `/v1/headers/${toHex(sha256(header))}${pseudonym ? `?pseudonym=${pseudonym}` : ''}`
  return await putToAll(nodes, { path, body: header, k }, options)
}

/** Gives every node a copy of a capsule for a patient. Throws {@link KeyNodesError} when fewer than k keep it. */
export async function putCapsule(
  { nodes, k }: KeyNodes,
  { capsule }: { capsule: Bytes },
  options: WaitOptions = {},
): Promise<NodeReport> {
  return await putToAll(nodes, { path: `/v1/capsules/${toHex(sha256(capsule))}`, body: capsule, k }, options)
}

/**
 * The X-Wing public keys of the members, each the one whose hash the registry names. A member that is away can be dealt
 * nothing, now or later: one more than k must answer where there are more.
 * Throws {@link KeyNodesError}.
 */
export async function memberKeysOf(
  { nodes, k }: Pick<KeyNodes, 'nodes' | 'k'>,
  { signal }: WaitOptions = {},
): Promise<Bytes[]> {
  const answers = await Promise.allSettled(
    nodes.map(async ({ endpoint, hpkeKeyHash }) => {
      const { hpkePublicKey } = await callJson(endpoint, '/v1/status', undefined, { signal })
      const key = fromBase64url(String(hpkePublicKey))
      if (toHex(sha256(key)) !== hpkeKeyHash) throw new ServiceError({ problem: 'OTHER_BYTES' })
      return key
    }),
  )
  signal?.throwIfAborted()
  const keys = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  if (keys.length < Math.min(nodes.length, k + 1))
    throw new KeyNodesError({
      what: 'showed their keys',
      done: keys.length,
      failed: failuresOf(nodes, answers, signal),
    })
  return keys
}

/** Reads a key header from the first node that gives the bytes of this hash; `onFault` hears of nodes that give others.
 * Throws {@link KeyNodesError}. */
export async function readHeader(
  { nodes }: Pick<KeyNodes, 'nodes'>,
  { hash, pass }: { hash: Hex; pass: ReadPass },
  { signal, onFault }: WaitOptions & { readonly onFault?: ((fault: Fault) => void) | undefined } = {},
): Promise<Bytes> {
  const failed: { i: number; code: string }[] = []
  for (const node of shuffled(nodes)) {
    try {
      const body = JSON.stringify({ hash, ...(await shown(pass, node)) })
      const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
      const bytes = await call(node.endpoint, '/v1/headers/read', init, { signal, timeout: 5_000 })
      if (toHex(sha256(bytes)) === hash) return bytes
      failed.push({ i: node.i, code: 'OTHER_BYTES' })
      onFault?.({ operator: node.id, role: 'key', code: 'OTHER_BYTES', detail: 'it gave another key header' })
    } catch (error) {
      failed.push({ i: node.i, code: codeOf(error, signal) })
    }
  }
  throw new KeyNodesError({ what: 'gave the key header', failed })
}

/** All capsules that the nodes keep for a pseudonym, each once, read and checked. The pass is the controller's.
 * Throws {@link KeyNodesError} when no node answers. */
export async function listCapsules(
  { nodes }: Pick<KeyNodes, 'nodes'>,
  { pass, networkId }: { pass: ReadPass; networkId: Hex },
  { signal }: WaitOptions = {},
): Promise<Capsule[]> {
  const answers = await Promise.allSettled(
    nodes.map(async (node) => callJson(node.endpoint, '/v1/capsules/list', await shown(pass, node), { signal })),
  )
  signal?.throwIfAborted()
  const failed = failuresOf(nodes, answers, signal)
  if (failed.length === nodes.length) throw new KeyNodesError({ what: 'gave the capsules', failed })
  const found = new Map<Hex, Capsule>()
  for (const text of answers.flatMap((one) => (one.status === 'fulfilled' ? listIn(one.value, 'capsules') : []))) {
    const capsule = typeof text === 'string' ? readCapsule(text, networkId) : undefined
    // A node may keep what is not this patient's, or make it up: that is dropped, not believed.
    if (capsule && toHex(capsule.pseudonym) === pass.pseudonym.toLowerCase()) found.set(toHex(capsule.hash), capsule)
  }
  return [...found.values()]
}

/** Who opened the records of a pseudonym, from all nodes that answer: one honest one suffices, and none can add what no
 * reader signed. Throws {@link KeyNodesError} when no node answers. */
export async function listOpenings(
  { nodes }: Pick<KeyNodes, 'nodes'>,
  { chain, pass }: { chain: Chain; pass: ReadPass },
  { signal }: WaitOptions = {},
): Promise<Opening[]> {
  const { told } = await askOpenings(nodes, pass, { signal })
  return (await proveOpenings(chain, { told, pseudonym: pass.pseudonym }, { signal })).openings
}

/** What each of these nodes tells of the openings of a pseudonym, word by word, and which tell nothing. Throws
 * {@link KeyNodesError} when none answers. */
export async function askOpenings(
  nodes: readonly AskedNode[],
  pass: ReadPass,
  { signal }: WaitOptions = {},
): Promise<{ readonly told: ToldOpenings[]; readonly silent: readonly { operator: Hex; code: string }[] }> {
  const answers = await Promise.allSettled(
    nodes.map(async (node) => callJson(node.endpoint, '/v1/openings/list', await shown(pass, node), { signal })),
  )
  signal?.throwIfAborted()
  const told: ToldOpenings[] = []
  const silent: { operator: Hex; code: string }[] = []
  for (const [at, { id: operator }] of nodes.entries()) {
    const answer = answers[at]
    if (answer?.status === 'fulfilled')
      told.push({ operator, openings: listIn(answer.value, 'openings').slice(0, maxOpenings) })
    else silent.push({ operator, code: codeOf(answer?.reason, signal) })
  }
  const failed = silent.map(({ code }, at) => ({ i: at + 1, code }))
  if (told.length === 0) throw new KeyNodesError({ what: 'gave the openings', failed })
  return { told, silent }
}

/** What it takes to ask a key node: members of the committee, and those that were. */
export type AskedNode = Pick<Operator, 'id' | 'endpoint'>

/** The pass as one node takes it, in a body. */
const shown = async (pass: ReadPass, { id }: AskedNode) => ({ ticket: ticketToJson(await pass.ticketFor(id)) })

/** As many as a node tells of, the newest. */
export const maxOpenings = 1_000

/** The code of what went wrong at a node; aborts pass through. */
export function codeOf(error: unknown, signal?: AbortSignal | undefined): string {
  signal?.throwIfAborted()
  if (error instanceof ServiceError) return error.problem
  return error instanceof BaseError ? error.code : 'UNREACHABLE'
}

async function nodeOf(
  chain: Chain,
  { verifyingShares }: Pick<Epoch, 'verifyingShares'>,
  { operator, at }: { operator: Hex; at: number },
  options: WaitOptions,
): Promise<KeyNode> {
  const info = await operatorInfo(chain, { operator }, options)
  if (!info) throw new NoCommitteeError({})
  const { id, endpoint, account, hpkeKeyHash } = info
  return { id, endpoint, account, hpkeKeyHash, i: at + 1, verifyingShare: fromHex(verifyingShares[at] ?? '0x', 32) }
}

async function putToAll(
  nodes: readonly KeyNode[],
  { path, body, k }: { path: string; body: Bytes; k: number },
  { signal }: WaitOptions,
): Promise<NodeReport> {
  const answers = await Promise.allSettled(nodes.map(({ endpoint }) => put(endpoint, path, body, { signal })))
  signal?.throwIfAborted()
  const failed = failuresOf(nodes, answers, signal)
  const done = nodes.filter((_, at) => answers[at]?.status === 'fulfilled').map(({ i }) => i)
  if (done.length < k) throw new KeyNodesError({ what: `kept it, ${k} are needed`, done: done.length, failed })
  return { done, failed }
}

function failuresOf(
  nodes: readonly KeyNode[],
  answers: readonly PromiseSettledResult<unknown>[],
  signal?: AbortSignal,
) {
  return nodes.flatMap(({ i }, at) => {
    const answer = answers[at]
    return answer?.status === 'rejected' ? [{ i, code: codeOf(answer.reason, signal) }] : []
  })
}

/** What a node tells under a name: a list, or nothing that counts. */
function listIn(answer: unknown, name: 'capsules' | 'openings'): readonly unknown[] {
  const list = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[name] : undefined
  return Array.isArray(list) ? list : []
}

function readCapsule(text: string, networkId: Hex): Capsule | undefined {
  try {
    return parseCapsule(fromBase64url(text), { networkId: fromHex(networkId, 32) })
  } catch (error) {
    if (error instanceof BaseError) return undefined
    throw error
  }
}

/** Thrown when too few key nodes did what was asked; `failed` says what each of the others answered. */
export class KeyNodesError extends BaseError<'KEY_NODES'> {
  override readonly name = 'KeyNodesError'
  readonly failed: readonly { i: number; code: string }[]
  constructor({ what = 'answered', done = 0, failed = [] }: KeyNodesError.Options) {
    const list = failed.map(({ i, code }) => `node ${i}: ${code}`).join(', ')
    super('KEY_NODES', `${done || 'No'} key nodes ${what}${list ? ` (${list})` : ''}.`, {
      hints: ['Try again; each code is explained in docs/spec/key-node.md.'],
      docs: '/key-node#refusals',
    })
    this.failed = failed
  }
}
export declare namespace KeyNodesError {
  type Options = { what?: string; done?: number; failed?: readonly { i: number; code: string }[] }
}

/** Thrown when the network has no committee of key nodes that serves. */
export class NoCommitteeError extends BaseError<'NO_COMMITTEE'> {
  override readonly name = 'NoCommitteeError'
  constructor(_: Record<string, never>) {
    super('NO_COMMITTEE', 'No committee of key nodes serves on this network yet.', {
      hints: ['Wait until the network has generated its release key.'],
      docs: '/key-node#key-generation',
    })
  }
}
