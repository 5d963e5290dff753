import { type Bytes, fromHex, fromUtf8, type Hex, toHex, utf8 } from '@sharewell/sdk/bytes'
import { type Chain, operators, type Ticket, ticketToJson } from '@sharewell/sdk/chain'
import { type Capsule, openCapsule, parseCapsule } from '@sharewell/sdk/envelope'

/** What waits for a patient at one provider: the key to the categories, and the reasons of those who asked. */
export type Mail = {
  /** By the hash that stands on chain. */
  readonly notes: ReadonlyMap<Hex, { readonly text: string; readonly from: Hex }>
  readonly categoryKeys: readonly { readonly key: Bytes; readonly from: Hex }[]
}

/** Leaves a capsule with every key node; one that keeps it is enough. Throws when none did. */
export async function putCapsule(chain: Chain, capsule: Bytes, hash: Hex, signal?: AbortSignal): Promise<void> {
  const answers = await atKeyNodes(chain, signal, async (url) => {
    const headers = { 'content-type': 'application/octet-stream' }
    return await fetch(new URL(`/v1/capsules/${hash}`, url), {
      method: 'PUT',
      body: capsule,
      headers,
      signal: bounded(signal),
    })
  })
  if (!answers.some(({ ok }) => ok)) throw new MailboxError()
}

/** Fetches and opens everything that waits. Key nodes see the ticket, never the content; what does not open is left out. */
export async function readMail(
  chain: Chain,
  ticket: Ticket<'ReadTicket'>,
  seed: Bytes,
  signal?: AbortSignal,
): Promise<Mail> {
  const networkId = fromHex(chain.network.networkId)
  const body = JSON.stringify({ ticket: ticketToJson(ticket) })
  const headers = { 'content-type': 'application/json' }
  const lists = await atKeyNodes(chain, signal, async (url) => {
    const response = await fetch(new URL('/v1/capsules/list', url), {
      method: 'POST',
      body,
      headers,
      signal: bounded(signal),
    })
    if (!response.ok) throw new MailboxError()
    return capsulesIn(await response.json())
  })
  if (lists.length === 0) throw new MailboxError()
  const capsules = new Map<Hex, Capsule>()
  for (const bytes of lists.flat()) {
    const capsule = attempt(() => parseCapsule(bytes, { networkId }))
    if (capsule && toHex(capsule.pseudonym) === ticket.message.pseudonym) capsules.set(toHex(capsule.hash), capsule)
  }
  const notes = new Map<Hex, { text: string; from: Hex }>()
  const categoryKeys: { key: Bytes; from: Hex }[] = []
  for (const [hash, capsule] of capsules) {
    const plain = await openCapsule(capsule, seed).catch(() => undefined)
    if (plain && capsule.purpose === 'note') notes.set(hash, { text: fromUtf8(plain), from: capsule.signer })
    if (plain && capsule.purpose === 'category key' && plain.length === 32)
      categoryKeys.push({ key: plain, from: capsule.signer })
  }
  return { notes, categoryKeys }
}

/** A note's bytes as they are sealed. */
export const noteBytes = (text: string): Bytes => utf8(text.trim())

async function atKeyNodes<answer>(
  chain: Chain,
  signal: AbortSignal | undefined,
  ask: (url: string) => Promise<answer>,
): Promise<answer[]> {
  const nodes = (await operators(chain, { kind: 'key' }, { signal })).filter(({ active }) => active)
  const answers = await Promise.allSettled(nodes.map(({ endpoint }) => ask(endpoint)))
  signal?.throwIfAborted()
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
}

function capsulesIn(json: unknown): Bytes[] {
  const list = typeof json === 'object' && json !== null && 'capsules' in json ? json.capsules : []
  if (!Array.isArray(list)) return []
  return list.flatMap((one: unknown) => {
    const bytes = attempt(() => fromHex(String(one)))
    return bytes ? [bytes] : []
  })
}

function attempt<value>(work: () => value): value | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

const bounded = (signal?: AbortSignal): AbortSignal =>
  AbortSignal.any([AbortSignal.timeout(10_000), ...(signal ? [signal] : [])])

/** Thrown when no key node took or gave anything. */
export class MailboxError extends Error {
  override readonly name = 'MailboxError'
  readonly code = 'MAILBOX'

  constructor() {
    super('No key node answered.')
  }
}
