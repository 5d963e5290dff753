import { type Bytes, fromBase64url } from '../../bytes.ts'
import { fieldOf } from '../field.ts'
import { plainModule, relaxedModule } from './modules.ts'

/** The builds of the kernels, fastest first. */
export const kernelBuilds = ['relaxed', 'plain'] as const
export type KernelBuild = (typeof kernelBuilds)[number]

/** What a compiled module offers; assembly/share says what each function does. Addresses and lengths are in bytes. */
type Exports = {
  readonly nibbleMask: WebAssembly.Global
  readonly productTable: WebAssembly.Global
  readonly towerTable: WebAssembly.Global
  readonly pointTable: WebAssembly.Global
  readonly tableEnd: WebAssembly.Global
  forward(rows: number, log2: number, strip: number, offset: number, flags: number): void
  inverse(rows: number, log2: number, strip: number, offset: number, flags: number): void
  gather(strips: number, count: number, strip: number, ...rows: RowArguments): void
  correct(strips: number, count: number, strip: number, ...rows: RowArguments): void
  scatter(strips: number, strip: number, ...rows: RowArguments): void
  add(from: number, to: number, length: number): void
  addDerivative(target: number, source: number, log2: number, strip: number): void
  copy(target: number, source: number, length: number): void
  multiplyBytes(...dense: DenseArguments): void
  multiplyPairs(...dense: DenseArguments): void
}
type RowArguments = [list: number, entries: number, base: number, stride: number, from: number, length: number]
type DenseArguments = [
  matrix: number,
  inputs: number,
  input: number,
  outputs: number,
  output: number,
  stride: number,
  length: number,
  /** Room for 128 bytes per input, used over GF(2^8). */
  tables: number,
]

/** One instance with its own memory: not for several calls at a time, so each thread has its own. */
export type Kernel = {
  readonly build: KernelBuild
  readonly run: Exports
  /** First byte behind the tables. */
  readonly start: number
  /** The memory as it is now. Growth detaches what was given before. */
  bytes(): Bytes
  /** Grows the memory to `end` bytes where needed. False where the limit or the host refuses. */
  reserve(end: number): boolean
  /** Fills the tables of points for a field, once. */
  useField(bits: 8 | 16): void
}

const pageSize = 65_536
const modules = new Map<KernelBuild, WebAssembly.Module>()

/** Whether this host runs a build, as `validate` says. */
export function runsHere(build: KernelBuild, validate: (bytes: Bytes) => boolean): boolean {
  return validate(moduleBytes(build))
}

const moduleBytes = (build: KernelBuild): Bytes => fromBase64url(build === 'plain' ? plainModule : relaxedModule)

/** Compiles a build, once in each thread, and gives it a memory of its own of at most `limit` bytes. */
export function createKernel(build: KernelBuild, limit: number): Kernel {
  const module = modules.get(build) ?? new WebAssembly.Module(moduleBytes(build))
  modules.set(build, module)
  const maximum = Math.ceil(limit / pageSize)
  const memory = new WebAssembly.Memory({ initial: 3, maximum })
  const run = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports
  let current: Bytes = new Uint8Array(memory.buffer as ArrayBuffer)
  const kernel: Kernel = {
    build,
    run,
    start: run.tableEnd.value,
    bytes: () => current,
    reserve(end) {
      const missing = Math.ceil((end - current.length) / pageSize)
      if (missing <= 0) return true
      if (current.length / pageSize + missing > maximum) return false
      try {
        memory.grow(missing)
      } catch {
        return false
      }
      current = new Uint8Array(memory.buffer as ArrayBuffer)
      return true
    },
    useField: fieldTables(run, () => current),
  }
  fillProducts(run, current)
  return kernel
}

/** Functions of public constants only: c times every nibble, low and high, and b_7 c, for every byte c. */
function fillProducts(run: Exports, bytes: Bytes): void {
  const { multiply } = fieldOf(8)
  const products: number = run.productTable.value
  const tower: number = run.towerTable.value
  bytes.fill(15, run.nibbleMask.value, run.nibbleMask.value + 16)
  for (let c = 0; c < 256; c++) {
    for (let x = 0; x < 16; x++) {
      bytes[products + 32 * c + x] = multiply(c, x)
      bytes[products + 32 * c + 16 + x] = multiply(c, x << 4)
    }
    bytes[tower + c] = multiply(c, 0xe6)
  }
}

function fieldTables(run: Exports, bytes: () => Bytes): (bits: 8 | 16) => void {
  let filled = 0
  return (bits) => {
    if (bits <= filled) return
    filled = bits
    const { exp, logPhi } = fieldOf(bits)
    const points = new Uint16Array(bytes().buffer, run.pointTable.value, 2 ** bits)
    for (let i = 1; i < points.length; i++) points[i] = exp[logPhi[i] as number] as number
  }
}
