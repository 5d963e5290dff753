/** What a person can do about each custom error of the contracts. */
const hints: Readonly<Record<string, string>> = {}

/** A plain sentence for a contract's custom error, or undefined for one that is not ours. */
export function refusalHint(reason: string): string | undefined {
  return hints[reason]
}
