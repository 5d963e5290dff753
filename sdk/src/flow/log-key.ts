import { activeEpoch, type Chain, type LogKey, logKeysOf, operatorInfo, type WaitOptions } from '../chain/index.ts'
import { CommitteeError } from './ceremony.ts'
import { asker, generateKey } from './dkg.ts'

/**
 * Has the committee that serves generate its key for checkpoints, apart from the key that releases, and every member
 * confirm it on chain. The caller, one of their operators, relays and decides nothing.
 * Errors: `CommitteeError` naming the node.
 * @example
 * const { groupKey } = await generateLogKey({ chain })
 */
export async function generateLogKey({ chain }: { chain: Chain }, { signal }: WaitOptions = {}): Promise<LogKey> {
  const serving = await activeEpoch(chain, { signal })
  if (!serving) throw new CommitteeError({ step: 'the epoch that serves' })
  const { epoch, k, members } = serving
  const known = await Promise.all(members.map((operator) => operatorInfo(chain, { operator }, { signal })))
  const nodes = known.filter((one) => one !== undefined)
  const { transcriptHash, groupKey } = await generateKey({ chain, nodes, k, use: 'dkg log' }, { signal })
  const ask = asker(nodes, { signal })
  for (const node of nodes) await ask(node, '/v1/book/confirm', { epoch, transcriptHash })
  const key = (await logKeysOf(chain, { signal })).find((one) => one.groupKey === groupKey)
  if (!key) throw new CommitteeError({ step: 'the confirmation of the checkpoint key' })
  return key
}
