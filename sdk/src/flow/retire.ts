import { fromHex, type Hex, toHex } from '../bytes.ts'
import { type AnchoredRecord, type Chain, operatorInfo } from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import { NodeRefusedError } from '../place/index.ts'
import { cidOf } from '../share/index.ts'

import { storageParties } from './parties.ts'
import { operatorsHash, writeAuthorization } from './tickets.ts'

/** A keeper that did not say that the old shares are gone. */
export type NotRetired = { readonly operator: Hex; readonly code: string }

/**
 * Has keepers remove the shares that renewed ones have followed; those that no longer keep one too. Nodes do it once the
 * placement stands in a final block, so it may have to be asked again; asked again it does no harm.
 * @param record as it stands on chain now.
 * @param blocks signed placement and manifest that stand, for who has no share any more.
 */
export async function retireOldShares(
  chain: Chain,
  record: Pick<AnchoredRecord, 'recordId' | 'version'>,
  keepers: readonly Hex[],
  { blocks = [], signal }: retireOldShares.Options = {},
): Promise<NotRetired[]> {
  const known = await Promise.all(keepers.map((operator) => operatorInfo(chain, { operator }, { signal })))
  const active = known.filter((one) => one !== undefined).filter((one) => one.active)
  const gone = keepers.filter((operator) => !active.some(({ id }) => id === operator))
  const { recordId, version } = record
  const hash = await operatorsHash([...keepers])
  const ticket = { recordId, version, operatorsHash: hash, maxBytes: 2n ** 40n, operators: keepers }
  const parties = storageParties(active, writeAuthorization(chain, ticket))
  const asked = parties.map(async ({ operator, store }): Promise<NotRetired[]> => {
    try {
      for (const block of blocks) await store.put(cidOf(fromHex(block.hash, 32)), block.bytes, { signal })
      await store.retireShares({ signal })
      return []
    } catch (error) {
      signal?.throwIfAborted()
      return [{ operator, code: codeOf(error) }]
    }
  })
  const missing = await Promise.all(asked)
  return [...gone.map((operator) => ({ operator, code: 'INACTIVE' })), ...missing.flat()]
}
export declare namespace retireOldShares {
  type Options = {
    readonly blocks?: readonly { readonly hash: Hex; readonly bytes: Uint8Array<ArrayBuffer> }[] | undefined
    readonly signal?: AbortSignal | undefined
  }
}

/** The node's own code, where it gave one. */
function codeOf(error: unknown): string {
  if (error instanceof NodeRefusedError) return error.reason ?? error.code
  return error instanceof BaseError ? error.code : 'UNREACHABLE'
}

/** Ids of a placement's operators, as text. */
export const idsOf = (operators: readonly Uint8Array[]): Hex[] => operators.map((id) => toHex(id))
