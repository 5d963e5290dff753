import type { Hex } from '../bytes.ts'
import {
  allVersions,
  type Chain,
  type DeletionScope,
  encodeTicket,
  erase,
  type Message,
  mayDelete,
  type Operator,
  operators,
  recordOf,
  ticketToJson,
  view,
  type WaitOptions,
} from '../chain/index.ts'
import { pause } from '../chain/wait.ts'
import { createHttpStore, type Deletion, deletionShape, NodeRefusedError, type Signed } from '../place/index.ts'
import { callJson, ServiceError } from './http.ts'
import { codeOf } from './key-nodes.ts'
import { verifierOf } from './operators.ts'
import { type DeletePass, deletePass } from './tickets.ts'
import { UnknownRecordError } from './unlock.ts'

/** A node's signed word that it deleted, as anybody can check it. */
export type SignedDeletion = Signed<Message<'Deletion'>> & {
  readonly operator: Hex
  readonly role: 'storage' | 'key'
}

/** A node that did not confirm, and why: its own code, or what kept it from answering. */
export type NotDeleted = Pick<SignedDeletion, 'operator' | 'role'> & { readonly code: string }

/** Who confirmed that versions of a record are gone, and who did not. Whole when `missing` is empty; a later call asks
 * everyone again, and who confirmed says the same. */
export type DeletionReport = DeletionScope & {
  readonly confirmed: readonly SignedDeletion[]
  readonly missing: readonly NotDeleted[]
}

/** What an erasure takes. */
export type EraseOptions = {
  /** Connected with the patient's account at that provider, or with the provider's own. */
  readonly chain: Chain
  readonly recordId: Hex
  /** Hears of each node as it answers. */
  readonly onNode?: ((answer: SignedDeletion | NotDeleted) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Erases a record for good: on chain first, from which block on no key node answers; then every key node deletes its
 * headers and refuses the record for ever, and every storage node deletes its shares. Called again it asks those nodes
 * once more, and sends no second transaction.
 * @throws UnknownRecordError, DeletionRefusedError before anything is done; ContractRefusalError. A node that does not
 * confirm is no error: it stands in `missing`.
 * @example
 * const { missing } = await eraseRecord({ chain, recordId })
 */
export async function eraseRecord({ chain, recordId, onNode, signal }: EraseOptions): Promise<DeletionReport> {
  const record = await recordOf(chain, { recordId }, { signal })
  if (!record) throw new UnknownRecordError({ recordId })
  await mayDelete(chain, record, { signal })
  if (!record.erased) await eraseOnce(chain, recordId, { signal })
  return await deleteVersions(chain, { recordId, version: allVersions }, { onNode, signal })
}

async function eraseOnce(chain: Chain, recordId: Hex, options: WaitOptions): Promise<void> {
  try {
    await erase(chain, { recordId }, options)
  } catch (error) {
    options.signal?.throwIfAborted()
    // An earlier call may not have lived to hear of its transaction.
    const now = await recordOf(chain, { recordId }, options).catch(() => undefined)
    if (!now?.erased) throw error
  }
}

/**
 * Has every storage node and every key node delete a record's versions up to `version`, those that never held any of
 * it too: where copies went over the years nobody knows better than the nodes. One signature of the caller's.
 * Nodes act on final blocks; it waits a while for those.
 */
export async function deleteVersions(
  chain: Chain,
  scope: DeletionScope,
  { onNode, signal }: Pick<EraseOptions, 'onNode' | 'signal'> = {},
): Promise<DeletionReport> {
  const [storage, key] = await Promise.all([
    operators(chain, { kind: 'storage' }, { signal }),
    operators(chain, { kind: 'key' }, { signal }),
    untilFinal(chain, scope, { signal }),
  ])
  const pass = await deletePass(chain, scope)
  const verify = verifierOf<Deletion>(chain, 'Deletion', { signal })
  const askOne = async (node: Operator): Promise<SignedDeletion | NotDeleted> => {
    const role = node.kind === 'storage' ? 'storage' : 'key'
    const who = { operator: node.id, role } as const
    try {
      const signed = await (role === 'storage' ? askStorage : askKeyNode)(node, pass, { signal })
      const { message } = signed
      const same = message.recordId === scope.recordId && message.version >= scope.version
      if (!same || message.operator !== node.id || !(await verify(node.id, signed)))
        return { ...who, code: 'BAD_CONFIRMATION' }
      return { ...who, ...signed }
    } catch (error) {
      return { ...who, code: reasonOf(error, signal) }
    }
  }
  const asked = [...storage, ...key].filter(({ active }) => active)
  const answers = await Promise.all(
    asked.map(async (node) => {
      const answer = await askOne(node)
      onNode?.(answer)
      return answer
    }),
  )
  return {
    ...scope,
    confirmed: answers.filter((answer): answer is SignedDeletion => 'signature' in answer),
    missing: answers.filter((answer): answer is NotDeleted => 'code' in answer),
  }
}

/** Milliseconds that a node may take to answer. One that has more to delete goes on, and says so at the next call. */
const patience = 60_000

async function askStorage({ id, endpoint }: Operator, pass: DeletePass, options: WaitOptions) {
  const authorize = async () => encodeTicket(await pass.ticketFor(id))
  return await createHttpStore({ url: endpoint, authorize, acknowledgeTimeout: patience }).deleteVersions(options)
}

async function askKeyNode({ id, endpoint }: Operator, pass: DeletePass, { signal }: WaitOptions) {
  const ticket = ticketToJson(await pass.ticketFor(id))
  const answer = await callJson(endpoint, '/v1/headers/erase', { ticket }, { signal, timeout: patience })
  const parsed = deletionShape.safeParse(answer)
  if (!parsed.success) throw new ServiceError({ problem: 'BAD_ANSWER', detail: 'It does not say that it deleted.' })
  return parsed.data
}

function reasonOf(error: unknown, signal: AbortSignal | undefined): string {
  return error instanceof NodeRefusedError ? (error.reason ?? error.code) : codeOf(error, signal)
}

/** Looks at the chain now and then until the deletion is due in a final block; gives up quietly, for the nodes say
 * better what they miss. */
async function untilFinal(chain: Chain, { recordId, version }: DeletionScope, { signal }: WaitOptions): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    const { final } = await view(chain, { signal })
    const record = await recordOf(chain, { recordId }, { block: final.number, signal })
    if (record && (record.erased || version < record.version)) return
    await pause(1_000, { signal })
  }
}
