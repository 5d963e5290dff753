import type { Bytes } from '../../bytes.ts'
import type { Kernel } from './kernel.ts'
import type { Plan } from './plan.ts'

/** Rows come and go in pieces: long enough that copying them is cheap, short enough that all of them stay in the cache. */
const pieceLength = 8192
const leastPayload = 2 ** 18
const mostPayload = 2 ** 20
/** Bytes that the rows of a piece take at most, where a policy has many more shares than data rows. */
const rowsLength = 8 * 2 ** 20

/** Addresses of one call: the image right behind the tables, then scratch, then the rows. */
type Shape = {
  readonly image: number
  readonly scratch: number
  readonly rows: number
  readonly stride: number
  readonly piece: number
  readonly end: number
}

/** What lies in the kernel's memory from the last call, with a view of every row of a piece. */
type Resident = { readonly plan: Plan; readonly shape: Shape; readonly memory: Bytes; readonly views: readonly Bytes[] }

/**
 * Runs plans on a kernel: copies rows in, piece by piece, and results out. False, with nothing done, where the rows are
 * not for the kernels (lengths that differ, or are no multiple of 32) or the memory does not suffice.
 */
export function createRunner(kernel: Kernel): createRunner.ReturnType {
  let resident: Resident | undefined
  return (plan, inputs, outputs, draw) => {
    const length = inputs[0]?.length ?? 0
    if (length === 0 || length % 32 !== 0 || outputs.length !== plan.outputs) return false
    if (draw ? inputs.length > plan.inputs : inputs.length !== plan.inputs) return false
    if (![inputs, outputs].every((rows) => rows.every((row) => row.length === length))) return false
    const shape = shapeOf(plan, length, kernel.start)
    if (!kernel.reserve(shape.end)) return false
    kernel.useField(plan.bits)
    resident = settle(kernel, plan, shape, resident)
    for (let from = 0; from < length; from += shape.piece) {
      const until = Math.min(from + shape.piece, length)
      copyIn(inputs, resident.views, from, until)
      draw?.(rowsAfter(inputs.length, resident))
      plan.compute({ run: kernel.run, ...shape, length: until - from })
      copyOut(outputs, resident.views.slice(plan.inputs), from, until)
    }
    return true
  }
}
export declare namespace createRunner {
  /** With `draw`, it fills those of the plan's input rows that are not given, piece by piece, all of a piece at once. */
  type ReturnType = (
    plan: Plan,
    inputs: readonly Bytes[],
    outputs: readonly Bytes[],
    draw?: (room: Bytes) => void,
  ) => boolean
}

const aligned = (at: number): number => 64 * Math.ceil(at / 64)

/** Where everything of a call lies, for rows of `length` bytes and tables that end at `start`. */
export function shapeOf({ image, scratch, inputs, outputs }: Plan, length: number, start: number): Shape {
  const payload = Math.min(mostPayload, Math.max(leastPayload, pieceLength * inputs))
  const most = Math.min(payload / inputs, rowsLength / (inputs + outputs))
  // Rounded: rows that are hardly longer than a piece are not worth two.
  const pieces = Math.max(1, Math.round(length / Math.max(64, most)))
  const piece = Math.min(length, aligned(length / pieces))
  // An odd number of cache lines: rows at a power of two would all fall into the same sets of the cache.
  const stride = aligned(piece) + (aligned(piece) % 128 === 0 ? 64 : 0)
  const at = { image: aligned(start), scratch: aligned(start + image.length) }
  const rows = aligned(at.scratch + scratch)
  return { ...at, rows, stride, piece, end: rows + (inputs + outputs) * stride }
}

/** Brings a plan into the memory, unless it is the one that lies there. */
function settle(kernel: Kernel, plan: Plan, shape: Shape, last: Resident | undefined): Resident {
  const memory = kernel.bytes()
  const same = last?.plan === plan && last.memory === memory
  if (!same) memory.set(plan.image, shape.image)
  if (same && last.shape.piece === shape.piece) return last
  const views = Array.from({ length: plan.inputs + plan.outputs }, (_, slot) => {
    const at = shape.rows + slot * shape.stride
    return memory.subarray(at, at + shape.piece)
  })
  return { plan, shape, memory, views }
}

function copyIn(inputs: readonly Bytes[], views: readonly Bytes[], from: number, until: number): void {
  inputs.forEach((row, slot) => {
    views[slot]?.set(until - from === row.length ? row : row.subarray(from, until))
  })
}

/** The input rows of a piece behind the first `count`: they lie one behind the other. */
function rowsAfter(count: number, { plan, shape, memory }: Resident): Bytes {
  return memory.subarray(shape.rows + count * shape.stride, shape.rows + plan.inputs * shape.stride)
}

function copyOut(outputs: readonly Bytes[], views: readonly Bytes[], from: number, until: number): void {
  outputs.forEach((row, i) => {
    const view = views[i] as Bytes
    row.set(until - from === view.length ? view : view.subarray(0, until - from), from)
  })
}
