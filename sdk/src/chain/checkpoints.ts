import type { Hex, TransactionReceipt } from 'viem'
import { type Bytes, fromHex } from '../bytes.ts'
import { encode } from '../cbor/index.ts'
import { accessLogAbi } from './abi.ts'
import { write } from './call.ts'
import { epochOf } from './committee.ts'
import type { Chain } from './connect.ts'
import { type EventOptions, events, type Occurrence } from './events.ts'
import type { WaitOptions } from './wait.ts'

/** What the committee says about the book: its first `size` events are all that happened before `time`, and this is
 * the root of the RFC 9162 tree over them. */
export type Checkpoint = {
  readonly book: Hex
  readonly time: number
  readonly size: number
  readonly root: Hex
}

/** A checkpoint with the FROST signature of k who hold the key. */
export type SignedCheckpoint = Checkpoint & { readonly groupKey: Hex; readonly signature: Hex }

/** A key that signs checkpoints: all members of its epoch say that they hold a share of it. */
export type LogKey = {
  readonly epoch: number
  readonly k: number
  readonly groupKey: Hex
  readonly transcriptHash: Hex
}

/** The bytes that are signed. The key signs nothing else. */
export function checkpointBytes({ book, time, size, root }: Checkpoint): Bytes {
  return encode({ v: 1, type: 'checkpoint', book: fromHex(book, 32), time, size, root: fromHex(root, 32) })
}

/** Says that the sender holds a share of a key for checkpoints. By a key node of the epoch. */
export async function confirmLogKey(
  chain: Chain,
  { epoch, k, groupKey, transcriptHash }: LogKey,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [epoch, k, groupKey, transcriptHash] as const
  return await write(chain, { ...accessLog(chain), functionName: 'confirmLogKey', args }, options)
}

/** Puts a signed checkpoint on chain. By a key node of the committee that serves. */
export async function publishCheckpoint(
  chain: Chain,
  { groupKey, time, size, root, signature }: SignedCheckpoint,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const [r, z] = [`0x${signature.slice(2, 66)}`, `0x${signature.slice(66)}`] as const
  const args = [groupKey, time, BigInt(size), root, r, z] as const
  return await write(chain, { ...accessLog(chain), functionName: 'checkpoint', args }, options)
}

/** Who confirmed which key for checkpoints, oldest first. */
export async function logKeyConfirmations(
  chain: Chain,
  options?: EventOptions,
): Promise<(LogKey & { readonly operator: Hex } & Occurrence)[]> {
  return await events(chain, { ...accessLog(chain), eventName: 'LogKeyConfirmed' }, options)
}

/** The keys that every member of their epoch confirmed, in the order in which they were complete. */
export async function logKeysOf(chain: Chain, options: EventOptions = {}): Promise<LogKey[]> {
  const confirmers = new Map<string, Set<Hex>>()
  const complete: LogKey[] = []
  for (const { epoch, k, groupKey, transcriptHash, operator } of await logKeyConfirmations(chain, options)) {
    const key: LogKey = { epoch, k, groupKey, transcriptHash }
    const name = JSON.stringify(key)
    const by = confirmers.get(name) ?? new Set()
    confirmers.set(name, by)
    if (by.has(operator)) continue
    by.add(operator)
    const members = (await epochOf(chain, { epoch }, options))?.members ?? []
    // k below two, or more than there are, is no threshold that anybody could have agreed on.
    if (members.length > 0 && members.every((member) => by.has(member)) && k <= members.length) complete.push(key)
  }
  return complete
}

/** What members published as signed, oldest first; whoever uses one checks its signature. */
export async function checkpointsOf(
  chain: Chain,
  options?: EventOptions,
): Promise<(Omit<SignedCheckpoint, 'book'> & { readonly operator: Hex; readonly published: Occurrence })[]> {
  const found = await events(chain, { ...accessLog(chain), eventName: 'Checkpointed' }, options)
  return found.map(({ groupKey, operator, root, until, size, r, z, ...published }) => {
    const signature: Hex = `${r}${z.slice(2) as Hex}`
    return { groupKey, operator, root, time: until, size: Number(size), signature, published }
  })
}

const accessLog = (chain: Chain) => ({ address: chain.network.contracts.accessLog, abi: accessLogAbi }) as const
