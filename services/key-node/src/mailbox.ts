import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  controllerOf,
  couldDeposit,
  isAttested,
  patientOf,
  providerOf,
  type WaitOptions,
  wasVouchedFor,
} from '@sharewell/sdk/chain'
import { parseCapsule } from '@sharewell/sdk/envelope'
import { BaseError } from '@sharewell/sdk/errors'
import { parseKeyHeader } from '@sharewell/sdk/release'
import type { Erasures } from './erasures.ts'
import type { ObjectStore } from './files.ts'
import { RefusalError } from './refusals.ts'

/** Parts of a node that keeps key headers and capsules. */
export type Keeper = {
  readonly chain: Chain
  readonly objects: ObjectStore
  readonly erasures: Pick<Erasures, 'covers'>
}

/** Most capsules kept for one pseudonym, and how many more its own provider may leave, whose category key must arrive
 * however many others write. */
const maxCapsules = 500
const moreOfProvider = 100

/** Longest capsule: an envelope with 16 KiB, and its signature. A full mailbox then fits into one answer. */
export const maxCapsuleLength = 18_432

/** Keeps a signed key header under its hash. Its signer must deposit for an active provider, or control the
 * pseudonym that it names beside it. Throws {@link KeeperError}; refuses with REFUSED_RECORD what was erased here. */
export async function keepHeader(
  { chain, objects, erasures }: Keeper,
  { hash, bytes, pseudonym, kept = false }: keepHeader.Given,
  { signal }: WaitOptions = {},
): Promise<void> {
  const parsed = parseKeyHeader(bytes, { networkId: fromHex(chain.network.networkId, 32) })
  if (toHex(parsed.hash) !== hash) throw new KeeperError({ reason: 'the bytes have another hash' })
  const scope = { recordId: toHex(parsed.header.recordId), version: parsed.header.version }
  if (erasures.covers(scope)) throw new RefusalError({ refusal: 'REFUSED_RECORD' })
  const account = parsed.signer
  const provider = await providerOf(chain, { account }, { signal })
  const controller = pseudonym && !provider ? await controllerOf(chain, { pseudonym }, { signal }) : undefined
  const now = provider !== undefined || controller?.toLowerCase() === account
  const before = !now && kept && pseudonym && (await couldDeposit(chain, { account, pseudonym }, { signal }))
  if (!now && !before)
    throw new KeeperError({ reason: 'its signer neither deposits for a provider nor controls the pseudonym' })
  await objects.put('headers', bytes)
  if (!erasures.covers(scope)) return
  // It was erased while this copy arrived.
  await objects.erase('headers', hash)
  throw new RefusalError({ refusal: 'REFUSED_RECORD' })
}
export declare namespace keepHeader {
  type Given = {
    readonly hash: Hex
    readonly bytes: Bytes
    readonly pseudonym?: Hex | undefined
    /** Another node kept it: then it is enough that its signer could once leave it. */
    readonly kept?: boolean
  }
}

/** Keeps a signed capsule for a registered pseudonym. Its signer must be a provider's uploader or a practitioner, so that
 * strangers do not fill mailboxes. Throws {@link KeeperError}. */
export async function keepCapsule(
  { chain, objects }: Keeper,
  { hash, bytes, kept: before = false }: Omit<keepHeader.Given, 'pseudonym'>,
  { signal }: WaitOptions = {},
): Promise<void> {
  const capsule = parseCapsule(bytes, { networkId: fromHex(chain.network.networkId, 32) })
  if (toHex(capsule.hash) !== hash) throw new KeeperError({ reason: 'the bytes have another hash' })
  const pseudonym = toHex(capsule.pseudonym)
  const account = capsule.signer
  const [patient, provider, attested] = await Promise.all([
    patientOf(chain, { pseudonym }, { signal }),
    providerOf(chain, { account }, { signal }),
    isAttested(chain, { account }, { signal }),
  ])
  if (!patient) throw new KeeperError({ reason: 'its pseudonym is not registered' })
  const rightful = provider || attested || (before && (await wasVouchedFor(chain, { account }, { signal })))
  if (!rightful) throw new KeeperError({ reason: 'its signer is no uploader and no practitioner' })
  const folder = mailboxOf(pseudonym)
  const kept = await objects.list(folder)
  const most = provider === patient.provider ? maxCapsules + moreOfProvider : maxCapsules
  if (kept.length >= most && !kept.includes(hash)) throw new KeeperError({ reason: 'the mailbox is full' })
  await objects.put(folder, bytes)
}

/** The capsules of a pseudonym; the caller made sure that its controller asks. */
export async function capsulesOf({ objects }: Keeper, pseudonym: Hex): Promise<Bytes[]> {
  const folder = mailboxOf(pseudonym)
  const capsules = await Promise.all((await objects.list(folder)).map((hash) => objects.get(folder, hash)))
  return capsules.filter((capsule) => capsule !== undefined)
}

const mailboxOf = (pseudonym: Hex) => `capsules/${pseudonym.toLowerCase()}`

/** Thrown when a node does not keep what it is given. */
export class KeeperError extends BaseError<'KEEPER'> {
  override readonly name = 'KeeperError'
  constructor({ reason }: { reason?: string }) {
    super('KEEPER', `I do not keep this: ${reason ?? 'unknown'}.`, {
      hints: ['Register the signer first, and send the bytes under their own SHA-256.'],
      docs: '/key-node#storage',
    })
  }
}
