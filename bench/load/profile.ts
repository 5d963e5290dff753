import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** A profile as V8 writes it. */
type Profile = {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** Where a process spent its processor time, as shares of all of it. */
export type Shares = {
  /** Groups of elliptic curves: ristretto255, secp256k1. */
  readonly curves: number
  /** ML-KEM, X25519 and the hashes of envelopes. */
  readonly envelopes: number
  readonly garbage: number
  readonly rest: number
  /** Seconds that it was not idle. */
  readonly busy: number
}

/** Reads the longest of the profiles in a folder. What a library calls counts for that library. */
export async function sharesIn(folder: string): Promise<Shares | undefined> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.cpuprofile'))
  const all = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(path.join(folder, name), 'utf8')) as Profile),
  )
  const [longest] = all.sort((a, b) => b.samples.length - a.samples.length)
  return longest && sharesOf(longest)
}

type Kind = 'curves' | 'envelopes' | 'garbage' | 'rest' | 'idle'

function sharesOf({ nodes, samples, timeDeltas }: Profile): Shares {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const kinds = new Map<number, Kind>()
  const visit = (id: number, above: Kind) => {
    const node = byId.get(id)
    if (!node) return
    const kind = kindOf(node.callFrame, above)
    kinds.set(id, kind)
    for (const child of node.children ?? []) visit(child, kind)
  }
  visit(nodes[0]?.id ?? 0, 'rest')
  const time: Record<Kind, number> = { curves: 0, envelopes: 0, garbage: 0, rest: 0, idle: 0 }
  for (const [at, id] of samples.entries()) time[kinds.get(id) ?? 'rest'] += (timeDeltas[at] ?? 0) / 1e6
  const busy = time.curves + time.envelopes + time.garbage + time.rest
  const share = (kind: Kind) => Math.round((1000 * time[kind]) / busy) / 1000
  return {
    curves: share('curves'),
    envelopes: share('envelopes'),
    garbage: share('garbage'),
    rest: share('rest'),
    busy: Math.round(busy),
  }
}

/** The innermost library that says what is done: X25519 within an envelope is the envelope's. */
function kindOf({ functionName, url }: { functionName: string; url: string }, above: Kind): Kind {
  if (functionName === '(idle)') return 'idle'
  if (functionName === '(garbage collector)') return 'garbage'
  if (above === 'envelopes' || /@noble\/post-quantum|@hpke\//.test(url)) return 'envelopes'
  if (above === 'curves' || /@noble\/curves/.test(url)) return 'curves'
  return above
}
