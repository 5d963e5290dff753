import type { DeletionScope } from '@sharewell/sdk/chain'
import type { Deletion } from '@sharewell/sdk/place'
import type { Components as Parts } from './components.ts'

/** Blocks that are taken off the disk at once. */
const batch = 500

/** Deletes all that this node has of a record's versions, and returns its unsigned word on it. From the first step on
 * nothing of them is given or taken; cut off at any moment, the next call goes on. Asked again it says the same.
 * Where later versions were deleted already, its word is on those too. */
export async function deleteVersions(
  { ledger, store, operator, clock }: deleteVersions.Components,
  scope: DeletionScope,
): Promise<Deletion> {
  const { recordId } = scope
  ledger.bury(scope)
  for (;;) {
    const left = ledger.leftovers(recordId, batch)
    if (left.length === 0) break
    await store.remove(left.filter(({ shared }) => !shared).map(({ cid }) => cid))
    ledger.removed(
      recordId,
      left.map(({ cid }) => cid),
    )
  }
  return { recordId, operator, ...ledger.deletion(recordId, clock()) }
}
export declare namespace deleteVersions {
  type Components = Pick<Parts, 'ledger' | 'operator' | 'clock'> & { store: Pick<Parts['store'], 'remove'> }
}
