import { type Chain, feeOf } from '@sharewell/sdk/chain'
import { type Address, type Hex, keccak256, type LocalAccount, RpcRequestError, BaseError as ViemError } from 'viem'
import { RefusalError } from './refusals.ts'

/** A transaction but for its number and its price. */
export type Payload = { readonly to: Address; readonly data: Hex; readonly gas: bigint }

/** Sends the transactions of one account, which nobody else uses. */
export type Sender = {
  /** Resolves with the hash once the chain client has the transaction. Errors: `RefusalError`. */
  send(payload: Payload): Promise<Hex>
  /** Asks the chain for the next number before the next transaction, because one that was sent may have got lost. */
  forget(): void
}

/** Makes a sender. It numbers transactions itself, because a chain client may be late to count those that wait; after any
 * failure it asks the chain, so that no number is left out. */
export function createSender(chain: Chain, account: LocalAccount): Sender {
  const { client, network } = chain
  const { address } = account
  let next: number | undefined
  let last: Promise<unknown> = Promise.resolve()

  async function sendOne({ to, data, gas }: Payload): Promise<Hex> {
    const nonce = next ?? (await client.getTransactionCount({ address, blockTag: 'pending' }))
    next = undefined
    const { gasPrice } = await feeOf(chain)
    const price = gasPrice === undefined ? await client.estimateFeesPerGas() : { gasPrice }
    const common = { to, data, gas, nonce, chainId: network.chainId }
    const signed = await account.signTransaction({ ...common, ...price })
    const hash = keccak256(signed)
    try {
      await client.sendRawTransaction({ serializedTransaction: signed })
    } catch (error) {
      // An answer can get lost although the transaction arrived.
      if (!(await isKnown(chain, hash))) throw error
    }
    next = nonce + 1
    return hash
  }

  return {
    send(payload) {
      const turn = last.then(() =>
        sendOne(payload)
          // Most likely its number: the account was used elsewhere, or an earlier transaction got lost.
          .catch((error: unknown) => (refusedBy(error) === undefined ? Promise.reject(error) : sendOne(payload)))
          .catch(refuse),
      )
      last = turn.catch(() => undefined)
      return turn
    },
    forget() {
      next = undefined
    },
  }
}

/** Whether the chain client has a transaction, in a block or waiting. */
export async function isKnown({ client }: Chain, hash: Hex): Promise<boolean> {
  return await client.getTransaction({ hash }).then(
    () => true,
    () => false,
  )
}

/** Geth, Besu and Hardhat each say it in words of their own. */
const noFunds = /insufficient funds|upfront cost|enough funds/i

function refuse(error: unknown): never {
  if (noFunds.test(refusedBy(error) ?? '')) throw new RefusalError({ refusal: 'NO_FUNDS', cause: error })
  if (error instanceof ViemError) throw new RefusalError({ refusal: 'CHAIN_UNAVAILABLE', cause: error })
  throw error
}

/** What the chain client said when it did not take a transaction; undefined where it did not answer. */
function refusedBy(error: unknown): string | undefined {
  const answer = error instanceof ViemError ? error.walk((cause) => cause instanceof RpcRequestError) : null
  return answer instanceof RpcRequestError ? answer.details : undefined
}
