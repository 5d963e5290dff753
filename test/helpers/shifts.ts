import {
  type Chain,
  createSession,
  openSession,
  purposes,
  type ReaderSession,
  type Signer,
  withAccount,
} from '@sharewell/sdk/chain'

export const treating = 1 << purposes.indexOf('TREAT')

/** Opens a session of the connection's account, for treatment and an hour where nothing else is said. */
export async function beginShift(
  chain: Chain,
  { purposes = treating, seconds = 3_600 }: { purposes?: number; seconds?: number } = {},
): Promise<ReaderSession> {
  const { timestamp } = await chain.client.getBlock()
  const session = createSession(chain, { purposes, until: Number(timestamp) + seconds })
  await openSession(chain, session)
  return session
}

/** A connection whose session signs, and that has no wallet to ask. */
export const bySession = (chain: Chain, session: ReaderSession): Chain => ({ ...chain, wallet: undefined, session })

/** A connection that signs with the session key as if it were anybody's account. */
export const asKey = (chain: Chain, { key }: ReaderSession): Chain => withAccount(chain, key as Signer)
