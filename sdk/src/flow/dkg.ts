import { randomBytes } from '#primitives'
import { type Hex, toHex } from '../bytes.ts'
import { type Chain, type Epoch, type Operator, operatorOf, type WaitOptions } from '../chain/index.ts'
import type { DkgUse } from '../release/index.ts'
import { CommitteeError } from './ceremony.ts'
import { callJson } from './http.ts'
import { operatorTicket } from './operator-ticket.ts'

/**
 * Has the nodes generate a key for one use, as one of their operators; what it is worth is what each of them confirms on
 * chain.
 */
export async function generateKey(
  { chain, nodes, k, use }: { chain: Chain; nodes: readonly Operator[]; k: number; use: DkgUse },
  { signal }: WaitOptions,
): Promise<Pick<Epoch, 'groupKey' | 'verifyingShares' | 'transcriptHash'>> {
  const members = nodes.map(({ id }) => id)
  const account = chain.wallet?.account.address
  const operator = account && (await operatorOf(chain, { account }, { signal }))
  if (!operator || !members.includes(operator))
    throw new CommitteeError({ step: 'the ticket of one of their operators' })
  const ask = asker(nodes, { signal })
  const all = <T>(step: (node: Operator, at: number) => Promise<T>) => Promise.all(nodes.map(step))

  // Who does not answer is named before a session begins anywhere: a node keeps only a few.
  const publicKeys = (await all((node) => ask(node, '/v1/status', undefined))).map(({ hpkePublicKey }) => hpkePublicKey)
  const nonce = toHex(randomBytes(32))
  const started = await all(async (node) => {
    const ticket = await operatorTicket(chain, { operator, node: node.id })
    return await ask(node, '/v1/dkg/announce', { use, members, k, nonce, ticket })
  })
  const session = started[0]?.session
  const announcements = started.map(({ hash, signature }) => ({ hash, signature }))
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
export const asker =
  (nodes: readonly Operator[], { signal }: WaitOptions) =>
  async (node: Operator, path: string, body: unknown) =>
    await callJson(node.endpoint, path, body, { signal, timeout: 60_000 }).catch((cause: unknown) => {
      signal?.throwIfAborted()
      throw new CommitteeError({ node: nodes.indexOf(node) + 1, step: path, cause })
    })

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
