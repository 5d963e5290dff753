import type { Bytes } from '../../bytes.ts'
import { type ShareCode, tableCode } from '../code.ts'
import type { Matrix } from '../matrix.ts'
import { createMultiplier } from '../multiply.ts'
import type { Policy } from '../policy.ts'
import { createPlanCache } from './cache.ts'
import { planDecoding, planEncoding } from './choose.ts'
import { planDense } from './dense.ts'
import { createKernel, type Kernel, type KernelBuild, kernelBuilds, runsHere } from './kernel.ts'
import type { Path, Plan } from './plan.ts'
import { createRunner } from './runner.ts'

/** Bytes of WebAssembly memory at most, whatever the policy and the length of rows. */
const memoryLimit = 32 * 2 ** 20
/** A reader meets a few policies and, per record, one or two sets of nodes. */
const keptPlans = { plans: 16, bytes: 8 * 2 ** 20 }

type Part = { readonly index: number; readonly body: Bytes }

/**
 * The code `cauchy1` on SIMD kernels, the same bytes as {@link tableCode}. Calls are synchronous; between calls only plans
 * remain, which say which shares were used, and in WebAssembly memory the rows of the last piece.
 */
export type KernelCode = ShareCode & {
  readonly build: KernelBuild
  /** Writes the shares that are no data rows, n - t for r = 0 and n otherwise, to rows that the caller has. */
  encodeInto(policy: Policy, rows: readonly Bytes[], outputs: readonly Bytes[]): void
  /** Writes the data rows that are not among the t shares, in rising order, to rows that the caller has. */
  decodeInto(policy: Policy, parts: readonly Part[], outputs: readonly Bytes[]): void
  multiply(matrix: Matrix, rows: readonly Bytes[]): Bytes[]
  /** Bytes of WebAssembly memory in use. */
  memoryLength(): number
}

/**
 * Makes an engine on the fastest build of the kernels that this host runs; each thread makes its own. Undefined where
 * the host runs none: no WebAssembly, no SIMD, or a page whose policy forbids compiling.
 * @example
 * const code = createKernelCode() ?? tableCode
 */
export function createKernelCode(options: createKernelCode.Options = {}): KernelCode | undefined {
  const kernel = startKernel(options)
  return kernel && codeOn(kernel, options)
}
export declare namespace createKernelCode {
  type Options = {
    /** Takes this build or none. */
    readonly build?: KernelBuild | undefined
    /** Takes this path wherever it can serve, instead of the one that the rule names. */
    readonly path?: Path | undefined
    /** Says whether the host runs a module. */
    readonly validate?: ((module: Bytes) => boolean) | undefined
    /** Bytes of WebAssembly memory at most; what needs more goes to {@link tableCode}. */
    readonly memoryLimit?: number | undefined
    /** Plans kept for later calls. */
    readonly keptPlans?: number | undefined
  }
}

let fastest: ShareCode | undefined

/** The engine of this thread: on kernels where the host runs them, else {@link tableCode}. Made at first use. */
export function fastestCode(): ShareCode {
  fastest ??= createKernelCode() ?? tableCode
  return fastest
}

function startKernel(options: createKernelCode.Options): Kernel | undefined {
  if (typeof WebAssembly === 'undefined') return undefined
  const { build: wanted, memoryLimit: limit = memoryLimit } = options
  const { validate = (module: Bytes) => WebAssembly.validate(module) } = options
  const build = kernelBuilds.find((one) => (wanted ?? one) === one && runsHere(one, validate))
  try {
    return build && createKernel(build, limit)
  } catch {
    // A content security policy, or a host out of memory, refuses what is valid.
    return undefined
  }
}

/** The engine on a given kernel. */
export function codeOn(
  kernel: Kernel,
  { path, keptPlans: plans = keptPlans.plans }: createKernelCode.Options,
): KernelCode {
  const cache = createPlanCache({ ...keptPlans, plans })
  const run = createRunner(kernel)
  const maps = new WeakMap<Matrix, Plan>()
  const encoded = (
    policy: Policy,
    rows: readonly Bytes[],
    outputs: readonly Bytes[],
    draw?: (room: Bytes) => void,
  ): boolean =>
    outputs.length === 0 ||
    run(
      cache.get(policy, [], () => planEncoding(policy, path)),
      rows,
      outputs,
      draw,
    )
  const decoded = (policy: Policy, parts: readonly Part[], missing: readonly number[], outputs: readonly Bytes[]) => {
    const shares = parts.map(({ index }) => index)
    if (missing.length === 0) return true
    const plan = cache.get(policy, shares, () => planDecoding(policy, shares, missing, path))
    return run(
      plan,
      parts.map(({ body }) => body),
      outputs,
    )
  }
  return {
    build: kernel.build,
    memoryLength: () => kernel.bytes().length,
    encode(policy, rows) {
      const outputs = emptyRows(policy.r > 0 ? policy.n : policy.n - policy.t, rows[0]?.length)
      if (!encoded(policy, rows, outputs)) return tableCode.encode(policy, rows)
      return policy.r > 0 ? outputs : [...rows.map((row) => row.slice()), ...outputs]
    },
    encodeDrawn(policy, rows, outputs, draw) {
      if (encoded(policy, rows, outputs, draw)) return
      const drawn = emptyRows(policy.r, rows[0]?.length)
      drawn.forEach(draw)
      copyRows(tableCode.encode(policy, [...rows, ...drawn]), outputs)
    },
    decode(policy, parts) {
      const missing = missingRows(policy, parts)
      const outputs = emptyRows(missing.length, parts[0]?.body.length)
      if (!decoded(policy, parts, missing, outputs)) return tableCode.decode(policy, parts)
      return joined(policy, parts, missing, outputs)
    },
    encodeInto(policy, rows, outputs) {
      if (encoded(policy, rows, outputs)) return
      copyRows(tableCode.encode(policy, rows).slice(policy.r > 0 ? 0 : policy.t), outputs)
    },
    multiply(matrix, rows) {
      const plan = maps.get(matrix) ?? planDense(matrix)
      maps.set(matrix, plan)
      const outputs = emptyRows(matrix.rows, rows[0]?.length)
      return run(plan, rows, outputs) ? outputs : createMultiplier(matrix)(rows, rows[0]?.length ?? 0)
    },
    decodeInto(policy, parts, outputs) {
      const missing = missingRows(policy, parts)
      if (decoded(policy, parts, missing, outputs)) return
      const rows = tableCode.decode(policy, parts)
      copyRows(
        missing.map((y) => rows[y] as Bytes),
        outputs,
      )
    },
  }
}

const emptyRows = (count: number, length = 0): Bytes[] => Array.from({ length: count }, () => new Uint8Array(length))

function copyRows(from: readonly Bytes[], to: readonly Bytes[]): void {
  to.forEach((row, i) => {
    row.set(from[i] as Bytes)
  })
}

/** Data rows that are not among the shares: with r > 0 no share is one. */
function missingRows({ t, r }: Policy, parts: readonly Part[]): number[] {
  const given = new Set(r > 0 ? [] : parts.map(({ index }) => index))
  return Array.from({ length: t - r }, (_, y) => y).filter((y) => !given.has(y))
}

/** All data rows in order: those that arrived as shares, and the computed ones. */
function joined({ t, r }: Policy, parts: readonly Part[], missing: readonly number[], computed: Bytes[]): Bytes[] {
  const rows: Bytes[] = []
  if (r === 0) for (const { index, body } of parts) if (index < t) rows[index] = body
  missing.forEach((y, i) => {
    rows[y] = computed[i] as Bytes
  })
  return rows
}
