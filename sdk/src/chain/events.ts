import type { Abi, Address, ContractEventName, GetContractEventsReturnType, Hex } from 'viem'
import type { Chain } from './connect.ts'
import { ask, askPinned } from './head.ts'
import type { WaitOptions } from './wait.ts'

/** Where and when an event happened. */
export type Occurrence = {
  readonly block: bigint
  /** The block's time in seconds. */
  readonly time: number
  readonly transaction: Hex
}

/** The transaction that carried something. */
export type Carried = { readonly transactionHash: Hex; readonly blockNumber: bigint }

/** Options of an event reader. */
export type EventOptions = WaitOptions & {
  readonly fromBlock?: bigint | undefined
  /** Last block that counts; the head when absent. */
  readonly toBlock?: bigint | undefined
}

/** Reads one contract's events of one name, oldest first, each with its block's time. */
export async function events<const abi extends Abi, name extends ContractEventName<abi>>(
  chain: Chain,
  query: { address: Address; abi: abi; eventName: name; args?: Readonly<Record<string, unknown>> },
  { signal, fromBlock = 0n, toBlock }: EventOptions = {},
): Promise<(EventArgs<abi, name> & Occurrence)[]> {
  const range = { fromBlock, toBlock: toBlock ?? ('latest' as const), strict: true as const }
  type Query = Parameters<typeof chain.client.getContractEvents>[0]
  const logs = chain.client.getContractEvents({ ...query, ...range } as Query)
  const found = (await askPinned(chain, query.eventName, logs, { signal })) as unknown as Log<EventArgs<abi, name>>[]
  const numbers = [...new Set(found.map((log) => log.blockNumber))]
  const times = new Map(
    await Promise.all(numbers.map(async (number) => [number, await timeOf(chain, number, { signal })] as const)),
  )
  return found.map(({ args, blockNumber, transactionHash }) => {
    const occurrence = { block: blockNumber, time: times.get(blockNumber) ?? 0, transaction: transactionHash }
    return { ...args, ...occurrence }
  })
}

/** The named values of an event. */
export type EventArgs<abi extends Abi, name extends ContractEventName<abi>> = GetContractEventsReturnType<
  abi,
  name,
  true
>[number] extends { args: infer args extends object }
  ? args
  : never

type Log<args> = { readonly args: args; readonly blockNumber: bigint; readonly transactionHash: Hex }

async function timeOf(chain: Chain, blockNumber: bigint, options: WaitOptions): Promise<number> {
  const block = await ask(chain, 'eth_getBlockByNumber', chain.client.getBlock({ blockNumber }), options)
  return Number(block.timestamp)
}
