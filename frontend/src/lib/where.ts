import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type AnchoredRecord, type Chain, encodeTicket } from '@sharewell/sdk/chain'
import { type Level, recordHealth } from '@sharewell/sdk/flow/health'
import { readPass } from '@sharewell/sdk/flow/key-nodes'
import { createHttpStore } from '@sharewell/sdk/place'

/** One share: who keeps it, and whether that node has it now. */
export type PlacedShare = { readonly index: number; readonly operator: Hex; readonly alive: boolean }

/** Where a record's shares lie, and how well it is. */
export type Whereabouts = {
  readonly n: number
  readonly t: number
  readonly r: number
  readonly level: Level
  /** None where no node gives the record's description. */
  readonly shares: readonly PlacedShare[]
}

/**
 * Finds a record's shares: placement and manifest as the chain fixes them, then each node is asked for some blocks of its
 * share. Storage nodes answer only those who may read the record, hence the ticket.
 */
export async function whereIs(
  chain: Chain,
  record: AnchoredRecord,
  { purpose, signal }: { purpose: number; signal?: AbortSignal | undefined },
): Promise<Whereabouts> {
  const pass = await readPass(chain, { pseudonym: record.pseudonym, purpose })
  const { n, t, r, level, shares } = await recordHealth(chain, record, {
    signal,
    read: ({ id, endpoint }) =>
      createHttpStore({
        url: endpoint,
        authorize: async () => encodeTicket(await pass.ticketFor(id)),
        timeout: 5000,
      }),
  })
  const placed = shares.map(({ index, operator, state }) => ({ index, operator, alive: state === 'valid' }))
  return { n, t, r, level, shares: placed }
}

/** A record id from a text field, or undefined. */
export function recordIdIn(text: string): Hex | undefined {
  const trimmed = text.trim().toLowerCase()
  return /^0x[0-9a-f]{64}$/.test(trimmed) ? toHex(fromHex(trimmed as Hex)) : undefined
}
