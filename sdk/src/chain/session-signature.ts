import { type Address, isAddressEqual } from 'viem'
import { BaseError } from '../errors.ts'
import type { Chain, ReaderSession } from './connect.ts'
import { type View, view } from './head.ts'
import { type SignedMessage, signerOf, verifyMessage } from './messages.ts'
import { coversPurpose, type ReaderMessage, type Session, sessionOf } from './sessions.ts'
import { ChainTimeoutError, pause, type WaitOptions } from './wait.ts'

/** A reader's request with its signature, and what it claims: who asks, and for what. */
export type ReaderSigned = SignedMessage<ReaderMessage> & {
  readonly reader: Address
  /** Undefined where nothing is read yet: then any purpose of a session does. */
  readonly purpose: number | undefined
}

/**
 * Checks that a reader signed a request, or a session key of this reader that lives for this purpose at the final and at
 * the latest block. Returns the session key, undefined where the reader signed.
 * Only requests to read may be signed so: what a session key signs otherwise is checked by `verifyMessage` and counts as
 * the word of a stranger.
 * Errors: `SignatureError`; {@link SessionError} where the session is over, not final yet, or for other purposes.
 */
export async function verifyReader(
  chain: Chain,
  { reader, purpose, ...signed }: ReaderSigned,
  { at, signal }: WaitOptions & { at: View },
): Promise<Address | undefined> {
  const key = await keyBeside(chain, signed, reader)
  const standing = key && (await standingOf(chain, { key, reader, purpose }, { at, signal }))
  if (standing === 'LIVE') return key
  await verifyMessage(chain, { ...signed, signer: reader }, { at: at.final, signal }).catch((error: unknown) => {
    throw standing && isSignatureError(error) ? new SessionError({ reason: standing, cause: error }) : error
  })
  return undefined
}

/** Makes sure, before anything is signed, that a connection's own session lives for this purpose: it may have been ended
 * on another device. Throws {@link SessionError}. */
export async function checkSession(
  chain: Chain,
  { key, reader }: ReaderSession,
  { purpose, signal }: WaitOptions & { purpose: number },
): Promise<void> {
  const at = await view(chain, { signal })
  const standing = await standingOf(chain, { key: key.address, reader, purpose }, { at, signal })
  if (standing !== 'LIVE') throw new SessionError({ reason: standing })
}

/**
 * Waits until a session that was just opened lives for whoever checks it: at the final block too.
 * Errors: {@link SessionError} where it is over, `ChainTimeoutError` where it is not final within `timeout` milliseconds
 * (two minutes), `StaleHeadError`.
 */
export async function sessionFinal(
  chain: Chain,
  { key, reader }: ReaderSession,
  { signal, timeout = 120_000 }: WaitOptions & { timeout?: number | undefined } = {},
): Promise<void> {
  const until = Date.now() + timeout
  for (;;) {
    const at = await view(chain, { signal })
    const asked = { key: key.address, reader, purpose: undefined }
    const standing = await standingOf(chain, asked, { at, signal })
    if (standing === 'LIVE') return
    // Of a session that only other chain clients know of nothing stands here yet.
    if (standing === 'OVER' || standing === 'WRONG_PURPOSE') throw new SessionError({ reason: standing })
    if (Date.now() >= until) throw new ChainTimeoutError({ what: 'the session in a final block', timeout })
    await pause(250, { signal })
  }
}

/** Whether a reader, or a session key that lived at the time `at`, signed a request: what an old one is judged by, because
 * a session's word stays on chain. */
export async function wasSignedByReader(
  chain: Chain,
  { reader, purpose, ...signed }: ReaderSigned,
  { time, at, signal }: WaitOptions & { time: number; at: View['latest'] },
): Promise<boolean> {
  const key = await keyBeside(chain, signed, reader)
  const session = key && (await sessionOf(chain, { key }, { block: at.number, signal }))
  if (session && isAddressEqual(session.reader, reader)) {
    const lived = session.since <= time + clockSkew && time - clockSkew < session.until
    if (lived && covers(session, purpose)) return true
  }
  return await verifyMessage(chain, { ...signed, signer: reader }, { at, signal }).then(
    () => true,
    (error: unknown) => {
      if (isSignatureError(error)) return false
      throw error
    },
  )
}

/** Seconds that clocks may differ. */
const clockSkew = 60

/** How a session stands, where the key has one of this reader. */
type Standing = 'LIVE' | 'NOT_FINAL' | 'OVER' | 'WRONG_PURPOSE'

/** The key that signed where it is not the reader's own. */
async function keyBeside(chain: Chain, signed: SignedMessage, reader: Address): Promise<Address | undefined> {
  const signer = await signerOf(chain.network, signed).catch(() => undefined)
  return signer && !isAddressEqual(signer, reader) ? signer : undefined
}

async function standingOf(
  chain: Chain,
  { key, reader, purpose }: Pick<ReaderSigned, 'reader' | 'purpose'> & { key: Address },
  { at, signal }: WaitOptions & { at: View },
): Promise<Standing | undefined> {
  const blocks = [...new Set([at.final.number, at.latest.number])]
  const found = await Promise.all(blocks.map((block) => sessionOf(chain, { key }, { block, signal })))
  const own = found.filter((session): session is Session => !!session && isAddressEqual(session.reader, reader))
  if (own.length === 0) return undefined
  if (own.some(({ until }) => until <= at.later)) return 'OVER'
  if (own.length < found.length) return 'NOT_FINAL'
  return own.every((session) => covers(session, purpose)) ? 'LIVE' : 'WRONG_PURPOSE'
}

const covers = ({ purposes }: Session, purpose: number | undefined): boolean =>
  purpose === undefined || coversPurpose(purposes, purpose)

const isSignatureError = (error: unknown): boolean => error instanceof BaseError && error.code === 'SIGNATURE'

const hints: Readonly<Record<Exclude<Standing, 'LIVE'>, string>> = {
  NOT_FINAL: 'The session stands in no final block yet; try again in a moment.',
  OVER: 'The session has ended: begin a shift anew, or sign with the account of the reader.',
  WRONG_PURPOSE: 'The session is for other purposes: sign with the account of the reader.',
}

/** Thrown when a session key signed whose session does not live, or not for this purpose; `reason` says which. */
export class SessionError extends BaseError<'SESSION'> {
  override readonly name = 'SessionError'
  readonly reason: Exclude<Standing, 'LIVE'>
  constructor({ reason = 'OVER', cause }: { reason?: Exclude<Standing, 'LIVE'> | undefined; cause?: unknown }) {
    super('SESSION', `The session key that signed this does not count: ${reason}.`, {
      cause,
      hints: [hints[reason] ?? hints.OVER],
      docs: '/session#checks',
    })
    this.reason = reason
  }
}
