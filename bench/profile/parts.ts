import { randomBytes } from '@sharewell/sdk/primitives'
import type { Policy } from '@sharewell/sdk/share'
import { planDecoding, planEncoding } from '../../sdk/src/share/engine/choose.ts'
import { createKernel, type Kernel } from '../../sdk/src/share/engine/kernel.ts'
import type { Path, Plan } from '../../sdk/src/share/engine/plan.ts'
import { shapeOf } from '../../sdk/src/share/engine/runner.ts'
import type { Task } from '../rounds.ts'

/** A call of the engine: rows of one length, `drawn` of them random. With `shares` it decodes these to what is missing. */
export type Shaped = {
  readonly policy: Policy
  readonly length: number
  readonly drawn: number
  readonly shares?: readonly number[]
}

/** The parts of a call, each to be run alone over as many bytes as the call has. */
export type Parts = {
  readonly path: Path
  /** Swizzles for each column of sixteen bytes: two for a product over GF(2^8). Dense plans only, where it is a count of coefficients. */
  readonly swizzles?: number | undefined
  readonly copyIn: Task
  readonly compute: Task
  /** The same work on the same first strip each time. */
  readonly computeAtHand: Task
  readonly copyOut: Task
  readonly plan: Task
}

/** What all strips of a plan fit into. */
const stripAtHand = 2048

function planned({ policy, shares }: Shaped): Plan {
  if (!shares) return planEncoding(policy)
  const given = new Set(shares)
  return planDecoding(
    policy,
    shares,
    Array.from({ length: policy.t }, (_, y) => y).filter((y) => !given.has(y)),
  )
}

/** Lays a call out in a kernel's memory as the engine does (docs/spec/share-engine.md). */
export function shapedParts(call: Shaped): Parts {
  const plan = planned(call)
  const kernel = createKernel('relaxed', 2 ** 25)
  const shape = shapeOf(plan, call.length, kernel.start)
  kernel.reserve(shape.end)
  kernel.useField(plan.bits)
  kernel.bytes().set(plan.image, shape.image)
  const rows = (count: number) => Array.from({ length: count }, () => randomBytes(call.length))
  const [inputs, outputs] = [rows(plan.inputs - call.drawn), rows(plan.outputs)]
  const each = (visit: (from: number, until: number) => void) => () => {
    for (let from = 0; from < call.length; from += shape.piece) visit(from, Math.min(from + shape.piece, call.length))
  }
  const view = viewsOf(kernel, shape)
  const stage = { run: kernel.run, ...shape }
  const short = Math.min(stripAtHand, shape.piece)
  return {
    path: plan.path,
    swizzles: plan.path === 'dense' && plan.bits === 8 ? 2 * plan.inputs * plan.outputs : undefined,
    copyIn: each((from, until) => {
      inputs.forEach((row, slot) => {
        view(slot, until - from).set(row.subarray(from, until))
      })
    }),
    compute: each((from, until) => plan.compute({ ...stage, length: until - from })),
    computeAtHand: () => {
      for (let from = 0; from < call.length; from += short)
        plan.compute({ ...stage, length: Math.min(short, call.length - from) })
    },
    copyOut: each((from, until) => {
      outputs.forEach((row, i) => {
        row.set(view(plan.inputs + i, until - from), from)
      })
    }),
    plan: () => kernel.bytes().set(planned(call).image, shape.image),
  }
}

const viewsOf = (kernel: Kernel, { rows, stride }: { readonly rows: number; readonly stride: number }) => {
  const memory = kernel.bytes()
  return (slot: number, length: number) => memory.subarray(rows + slot * stride, rows + slot * stride + length)
}
