import { type Field, fieldOf } from '../field.ts'
import { positionOf } from '../matrix.ts'
import { layoutOf, type Policy } from '../policy.ts'
import { RenewError } from './error.ts'
import { maskCount } from './refresh.ts'

/** What n published values are worth. */
export type WordVerdict = {
  /** The one zero word that all but `off` fit, value by value. */
  readonly word: readonly number[]
  /** Nodes whose value is another one or did not come, rising. */
  readonly off: readonly number[]
}

/** The most nodes that may be off a zero word while it is still the only one: n - f >= r + f + 1. */
export function mostOff({ n, r }: Policy): number {
  return Math.floor((n - r - 1) / 2)
}

/**
 * Finds the zero word that all but f of the values fit. A lying node so cannot expel an honest contributor, and a
 * contributor cannot pass with anything else.
 *
 * A zero word is phi(x >> lg) and a polynomial of degree < N that vanishes on all rows but the random ones; divided by
 * what it is known to vanish on, r coefficients remain: a Reed-Solomon word of dimension r, decoded by the key equation of Welch and Berlekamp.
 * @param values of nodes 0..n-1; undefined for a node that said nothing.
 * @param most f, at most {@link mostOff}.
 * @returns undefined where no zero word fits.
 * @throws RenewError for another number of values or a larger f.
 */
export function fitZeroWord(
  policy: Policy,
  values: readonly (number | undefined)[],
  most: number,
): WordVerdict | undefined {
  const { n, r } = policy
  if (values.length !== n) throw new RenewError({ reason: `${values.length} values came, not ${n}` })
  if (r === 0 || !Number.isSafeInteger(most) || most < 0 || most > mostOff(policy))
    throw new RenewError({ reason: `${most} of ${n} nodes are too many to be off a word of ${r}` })
  const code = reedSolomon(policy)
  const given = [...values.keys()].filter((j) => values[j] !== undefined)
  const silent = n - given.length
  if (silent > most) return undefined
  const scaled = new Map(given.map((j) => [j, code.field.multiply(values[j] as number, code.scale(j))] as const))
  // Where nobody lies the equation is small.
  const polynomial = solveKey(code, scaled, r, 0) ?? solveKey(code, scaled, r, most - silent)
  if (!polynomial) return undefined
  const word = code.points.map((x, j) => divide(code.field, evaluate(code.field, polynomial, x), code.scale(j)))
  const off = word.flatMap((value, j) => (value === values[j] ? [] : [j]))
  return off.length <= most ? { word, off } : undefined
}

/**
 * Accepts a contribution by what all nodes published of it: for every mask the values are a zero word, but for at most f
 * nodes in all. Says which nodes those are: they did not get, or did not use, what the others did.
 * @param said for node j its {@link maskCount} values; undefined where it said nothing.
 * @returns undefined where the contribution is refused.
 * @throws RenewError as {@link fitZeroWord}, and where a node said another number of values.
 */
export function judgeContribution(
  policy: Policy,
  said: readonly (readonly number[] | undefined)[],
  most: number,
): readonly number[] | undefined {
  const masks = maskCount(policy)
  if (said.some((values) => values && values.length !== masks))
    throw new RenewError({ reason: `a node must say ${masks} values of a contribution` })
  const off = new Set<number>()
  for (let e = 0; e < masks; e++) {
    const values = said.map((some) => some?.[e])
    const verdict = fitZeroWord(policy, values, most)
    if (!verdict) return undefined
    for (const j of verdict.off) off.add(j)
  }
  return off.size <= most ? [...off].sort((a, b) => a - b) : undefined
}

type ReedSolomon = {
  readonly field: Field
  /** phi of each node's position. */
  readonly points: readonly number[]
  /** What a node's value is multiplied by to be a value of the polynomial of degree < r. */
  scale(j: number): number
}

function reedSolomon(policy: Policy): ReedSolomon {
  const { k, N, bits } = layoutOf(policy)
  const field = fieldOf(bits)
  const { exp, logPhi, order } = field
  // Data rows and pads: where the polynomial of a zero word is 0.
  const zeros = [...Array(k).keys(), ...Array.from({ length: N - policy.t }, (_, i) => policy.t + i)]
  const positions = Array.from({ length: policy.n }, (_, j) => positionOf(policy, j))
  const scales = positions.map((x) => {
    const log = zeros.reduce((sum, zero) => sum + (logPhi[x ^ zero] as number), 0)
    return exp[(order - (log % order)) % order] as number
  })
  return {
    field,
    points: positions.map((x) => exp[logPhi[x] as number] as number),
    scale: (j) => scales[j] as number,
  }
}

/**
 * The polynomial g of degree < r with g(x_j) = y_j for all but `errors` of the given values: from N(x_j) = y_j E(x_j),
 * deg E <= errors, deg N < r + errors, g = N / E.
 */
function solveKey(
  { field, points }: ReedSolomon,
  values: ReadonlyMap<number, number>,
  r: number,
  errors: number,
): number[] | undefined {
  const rows = [...values].map(([j, y]) => {
    const powers = powersOf(field, points[j] as number, r + errors)
    const located = powersOf(field, points[j] as number, errors + 1).map((power) => field.multiply(power, y))
    return [...powers, ...located]
  })
  const solution = kernelVector(field, rows, r + 2 * errors + 1)
  if (!solution) return undefined
  const found = quotient(field, solution.slice(0, r + errors), solution.slice(r + errors))
  // A word of degree r or more fits what was dealt, but it moves the data.
  return found?.slice(r).every((coefficient) => coefficient === 0) ? found : undefined
}

function powersOf(field: Field, x: number, count: number): number[] {
  const powers = [1]
  while (powers.length < count) powers.push(field.multiply(powers.at(-1) as number, x))
  return powers.slice(0, count)
}

/** A vector other than 0 that the rows take to 0, by Gauss and Jordan. */
function kernelVector(field: Field, rows: number[][], columns: number): number[] | undefined {
  const pivots: number[] = []
  for (let column = 0; column < columns; column++) {
    const at = rows.findIndex((row, i) => i >= pivots.length && row[column] !== 0)
    if (at < 0) return solutionFor(rows, pivots, column, columns)
    const [top] = rows.splice(at, 1) as [number[]]
    const scale = divide(field, 1, top[column] as number)
    const unit = top.map((value) => field.multiply(value, scale))
    rows.splice(pivots.length, 0, unit)
    rows.forEach((row, i) => {
      if (i !== pivots.length && row[column] !== 0) addMultiple(field, row, unit, row[column] as number)
    })
    pivots.push(column)
  }
  return undefined
}

/** The free column counts 1; the pivot columns follow. */
function solutionFor(rows: readonly number[][], pivots: readonly number[], free: number, columns: number): number[] {
  const solution = new Array<number>(columns).fill(0)
  solution[free] = 1
  pivots.forEach((column, i) => {
    solution[column] = rows[i]?.[free] as number
  })
  return solution
}

function addMultiple(field: Field, row: number[], other: readonly number[], factor: number): void {
  other.forEach((value, i) => {
    row[i] = (row[i] as number) ^ field.multiply(value, factor)
  })
}

/** a / b where it leaves no remainder; coefficients from the constant up. */
function quotient(field: Field, a: readonly number[], b: readonly number[]): number[] | undefined {
  const degree = b.findLastIndex((value) => value !== 0)
  if (degree < 0) return undefined
  const rest = [...a]
  const result = new Array<number>(Math.max(1, rest.length - degree)).fill(0)
  for (let at = rest.length - 1; at >= degree; at--) {
    const factor = divide(field, rest[at] as number, b[degree] as number)
    result[at - degree] = factor
    for (let i = 0; i <= degree; i++) {
      const product = field.multiply(factor, b[i] as number)
      rest[at - degree + i] = (rest[at - degree + i] as number) ^ product
    }
  }
  return rest.every((value) => value === 0) ? result : undefined
}

function evaluate(field: Field, polynomial: readonly number[], x: number): number {
  return polynomial.reduceRight((sum, coefficient) => field.multiply(sum, x) ^ coefficient, 0)
}

/** a / b, b not 0: b to the power 2^w - 2 is its inverse. */
function divide(field: Field, a: number, b: number): number {
  let inverse = 1
  let power = b
  for (let bit = 1; bit < field.bits; bit++) {
    power = field.multiply(power, power)
    inverse = field.multiply(inverse, power)
  }
  return field.multiply(a, inverse)
}
