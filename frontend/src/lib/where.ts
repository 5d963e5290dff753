import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type AnchoredRecord, type Chain, encodeTicket, operators } from '@sharewell/sdk/chain'
import { readPass } from '@sharewell/sdk/flow/key-nodes'
import { createHttpStore, loadRecord, loadShareLeaves } from '@sharewell/sdk/place'
import { cidOf } from '@sharewell/sdk/share'

/** One share: who keeps it, and whether that node has it now. */
export type PlacedShare = { readonly index: number; readonly operator: Hex; readonly alive: boolean }

/** Where a record's shares lie. */
export type Whereabouts = {
  readonly n: number
  readonly t: number
  readonly r: number
  readonly shares: readonly PlacedShare[]
}

/**
 * Finds a record's shares: placement and manifest as the chain fixes them, then each node is asked for the first block
 * of its share. Storage nodes answer only those who may read the record, hence the ticket.
 */
export async function whereIs(
  chain: Chain,
  { recordId, version, manifestHash, placementHash, pseudonym }: AnchoredRecord,
  { purpose, signal }: { purpose: number; signal?: AbortSignal | undefined },
): Promise<Whereabouts> {
  const pass = await readPass(chain, { pseudonym, purpose })
  const all = (await operators(chain, { kind: 'storage' }, { signal })).filter(({ active }) => active)
  const nodes = all.map(({ id, endpoint }) => ({
    operator: id,
    store: createHttpStore({
      url: endpoint,
      authorize: async () => encodeTicket(await pass.ticketFor(id)),
      timeout: 5000,
    }),
  }))
  const { networkId } = chain.network
  const { manifest, placement } = await loadRecord({
    networkId,
    recordId,
    version,
    manifestHash,
    placementHash,
    nodes,
    signal,
  })
  const shares = await Promise.all(
    placement.operators.map(async (bytes, index): Promise<PlacedShare> => {
      const operator = toHex(bytes)
      const node = nodes.find((one) => one.operator === operator)
      const leaves = await loadShareLeaves(manifest, index, nodes, { signal })
      const first = cidOf(leaves.slice(0, 32))
      const alive = (await node?.store.has(first, { signal }).catch(() => false)) ?? false
      return { index, operator, alive }
    }),
  )
  return { n: manifest.n, t: manifest.t, r: manifest.r, shares }
}

/** A record id from a text field, or undefined. */
export function recordIdIn(text: string): Hex | undefined {
  const trimmed = text.trim().toLowerCase()
  return /^0x[0-9a-f]{64}$/.test(trimmed) ? toHex(fromHex(trimmed as Hex)) : undefined
}
