/**
 * Who acts, and over which connection.
 * @module
 */
import { stat } from 'node:fs/promises'
import { type Bytes, equal, fromHex, fromUtf8, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, connect, controllerOf, type Network, patientOf, withAccount } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import {
  accountAt,
  openVault,
  type PlaceKeys,
  placeKeys,
  type Vault,
  vaultKeyFromSignature,
  vaultMessage,
} from '@sharewell/sdk/person'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { text, UsageError } from '../command.ts'
import { readSmall } from '../input.ts'
import { type DemoPerson, type KnownPatient, type NetworkFile, readNetworkFile } from './network-file.ts'

/** Options of every command that speaks to a network. */
export const networkOptions = {
  network: text('--network <file|url>', 'network description (default: the nearest .sharewell/network.json)'),
}

/** Options of every command that acts as somebody. */
export const actorOptions = {
  ...networkOptions,
  as: text('--as <person>', 'act as a person of the demo (local chain only)'),
  keyFile: text('--key-file <file>', 'act with the private key in this file (hex, mode 0600)'),
  vaultFile: text('--vault-file <file>', "a patient's vault, which the key in --key-file unlocks"),
}

/** One of a patient's places: a provider, the account used there, and the keys for it. */
export type Place = { readonly providerId: Hex; readonly account: PrivateKeyAccount; readonly keys: PlaceKeys }

/** A connection over which nobody acts. */
export type NetworkView = { readonly file: NetworkFile; readonly chain: Chain }

/** A connection, and who acts over it. */
export type Session = NetworkView & {
  readonly account: PrivateKeyAccount
  readonly person?: DemoPerson | undefined
  /** Where the one who acts is a registered patient; empty for staff. */
  readonly places: readonly Place[]
  /** Whom a provider registered. */
  readonly patients: readonly KnownPatient[]
}

/** What {@link actorOptions} were given. */
export type ActorOptions = {
  readonly network?: string | undefined
  readonly as?: string | undefined
  readonly keyFile?: string | undefined
  readonly vaultFile?: string | undefined
}

/** Connects for a command that only looks. */
export async function openView({ network: name }: ActorOptions, signal: AbortSignal): Promise<NetworkView> {
  const file = await readNetworkFile(name, signal)
  return { file, chain: await connect(file.network, { signal }) }
}

/** Opens a session for whoever the options name. */
export async function openSession(options: ActorOptions, signal: AbortSignal): Promise<Session> {
  checkActor(options)
  const file = await readNetworkFile(options.network, signal)
  const actor = await readActor(options, file, signal)
  const chain = await connect(file.network, { account: actor.account, signal })
  const { rotated, places, ...who } = actor
  const mine = await ruledPlaces(chain, rotated, signal)
  const elsewhere = (await registeredPlaces(chain, places, signal)).filter(
    ({ keys }) => !mine.some((one) => same(one, keys)),
  )
  return { file, chain, ...who, places: [...elsewhere, ...mine] }
}

/** One person, by one of the two ways to name one. */
function checkActor({ as, keyFile, vaultFile }: ActorOptions): void {
  if ((as === undefined) === (keyFile === undefined))
    throw new UsageError({
      problem:
        as === undefined
          ? 'this command acts as somebody, and nobody was named'
          : '--as and --key-file name two people',
      hints: ["on the local chain use --as PERSON ('sharewell status' lists them), elsewhere --key-file FILE"],
    })
  if (vaultFile !== undefined && keyFile === undefined)
    throw new UsageError({
      problem: '--vault-file needs the key that unlocks it',
      hints: ['name the key with --key-file'],
    })
}

/** Who acts, as keys and vault say; the chain is not asked. */
export async function readActor(
  { as, keyFile, vaultFile }: ActorOptions,
  file: NetworkFile,
  signal: AbortSignal,
): Promise<Actor> {
  return as === undefined ? await keyActor(keyFile ?? '', vaultFile, file, signal) : demoActor(as, file)
}

/** Places that the chain knows. A vault may have others, for providers that have not registered the patient yet. */
export async function registeredPlaces(
  chain: Chain,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<readonly Place[]> {
  const patients = await Promise.all(
    places.map(({ keys }) => patientOf(chain, { pseudonym: toHex(keys.pseudonym) }, { signal })),
  )
  return places.filter((_, at) => patients[at] !== undefined)
}

/** Places that an account decides for now, though it was not the first that did. */
async function ruledPlaces(chain: Chain, places: readonly Place[], signal: AbortSignal): Promise<readonly Place[]> {
  const controllers = await Promise.all(
    places.map(({ keys }) => controllerOf(chain, { pseudonym: toHex(keys.pseudonym) }, { signal })),
  )
  return places.filter(({ account }, at) => controllers[at]?.toLowerCase() === account.address.toLowerCase())
}

const same = ({ keys }: Place, { pseudonym }: PlaceKeys): boolean => equal(keys.pseudonym, pseudonym)

/** The same connection, signing with the account of one place. */
export function actingAt({ chain }: Pick<Session, 'chain'>, { account }: Place): Chain {
  return withAccount(chain, account)
}

type Actor = Pick<Session, 'account' | 'person' | 'places' | 'patients'> & {
  /** Where the account may decide since a rotation; the chain knows. */
  readonly rotated: readonly Place[]
}

function demoActor(as: string, { network, people }: NetworkFile): Actor {
  const person = findPerson(people, as)
  const [first] = person.accounts
  if (first === undefined) throw new UnknownPersonError({ name: as, people })
  return {
    account: privateKeyToAccount(first.privateKey),
    person,
    places: demoPlaces(person, network),
    rotated: [],
    patients: person.patients,
  }
}

/** Where a person of the demo is a patient. */
export function demoPlaces({ vaultSeed, accounts }: DemoPerson, { networkId }: Network): Place[] {
  if (vaultSeed === undefined) return []
  const vault = { networkId: fromHex(networkId), seed: fromHex(vaultSeed), profiles: [] }
  return accounts.flatMap(({ providerId, privateKey }) =>
    providerId === undefined ? [] : [placeOf(vault, providerId, 0, privateKeyToAccount(privateKey))],
  )
}

/** The person of the demo with this id or name. */
export function findPerson(people: readonly DemoPerson[], name: string): DemoPerson {
  const wanted = name.toLowerCase()
  const found = people.find(({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted)
  if (found === undefined) throw new UnknownPersonError({ name, people })
  return found
}

async function keyActor(
  keyFile: string,
  vaultFile: string | undefined,
  { network }: NetworkFile,
  signal: AbortSignal,
): Promise<Actor> {
  const { account, vault } = await readVault({ keyFile, vaultFile }, network, signal)
  const places = vault.profiles.flatMap(({ providerId, controller, gen, derived }) => {
    const holder = derived ? privateKeyToAccount(accountAt(vault, { providerId, gen }).privateKey) : account
    // A place under another wallet account is not for this key.
    return equal(fromHex(holder.address), fromHex(controller)) ? [placeOf(vault, toHex(providerId), gen, holder)] : []
  })
  const rotated = vault.profiles.flatMap(({ providerId, controller, gen }): Place[] => {
    const derived = privateKeyToAccount(accountAt(vault, { providerId, gen }).privateKey)
    // The pseudonym, and all that follows from it, stays that of the first controller.
    const keys = placeKeys(vault, { providerId, gen }, controller)
    return [account, derived]
      .filter(({ address }) => !equal(fromHex(address), fromHex(controller)))
      .map((holder) => ({ providerId: toHex(providerId), account: holder, keys }))
  })
  return { account, places, rotated, patients: [] }
}

/** The key in a file, and the vault that it unlocks; one without places where no vault is named. */
export async function readVault(
  { keyFile, vaultFile }: { readonly keyFile: string; readonly vaultFile?: string | undefined },
  { networkId }: Pick<Network, 'networkId'>,
  signal: AbortSignal,
): Promise<{ readonly account: PrivateKeyAccount; readonly vault: Vault }> {
  const account = privateKeyToAccount(await readPrivateKey(keyFile, signal))
  const id = fromHex(networkId)
  if (vaultFile === undefined) return { account, vault: { networkId: id, seed: new Uint8Array(32), profiles: [] } }
  const sealed = await readSmall(vaultFile, 1 << 20, signal)
  const signature = await account.signTypedData(vaultMessage(networkId))
  return { account, vault: await openVault(sealed, vaultKeyFromSignature(signature), id) }
}

function placeOf(vault: Vault, providerId: Hex, gen: number, account: PrivateKeyAccount): Place {
  const controller = account.address.toLowerCase() as Hex
  return { providerId, account, keys: placeKeys(vault, { providerId: fromHex(providerId), gen }, controller) }
}

/** Reads a private key. A file that others may read is refused: the key in it is no secret any more. */
export async function readPrivateKey(file: string, signal: AbortSignal): Promise<Hex> {
  const bytes: Bytes = await readSmall(file, 4096, signal)
  const { mode } = await stat(file)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new KeyFileModeError({ file })
  const key = fromUtf8(bytes).trim()
  if (!/^(?:0x)?[0-9a-fA-F]{64}$/.test(key)) throw new PrivateKeyError({ file })
  return key.startsWith('0x') ? (key as Hex) : `0x${key}`
}

/** Thrown when nobody of the demo has that name. */
export class UnknownPersonError extends BaseError<'UNKNOWN_PERSON'> {
  override readonly name = 'UnknownPersonError'
  constructor({ name = '', people = [] }: { name?: string; people?: readonly DemoPerson[] }) {
    const known = people.map(({ id }) => id).join(', ')
    super('UNKNOWN_PERSON', `Nobody here is called ${name}.`, {
      hints: [known === '' ? 'this network has no demo people; use --key-file' : `people of this network: ${known}`],
    })
  }
}

/** Thrown when others may read a private key's file. */
export class KeyFileModeError extends BaseError<'KEY_FILE_MODE'> {
  override readonly name = 'KeyFileModeError'
  constructor({ file = '' }: { file?: string }) {
    super('KEY_FILE_MODE', `Others may read ${file}, which holds a private key.`, { hints: [`chmod 600 ${file}`] })
  }
}

/** Thrown when a private key's file holds something else. It repeats nothing of it. */
export class PrivateKeyError extends BaseError<'PRIVATE_KEY'> {
  override readonly name = 'PrivateKeyError'
  constructor({ file = '' }: { file?: string }) {
    super('PRIVATE_KEY', `${file} holds no private key.`, { hints: ['it must hold 64 hex digits and nothing else'] })
  }
}
