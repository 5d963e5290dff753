import type { Hex } from 'viem'
import { sha256 } from '#primitives'
import { type Bytes, fromHex, toHex } from '../bytes.ts'
import { decode, encode, field } from '../cbor/index.ts'
import type { Chain } from './connect.ts'
import { askPinned, blockAt, view } from './head.ts'
import type { Network } from './network.ts'
import type { WaitOptions } from './wait.ts'

/** One thing that a contract of the network said, in the order in which it was said. */
export type BookEvent = {
  /** Time of its block, in seconds. */
  readonly time: number
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
}

/**
 * Everything that the network's contracts said, up to the newest final block that was read. Neither block numbers nor
 * transactions count, so that a chain whose accepted calls are played again in their order and at their times gives
 * the same book.
 */
export type Book = {
  /** The book's identity: {@link bookIdOf}. */
  readonly id: Hex
  readonly events: readonly BookEvent[]
  /** The newest block that counts. */
  readonly block: { readonly number: bigint; readonly hash: Hex; readonly time: number }
}

/** What names a book: network, chain and the contracts whose events it holds. H(CBOR of these). */
export function bookIdOf({ networkId, chainId, genesisHash, contracts }: bookIdOf.Names): Hex {
  const addresses = addressesOf(contracts).map((address) => fromHex(address, 20))
  const fields = { networkId: fromHex(networkId, 32), chainId, genesisHash: fromHex(genesisHash, 32) }
  return toHex(sha256(encode({ ...fields, contracts: addresses })))
}

export declare namespace bookIdOf {
  type Names = Pick<Network, 'networkId' | 'chainId' | 'genesisHash'> & {
    readonly contracts: Readonly<Record<string, Hex>>
  }
}

/** An event as a leaf of the book's tree: CBOR [time, address, topics, data]. */
export function bookLeaf({ time, address, topics, data }: BookEvent): Bytes {
  return encode([time, fromHex(address, 20), topics.map((topic) => fromHex(topic, 32)), fromHex(data)])
}

/** Reads a leaf. Throws `CborError`, `CborFieldError`. */
export function parseBookLeaf(bytes: Bytes): BookEvent {
  const [time, address, topics, data, ...more] = field.array((value) => value)(decode(bytes), 'leaf')
  field.array(field.bytes(), 0)(more, 'leaf')
  return {
    time: field.integer(0, 0xff_ffff_ffff)(time, 'leaf.time'),
    address: toHex(field.bytes(20)(address, 'leaf.address')),
    topics: field.array(field.bytes(32))(topics, 'leaf.topics').map(toHex),
    data: toHex(field.bytes()(data, 'leaf.data')),
  }
}

/** How many of the events happened before `time`. Times never go back, so a final block that is not older fixes them. */
export function sizeAt({ events }: Pick<Book, 'events'>, time: number): number {
  const later = events.findIndex((event) => event.time >= time)
  return later < 0 ? events.length : later
}

/**
 * Reads the book up to the newest final block. `known` is what was read before: only what follows is asked for, unless
 * the chain has another block at its end, as one has whose calls were played again.
 * Errors: `StaleHeadError`, `ChainCallError`, `ChainTimeoutError`, `NetworkError`.
 */
export async function readBook(chain: Chain, { known, signal }: readBook.Options = {}): Promise<Book> {
  const { final } = await view(chain, { signal })
  const before = known && (await continues(chain, known, final.number, { signal })) ? known : undefined
  const fromBlock = before ? before.block.number + 1n : 0n
  const events = [...(before?.events ?? [])]
  if (fromBlock <= final.number) {
    const range = { address: addressesOf(chain.network.contracts), fromBlock, toBlock: final.number }
    const logs = await askPinned(chain, 'eth_getLogs', chain.client.getLogs(range), { signal })
    const times = await timesOf(chain, [...new Set(logs.map(({ blockNumber }) => blockNumber))], { signal })
    for (const { blockNumber, address, topics, data } of logs)
      events.push({ time: times.get(blockNumber) ?? 0, address: address.toLowerCase() as Hex, topics, data })
  }
  const { number, hash, time } = final
  return { id: bookIdOf(chain.network), events, block: { number, hash, time } }
}
export declare namespace readBook {
  type Options = WaitOptions & { readonly known?: Book | undefined }
}

async function continues(chain: Chain, { block, id }: Book, head: bigint, options: WaitOptions): Promise<boolean> {
  if (id !== bookIdOf(chain.network) || block.number > head) return false
  return (await blockAt(chain, { blockNumber: block.number }, options)).hash === block.hash
}

/** Blocks asked for at once. */
const atOnce = 64

async function timesOf(chain: Chain, numbers: readonly bigint[], options: WaitOptions): Promise<Map<bigint, number>> {
  const times = new Map<bigint, number>()
  for (let at = 0; at < numbers.length; at += atOnce) {
    const some = numbers.slice(at, at + atOnce)
    const blocks = await Promise.all(some.map((blockNumber) => blockAt(chain, { blockNumber }, options)))
    for (const { number, time } of blocks) times.set(number, time)
  }
  return times
}

/** The contracts that write in the book, each once, in the order of their addresses. */
const addressesOf = (contracts: Readonly<Record<string, Hex>>): Hex[] =>
  [...new Set(Object.values(contracts))].filter((address) => !/^0x0{40}$/.test(address)).sort()
