import { type Field, fieldOf } from '../field.ts'
import { encodingMatrix, type Matrix, positionOf } from '../matrix.ts'
import { layoutOf, type Policy } from '../policy.ts'
import { createImage } from './image.ts'
import { locatorLogs } from './locator.ts'
import { type Plan, powerOf } from './plan.ts'

/** Encoding by the definition: the scaled Cauchy matrix itself. */
export function planDenseEncoding(policy: Policy): Plan {
  return planDense(encodingMatrix(policy))
}

/** Any linear map, coefficient by coefficient. */
export function planDense({ field, rows, columns, coefficient }: Matrix): Plan {
  return planMatrix(field, rows, columns, coefficient)
}

/** Decoding by Lagrange interpolation in closed form, without inverting a matrix. */
export function planDenseDecoding(policy: Policy, shares: readonly number[], wanted: readonly number[]): Plan {
  const field = fieldOf(layoutOf(policy).bits)
  const { logPhi } = field
  const { positions, logs } = locateShares(policy, shares)
  return planMatrix(field, wanted.length, positions.length, (row, column) => {
    const [y, i] = [wanted[row] as number, positions[column] as number]
    return powerOf(field, (logs[y] as number) - (logs[i] as number) - (logPhi[y ^ i] as number))
  })
}

/** Positions of t shares, and the logs of the locator over them and the pads t..N-1. */
export function locateShares(policy: Policy, shares: readonly number[]): { positions: number[]; logs: Int32Array } {
  const { N, bits } = layoutOf(policy)
  const positions = shares.map((share) => positionOf(policy, share))
  const pads = Array.from({ length: N - policy.t }, (_, i) => policy.t + i)
  const size = 2 ** (32 - Math.clz32(Math.max(N - 1, ...positions.slice(-1))))
  return { positions, logs: locatorLogs(fieldOf(bits), size, [...positions, ...pads]) }
}

function planMatrix(
  { bits }: Field,
  outputs: number,
  inputs: number,
  coefficient: (row: number, column: number) => number,
): Plan {
  const coefficients = new Uint16Array(outputs * inputs)
  for (let row = 0; row < outputs; row++)
    for (let column = 0; column < inputs; column++) coefficients[row * inputs + column] = coefficient(row, column)
  const image = createImage()
  const matrix = image.matrix(coefficients, bits)
  const strip = denseStrip(inputs)
  return {
    path: 'dense',
    bits,
    inputs,
    outputs,
    image: image.bytes(),
    scratch: bits === 8 ? 128 * inputs : 0,
    compute({ run, image, scratch, rows, stride, length }) {
      const multiply = bits === 8 ? run.multiplyBytes : run.multiplyPairs
      for (let from = 0; from < length; from += strip)
        multiply(
          image + matrix,
          inputs,
          rows + from,
          outputs,
          rows + inputs * stride + from,
          stride,
          Math.min(strip, length - from),
          scratch,
        )
    },
  }
}

/** All inputs of a strip stay in the cache while groups of outputs pass over them. */
const denseStrip = (inputs: number): number => Math.max(256, Math.min(4096, 64 * Math.floor(2 ** 17 / 64 / inputs)))
