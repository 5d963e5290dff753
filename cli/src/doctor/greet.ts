/** What a service said for itself. */
export type Greeting = {
  /** The HTTP status, or why there was none. */
  readonly status: number | 'unreachable' | 'silent'
  /** Its answer as JSON; undefined where it is none. */
  readonly answer: unknown
  /** Its clock less ours, in seconds, where it told the time. */
  readonly skew?: number | undefined
}

const patience = 5000
const longest = 65_536

/** Asks one small question. Whatever goes wrong is an answer too; only the person's own Ctrl-C is thrown. */
export async function greet(url: string, path: string, signal: AbortSignal): Promise<Greeting> {
  const limit = AbortSignal.timeout(patience)
  try {
    const within = AbortSignal.any([signal, limit])
    const response = await fetch(new URL(path, url), { signal: within, redirect: 'error' })
    const date = Date.parse(response.headers.get('date') ?? '')
    const skew = Number.isNaN(date) ? {} : { skew: Math.round((date - Date.now()) / 1000) }
    return { status: response.status, answer: await jsonOf(response), ...skew }
  } catch {
    signal.throwIfAborted()
    return { status: limit.aborted ? 'silent' : 'unreachable', answer: undefined }
  }
}

/** In words: why a service is of no use. */
export function whyNot({ status }: Greeting): string {
  if (status === 'silent') return `no answer within ${patience / 1000} s`
  return status === 'unreachable' ? 'nobody answers there' : `it answers ${status}`
}

async function jsonOf(response: Response): Promise<unknown> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length
    if (length > longest) return undefined
    parts.push(part)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    return undefined
  }
}
