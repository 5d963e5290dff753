import { type Address, type Hex, isAddressEqual, type LocalAccount, type TransactionReceipt } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { randomBytes } from '#primitives'
import { toHex } from '../bytes.ts'
import { actorRegistryAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain, ReaderSession } from './connect.ts'
import { purposes } from './consents.ts'
import { type Carried, type EventOptions, events } from './events.ts'
import { SignerMissingError, signMessage } from './messages.ts'
import { type Message, typedData } from './typed-data.ts'
import type { WaitOptions } from './wait.ts'

/** A session as the chain knows it, over or not. */
export type Session = {
  readonly key: Address
  readonly reader: Address
  /** Mask of purposes. */
  readonly purposes: number
  /** When it was opened, and the first second in which it no longer lives. */
  readonly since: number
  readonly until: number
}

/** An opening that reader and key signed: anyone may carry it to the chain, once. */
export type SignedOpening = {
  readonly message: Message<'OpenSession'>
  readonly keySignature: Hex
  readonly signature: Hex
}

/** The end of a session, signed by its reader or its key: anyone may carry it. */
export type SignedEnding = { readonly message: Message<'EndSession'>; readonly signature: Hex }

/** A fresh key for one session of the connection's account. Nothing is signed or sent yet.
 * `until` is a second at most 12 hours ahead, `purposes` names what the key may ask for; break-glass never. Who must write
 * the key down, as a command does for the next one, brings its 32 random bytes as `secret`. */
export function createSession(
  chain: Chain,
  { purposes, until, secret = toHex(randomBytes(32)) }: { purposes: number; until: number; secret?: Hex },
): ReaderSession {
  if (!chain.wallet) throw new SignerMissingError({})
  const key = privateKeyToAccount(secret)
  return { reader: chain.wallet.account.address, key, purposes, until }
}

/** Signs the opening of a session, as the reader and as the key: the one prompt of a shift. Carry it with
 * `relayOpening`, or send it with {@link openSession}. Errors: `SignerMissingError`, `WalletRefusedError`. */
export async function signOpening(chain: Chain, session: ReaderSession): Promise<SignedOpening> {
  const message = openingOf(session)
  const signature = await signMessage(chain, 'OpenSession', message)
  return { message, signature, keySignature: await signByKey(chain, session.key, 'OpenSession', message) }
}

/** Opens a session by a transaction of its reader. Errors: `ContractRefusalError` and those of a transaction. */
export async function openSession(
  chain: Chain,
  session: ReaderSession,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const { key, purposes, until } = openingOf(session)
  const keySignature = await signByKey(chain, session.key, 'OpenSession', openingOf(session))
  const args = [key, purposes, until, keySignature] as const
  return await write(chain, { ...registry(chain), functionName: 'openSession', args }, options)
}

/** Signs the end of a session with its own key: no wallet is asked. Carry it with `relayEnding`. */
export async function signEnding(chain: Pick<Chain, 'network'>, { key }: ReaderSession): Promise<SignedEnding> {
  const message = { key: key.address }
  return { message, signature: await signByKey(chain, key, 'EndSession', message) }
}

/** Ends a session by a transaction of its reader, from any device. Errors: `ContractRefusalError` and those of a
 * transaction. */
export async function endSession(
  chain: Chain,
  { key }: { key: Address },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...registry(chain), functionName: 'endSession', args: [key] }, options)
}

/** The session of a key, over or not; undefined where the key never had one. */
export async function sessionOf(
  chain: Chain,
  { key }: { key: Address },
  options?: ReadOptions,
): Promise<Session | undefined> {
  const session = await read(chain, { ...registry(chain), functionName: 'sessionOf', args: [key] }, options)
  return BigInt(session.reader) === 0n ? undefined : { key, ...session }
}

/** Every session that a reader opened, the newest first, over or not. */
export async function sessionsOf(
  chain: Chain,
  { reader }: { reader: Address },
  options?: EventOptions,
): Promise<Session[]> {
  const opened = await events(chain, { ...registry(chain), eventName: 'SessionOpened', args: { reader } }, options)
  const found = await Promise.all(opened.map(({ key }) => sessionOf(chain, { key }, options)))
  return found.filter((session) => session !== undefined).reverse()
}

/** Whether a mask of purposes has one of them. */
export const coversPurpose = (mask: number, purpose: number): boolean =>
  purpose < purposes.length && ((mask >> purpose) & 1) === 1

/** The call that carries an opening. */
export function openingCall({ contracts }: Chain['network'], { message, keySignature, signature }: SignedOpening) {
  const { reader, key, purposes, until } = message
  const args = [reader, key, purposes, until, keySignature, signature] as const
  return { ...registryAt(contracts.actorRegistry), functionName: 'openSessionBySignature', args } as const
}

/** The call that carries an ending. */
export function endingCall({ contracts }: Chain['network'], { message, signature }: SignedEnding) {
  const args = [message.key, signature] as const
  return { ...registryAt(contracts.actorRegistry), functionName: 'endSessionBySignature', args } as const
}

/** The transaction that opened exactly this session, if one did. */
export async function carriedOpening(
  chain: Chain,
  { reader, key, purposes, until }: Message<'OpenSession'>,
  options?: EventOptions,
): Promise<Carried | undefined> {
  const opened = await events(chain, { ...registry(chain), eventName: 'SessionOpened', args: { reader, key } }, options)
  const same = opened.find((one) => one.purposes === purposes && one.until === until)
  return same && { transactionHash: same.transaction, blockNumber: same.block }
}

/** The transaction that ended the session of a key, if one did. */
export async function carriedEnding(
  chain: Chain,
  { key }: Message<'EndSession'>,
  options?: EventOptions,
): Promise<Carried | undefined> {
  const ended = await events(chain, { ...registry(chain), eventName: 'SessionEnded', args: { key } }, options)
  const [first] = ended
  return first && { transactionHash: first.transaction, blockNumber: first.block }
}

/** The account that reads: the wallet's, or the one whose session this is. Throws `SignerMissingError`. */
export function readerOf({ wallet, session }: Chain): Address {
  const reader = wallet?.account.address ?? session?.reader
  if (!reader) throw new SignerMissingError({})
  return reader
}

/** The connection's session, if it may sign now for this purpose: in time, and its wallet has not changed since. */
export function sessionFor(chain: Chain, purpose: number): ReaderSession | undefined {
  const { session, clock } = chain
  if (!session || clock() >= session.until || !coversPurpose(session.purposes, purpose)) return undefined
  return isAddressEqual(session.reader, readerOf(chain)) ? session : undefined
}

/** The messages that a session key signs in its reader's stead. */
export type ReaderMessage = 'KeyRequest' | 'ReadTicket' | 'RebuildRequest' | 'LogRequest' | 'Use'

/** Signs a reader's request: by the session key where there is a session for the purpose, without a prompt; else by the
 * wallet. Errors: `SignerMissingError`, `WalletRefusedError`. */
export async function signAsReader<kind extends ReaderMessage>(
  chain: Chain,
  kind: kind,
  message: Message<kind>,
  { purpose }: { purpose: number },
): Promise<Hex> {
  const session = sessionFor(chain, purpose)
  return session ? await signByKey(chain, session.key, kind, message) : await signMessage(chain, kind, message)
}

async function signByKey<kind extends ReaderMessage | 'OpenSession' | 'EndSession'>(
  { network }: Pick<Chain, 'network'>,
  key: LocalAccount,
  kind: kind,
  message: Message<kind>,
): Promise<Hex> {
  return await key.signTypedData(typedData(network, kind, message))
}

const openingOf = ({ reader, key, purposes, until }: ReaderSession): Message<'OpenSession'> => ({
  reader,
  key: key.address,
  purposes,
  until,
})

const registryAt = (address: Address) => ({ address, abi: actorRegistryAbi }) as const
const registry = (chain: Chain) => registryAt(chain.network.contracts.actorRegistry)
