import { type Field, fieldOf } from './field.ts'
import { layoutOf, type Policy } from './policy.ts'

/** Coefficients of a linear map over a field: `rows` outputs of `columns` inputs. */
export type Matrix = {
  readonly field: Field
  readonly rows: number
  readonly columns: number
  coefficient(row: number, column: number): number
}

/** Position x of share i: for r = 0 the first t shares are the data rows themselves. */
export function positionOf(policy: Policy, i: number): number {
  const { N } = layoutOf(policy)
  if (policy.r > 0) return N + i
  return i < policy.t ? i : N + i - policy.t
}

/**
 * The map from the t rows of D to the shares that are no D row: s_x = phi(x >> lg) * sum_j d_j / phi(x ^ j), a Cauchy
 * matrix with scaled rows. Every square submatrix of it is nonsingular, hence decodability and privacy.
 */
export function encodingMatrix(policy: Policy): Matrix {
  const { N, lg, bits } = layoutOf(policy)
  const field = fieldOf(bits)
  const { logPhi, exp, order } = field
  return {
    field,
    rows: policy.r > 0 ? policy.n : policy.n - policy.t,
    columns: policy.t,
    coefficient(row, column) {
      const x = N + row
      return exp[(logPhi[x >> lg] as number) + order - (logPhi[x ^ column] as number)] as number
    },
  }
}

/**
 * The map from t shares to the data rows `wanted`, none of them among the shares: Lagrange interpolation of the one
 * polynomial of degree < N through the shares' points and through 0 at the pads t..N-1, in closed form.
 */
export function decodingMatrix(policy: Policy, shares: readonly number[], wanted: readonly number[]): Matrix {
  const { N, bits } = layoutOf(policy)
  const field = fieldOf(bits)
  const { logPhi, exp, order } = field
  const positions = shares.map((i) => positionOf(policy, i))
  const roots = [...positions, ...Array.from({ length: N - policy.t }, (_, i) => policy.t + i)]
  // log of prod (phi(x) + phi(l)) over the roots l != x: the locator at x, or its derivative where x is a root.
  const locator = (x: number): number => {
    let sum = 0
    for (const root of roots) sum += logPhi[x ^ root] as number
    return sum % order
  }
  const derivatives = positions.map(locator)
  const values = wanted.map(locator)
  return {
    field,
    rows: wanted.length,
    columns: positions.length,
    coefficient(row, column) {
      const [y, i] = [wanted[row] as number, positions[column] as number]
      const log = (values[row] as number) - (derivatives[column] as number) - (logPhi[y ^ i] as number)
      return exp[(log + 2 * order) % order] as number
    },
  }
}
