import type { Network } from '@sharewell/sdk/chain'
import { type NodeReceipt, placeRecord } from '@sharewell/sdk/place'
import type { Policy } from '@sharewell/sdk/share'
import { newAccount, verifierFor } from './parties.ts'
import { type SealedRecord, sealedRecord } from './sealed-record.ts'
import type { TestNode } from './storage.ts'

/** Makes a record and places it on the first n nodes. */
export async function placedRecord(
  network: Network,
  nodes: readonly TestNode[],
  policy: Policy,
  options: Partial<sealedRecord.Options> = {},
): Promise<SealedRecord & { readonly receipts: readonly NodeReceipt[] }> {
  const used = nodes.slice(0, policy.n)
  const operators = used.map(({ operator }) => operator)
  const { networkId } = network
  const record = await sealedRecord({ networkId, uploader: newAccount(), policy, operators, ...options })
  const receipts = await placeRecord({
    nodes: used.map((node) => ({ operator: node.operator, store: node.client(`write ${record.recordId} 100000000`) })),
    chunks: chunksOf(record),
    close: async () => record.blocks,
    verify: verifierFor(network, 'Acknowledgement', used),
  })
  return { ...record, receipts }
}

/** The chunks of a record as they leave a splitter. */
export async function* chunksOf({ parts }: SealedRecord) {
  yield* parts
}
