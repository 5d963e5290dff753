import type { Chain } from '@sharewell/sdk/chain'
import {
  accessLogAbi,
  actorRegistryAbi,
  auditsAbi,
  consentRegistryAbi,
  keyCommitteeAbi,
  patientRegistryAbi,
  recordRegistryAbi,
} from '@sharewell/sdk/chain/abi'
import { type Hex, parseEventLogs } from 'viem'

/** A block as the feed shows it. */
export type FeedBlock = {
  readonly number: bigint
  readonly hash: Hex
  readonly time: number
  readonly gasUsed: bigint
  readonly transactions: readonly Hex[]
}

/** An event of one of our contracts, decoded. */
export type FeedEvent = {
  readonly id: string
  readonly name: string
  readonly block: bigint
  readonly transaction: Hex
  readonly args: readonly { readonly name: string; readonly value: string }[]
}

const abi = [
  ...accessLogAbi,
  ...actorRegistryAbi,
  ...auditsAbi,
  ...consentRegistryAbi,
  ...keyCommitteeAbi,
  ...patientRegistryAbi,
  ...recordRegistryAbi,
]

const window = 5000n

/** The newest blocks, and the newest events of the last few thousand blocks. */
export async function readFeed(chain: Chain, { blocks, events }: { blocks: number; events: number }) {
  const { client, network } = chain
  const head = await client.getBlock()
  const older = Array.from(
    { length: Math.min(blocks, Number(head.number) + 1) },
    (_, back) => head.number - BigInt(back),
  )
  const [found, logs] = await Promise.all([
    Promise.all(older.map((blockNumber) => client.getBlock({ blockNumber }))),
    client.getLogs({
      address: Object.values(network.contracts),
      fromBlock: head.number > window ? head.number - window : 0n,
      toBlock: head.number,
    }),
  ])
  const parsed = parseEventLogs({ abi, logs, strict: true })
  return {
    blocks: found.map(({ number, hash, timestamp, gasUsed, transactions }): FeedBlock => {
      return { number, hash, time: Number(timestamp), gasUsed, transactions }
    }),
    events: parsed
      .slice(-events)
      .toReversed()
      .map(
        (log): FeedEvent => ({
          id: `${log.transactionHash}-${log.logIndex}`,
          name: log.eventName,
          block: log.blockNumber,
          transaction: log.transactionHash,
          args: Object.entries(log.args).flatMap(argsOf),
        }),
      ),
  }
}

/** A list is shown one by one: together its ids would look like one. */
function argsOf([name, value]: readonly [string, unknown]): FeedEvent['args'] {
  if (!Array.isArray(value)) return [{ name, value: String(value) }]
  return value.map((each, at) => ({ name: `${name} ${at + 1}`, value: String(each) }))
}
