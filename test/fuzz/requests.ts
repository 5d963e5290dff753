import type { Bytes } from '@sharewell/sdk/bytes'
import type { Hono } from 'hono'
import { seed, whichInput } from './drive.ts'
import { bitten, bittenText, createRandom, type Random } from './random.ts'
import { bittenTree, type Tree } from './trees.ts'

/** A request that its route takes, or would if its signatures held. */
export type Sample = {
  readonly method: 'GET' | 'PUT' | 'POST'
  /** As the app writes its route. */
  readonly route: string
  /** With the route's parameters filled in. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: Tree
  readonly bytes?: Bytes
  /** Signatures or proofs are worked on for most of its requests: the short run sends fewer. */
  readonly dear?: boolean
}

/** A service in this process, and what it is asked. */
export type Fuzzed = {
  readonly app: Hono
  readonly samples: readonly Sample[]
  close(): Promise<void>
}

type Made = { readonly path: string; readonly init: RequestInit & { headers: Record<string, string> } }

const methods = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'get', 'QUERY']
const types = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/octet-stream',
  'x',
  '',
]
const tails = [
  '/',
  '/..',
  '/%2e%2e/',
  '/%00',
  '%',
  '%zz',
  '%C0%AF',
  '//',
  ';a=b',
  '?',
  '?format',
  '?format=raw&format=car',
  '#x',
]
const names = [
  'authorization',
  'content-type',
  'accept',
  'cache-control',
  'x-sharewell-share',
  'range',
  'content-encoding',
]

/** A request with something bitten: most often the body, else path, query, headers or method. */
function make(sample: Sample, random: Random): Made {
  const headers: Record<string, string> = { ...sample.headers }
  const made = { path: sample.path, init: { method: sample.method, headers } as Made['init'] }
  const body = bodyOf(sample, random, headers)
  if (body !== undefined) made.init.body = body
  if (random.once(4) || body === undefined) biteHead(made, random)
  if (made.init.method === 'GET' || made.init.method === 'HEAD' || made.init.method === 'get') delete made.init.body
  return made
}

function bodyOf({ json, bytes }: Sample, random: Random, headers: Record<string, string>): BodyInit | undefined {
  if (bytes) return random.once(8) ? bytes : bitten([bytes], random)
  if (json === undefined) return undefined
  headers['content-type'] = 'application/json'
  const text = JSON.stringify(random.once(8) ? json : bittenTree([json], random))
  return random.once(6) ? bitten([new TextEncoder().encode(text)], random) : text
}

function biteHead(made: { path: string; init: Made['init'] }, random: Random): void {
  const { headers } = made.init
  switch (random.below(6)) {
    case 0:
      made.init.method = random.pick(methods)
      return
    case 1:
      headers['content-type'] = random.pick(types)
      return
    case 2:
      headers[random.pick(names)] = inHeader(
        random.pick(['gzip', '*', 'only-if-cached', 'Sharewell ', 'a'.repeat(9_000)]),
      )
      return
    case 3: {
      const name = random.pick(names)
      const value = headers[name]
      if (value !== undefined) headers[name] = inHeader(bittenText([value], random))
      return
    }
    case 4:
      made.path += random.pick(tails)
      return
    default:
      made.path = `/${encodeURI(bittenText([made.path.slice(1)], random).replaceAll(/[\ud800-\udfff]/g, '?'))}`
  }
}

/** What a header field can carry at all. */
const inHeader = (text: string): string => text.replaceAll(/[^\x20-\x7e\x80-\xff]/g, '?').trim()

/** How often each status came. */
export type Statuses = ReadonlyMap<string, number>

/** Sends so many bitten requests to one route. Fails, with the seed and the request, when an answer is a failure of the
 * service's own, or is no problem with a code and a hint, or does not come within `patience` ms: longer than any route
 * works on what is not right, on the slowest machine. */
export async function driveRoute(
  app: Pick<Hono, 'request'>,
  sample: Sample,
  { count, patience = 30_000 }: { readonly count: number; readonly patience?: number },
): Promise<Statuses> {
  const random = createRandom(seed)
  const statuses = new Map<string, number>()
  for (let at = 0; at < count; at += 1) {
    const { path, init } = make(sample, random)
    const which = () => whichInput(`${sample.method} ${sample.route}`, at, { path, ...init })
    const answer = await inTime(Promise.resolve(app.request(path, init)), which, patience)
    const code = await inTime(judge(answer, init.method ?? 'GET', which), which, patience)
    const seen = `${answer.status} ${code}`
    statuses.set(seen, (statuses.get(seen) ?? 0) + 1)
  }
  return statuses
}

async function inTime<T>(work: Promise<T>, which: () => string, patience: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${which()} hangs`)), patience)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

async function judge(answer: Response, method: string, which: () => string): Promise<string> {
  const body = new Uint8Array(await answer.arrayBuffer())
  if (answer.status < 400) return 'ok'
  const isProblem = answer.headers.get('content-type') === 'application/problem+json'
  if (!isProblem) throw new Error(`${which()} was answered ${answer.status} without problem details`)
  if (answer.status === 500) throw new Error(`${which()} was answered 500: ${new TextDecoder().decode(body)}`)
  if (method === 'HEAD') return 'head'
  const problem = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>
  for (const field of ['type', 'title', 'code', 'detail', 'hint'])
    if (typeof problem[field] !== 'string' || problem[field] === '')
      throw new Error(`${which()} was answered a problem without ${field}`)
  if (problem.status !== answer.status) throw new Error(`${which()} was answered with two statuses`)
  return String(problem.code)
}
