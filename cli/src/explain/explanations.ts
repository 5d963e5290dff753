/**
 * What every error code means. The data is made from the code itself (`npm run generate`).
 * @module
 */
import { readFileSync } from 'node:fs'

/** What one code means in one place. */
export type Explanation = {
  readonly code: string
  readonly where: string
  readonly why: string
  readonly todo: string
}

/** All of them, by code. */
export function explanations(): readonly Explanation[] {
  // Our own generator wrote the file.
  return JSON.parse(readFileSync(new URL('./codes.json', import.meta.url), 'utf8')) as Explanation[]
}

/** The codes that are most alike, where any is. */
export function nearestCodes(code: string): string[] {
  const wanted = code.toUpperCase()
  const codes = [...new Set(explanations().map((one) => one.code))]
  const near = codes.map((one) => ({ one, far: distance(wanted, one.toUpperCase()) }))
  return near
    .filter(({ one, far }) => far <= Math.max(2, one.length / 3))
    .toSorted((a, b) => a.far - b.far)
    .map(({ one }) => one)
}

/** How many letters must be put in, left out or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [i, letter] of [...a.slice(0, 80)].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 0
}
