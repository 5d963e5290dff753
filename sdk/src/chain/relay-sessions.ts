import type { Hex } from 'viem'
import { accessLogAbi } from './abi.ts'
import { releaseRequestsOf } from './access-log.ts'
import type { Chain } from './connect.ts'
import type { Carried } from './events.ts'
import { messageToJson } from './messages.ts'
import { carry, type relay } from './relay.ts'
import {
  carriedEnding,
  carriedOpening,
  endingCall,
  openingCall,
  readerOf,
  type SignedEnding,
  type SignedOpening,
  signAsReader,
} from './sessions.ts'

/** Lets a relayer carry the opening of a session, as `relay` does a consent. Where none does, send it with
 * `openSession`. Errors: those of `relay`. */
export async function relayOpening(
  chain: Chain,
  opening: SignedOpening,
  options: relay.Options = {},
): Promise<Carried> {
  const { message, keySignature, signature } = opening
  const carried = () => carriedOpening(chain, message, options)
  return await carry(chain, options, {
    route: '/v1/sessions',
    body: { kind: 'OpenSession', message: messageToJson(message), keySignature, signature },
    call: openingCall(chain.network, opening),
    done: async () => (await carried()) !== undefined,
    carried,
  })
}

/** Lets a relayer carry the end of a session. Errors: those of `relay`. */
export async function relayEnding(chain: Chain, ending: SignedEnding, options: relay.Options = {}): Promise<Carried> {
  const { message, signature } = ending
  const carried = () => carriedEnding(chain, message, options)
  return await carry(chain, options, {
    route: '/v1/sessions',
    body: { kind: 'EndSession', message: messageToJson(message), signature },
    call: endingCall(chain.network, ending),
    done: async () => (await carried()) !== undefined,
    carried,
  })
}

/** Seconds that a relayer has to log a request. */
const lifetime = 120

/** Lets a relayer log a release request of the connection's reader, signed by the session key where there is one for the
 * purpose. The relayer learns who is about to open something, not what. Errors: those of `relay`. */
export async function relayRequest(
  chain: Chain,
  { requestHash, purpose }: { requestHash: Hex; purpose: number },
  options: relay.Options = {},
): Promise<Carried> {
  const message = { reader: readerOf(chain), requestHash, notAfter: chain.clock() + lifetime }
  const signature = await signAsReader(chain, 'LogRequest', message, { purpose })
  const carried = () => carriedRequest(chain, { requestHash }, options)
  return await carry(chain, options, {
    route: '/v1/requests',
    body: { message: messageToJson(message), signature },
    call: requestCall(chain.network, { requestHash }),
    done: async () => (await carried()) !== undefined,
    carried,
  })
}

/** The call that logs a release request. */
export function requestCall({ contracts }: Chain['network'], { requestHash }: { requestHash: Hex }) {
  const args = [requestHash] as const
  return { address: contracts.accessLog, abi: accessLogAbi, functionName: 'logReleaseRequest', args } as const
}

/** The transaction that logged a release request last, if one did. */
export async function carriedRequest(
  chain: Chain,
  { requestHash }: { requestHash: Hex },
  options: relay.Options = {},
): Promise<Carried | undefined> {
  const logged = (await releaseRequestsOf(chain, { requestHash }, options)).at(-1)
  return logged && { transactionHash: logged.transaction, blockNumber: logged.block }
}
