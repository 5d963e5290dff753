import { hex } from '@sharewell/host'
import {
  type Carried,
  type Chain,
  carriedEnding,
  carriedOpening,
  carriedRequest,
  carriedUse,
  endingCall,
  isAttested,
  type Message,
  openingCall,
  parseMessage,
  releaseRequestsOf,
  requestCall,
  sessionOf,
  useCall,
  type View,
  verifyReader,
  view,
  type WaitOptions,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import type { Address, Hex } from 'viem'
import * as z from 'zod'
import { type Load, read, signature } from './messages.ts'
import { RefusalError } from './refusals.ts'

const sessionShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('OpenSession'), message: z.unknown(), keySignature: signature, signature }),
  z.strictObject({ kind: z.literal('EndSession'), message: z.unknown(), signature }),
])
const requestShape = z.strictObject({ message: z.unknown(), signature })

/** Reads the body of `POST /v1/sessions`. Errors: `BadRequestError`, `MessageError`, `RefusalError`. */
export async function readSession(chain: Chain, json: unknown, options: WaitOptions): Promise<Load> {
  const { kind, message, ...signatures } = read(sessionShape, json)
  return kind === 'OpenSession'
    ? opening(chain, parseMessage(kind, message), signatures as { keySignature: Hex; signature: Hex })
    : await ending(chain, parseMessage(kind, message), signatures.signature, options)
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
    async admit(options) {
      await checkAttested(chain, message.reader, options)
      return undefined
    },
    carried: (options) => carriedOpening(chain, message, options),
  }
}

/** Only sessions end here, out of their reader's budget: else anybody's fresh keys would use up what is there for those
 * that live. */
async function ending(
  chain: Chain,
  message: Message<'EndSession'>,
  signature: Hex,
  options: WaitOptions,
): Promise<Load> {
  const session = await sessionOf(chain, { key: message.key }, options)
  if (!session) throw new RefusalError({ refusal: 'NO_SESSION' })
  return {
    act: 'ending',
    kind: 'EndSession',
    subject: session.reader.toLowerCase(),
    call: endingCall(chain.network, { message, signature }),
    carried: (wait) => carriedEnding(chain, message, wait),
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
  checkTime(notAfter, at)
  const signed = { kind: 'LogRequest', message, signature, reader, purpose: undefined } as const
  await verifyReader(chain, signed, { at, signal }).catch(refuseStranger)
  await checkAttested(chain, reader, { signal })
  const logged = (await releaseRequestsOf(chain, { requestHash }, { signal })).at(-1)
  return logged && at.later - logged.time < enough
    ? { transactionHash: logged.transaction, blockNumber: logged.block }
    : undefined
}

const useShape = z.strictObject({
  message: z.unknown(),
  reader: hex(20),
  place: z.strictObject({
    pseudonym: hex(32),
    recordId: hex(32),
    salt: hex(32),
    credentialId: hex(32),
    level: z.int().min(0).max(255),
    role: z.int().min(0).max(255),
  }),
  signature,
})

/** Reads the body of `POST /v1/uses`: a request that is logged and counted. The contract checks the signature, the
 * session and the consent. Errors: `BadRequestError`, `MessageError`. */
export function readUse(chain: Chain, json: unknown): Load {
  const { message: given, reader, place, signature } = read(useShape, json)
  const message = parseMessage('Use', given)
  return {
    act: 'asking',
    kind: 'Use',
    subject: reader,
    call: useCall(chain.network, { message, reader, place, signature }),
    async admit(options) {
      checkTime(message.deadline, await view(chain, options))
      await checkAttested(chain, reader, options)
      return undefined
    },
    carried: (options) => carriedUse(chain, message, options),
  }
}

function checkTime(last: number, { earlier, later }: Pick<View, 'earlier' | 'later'>): void {
  if (last < later) throw new RefusalError({ refusal: 'REQUEST_OVER' })
  if (last > earlier + longestAhead) throw new RefusalError({ refusal: 'REQUEST_TOO_LONG' })
}

/** Anyone opens sessions of accounts of their own, and may be granted something by a patient of their own: nobody gets
 * a reader's budget by that. */
async function checkAttested(chain: Chain, account: Address, options: WaitOptions): Promise<void> {
  if (!(await isAttested(chain, { account }, options))) throw new RefusalError({ refusal: 'NOT_ATTESTED' })
}

function refuseStranger(error: unknown): never {
  const strange = error instanceof BaseError && (error.code === 'SIGNATURE' || error.code === 'SESSION')
  throw strange ? new RefusalError({ refusal: 'NOT_THE_READER', cause: error }) : error
}
