import { setTimeout as pause } from 'node:timers/promises'
import {
  type Carried,
  type Chain,
  ChainTimeoutError,
  ContractRefusalError,
  dryRun,
  gasOf,
  receiptOf,
} from '@sharewell/sdk/chain'
import type { BaseError } from '@sharewell/sdk/errors'
import { type Address, encodeFunctionData, type Hex, keccak256 } from 'viem'
import type { Budgets } from './budgets.ts'
import type { Gate } from './gate.ts'
import type { Load } from './messages.ts'
import { RefusalError } from './refusals.ts'
import { isKnown, type Sender } from './sender.ts'

/** Parts of a carrier. */
export type CarrierParts = {
  readonly chain: Chain
  /** Who pays. */
  readonly account: Address
  readonly sender: Sender
  readonly budgets: Budgets
  readonly gate: Gate
  /** Most gas that one transaction may use. */
  readonly maxGas: bigint
  /** Milliseconds that a transaction may take into a block. */
  readonly receiptTimeout: number
  /** Ends all that is under way. */
  readonly signal: AbortSignal
}

/** Carries what is signed. */
export type Carrier = {
  /** The transaction that carried it: the same one however often this is asked, and whoever carried it. */
  carry(load: Load): Promise<Carried>
  /** How many are under way. */
  count(): number
}

/** Most transactions whose block is not known that are remembered. */
const maxSent = 1_000

/** Makes a carrier. It remembers what is under way; what was carried it reads from the chain. */
export function createCarrier(parts: CarrierParts): Carrier {
  const underWay = new Map<Hex, Promise<Carried>>()
  /** Sent, and in no block when that was last looked at. */
  const sent = new Map<Hex, Hex>()

  async function work(load: Load, data: Hex, key: Hex): Promise<Carried> {
    const earlier = sent.get(key)
    const waits = earlier !== undefined && (await isKnown(parts.chain, earlier))
    const started = waits ? earlier : await start(parts, load, data)
    if (typeof started !== 'string') return started
    sent.set(key, started)
    for (const oldest of sent.keys()) if (sent.size > maxSent) sent.delete(oldest)
    const carried = await settle(parts, load, started)
    sent.delete(key)
    return carried
  }

  return {
    carry(load) {
      const data = encodeFunctionData(load.call)
      // Signature included: whoever sends the same message badly signed is not answered for the right one.
      const key = keccak256(data)
      const known = underWay.get(key)
      if (known) return known
      const running = work(load, data, key).finally(() => underWay.delete(key))
      underWay.set(key, running)
      return running
    },
    count: () => underWay.size,
  }
}

/** How often, and how many milliseconds apart, a message is looked at whose signer has seen a newer block. */
const looks = 5
const lookPause = 1_000

/** Looks at a message and sends it: the hash of the transaction, or what carried it earlier. */
async function start(parts: CarrierParts, load: Load, data: Hex): Promise<Hex | Carried> {
  for (let look = 1; ; look++) {
    try {
      return await parts.gate.through(() => attempt(parts, load, data))
    } catch (error) {
      if (look === looks || !isOnlyAhead(error, parts.chain.clock())) throw error
      await pause(lookPause, undefined, { signal: parts.signal }).catch(() => parts.signal.throwIfAborted())
    }
  }
}

/** Whether the message was signed after the head of this chain client, and not after now: the client is a block behind. */
const isOnlyAhead = (error: unknown, now: number): boolean =>
  error instanceof ContractRefusalError && notYet.has(error.reason) && Number(error.args[0]) <= now

const notYet = new Set(['ConsentNotYetSigned', 'DelegationNotYetSigned'])

async function attempt(parts: CarrierParts, load: Load, data: Hex): Promise<Hex | Carried> {
  const { chain, account, sender, budgets, maxGas, signal } = parts
  budgets.check(load)
  const earlier = await load.admit?.({ signal })
  if (earlier) return earlier
  const refusal = await refusalOf(parts, load)
  if (refusal) return await carriedOr(refusal, parts, load)
  const gas = await gasOf(chain, load.call, { account, signal })
  if (gas > maxGas) throw new RefusalError({ refusal: 'TOO_MUCH_GAS' })
  budgets.take(load)
  return await sender.send({ to: load.call.address, data, gas })
}

/** Why the contract would not take a message now; undefined where it would. */
async function refusalOf({ chain, account, signal }: CarrierParts, load: Load): Promise<BaseError | undefined> {
  // The head's time may be old; the block that carries the message is not.
  if (load.deadline !== undefined && load.deadline < chain.clock())
    return new RefusalError({ refusal: 'DEADLINE_OVER' })
  try {
    await dryRun(chain, load.call, { account, signal })
    return undefined
  } catch (error) {
    if (!(error instanceof ContractRefusalError)) throw error
    return tooLate.has(error.reason) ? new RefusalError({ refusal: 'DEADLINE_OVER', cause: error }) : error
  }
}

const tooLate = new Set(['ConsentDeadlineOver', 'DelegationDeadlineOver'])

/** A message is refused the second time because of the first: then it was carried, and that is the answer. */
async function carriedOr(refusal: BaseError, { signal }: CarrierParts, load: Load): Promise<Carried> {
  const carried = await load.carried({ signal })
  if (carried) return carried
  throw refusal
}

/** Waits until a transaction is in a block. */
async function settle(parts: CarrierParts, load: Load, hash: Hex): Promise<Carried> {
  const { chain, sender, receiptTimeout, signal } = parts
  try {
    const { blockNumber } = await receiptOf(chain, hash, load.kind, { signal, timeout: receiptTimeout })
    return { transactionHash: hash, blockNumber }
  } catch (error) {
    if (error instanceof ChainTimeoutError) {
      sender.forget()
      throw new RefusalError({ refusal: 'NOT_MINED_YET', cause: error })
    }
    if (!(error instanceof ContractRefusalError)) throw error
    // Reverted: something came in between, which the chain names now.
    return await carriedOr((await refusalOf(parts, load)) ?? error, parts, load)
  }
}
