import type { Hex } from '@sharewell/sdk/bytes'
import type { Chain } from '@sharewell/sdk/chain'

/** One transaction as anybody reads it: who sent it to whom, its calldata, and the events that it made. */
export type Line = { readonly from: Hex; readonly to: Hex; readonly text: string }

/** The lines of a chain from now on. Traces are hex; one counts as found wherever its digits stand, in any word. */
export async function linesOf({ client }: Chain) {
  const start = Number(await client.getBlockNumber({ cacheTime: 0 }))
  const all = async (): Promise<Line[]> => {
    const end = Number(await client.getBlockNumber({ cacheTime: 0 }))
    const blocks = await Promise.all(
      Array.from({ length: end - start }, (_, at) =>
        client.getBlock({ blockNumber: BigInt(start + 1 + at), includeTransactions: true }),
      ),
    )
    const logs = await client.getLogs({ fromBlock: BigInt(start + 1) })
    return blocks.flatMap(({ transactions }) =>
      transactions.map(({ hash, from, to, input }) => {
        const events = logs.filter(({ transactionHash }) => transactionHash === hash)
        const said = events.flatMap(({ address, topics, data }) => [address, ...topics, data])
        return { from, to: to ?? '0x', text: [from, to ?? '', input, ...said].join(' ').toLowerCase() }
      }),
    )
  }
  const names = ({ text }: Line, traces: readonly Hex[]): boolean =>
    traces.some((trace) => text.includes(trace.slice(2).toLowerCase()))
  return {
    /** Those that hold a trace of the one and one of the other. */
    joining: async (one: readonly Hex[], other: readonly Hex[]): Promise<Line[]> =>
      (await all()).filter((line) => names(line, one) && names(line, other)),
    /** Those that hold any of these traces. */
    naming: async (traces: readonly Hex[]): Promise<Line[]> => (await all()).filter((line) => names(line, traces)),
  }
}
