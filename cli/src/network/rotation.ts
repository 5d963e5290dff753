/**
 * A rotation with the help of guardians, place by place. The chain and a folder of files say how far it is, so that it
 * can be cut off anywhere and run again.
 * @module
 */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { equal, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  circleHash,
  connect,
  proposeRecovery,
  RelayerError,
  relayRecovery,
  withAccount,
} from '@sharewell/sdk/chain'
import { answersRequest, approvalOf, guardianRequests, type Rotation, rotationOf } from '@sharewell/sdk/flow/recovery'
import { accountAt, guardianRequest, placeKeys, type Vault } from '@sharewell/sdk/person'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { NotCarriedError } from './carry.ts'
import {
  type NamedGuardian,
  ownVault,
  type RotationFolder,
  readGuardians,
  readRotation,
  requestName,
  writePrivate,
} from './guardians.ts'
import { readNetworkFile } from './network-file.ts'
import type { ActorOptions } from './session.ts'

/** What a rotation works with. */
export type Rotating = {
  readonly chain: Chain
  readonly vault: Vault
  readonly folder: string
  readonly found: RotationFolder
  readonly guardians: readonly NamedGuardian[]
  readonly signal: AbortSignal
}

/** One pseudonym of the vault, and the account that is to decide there. */
export type Turning = {
  readonly providerId: Hex
  readonly pseudonym: Hex
  readonly to: Hex
  /** Who sends for this place: the account that is to decide, so that no account is seen at two places. */
  readonly sender: PrivateKeyAccount
  readonly rotation: Rotation
}

/** Reads the vault, the codes and the folder, which is made where it is missing. */
export async function openRotation(
  options: ActorOptions,
  {
    folder,
    codes,
    signal,
  }: { readonly folder: string; readonly codes: readonly string[]; readonly signal: AbortSignal },
): Promise<Rotating & { readonly account: PrivateKeyAccount }> {
  const file = await readNetworkFile(options.network, signal)
  const guardians = await readGuardians(codes, file, signal)
  const { account, vault } = await ownVault(options, file, signal)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = await readRotation(folder, file, signal)
  return { chain: await connect(file.network, { account, signal }), account, vault, folder, found, guardians, signal }
}

/** Every pseudonym of a vault, each with the account that is to decide there: the vault's own for that place. */
export async function turnings(
  { chain, vault, signal }: Pick<Rotating, 'chain' | 'vault' | 'signal'>,
  instead?: PrivateKeyAccount,
): Promise<readonly Turning[]> {
  return await Promise.all(
    vault.profiles.map(async ({ providerId, gen, controller }) => {
      const pseudonym = toHex(placeKeys(vault, { providerId, gen }, controller).pseudonym)
      const sender = instead ?? privateKeyToAccount(accountAt(vault, { providerId, gen }).privateKey)
      const to = sender.address
      const rotation = await rotationOf(chain, { pseudonym, to }, { signal })
      return { providerId: toHex(providerId), pseudonym, to, sender, rotation }
    }),
  )
}

type Request = RotationFolder['requests'][number]

/** Requests that still count: for this account, these guardians and this round. */
export function standingRequests({ chain, found }: Rotating, { pseudonym, to, rotation }: Turning): readonly Request[] {
  const { controller, circle, round } = rotation
  if (!circle) return []
  const hash = circleHash(pseudonym, circle)
  const soon = chain.clock() + 600
  return found.requests.filter(
    (one) =>
      one.act === 'recover' &&
      one.round === round &&
      one.deadline > soon &&
      equal(one.pseudonym, fromHex(pseudonym)) &&
      equal(one.from, fromHex(controller)) &&
      equal(one.to, fromHex(to)) &&
      equal(one.circle, fromHex(hash)),
  )
}

/** Asks those guardians who were named and not asked yet. Returns the files that were written. */
export async function askGuardians(rotating: Rotating, turning: Turning): Promise<readonly Request[]> {
  const { chain, vault, guardians, folder, signal } = rotating
  const standing = standingRequests(rotating, turning)
  let deadline = standing[0]?.deadline
  const asked: Request[] = []
  for (const { name, key } of guardians) {
    if (standing.some(({ guardianKey }) => equal(guardianKey, key))) continue
    const options = { pseudonym: turning.pseudonym, to: turning.to, guardianKeys: [key], deadline, signal }
    const [request] = await guardianRequests(chain, vault, options)
    if (!request) continue
    // Answers count together where they are for one request: its deadline is part of what is signed.
    deadline = request.deadline
    const file = requestName(turning.pseudonym, name)
    await writePrivate(path.join(folder, file), guardianRequest.write(request), true)
    asked.push({ v: 1, ...request, name: file })
  }
  return asked
}

type Answered = { readonly request: Request; readonly approval: RotationFolder['approvals'][number] }

/** What was answered to requests that still count, and the files whose answer fits none of them. */
export async function answersTo(
  rotating: Rotating,
  { pseudonym }: Turning,
  requests: readonly Request[],
): Promise<{ readonly fits: readonly Answered[]; readonly misfits: readonly string[] }> {
  const { chain, vault, found } = rotating
  const fits: Answered[] = []
  const misfits: string[] = []
  for (const approval of found.approvals.filter((one) => equal(one.pseudonym, fromHex(pseudonym)))) {
    const request = requests.find(({ place }) => place === approval.place)
    const answers = request !== undefined && (await answersRequest(chain, vault, { request, approval }))
    if (!answers) misfits.push(approval.name)
    else if (!fits.some(({ approval: { place } }) => place === approval.place)) fits.push({ request, approval })
  }
  return { fits, misfits }
}

/** Proposes what enough guardians signed: by a relayer where the network has one, unless `send` says otherwise. Returns
 * the transaction. Throws NotCarriedError when no relayer did it. */
export async function propose(
  { chain, signal }: Rotating,
  { pseudonym, to, sender, rotation }: Turning,
  { fits, send }: { readonly fits: readonly Answered[]; readonly send: boolean },
): Promise<Hex> {
  const { circle } = rotation
  const [first] = fits
  if (!circle || !first) throw new RangeError('Nobody signed.')
  const approvals = fits.map(({ approval }) => approvalOf(approval))
  const proposal = { pseudonym, to, deadline: first.request.deadline, circle, approvals }
  if (send || chain.network.relayerUrls.length === 0)
    return (await proposeRecovery(withAccount(chain, sender), proposal, { signal })).transactionHash
  try {
    return (await relayRecovery(chain, proposal, { signal })).transactionHash
  } catch (cause) {
    throw cause instanceof RelayerError ? new NotCarriedError({ cause }) : cause
  }
}
