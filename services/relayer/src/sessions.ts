import {
  type Carried,
  type Chain,
  carriedEnding,
  carriedOpening,
  carriedRequest,
  endingCall,
  isAttested,
  type Message,
  openingCall,
  parseMessage,
  releaseRequestsOf,
  requestCall,
  sessionOf,
  verifyReader,
  view,
  type WaitOptions,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import type { Hex } from 'viem'
import * as z from 'zod'
import { type Load, read, signature } from './messages.ts'
import { RefusalError } from './refusals.ts'

const sessionShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('OpenSession'), message: z.unknown(), keySignature: signature, signature }),
  z.strictObject({ kind: z.literal('EndSession'), message: z.unknown(), signature }),
])
const requestShape = z.strictObject({ message: z.unknown(), signature })

/** Reads the body of `POST /v1/sessions`. Errors: `BadRequestError`, `MessageError`. */
export function readSession(chain: Chain, json: unknown): Load {
  const { kind, message, ...signatures } = read(sessionShape, json)
  return kind === 'OpenSession'
    ? opening(chain, parseMessage(kind, message), signatures as { keySignature: Hex; signature: Hex })
    : ending(chain, parseMessage(kind, message), signatures.signature)
}

/** Sessions begin for those whom an organization attests; others send their own. */
function opening(
  chain: Chain,
  message: Message<'OpenSession'>,
  signatures: { keySignature: Hex; signature: Hex },
): Load {
  return {
    act: 'beginning',
    kind: 'OpenSession',
    subject: message.reader,
    call: openingCall(chain.network, { message, ...signatures }),
    async admit({ signal }) {
      if (await isAttested(chain, { account: message.reader }, { signal })) return undefined
      throw new RefusalError({ refusal: 'NOT_ATTESTED' })
    },
    carried: (options) => carriedOpening(chain, message, options),
  }
}

/** Only sessions end here: else anybody's fresh keys would use up what is there for those that live. */
function ending(chain: Chain, message: Message<'EndSession'>, signature: Hex): Load {
  const { key } = message
  return {
    act: 'ending',
    kind: 'EndSession',
    subject: key,
    call: endingCall(chain.network, { message, signature }),
    async admit({ signal }) {
      if (await sessionOf(chain, { key }, { signal })) return undefined
      throw new RefusalError({ refusal: 'NO_SESSION' })
    },
    carried: (options) => carriedEnding(chain, message, options),
  }
}

/** Reads the body of `POST /v1/requests`. Errors: `BadRequestError`, `MessageError`. */
export function readRequest(chain: Chain, json: unknown): Load {
  const body = read(requestShape, json)
  const message = parseMessage('LogRequest', body.message)
  const { reader, requestHash } = message
  return {
    act: 'asking',
    kind: 'LogRequest',
    subject: reader,
    call: requestCall(chain.network, { requestHash }),
    admit: (options) => admitRequest(chain, { message, signature: body.signature }, options),
    carried: (options) => carriedRequest(chain, { requestHash }, options),
  }
}

/** Seconds ahead that a message may run, and for which one entry of the log is enough. */
const longestAhead = 300
const enough = 300

async function admitRequest(
  chain: Chain,
  { message, signature }: { message: Message<'LogRequest'>; signature: Hex },
  { signal }: WaitOptions,
): Promise<Carried | undefined> {
  const { reader, requestHash, notAfter } = message
  const at = await view(chain, { signal })
  if (notAfter < at.later) throw new RefusalError({ refusal: 'REQUEST_OVER' })
  if (notAfter > at.earlier + longestAhead) throw new RefusalError({ refusal: 'REQUEST_TOO_LONG' })
  const signed = { kind: 'LogRequest', message, signature, reader, purpose: undefined } as const
  const session = await verifyReader(chain, signed, { at, signal }).catch(refuseStranger)
  if (!session && !(await isAttested(chain, { account: reader }, { signal })))
    throw new RefusalError({ refusal: 'NOT_ATTESTED' })
  const logged = (await releaseRequestsOf(chain, { requestHash }, { signal })).at(-1)
  return logged && at.later - logged.time < enough
    ? { transactionHash: logged.transaction, blockNumber: logged.block }
    : undefined
}

function refuseStranger(error: unknown): never {
  const strange = error instanceof BaseError && (error.code === 'SIGNATURE' || error.code === 'SESSION')
  throw strange ? new RefusalError({ refusal: 'NOT_THE_READER', cause: error }) : error
}
