import type { Log } from '@sharewell/host'
import { type Bytes, equal, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { activeEpoch, type Operator, operators, recordOf } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { operatorTicket } from '@sharewell/sdk/flow/committee'
import { sha256 } from '@sharewell/sdk/primitives'
import { parseKeyHeader } from '@sharewell/sdk/release'
import { type Keeper, keepCapsule, keepHeader, maxCapsuleLength } from '../mailbox.ts'
import { codeIn, postTo } from '../post.ts'
import { readName } from './serve.ts'
import { namesShape } from './wire.ts'

/** Parts of a node that takes from others what it does not keep yet. */
export type TransferParts = Keeper & { readonly operator: () => Promise<Hex>; readonly log: Log }

type Options = { readonly signal?: AbortSignal | undefined }

/** How far a round of taking came. */
export type Taken = { readonly epoch: number; readonly taken: number; readonly unreachable: number }

/** Most bytes of a header, with its signature; and of one page of names. */
const maxHeader = 65_536
const maxPage = 262_144

/**
 * One key header by its hash, from whichever other key node has it: all are asked, and bytes count only under their own
 * hash and with the signature of a key header. Undefined where none has it.
 */
export async function fetchHeader(
  parts: TransferParts,
  hash: Hex,
  { signal }: Options = {},
): Promise<Bytes | undefined> {
  const { objects, erasures } = parts
  const peers = await peersOf(parts, { signal })
  const asked = peers.map(async (peer) => {
    const bytes = await objectOf(parts, peer, `headers/${hash}`, { signal })
    if (erasures.covers(scopeOf(parts, bytes))) throw new TransferError({ code: 'ERASED' })
    return bytes
  })
  const bytes = await Promise.any(asked).catch(() => undefined)
  signal?.throwIfAborted()
  if (!bytes) return undefined
  await objects.put('headers', bytes)
  if (!erasures.covers(scopeOf(parts, bytes))) return bytes
  // It was erased while this copy arrived.
  await objects.erase('headers', hash)
  return undefined
}

/** Milliseconds for what one node has: a liar would name more and more, and who has more is asked again. */
const patienceWithOne = 600_000

/**
 * Takes from all other key nodes what they keep and this one does not: key headers of current versions, by whoever could
 * deposit them, and capsules of those who could leave them. Of a version that is over nothing comes back, so that what
 * was erased stays so.
 */
export async function takeAll(
  parts: TransferParts,
  { signal, patience = patienceWithOne }: Options & { readonly patience?: number } = {},
): Promise<Taken> {
  const serving = await activeEpoch(parts.chain, { signal })
  const own = await parts.operator()
  // Only members are given anything, and only they are asked for it.
  if (!serving?.members.includes(own)) return { epoch: 0, taken: 0, unreachable: 0 }
  let [taken, unreachable] = [0, 0]
  for (const peer of await peersOf(parts, { signal })) {
    try {
      const within = AbortSignal.any([AbortSignal.timeout(patience), ...(signal ? [signal] : [])])
      taken += await takeFrom(parts, peer, { signal: within })
    } catch (error) {
      signal?.throwIfAborted()
      unreachable++
      parts.log.info({ code: error instanceof BaseError ? error.code : 'UNKNOWN' }, 'a key node gave no headers')
    }
  }
  return { epoch: serving.epoch, taken, unreachable }
}

async function takeFrom(parts: TransferParts, peer: Operator, { signal }: Options): Promise<number> {
  let taken = 0
  for (let after = ''; ; ) {
    const names = await namesOf(parts, peer, after, { signal })
    for (const name of names) if (await takeOne(parts, peer, name, { signal })) taken++
    const last = names.at(-1)
    if (last === undefined) return taken
    // A node that does not get on would be asked for ever.
    if (last <= after) throw new TransferError({ code: 'BAD_ANSWER' })
    after = last
  }
}

async function takeOne(parts: TransferParts, peer: Operator, name: string, { signal }: Options): Promise<boolean> {
  const { folder, hash } = readName(name) ?? {}
  if (!folder || !hash || (await parts.objects.has(folder, hash))) return false
  try {
    const bytes = await objectOf(parts, peer, name, { signal })
    if (folder !== 'headers') {
      await keepCapsule(parts, { hash, bytes, kept: true }, { signal })
      return true
    }
    const pseudonym = await currentOwner(parts, bytes, { signal })
    if (pseudonym) await keepHeader(parts, { hash, bytes, pseudonym, kept: true }, { signal })
    return pseudonym !== undefined
  } catch (error) {
    signal?.throwIfAborted()
    // What one node has wrong, the next may have right; who is asked for it later looks again.
    if (error instanceof BaseError && error.code.startsWith('CHAIN')) throw error
    return false
  }
}

/** Whose record a header is of, where it is of the version that stands on chain. */
async function currentOwner(parts: TransferParts, bytes: Bytes, options: Options): Promise<Hex | undefined> {
  const { recordId, version } = scopeOf(parts, bytes)
  const record = await recordOf(parts.chain, { recordId }, options)
  return record && !record.erased && record.version === version ? record.pseudonym : undefined
}

/** What a header says that it is of. Throws where its signature does not hold. */
function scopeOf({ chain }: TransferParts, bytes: Bytes): { recordId: Hex; version: number } {
  const { header } = parseKeyHeader(bytes, { networkId: fromHex(chain.network.networkId, 32) })
  return { recordId: toHex(header.recordId), version: header.version }
}

async function peersOf({ chain, operator }: TransferParts, options: Options): Promise<Operator[]> {
  const own = await operator()
  return (await operators(chain, { kind: 'key' }, options)).filter(({ id, active }) => active && id !== own)
}

async function namesOf(parts: TransferParts, peer: Operator, after: string, options: Options): Promise<string[]> {
  const bytes = await ask(parts, peer, 'list', { after }, { ...options, limit: maxPage })
  const parsed = namesShape.safeParse(JSON.parse(new TextDecoder().decode(bytes)))
  if (!parsed.success) throw new TransferError({ code: 'BAD_ANSWER', cause: parsed.error })
  return parsed.data.names
}

async function objectOf(parts: TransferParts, peer: Operator, name: string, options: Options): Promise<Bytes> {
  const bytes = await ask(parts, peer, 'get', { name }, { ...options, limit: Math.max(maxHeader, maxCapsuleLength) })
  const { hash } = readName(name) ?? {}
  if (!hash || !equal(sha256(bytes), fromHex(hash, 32))) throw new TransferError({ code: 'OTHER_BYTES' })
  return bytes
}

async function ask(
  { chain, operator }: TransferParts,
  { id: node, endpoint }: Operator,
  step: 'list' | 'get',
  body: Readonly<Record<string, unknown>>,
  options: Options & { readonly limit: number },
): Promise<Bytes> {
  const ticket = await operatorTicket(chain, { operator: await operator(), node })
  const answered = postTo(endpoint, `/v1/transfer/${step}`, { ...body, ticket }, options)
  const { ok, bytes } = await answered.catch((cause: unknown) => {
    throw new TransferError({ code: 'UNREACHABLE', cause })
  })
  if (!ok) throw new TransferError({ code: problemIn(bytes) })
  return bytes
}

function problemIn(bytes: Bytes): string {
  try {
    return codeIn(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return 'BAD_ANSWER'
  }
}

/** Thrown when another key node does not give what it keeps; `problem` is its own code, or UNREACHABLE. */
export class TransferError extends BaseError<'TRANSFER'> {
  override readonly name = 'TransferError'
  readonly problem: string
  constructor({ code = 'UNREACHABLE', cause }: { code?: string; cause?: unknown }) {
    super('TRANSFER', `Another key node gave nothing: ${code}.`, {
      cause,
      hints: ['The other nodes are asked too, and this one again later.'],
      docs: '/key-node#transfer',
    })
    this.problem = code
  }
}
