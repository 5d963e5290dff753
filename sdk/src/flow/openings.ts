import type { Hex } from '../bytes.ts'
import {
  type Chain,
  hashMessage,
  type Message,
  parseMessage,
  recordOf,
  view,
  type WaitOptions,
  wasSignedByReader,
} from '../chain/index.ts'
import { BaseError } from '../errors.ts'

/** One release of an own record: the request that its reader signed, and when a node answered it. */
export type Opening = { readonly at: number; readonly request: Message<'KeyRequest'>; readonly signature: Hex }

/** What one node tells: a list, or nothing that counts. */
export type ToldOpenings = { readonly operator: Hex; readonly openings: readonly unknown[] }

/** An opening that its reader signed, with the nodes that show it. `at` is what the earliest of them says. */
export type ProvenOpening = Opening & { readonly requestHash: Hex; readonly shownBy: readonly Hex[] }

/** Something that a node told and that is no opening of this patient's: it is broken, or it lies. */
export type ToldFault = {
  readonly operator: Hex
  readonly code: 'MALFORMED' | 'OTHER_NETWORK' | 'UNTIMELY' | 'OTHER_PATIENT' | 'NOT_SIGNED'
  readonly requestHash?: Hex | undefined
}

/**
 * Of what key nodes tell, the openings of the pseudonym's records whose readers, or session keys of theirs, signed them,
 * newest first, each once; and who told anything else.
 * A node can keep an opening back, but it cannot make a reader say what the reader did not sign, nor spoil what another
 * node tells: each signature is judged by itself.
 */
export async function proveOpenings(
  chain: Chain,
  { told, pseudonym }: { told: readonly ToldOpenings[]; pseudonym: Hex },
  { signal }: WaitOptions = {},
): Promise<{ readonly openings: ProvenOpening[]; readonly faults: ToldFault[] }> {
  const faults: ToldFault[] = []
  const claims = new Map<string, Claim>()
  for (const { operator, openings } of told) {
    for (const one of openings) {
      const read = readOpening(chain, one)
      if ('code' in read) faults.push({ operator, ...read })
      else claim(claims, operator, read)
    }
  }
  const openings = new Map<Hex, ProvenOpening>()
  const judged = claims.size === 0 ? [] : await judgeAll(chain, { claims: [...claims.values()], pseudonym }, { signal })
  for (const { code, by, times, requestHash, request, signature } of judged) {
    if (code) {
      faults.push(...[...by].map((operator) => ({ operator, code, requestHash })))
      continue
    }
    const other = openings.get(requestHash)
    const at = Math.min(...times, other?.at ?? Number.POSITIVE_INFINITY)
    openings.set(requestHash, {
      at,
      request,
      signature,
      requestHash,
      shownBy: [...new Set([...(other?.shownBy ?? []), ...by])],
    })
  }
  return { openings: [...openings.values()].sort((a, b) => b.at - a.at), faults }
}

/** One signature under one request, as some nodes show it. */
type Claim = {
  readonly requestHash: Hex
  readonly request: Message<'KeyRequest'>
  readonly signature: Hex
  readonly by: Set<Hex>
  readonly times: Set<number>
}

type Read = Opening & { readonly requestHash: Hex }

function claim(claims: Map<string, Claim>, operator: Hex, { at, request, signature, requestHash }: Read): void {
  const name = `${requestHash} ${signature}`
  const known = claims.get(name) ?? { requestHash, request, signature, by: new Set(), times: new Set() }
  claims.set(name, known)
  known.by.add(operator)
  known.times.add(at)
}

async function judgeAll(
  chain: Chain,
  { claims, pseudonym }: { claims: readonly Claim[]; pseudonym: Hex },
  { signal }: WaitOptions,
) {
  const at = (await view(chain, { signal })).latest
  const isOwn = ownRecords(chain, pseudonym, { signal })
  async function faultOf({ request: message, signature, times }: Claim): Promise<ToldFault['code'] | undefined> {
    if (!(await isOwn(message.recordId))) return 'OTHER_PATIENT'
    const { reader, purpose } = message
    const signed = { kind: 'KeyRequest', message, signature, reader, purpose } as const
    // Whoever told the wrong time must not make the right one disappear.
    for (const time of times) if (await wasSignedByReader(chain, signed, { time, at, signal })) return undefined
    return 'NOT_SIGNED'
  }
  return await Promise.all(claims.map(async (one) => ({ ...one, code: await faultOf(one) })))
}

function readOpening({ network }: Chain, told: unknown): Read | Pick<ToldFault, 'code' | 'requestHash'> {
  const { at, request, signature } = (told ?? {}) as Partial<Record<keyof Opening, unknown>>
  if (typeof at !== 'number' || typeof signature !== 'string' || !/^0x(?:[0-9a-f]{2}){65,1024}$/i.test(signature))
    return { code: 'MALFORMED' }
  try {
    const opening = { at, request: parseMessage('KeyRequest', request), signature: signature.toLowerCase() as Hex }
    if (opening.request.networkId !== network.networkId) return { code: 'OTHER_NETWORK' }
    const requestHash = hashMessage(network, 'KeyRequest', opening.request)
    return isTimely(opening) ? { ...opening, requestHash } : { code: 'UNTIMELY', requestHash }
  } catch (error) {
    if (error instanceof BaseError) return { code: 'MALFORMED' }
    throw error
  }
}

/** A node answers at most 300 s before a request ends and 60 s after; clocks may differ by a minute. */
const isTimely = ({ at, request: { notAfter } }: Opening): boolean => at >= notAfter - 360 && at <= notAfter + 120

function ownRecords(chain: Chain, pseudonym: Hex, options: WaitOptions): (recordId: Hex) => Promise<boolean> {
  const known = new Map<Hex, Promise<boolean>>()
  return (recordId) => {
    const own =
      known.get(recordId) ??
      recordOf(chain, { recordId }, options).then((record) => record?.pseudonym === pseudonym.toLowerCase())
    known.set(recordId, own)
    return own
  }
}
