import type { Bytes } from '../bytes.ts'
import { decodingMatrix, encodingMatrix, type Matrix } from './matrix.ts'
import { createMultiplier, type Multiplier } from './multiply.ts'
import type { Policy } from './policy.ts'

/**
 * The engine that computes the code `cauchy1`. Every engine gives the same bytes, so the choice is speed, never format.
 * Callers check policies, indices and lengths first.
 */
export type ShareCode = {
  /** From t rows of equal length, data first and fresh random ones after, the n share rows. */
  encode(policy: Policy, rows: readonly Bytes[]): Bytes[]
  /**
   * Where an engine can: only the shares that are no data rows, n - t for r = 0 and n otherwise, into rows of the
   * caller's. It saves a copy.
   */
  encodeInto?(policy: Policy, rows: readonly Bytes[], outputs: readonly Bytes[]): void
  /**
   * Where an engine can: the n share rows, into rows of the caller's, from the t - r data rows and r random ones that
   * `draw` writes into the engine's own memory, piece by piece. What it gets to fill may be a little longer than the
   * rows. It saves r rows and their copies.
   */
  encodeDrawn?(policy: Policy, rows: readonly Bytes[], outputs: readonly Bytes[], draw: (room: Bytes) => void): void
  /** From t share rows with distinct indices, in rising order, the k data rows. */
  decode(policy: Policy, parts: readonly { readonly index: number; readonly body: Bytes }[]): Bytes[]
  /**
   * Where an engine can: only the data rows that are not among the shares, in rising order, into rows of the caller's.
   * It saves a copy.
   */
  decodeInto?(
    policy: Policy,
    parts: readonly { readonly index: number; readonly body: Bytes }[],
    outputs: readonly Bytes[],
  ): void
  /** Where an engine can: any linear map of rows of equal length; repair and change of policy are such. */
  multiply?(matrix: Matrix, rows: readonly Bytes[]): Bytes[]
}

/** Plans kept at most: a reader meets a few policies and, per record, one or two sets of nodes. */
const keptPlans = 16
const plans = new Map<string, Multiplier>()

/** The engine in plain TypeScript: look-up tables per coefficient, rows added up strip by strip. */
export const tableCode: ShareCode = {
  encode(policy, rows) {
    const plan = planFor(`${keyOf(policy)} encode`, () => createMultiplier(encodingMatrix(policy)))
    const coded = plan(rows, rows[0]?.length ?? 0)
    return policy.r > 0 ? coded : [...rows.map((row) => row.slice()), ...coded]
  },

  decode(policy, parts) {
    const k = policy.t - policy.r
    const length = parts[0]?.body.length ?? 0
    // For r = 0 share i < t is data row i; what arrived is not computed.
    const given = new Map(policy.r === 0 ? parts.map(({ index, body }) => [index, body] as const) : [])
    const wanted = Array.from({ length: k }, (_, y) => y).filter((y) => !given.has(y))
    const indices = parts.map(({ index }) => index)
    const plan = planFor(`${keyOf(policy)} decode ${indices}`, () =>
      createMultiplier(decodingMatrix(policy, indices, wanted)),
    )
    const computed =
      wanted.length === 0
        ? []
        : plan(
            parts.map(({ body }) => body),
            length,
          )
    const rows = new Map(wanted.map((y, i) => [y, computed[i] as Bytes] as const))
    return Array.from({ length: k }, (_, y) => (given.get(y) ?? rows.get(y)) as Bytes)
  },
}

const keyOf = ({ n, t, r }: Policy): string => `${n},${t},${r}`

function planFor(key: string, create: () => Multiplier): Multiplier {
  const plan = plans.get(key) ?? create()
  // Put last again, so that the first one is the one unused for longest.
  plans.delete(key)
  plans.set(key, plan)
  if (plans.size > keptPlans) for (const oldest of plans.keys()) return drop(oldest, plan)
  return plan
}

function drop(oldest: string, plan: Multiplier): Multiplier {
  plans.delete(oldest)
  return plan
}
