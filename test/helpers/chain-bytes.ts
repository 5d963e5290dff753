import type { Hex } from '@sharewell/sdk/bytes'
import type { Chain } from '@sharewell/sdk/chain'

/** All that transactions and events ever said on a chain, one piece each. */
export async function chainBytes({ client }: Chain): Promise<Buffer[]> {
  const height = Number(await client.getBlockNumber())
  const blocks = await Promise.all(
    Array.from({ length: height + 1 }, (_, at) =>
      client.getBlock({ blockNumber: BigInt(at), includeTransactions: true }),
    ),
  )
  const logs = await client.getLogs({ fromBlock: 0n })
  const inputs = blocks.flatMap(({ transactions }) => transactions.map(({ input }) => input))
  return [...inputs, ...logs.flatMap(({ data, topics }) => [data, ...topics])].map(bytesOf)
}

const bytesOf = (hex: Hex): Buffer => Buffer.from(hex.slice(2), 'hex')
