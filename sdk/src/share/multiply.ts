import type { Bytes } from '../bytes.ts'
import type { Matrix } from './matrix.ts'

/** Bytes of a row per pass: accumulator and tables of a pass stay in the first-level cache. */
const stripLength = 4096
/** Tables of a matrix are kept below this many bytes and made anew for each call beyond it. */
const keptTableBytes = 8 * 2 ** 20

/** Multiplies rows by one fixed matrix. */
export type Multiplier = (inputs: readonly Bytes[], length: number) => Bytes[]

/**
 * Prepares a matrix. Each table word holds the products of one byte by the coefficients of several outputs (four over
 * GF(2^8), two over GF(2^16)), so one look-up serves them all. Look-ups depend on the data: not constant time, and
 * what passes here is sealed already.
 */
export function createMultiplier(matrix: Matrix): Multiplier {
  const { rows, columns } = matrix
  const perWord = matrix.field.bits === 8 ? 4 : 2
  const groups = Math.ceil(rows / perWord)
  const tableBytes = matrix.field.bits === 8 ? 1024 : 2048
  const kept = groups * columns * tableBytes <= keptTableBytes ? new Map<number, Tables>() : undefined
  const tablesFor = (group: number): Tables => {
    const tables = kept?.get(group) ?? createTables(matrix, group * perWord, perWord)
    kept?.set(group, tables)
    return tables
  }
  const pass = matrix.field.bits === 8 ? pass8 : pass16
  return (inputs, length) => {
    const outputs = Array.from({ length: rows }, () => new Uint8Array(length))
    for (let group = 0; group < groups; group++) {
      const tables = tablesFor(group)
      const some = outputs.slice(group * perWord, (group + 1) * perWord)
      for (let from = 0; from < length; from += stripLength)
        pass(inputs, tables, some, from, Math.min(stripLength, length - from))
    }
    return outputs
  }
}

/** Per input row one table of 256 words (GF(2^8)), or 256 for the low byte and 256 for the high one. */
type Tables = readonly Uint32Array[]

function createTables(matrix: Matrix, firstRow: number, perWord: number): Tables {
  const { bits } = matrix.field
  return Array.from({ length: matrix.columns }, (_, column) => {
    const coefficients = Array.from({ length: perWord }, (_, i) =>
      firstRow + i < matrix.rows ? matrix.coefficient(firstRow + i, column) : 0,
    )
    const table = new Uint32Array(32 * bits)
    for (let bit = 0; bit < bits; bit++) {
      const word = coefficients.reduce((sum, c, i) => sum | (matrix.field.multiply(c, 1 << bit) << (bits * i)), 0)
      // Products are additive: the entries with this as highest bit are those below it plus this one.
      const start = bit < 8 ? 0 : 256
      const half = 1 << (bit & 7)
      for (let i = 0; i < half; i++) table[start + half + i] = (table[start + i] as number) ^ word
    }
    return table
  })
}

const accumulator = new Uint32Array(stripLength)

type Pass = (inputs: readonly Bytes[], tables: Tables, outputs: Bytes[], from: number, length: number) => void

/** A symbol is a byte. */
const pass8: Pass = (inputs, tables, outputs, from, length) => {
  const sums = accumulator.subarray(0, length)
  sums.fill(0)
  let column = 0
  for (; column + 1 < inputs.length; column += 2)
    addTwo8(
      sums,
      (inputs[column] as Bytes).subarray(from, from + length),
      tables[column] as Uint32Array,
      (inputs[column + 1] as Bytes).subarray(from, from + length),
      tables[column + 1] as Uint32Array,
    )
  if (column < inputs.length)
    addOne8(sums, (inputs[column] as Bytes).subarray(from, from + length), tables[column] as Uint32Array)
  for (let i = 0; i < outputs.length; i++) spread8(sums, (outputs[i] as Bytes).subarray(from, from + length), 8 * i)
}

function addOne8(sums: Uint32Array, row: Uint8Array, table: Uint32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) ^ (table[row[i] as number] as number)
}

function addTwo8(sums: Uint32Array, a: Uint8Array, tableA: Uint32Array, b: Uint8Array, tableB: Uint32Array): void {
  for (let i = 0; i < sums.length; i++)
    sums[i] = (sums[i] as number) ^ (tableA[a[i] as number] as number) ^ (tableB[b[i] as number] as number)
}

function spread8(sums: Uint32Array, output: Uint8Array, shift: number): void {
  for (let i = 0; i < sums.length; i++) output[i] = (sums[i] as number) >>> shift
}

/** Groups of 32 bytes hold 16 symbols: byte q and byte 16 + q are the low and the high half of symbol q. */
const pass16: Pass = (inputs, tables, outputs, from, length) => {
  const sums = accumulator.subarray(0, length / 2)
  sums.fill(0)
  for (let column = 0; column < inputs.length; column++)
    add16(sums, (inputs[column] as Bytes).subarray(from, from + length), tables[column] as Uint32Array)
  for (let i = 0; i < outputs.length; i++) spread16(sums, (outputs[i] as Bytes).subarray(from, from + length), 16 * i)
}

function add16(sums: Uint32Array, row: Uint8Array, table: Uint32Array): void {
  for (let i = 0; i < sums.length; i++) {
    const at = 2 * i - (i & 15)
    sums[i] =
      (sums[i] as number) ^ (table[row[at] as number] as number) ^ (table[256 + (row[at + 16] as number)] as number)
  }
}

function spread16(sums: Uint32Array, output: Uint8Array, shift: number): void {
  for (let i = 0; i < sums.length; i++) {
    const at = 2 * i - (i & 15)
    const symbol = (sums[i] as number) >>> shift
    output[at] = symbol
    output[at + 16] = symbol >>> 8
  }
}
