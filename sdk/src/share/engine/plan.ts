import type { Bytes } from '../../bytes.ts'
import type { Field } from '../field.ts'
import type { Kernel } from './kernel.ts'

/** Where a plan finds its rows for one call: slot i is at rows + i * stride, `length` bytes of it. */
export type Stage = {
  readonly run: Kernel['run']
  /** Address of the plan's image. */
  readonly image: number
  /** Address of the plan's scratch. */
  readonly scratch: number
  readonly rows: number
  readonly stride: number
  readonly length: number
}

/** How the rows of one policy, and one set of shares, are computed. Slots: the inputs first, the outputs behind them. */
export type Plan = {
  readonly path: Path
  readonly bits: 8 | 16
  readonly inputs: number
  readonly outputs: number
  readonly image: Bytes
  /** Bytes of scratch that {@link Plan.compute} uses. */
  readonly scratch: number
  compute(stage: Stage): void
}

/** Ways to compute the same bytes (docs/spec/share-engine.md, paths). */
export type Path = 'dense' | 'few' | 'transform'

/** The power of the field's generator with that exponent, which may be up to four orders below zero. */
export const powerOf = ({ exp, order }: Field, log: number): number => exp[(log + 4 * order) % order] as number

/** Bytes of each row per pass: all strips of a transform of `count` rows stay in the first or second cache. */
export function stripOf(count: number): number {
  if (count <= 256) return Math.max(1024, Math.min(4096, 2 ** 15 / count))
  if (count <= 1024) return 512
  return count <= 8192 ? 128 : 64
}

/** Walks along the rows of a stage. */
export function eachStrip({ length }: Stage, strip: number, pass: (from: number, strip: number) => void): void {
  for (let from = 0; from < length; from += strip) pass(from, Math.min(strip, length - from))
}
