/** One code, as a person looks it up. */
export type Explained = {
  readonly code: string
  /** What it says, with … where the error names something. */
  readonly says: string
  /** When it happens. */
  readonly why: string
  readonly todo: readonly string[]
  /** Which services answer it, with which HTTP status. */
  readonly http: readonly { readonly service: string; readonly status: number }[]
  /** Page of the specification, where the error names one. */
  readonly page?: string | undefined
}

/** Codes that belong together. */
export type Group = { readonly title: string; readonly about: string; readonly codes: readonly Explained[] }

/** Puts together what several places say of one code. */
export function merged(all: readonly Explained[]): Explained[] {
  const byCode = new Map<string, Explained>()
  for (const one of all) {
    const known = byCode.get(one.code)
    byCode.set(
      one.code,
      known
        ? {
            ...known,
            why: known.why.includes(one.why) ? known.why : `${known.why} ${one.why}`.trim(),
            todo: [...new Set([...known.todo, ...one.todo])],
            http: [...known.http, ...one.http],
          }
        : one,
    )
  }
  return [...byCode.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
}
