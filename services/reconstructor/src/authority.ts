import type { Hex } from '@sharewell/sdk/bytes'
import { type Chain, checkRebuild, isSignedBy, operators, type RebuildClaim } from '@sharewell/sdk/chain'
import type { AbortOptions, ShareResponse, Signed } from '@sharewell/sdk/place'
import type { Address } from 'viem'

/** What the reconstructor asks the chain. The real one does; tests bring their own. */
export type Authority = {
  /** The record that the claim may have rebuilt now. Errors: `RebuildRefusedError`, `TicketError`,
   * `TicketPossessionError`, `SignatureError`. */
  check(claim: RebuildClaim, options?: AbortOptions): Promise<RebuildTarget>
  /** The active storage nodes. */
  nodes(options?: AbortOptions): Promise<readonly StorageOperator[]>
  /** Whether the operator's account, a key or a contract, signed a share response. */
  verifyShare(operator: Hex, signed: Signed<ShareResponse>): Promise<boolean>
}

/** A record as the chain fixes it, and who asks. */
export type RebuildTarget = {
  readonly recordId: Hex
  readonly version: number
  readonly manifestHash: Hex
  readonly placementHash: Hex
  readonly reader: Hex
}

/** A storage node of the registry. */
export type StorageOperator = { readonly operator: Hex; readonly account: Address; readonly endpoint: string }

/** Asks the chain; the list of nodes is read again every 10 s. */
export function chainAuthority(chain: Chain, { operator }: { readonly operator: Hex }): Authority {
  let known: { readonly until: number; readonly nodes: Promise<readonly StorageOperator[]> } | undefined
  const nodes = async ({ signal }: AbortOptions = {}) => {
    signal?.throwIfAborted()
    if (!known || chain.clock() >= known.until) {
      const list = storageOperators(chain)
      known = { until: chain.clock() + 10, nodes: list }
      list.catch(() => {
        known = undefined
      })
    }
    return await known.nodes
  }
  return {
    nodes,
    async check(claim, options = {}) {
      const { record, reader } = await checkRebuild(chain, claim, { ...options, node: operator })
      const { recordId, version, manifestHash, placementHash } = record
      return { recordId, version, manifestHash, placementHash, reader }
    },
    async verifyShare(operator, signed) {
      const node = (await nodes()).find((one) => one.operator === operator)
      if (!node) return false
      return await isSignedBy(chain, { kind: 'ShareResponse', ...signed, signer: node.account })
    },
  }
}

async function storageOperators(chain: Chain): Promise<StorageOperator[]> {
  const all = await operators(chain, { kind: 'storage' })
  return all.filter(({ active }) => active).map(({ id, account, endpoint }) => ({ operator: id, account, endpoint }))
}
