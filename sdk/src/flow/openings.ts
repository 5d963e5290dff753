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

/** Of what key nodes tell, the openings of the pseudonym's records whose readers, or session keys of theirs, signed
 * them, newest first, each once.
 * A node can keep an opening back, but it cannot make a reader say what the reader did not sign. */
export async function provenOpenings(
  chain: Chain,
  { told, pseudonym }: { told: readonly unknown[]; pseudonym: Hex },
  { signal }: WaitOptions = {},
): Promise<Opening[]> {
  const { network } = chain
  const openings = new Map<Hex, Opening>()
  for (const opening of told.map(readOpening)) {
    if (opening?.request.networkId !== network.networkId || !isTimely(opening)) continue
    openings.set(hashMessage(network, 'KeyRequest', opening.request), opening)
  }
  if (openings.size === 0) return []
  const at = (await view(chain, { signal })).latest
  const isOwn = ownRecords(chain, pseudonym, { signal })
  const proven = await Promise.all(
    [...openings.values()].map(async (opening) => {
      const { request: message, signature } = opening
      if (!(await isOwn(message.recordId))) return undefined
      const { reader, purpose } = message
      const signed = { kind: 'KeyRequest', message, signature, reader, purpose } as const
      const holds = await wasSignedByReader(chain, signed, { time: opening.at, at, signal })
      return holds ? opening : undefined
    }),
  )
  return proven.filter((opening) => opening !== undefined).sort((a, b) => b.at - a.at)
}

function readOpening(told: unknown): Opening | undefined {
  const { at, request, signature } = (told ?? {}) as Partial<Record<keyof Opening, unknown>>
  if (typeof at !== 'number' || typeof signature !== 'string' || !/^0x(?:[0-9a-f]{2}){65,1024}$/i.test(signature))
    return undefined
  try {
    return { at, request: parseMessage('KeyRequest', request), signature: signature as Hex }
  } catch (error) {
    if (error instanceof BaseError) return undefined
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
