import { randomBytes } from '#primitives'
import { type Hex, toHex } from '../bytes.ts'
import {
  type Chain,
  type Epoch,
  epochOf,
  type Operator,
  type Proposal,
  propose as proposeAlone,
  type WaitOptions,
} from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import type { DkgUse } from '../release/index.ts'
import { callJson } from './http.ts'

/**
 * Coordinates the generation of a release key among key nodes, proposes it on chain and has every node confirm it.
 *
 * The coordinator relays signed messages and sealed shares: it can delay and abort, not alter, read or choose. Only the
 * proposal needs the administration; what counts is what each node confirms with its own account.
 * Errors: {@link CommitteeError} naming the node, `ContractRefusalError`, `ChainCallError`.
 * @example
 * const nodes = await operators(chain, { kind: 'key' })
 * const epoch = await generateCommitteeKey({ chain, nodes, k: 3, propose: askTheCouncil })
 */
export async function generateCommitteeKey(
  { chain, nodes, k, epoch = 1, propose = proposeTo(chain) }: generateCommitteeKey.Args,
  { signal }: WaitOptions = {},
): Promise<Epoch> {
  const members = nodes.map(({ id }) => id)
  const key = await generateKey({ nodes, k, use: 'dkg w1' }, { signal })
  await propose({ epoch, k, members, ...key }, { signal })
  // One after another: the last confirmation activates the epoch.
  const ask = asker(nodes, { signal })
  for (const node of nodes) await ask(node, '/v1/dkg/confirm', { epoch })
  const active = await epochOf(chain, { epoch }, { signal })
  if (!active?.active) throw new CommitteeError({ step: 'activation' })
  return active
}
export declare namespace generateCommitteeKey {
  type Args = {
    /** A connection, as the administration where nobody else proposes. */
    chain: Chain
    /** The members, in order: member i is `nodes[i - 1]`. */
    nodes: readonly Operator[]
    /** How many partials open. */
    k: number
    /** 1 at the start of a network. */
    epoch?: number | undefined
    /** Has the administration propose the key: the council, which several members' accounts make. Default: `chain` does. */
    propose?: ((proposal: Proposal, options: WaitOptions) => Promise<unknown>) | undefined
  }
}

/** Has the nodes generate a key for one use; what it is worth is what each of them confirms on chain. */
async function generateKey(
  { nodes, k, use }: { nodes: readonly Operator[]; k: number; use: DkgUse },
  { signal }: WaitOptions,
): Promise<Pick<Epoch, 'groupKey' | 'verifyingShares' | 'transcriptHash'>> {
  const members = nodes.map(({ id }) => id)
  const ask = asker(nodes, { signal })
  const all = <T>(step: (node: Operator, at: number) => Promise<T>) => Promise.all(nodes.map(step))

  const nonce = toHex(randomBytes(32))
  const started = await all((node) => ask(node, '/v1/dkg/announce', { use, members, k, nonce }))
  const session = started[0]?.session
  const announcements = started.map(({ hash, signature }) => ({ hash, signature }))
  const publicKeys = (await all((node) => ask(node, '/v1/status', undefined))).map(({ hpkePublicKey }) => hpkePublicKey)
  const packages = (await all((node) => ask(node, '/v1/dkg/reveal', { session, announcements }))).map(
    (answer) => answer.package,
  )
  const dealt = await all((node) => ask(node, '/v1/dkg/deal', { session, packages, publicKeys }))
  const shares = dealt.flatMap(({ shares: sent }, at) => readShares(sent, at + 1))
  const keys = await all((node, at) =>
    ask(node, '/v1/dkg/finish', { session, shares: shares.filter(({ to }) => to === at + 1) }),
  )
  return readKey(keys)
}

/** Calls a node; what fails names it. */
const asker =
  (nodes: readonly Operator[], { signal }: WaitOptions) =>
  async (node: Operator, path: string, body: unknown) =>
    await callJson(node.endpoint, path, body, { signal, timeout: 60_000 }).catch((cause: unknown) => {
      signal?.throwIfAborted()
      throw new CommitteeError({ node: nodes.indexOf(node) + 1, step: path, cause })
    })

const proposeTo = (chain: Chain) => (proposal: Proposal, options: WaitOptions) => proposeAlone(chain, proposal, options)

/** All members must have computed one key; the nodes check it again when they confirm. */
function readKey(
  keys: readonly Record<string, unknown>[],
): Pick<Epoch, 'groupKey' | 'verifyingShares' | 'transcriptHash'> {
  const [first] = keys
  const other = keys.findIndex((key) => key.transcriptHash !== first?.transcriptHash)
  if (!first || other >= 0) throw new CommitteeError({ node: other + 1, step: 'comparison' })
  const { groupKey, verifyingShares, transcriptHash } = first
  const all = Array.isArray(verifyingShares) ? verifyingShares : [undefined]
  if (![groupKey, transcriptHash, ...all].every(isHash)) throw new CommitteeError({ node: 1, step: 'comparison' })
  return { groupKey: groupKey as Hex, verifyingShares: all as Hex[], transcriptHash: transcriptHash as Hex }
}

const isHash = (value: unknown): value is Hex => typeof value === 'string' && /^0x[0-9a-f]{64}$/i.test(value)

/** What a member dealt; the receivers judge what is in it. */
function readShares(value: unknown, node: number): { to: number }[] {
  const isShare = (one: unknown) => typeof one === 'object' && one !== null && 'to' in one && typeof one.to === 'number'
  if (!Array.isArray(value) || !value.every(isShare)) throw new CommitteeError({ node, step: '/v1/dkg/deal' })
  return value as { to: number }[]
}

/** Thrown when a key generation stops; `node` is the member at which it did, counted from 1. */
export class CommitteeError extends BaseError<'COMMITTEE'> {
  override readonly name = 'CommitteeError'
  constructor({ node, step, cause }: { node?: number; step?: string; cause?: unknown }) {
    const why = cause instanceof BaseError ? ` ${cause.message.split('\n')[0]}` : ''
    super('COMMITTEE', `The key generation stopped at ${step ?? 'a step'}${node ? `, node ${node}` : ''}.${why}`, {
      cause,
      hints: ['Check that every node is up, registered and ready, then start again.'],
      docs: '/key-node#key-generation',
    })
  }
}
