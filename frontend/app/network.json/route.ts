import { readFile } from 'node:fs/promises'

export const dynamic = 'force-dynamic'

const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }

/** Hands out the network description that the operator of this page chose; it holds addresses, never a secret. */
export async function GET(): Promise<Response> {
  const file = process.env.SHAREWELL_NETWORK_FILE
  if (!file) return problem('SHAREWELL_NETWORK_FILE is not set')
  try {
    return new Response(await readFile(/* turbopackIgnore: true */ file, 'utf8'), { headers })
  } catch {
    return problem('The file named by SHAREWELL_NETWORK_FILE cannot be read')
  }
}

function problem(detail: string): Response {
  const body = { type: 'about:blank', title: 'No network', status: 503, detail, code: 'NO_NETWORK' }
  return Response.json(body, { status: 503, headers: { ...headers, 'content-type': 'application/problem+json' } })
}
