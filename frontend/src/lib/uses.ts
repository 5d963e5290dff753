import { plural } from './format.ts'

type Limited = { readonly useLimit: number; readonly used: number }

/** How often it may still be opened; undefined where nothing limits that. */
export const usesLeft = ({ useLimit, used }: Limited): number | undefined =>
  useLimit === 0 ? undefined : Math.max(0, useLimit - used)

/** How often something may be opened, in words: "any number of times", "once", "3 times". */
export function oftenText(consent: Limited): string {
  const left = usesLeft(consent)
  if (left === undefined) return 'any number of times'
  return left === 1 ? 'once' : plural(left, 'time')
}

/** How often a limited one may still be opened, as it stands beside it; undefined where nothing limits that. */
export function leftText(consent: Limited): string | undefined {
  const left = usesLeft(consent)
  if (left === undefined) return undefined
  return left === 0 ? 'opened as often as allowed' : `may be opened ${left === 1 ? 'once' : `${left} times`} more`
}
