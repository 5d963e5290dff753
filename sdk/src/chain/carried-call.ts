import { decodeFunctionData, encodeFunctionData, type Hex, isAddressEqual } from 'viem'
import type { ContractCall } from './call.ts'
import type { Chain } from './connect.ts'
import type { Carried, Occurrence } from './events.ts'
import { ask } from './head.ts'
import type { WaitOptions } from './wait.ts'

/** The transaction that made a call whose last argument holds the signature, among those that left these events. */
export async function transactionOf(
  chain: Chain,
  { call, events }: { call: ContractCall; events: readonly Occurrence[] },
  options: WaitOptions,
): Promise<Carried | undefined> {
  const wanted = withoutSignature(call, encodeFunctionData(call))
  const blocks = new Map(events.map(({ transaction, block }) => [transaction, block]))
  for (const [hash, blockNumber] of blocks) {
    const transaction = chain.client.getTransaction({ hash })
    const { to, input } = await ask(chain, 'eth_getTransactionByHash', transaction, options)
    if (to && isAddressEqual(to, call.address) && withoutSignature(call, input) === wanted)
      return { transactionHash: hash, blockNumber }
  }
  return undefined
}

/** What a call says, whichever of several valid signatures it carries; undefined where it is no call of this contract. */
function withoutSignature({ abi }: Pick<ContractCall, 'abi'>, input: Hex): string | undefined {
  try {
    const { functionName, args = [] } = decodeFunctionData({ abi, data: input })
    const said = [functionName, ...args.slice(0, -1), { ...(args.at(-1) as object), signature: undefined }]
    return JSON.stringify(said, (_, value) => (typeof value === 'bigint' ? `${value}` : value)).toLowerCase()
  } catch {
    return undefined
  }
}
