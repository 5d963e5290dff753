import type { Policy } from '@sharewell/sdk/share'
import type { Field } from '../../sdk/src/share/field.ts'

/** Every policy with n up to `most`. */
export function* smallPolicies(most: number): Generator<Policy> {
  for (let n = 1; n <= most; n++) for (let t = 1; t <= n; t++) for (let r = 0; r < t; r++) yield { n, t, r }
}

/** Every choice of `size` items, in order. */
export function* subsets<item>(items: readonly item[], size: number, from = 0): Generator<item[]> {
  if (size === 0) yield []
  else
    for (let i = from; i <= items.length - size; i++)
      for (const rest of subsets(items, size - 1, i + 1)) yield [items[i] as item, ...rest]
}

/** Rank of a matrix over the field, by Gaussian elimination. */
export function rank(field: Field, matrix: readonly (readonly number[])[]): number {
  const rows = matrix.map((row) => [...row])
  const inverse = (a: number) => {
    let power = a
    for (let i = 0; i < field.bits - 2; i++) power = field.multiply(field.multiply(power, power), a)
    return field.multiply(power, power)
  }
  let found = 0
  for (let column = 0; column < (rows[0]?.length ?? 0); column++) {
    const pivot = rows.findIndex((row, i) => i >= found && row[column] !== 0)
    if (pivot < 0) continue
    const [top] = rows.splice(pivot, 1) as [number[]]
    const scale = inverse(top[column] as number)
    rows.splice(found, 0, top)
    for (const row of rows.slice(found + 1)) {
      const factor = field.multiply(row[column] as number, scale)
      top.forEach((value, i) => {
        row[i] = (row[i] as number) ^ field.multiply(value, factor)
      })
    }
    found++
  }
  return found
}
