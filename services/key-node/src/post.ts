import { collect } from '@sharewell/sdk/bytes'

/** Milliseconds that another node may take. */
const patience = 15_000

/** What another node answered. */
export type Posted = { readonly ok: boolean; readonly bytes: Uint8Array<ArrayBuffer> }

/** Posts JSON to another node and reads its answer, of at most `limit` bytes. Rejects when none comes in time. */
export async function postTo(
  endpoint: string,
  path: string,
  body: unknown,
  { limit, signal }: { readonly limit: number; readonly signal?: AbortSignal | undefined },
): Promise<Posted> {
  const response = await fetch(new URL(path, endpoint), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.any([AbortSignal.timeout(patience), ...(signal ? [signal] : [])]),
    redirect: 'error',
  })
  const bytes = await collect(response.body, limit)
  if (!bytes) throw new RangeError('too long')
  return { ok: response.ok, bytes }
}

/** The code of a problem in an answer that is none of success. */
export function codeIn(answer: unknown): string {
  const code = typeof answer === 'object' && answer !== null && 'code' in answer ? answer.code : undefined
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : 'BAD_ANSWER'
}
