import * as z from 'zod'
import { randomBytes } from '#primitives'
import { BaseError } from '../errors.ts'
import { type ContractCall, ContractRefusalError, dryRun } from './call.ts'
import type { Chain } from './connect.ts'
import { carriedConsent } from './consents-carried.ts'
import { isNonceUsed } from './consents-nonce.ts'
import { consentCall, type SignedConsent } from './consents-signed.ts'
import type { Carried } from './events.ts'
import { pseudonymOf } from './ids.ts'
import { messageToJson } from './messages.ts'
import { carriedRegistration, registrationCall, type SignedRegistration } from './patients.ts'
import { pause, type WaitOptions } from './wait.ts'

/**
 * Lets a relayer carry a signed consent to the chain, and pay for it. Tries it as a call first, asks one relayer after
 * the other, beginning with any, and believes none: it is done once the own chain client says that the nonce is used.
 * A consent that was carried already is answered with the transaction that did it.
 * Errors: `ContractRefusalError` when the contract does not take it, {@link RelayerError} when no relayer carried it
 * (then carry it yourself with `submitConsent`), `ChainCallError`, `ChainTimeoutError`.
 * @example
 * const { transactionHash } = await relay(chain, await signConsent(chain, { kind: 'RevokeAll', pseudonym }))
 */
export async function relay(chain: Chain, signed: SignedConsent, options: relay.Options = {}): Promise<Carried> {
  const { kind, message, signature } = signed
  const { pseudonym, nonce } = message
  return await carry(chain, options, {
    route: '/v1/consents',
    body: { kind, message: messageToJson(message), signature },
    call: consentCall(chain.network, signed),
    done: () => isNonceUsed(chain, { pseudonym, nonce }, options),
    carried: () => carriedConsent(chain, signed, options),
  })
}

export declare namespace relay {
  type Options = WaitOptions & {
    /** Milliseconds that one relayer has: 60,000. */
    timeout?: number | undefined
    /** Milliseconds until the own chain client must see what a relayer says it carried: 15,000. */
    patience?: number | undefined
  }
}

/** Lets a relayer carry a registration that the controller signed, as {@link relay} does a consent. */
export async function relayRegistration(
  chain: Chain,
  registration: SignedRegistration,
  options: relay.Options = {},
): Promise<Carried> {
  const { controller, rho, provider, selfKeyHash, signature } = registration
  const pseudonym = pseudonymOf(chain.network.networkId, controller, rho)
  const carried = () => carriedRegistration(chain, { pseudonym, controller, provider, selfKeyHash }, options)
  return await carry(chain, options, {
    route: '/v1/registrations',
    body: { controller, rho, provider, selfKeyHash, signature },
    call: registrationCall(chain.network, registration),
    done: async () => (await carried()) !== undefined,
    carried,
  })
}

/** What a relayer is to carry, and how the own chain client tells that it did. */
export type RelayLoad = {
  readonly route: string
  readonly body: Record<string, unknown>
  readonly call: ContractCall
  readonly done: () => Promise<boolean>
  readonly carried: () => Promise<Carried | undefined>
}

/** Has a relayer carry it: tries the call, asks one relayer after the other, and believes the own chain client only. */
export async function carry(chain: Chain, options: relay.Options, load: RelayLoad): Promise<Carried> {
  const { signal } = options
  try {
    await dryRun(chain, load.call, { signal })
  } catch (error) {
    // Carried earlier: by a relayer whose answer got lost, or by another device.
    const carried = error instanceof ContractRefusalError && (await load.carried())
    if (carried) return carried
    throw error
  }
  const refusals: RelayerRefusal[] = []
  for (const url of fromAnyOn(chain.network.relayerUrls)) {
    const answer = await askRelayer(url, load, options)
    // A relayer that failed may have carried it all the same.
    const patience = answer === 'carried' ? (options.patience ?? 15_000) : 0
    if (await isSeen(load, patience, { signal })) return await carriedBySomeone(load)
    refusals.push(
      answer === 'carried' ? { url, code: 'NOT_SEEN', says: 'It says that it did, the chain does not.' } : answer,
    )
  }
  throw new RelayerError({ refusals })
}

/** A nonce can also be used up by `cancelNonce`: then nobody carried it, and nobody will. */
async function carriedBySomeone(load: RelayLoad): Promise<Carried> {
  const carried = await load.carried()
  if (!carried) throw new ContractRefusalError({ reason: 'ConsentNonceUsed' })
  return carried
}

async function isSeen(load: RelayLoad, patience: number, options: WaitOptions): Promise<boolean> {
  const deadline = Date.now() + patience
  while (!(await load.done())) {
    if (Date.now() >= deadline) return false
    await pause(250, options)
  }
  return true
}

/** The same order, begun anywhere: no relayer gets everything, and one that is down delays few. */
function fromAnyOn(urls: readonly string[]): readonly string[] {
  const [byte = 0] = randomBytes(1)
  const start = urls.length === 0 ? 0 : byte % urls.length
  return [...urls.slice(start), ...urls.slice(0, start)]
}

async function askRelayer(
  url: string,
  { route, body }: RelayLoad,
  { signal, timeout = 60_000 }: relay.Options,
): Promise<'carried' | RelayerRefusal> {
  signal?.throwIfAborted()
  const limit = AbortSignal.timeout(timeout)
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    })
    return response.ok ? 'carried' : await refusalOf(url, response)
  } catch {
    signal?.throwIfAborted()
    return limit.aborted
      ? { url, code: 'SILENT', says: `It did not answer within ${timeout} ms.` }
      : { url, code: 'UNREACHABLE', says: 'It cannot be reached.' }
  }
}

const problemShape = z.object({
  code: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/),
  detail: z.string().max(400),
})

async function refusalOf(url: string, response: Response): Promise<RelayerRefusal> {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const retryAfter = Number.isInteger(seconds) && seconds > 0 ? { retryAfter: seconds } : {}
  const problem = problemShape.safeParse(await jsonOf(response))
  if (!problem.success) return { url, code: 'UNREADABLE', says: `It answered ${response.status}.`, ...retryAfter }
  return { url, code: problem.data.code, says: problem.data.detail, ...retryAfter }
}

/** Longest answer that is read. */
const longestProblem = 16_384

async function jsonOf(response: Response): Promise<unknown> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length
    if (length > longestProblem) return undefined
    parts.push(part)
  }
  try {
    return JSON.parse(await new Blob(parts as BlobPart[]).text())
  } catch {
    return undefined
  }
}

/** Why one relayer did not carry something. */
export type RelayerRefusal = {
  readonly url: string
  /** A code of docs/spec/relayer.md, or SILENT, UNREACHABLE, UNREADABLE, NOT_SEEN. */
  readonly code: string
  readonly says: string
  /** Seconds after which it may be asked again. */
  readonly retryAfter?: number | undefined
}

/** Thrown when no relayer carried something; `refusals` says why, relayer by relayer. Nothing is lost: what was signed
 * can be sent in a transaction of one's own, or to a relayer again, as long as it holds. */
export class RelayerError extends BaseError<'RELAYER'> {
  override readonly name = 'RelayerError'
  readonly refusals: readonly RelayerRefusal[]
  constructor({ refusals = [] }: { refusals?: readonly RelayerRefusal[] }) {
    const each = refusals.map(({ url, code, says }) => `${url}: ${code}, ${says}`)
    const soonest = Math.min(...refusals.map(({ retryAfter = Number.POSITIVE_INFINITY }) => retryAfter))
    const again = Number.isFinite(soonest) ? [`Try again in ${soonest} s.`] : []
    const why = each.length === 0 ? 'this network names none' : each.join('; ')
    super('RELAYER', `No relayer carried this: ${why}.`, {
      hints: [...again, 'Send it yourself, as a transaction of your own account.'],
      docs: '/relayer#for-clients',
    })
    this.refusals = refusals
  }
}
