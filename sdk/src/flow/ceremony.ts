import {
  beginAgain,
  type Ceremony,
  type CeremonyState,
  type Chain,
  ContractRefusalError,
  ceremonyOf,
  ceremonyProgress,
  type Epoch,
  epochOf,
  type Operator,
  operators,
  silentIn,
  type WaitOptions,
} from '../chain/index.ts'
import { pause } from '../chain/wait.ts'
import { BaseError, firstLine } from '../errors.ts'
import { callJson } from './http.ts'

/** Options of {@link runCeremony}. */
export type CeremonyOptions = WaitOptions & {
  /** Milliseconds to wait when nothing moves; a second by default. */
  readonly interval?: number | undefined
  /** Told of each ceremony that begins, with how many members are left. */
  readonly onBegin?: ((ceremony: Ceremony) => void) | undefined
}

/**
 * Brings a ceremony to its end: asks the nodes to act, carries sealed shares between them, and has it begin again
 * without who is silent, until its epoch serves. It needs no trust and no secret: it can delay, nothing else.
 * Errors: {@link CommitteeError} when it failed, was replaced or cannot end; `ChainCallError`, `ChainTimeoutError`.
 * @example
 * const epoch = await runCeremony({ chain, ceremony: await latestCeremony(chain) })
 */
export async function runCeremony(
  { chain, ceremony: first }: { chain: Chain; ceremony: number },
  { signal, interval = 1_000, onBegin }: CeremonyOptions = {},
): Promise<Epoch> {
  let relay = await relayOf(chain, await known(chain, first, { signal }), { signal })
  onBegin?.(relay.ceremony)
  for (;;) {
    const seen = await known(chain, relay.ceremony.ceremony, { signal })
    if (seen.state === 'done') return await settled(relay, { signal })
    if (seen.state === 'begun-again') {
      relay = await relayOf(chain, await known(chain, seen.ceremony + 1, { signal }), { signal })
      onBegin?.(relay.ceremony)
    } else if (seen.state !== 'open') throw new CommitteeError({ step: seen.state, cause: relay.failure })
    else if (!(await advance(relay, { signal }))) await pause(interval, { signal })
  }
}

/** What a coordinator remembers of one ceremony. */
type Relay = {
  readonly chain: Chain
  readonly ceremony: Ceremony
  readonly parties: ReadonlyMap<string, Operator>
  /** Public keys and sealed shares that came already, by operator. */
  readonly publicKeys: Map<string, unknown>
  readonly dealt: Map<string, readonly Sealed[]>
  /** Members that have every share. */
  readonly served: Set<string>
  failure?: unknown
}
type Sealed = { readonly to: number }

async function relayOf(chain: Chain, ceremony: Ceremony, options: WaitOptions): Promise<Relay> {
  const ids = new Set([...ceremony.dealers, ...ceremony.members])
  const nodes = (await operators(chain, { kind: 'key' }, options)).filter(({ id }) => ids.has(id))
  const parties = new Map(nodes.map((node) => [node.id as string, node]))
  return { chain, ceremony, parties, publicKeys: new Map(), dealt: new Map(), served: new Set() }
}

async function known(chain: Chain, ceremony: number, options: WaitOptions): Promise<Ceremony> {
  const found = await ceremonyOf(chain, { ceremony }, options)
  if (!found) throw new CommitteeError({ step: 'opening' })
  return found
}

/** One round of asking everybody; whether anything moved. */
async function advance(relay: Relay, options: WaitOptions): Promise<boolean> {
  const { chain, ceremony } = relay
  const number = ceremony.ceremony
  const acted = await everybody(relay, [...relay.parties.keys()], async (node) => {
    const { did } = await ask(node, '/v1/ceremony/act', { ceremony: number }, options)
    return Array.isArray(did) && did.length > 0
  })
  const { revealed, accepted } = await ceremonyProgress(chain, { ceremony: number }, options)
  const whole = !revealed.includes(false)
  const carried = whole && (await carryShares(relay, accepted, options))
  const { dealers, members } = await silentIn(chain, { ceremony: number }, options)
  if (dealers.length + members.length > 0) {
    await beginAgain(chain, { ceremony: number }, options).catch(ifOver)
    return true
  }
  // Everybody accepted, and not the same: the nodes exclude who is wrong, or nobody can.
  const late = chain.clock() > ceremony.startedAt + patience * ceremony.window
  if (late && !accepted.includes(undefined)) throw new CommitteeError({ step: 'comparison', cause: relay.failure })
  return acted || carried
}

/** Windows after which nothing can change any more. */
const patience = 9

/** Fetches sealed shares from the dealers and brings them to the members that lack some. */
async function carryShares(relay: Relay, accepted: readonly unknown[], options: WaitOptions): Promise<boolean> {
  const { ceremony, publicKeys, dealt, served } = relay
  const { dealers, members } = ceremony
  const number = ceremony.ceremony
  const lacking = members.filter((member, at) => !accepted[at] && !served.has(member))
  if (lacking.length === 0) return false
  const unknown = members.filter((member) => !publicKeys.has(member))
  await everybody(relay, unknown, async (node) => {
    const { hpkePublicKey } = await ask(node, '/v1/status', undefined, options)
    publicKeys.set(node.id, hpkePublicKey)
    // Who dealt before this key was known did not deal to its member.
    dealt.clear()
    return true
  })
  const keys = members.map((member) => publicKeys.get(member) ?? null)
  const silent = dealers.filter((dealer) => !dealt.has(dealer))
  await everybody(relay, silent, async (node) => {
    const { shares } = await ask(node, '/v1/ceremony/shares', { ceremony: number, publicKeys: keys }, options)
    dealt.set(node.id, readShares(shares))
    return true
  })
  return await everybody(relay, lacking, async (node) => {
    const to = members.indexOf(node.id) + 1
    const shares = [...dealt.values()].flat().filter((share) => share.to === to)
    const { missing } = await ask(node, '/v1/ceremony/take', { ceremony: number, shares }, options)
    if (!Array.isArray(missing) || missing.length > 0) return false
    served.add(node.id)
    return true
  })
}

/** After the end: lets every node see it and erase what is over, then reads the epoch. */
async function settled(relay: Relay, options: WaitOptions): Promise<Epoch> {
  const { chain, ceremony } = relay
  await everybody(relay, [...relay.parties.keys()], async (node) => {
    await ask(node, '/v1/ceremony/act', { ceremony: ceremony.ceremony }, options)
    return true
  })
  const epoch = await epochOf(chain, ceremony, options)
  if (!epoch) throw new CommitteeError({ step: 'activation' })
  return epoch
}

/** Calls these parties side by side. Who fails is left to the ceremony: its time runs out. */
async function everybody(
  relay: Relay,
  ids: readonly string[],
  step: (node: Operator) => Promise<boolean>,
): Promise<boolean> {
  const nodes = ids.map((id) => relay.parties.get(id)).filter((node) => node !== undefined)
  const moved = await Promise.all(
    nodes.map((node) =>
      step(node).catch((error: unknown) => {
        if (!(error instanceof CommitteeError)) throw error
        relay.failure = error
        return false
      }),
    ),
  )
  return moved.includes(true)
}

/** One call of a node; what fails names it by its operator. */
export async function ask(
  node: Operator,
  path: string,
  body: unknown,
  { signal }: WaitOptions,
): Promise<Readonly<Record<string, unknown>>> {
  return await callJson(node.endpoint, path, body, { signal, timeout: 60_000 }).catch((cause: unknown) => {
    signal?.throwIfAborted()
    throw new CommitteeError({ node: node.id, step: path, cause })
  })
}

/** What a dealer gave; the receivers judge what is in it. */
function readShares(value: unknown): Sealed[] {
  const isShare = (one: unknown) => typeof one === 'object' && one !== null && 'to' in one && typeof one.to === 'number'
  return Array.isArray(value) ? (value.filter(isShare) as Sealed[]) : []
}

function ifOver(error: unknown): undefined {
  const gone = ['KeyCommitteeNotOpen', 'KeyCommitteeNobodySilent']
  if (!(error instanceof ContractRefusalError && gone.includes(error.reason))) throw error
}

/** Thrown when key nodes do not come to a key. `node` is the one at which it stopped: its number, or its operator. */
export class CommitteeError extends BaseError<'COMMITTEE'> {
  override readonly name = 'CommitteeError'
  constructor({ node, step, cause }: CommitteeError.Options) {
    const why = cause instanceof BaseError ? ` ${firstLine(cause.message)}` : ''
    super('COMMITTEE', `The key nodes stopped at ${step ?? 'a step'}${node ? `, node ${node}` : ''}.${why}`, {
      cause,
      hints: ['Check that every node is up, registered and ready, then start again.'],
      docs: '/committee#key-nodes',
    })
  }
}
export declare namespace CommitteeError {
  type Options = { node?: number | string; step?: string | CeremonyState; cause?: unknown }
}
