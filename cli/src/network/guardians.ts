/**
 * Guardians on the command line: files that people hand each other, and who one is when one guards.
 * @module
 */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { type Bytes, equal, fromHex, fromUtf8, type Hex, utf8 } from '@sharewell/sdk/bytes'
import {
  type GuardianApproval,
  type GuardianRequest,
  guardianApproval,
  guardianCode,
  guardianRequest,
  guardianSeedOf,
  type Vault,
} from '@sharewell/sdk/person'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { text, UsageError } from '../command.ts'
import { readSmall } from '../input.ts'
import { openOutput } from '../output.ts'
import { NoVaultError } from './kit.ts'
import type { NetworkFile } from './network-file.ts'
import { type ActorOptions, actorOptions, findPerson, readPrivateKey, readVault } from './session.ts'

/** Largest file that people hand each other here. */
const limit = 1 << 16

/** A guardian's code as a file: what the file calls the guardian, and the keys in it. */
export type NamedGuardian = { readonly name: string; readonly key: Bytes; readonly publicKey: Bytes }

/** Reads the codes of several guardians, each of another one. The name of a file is what its guardian is called. */
export async function readGuardians(
  files: readonly string[],
  { network }: Pick<NetworkFile, 'network'>,
  signal: AbortSignal,
): Promise<readonly NamedGuardian[]> {
  const networkId = fromHex(network.networkId, 32)
  const guardians: NamedGuardian[] = []
  for (const file of files) {
    const { key, publicKey } = guardianCode.read(await readText(file, signal), { networkId })
    const name = path.basename(file, path.extname(file))
    const twin = guardians.find((one) => equal(one.key, key) || one.name === name)
    if (twin)
      throw new UsageError({
        problem: `${file} and ${twin.name} are one guardian`,
        hints: ['name each guardian once, in a file of another name'],
      })
    guardians.push({ name, key, publicKey })
  }
  return guardians
}

/** A small text from a file, or from stdin for `-`. */
export const readText = async (file: string, signal: AbortSignal): Promise<string> =>
  fromUtf8(await readSmall(file, limit, signal))

/** Writes something for one person, for the eyes of the owner of this machine until it is handed over. */
export async function writePrivate(file: string, content: string, force = false): Promise<void> {
  const output = await openOutput(file, { force, mode: 0o600 })
  try {
    await output.write(utf8(`${content}\n`))
    await output.commit()
  } finally {
    await output.discard()
  }
}

/** Options of who guards: with an own vault, or with a secret in a file. */
export const guardianOptions = {
  guardianFile: text('--guardian-file <file>', 'the secret of a guardian who has no vault (64 hex digits, mode 0600)'),
  ...actorOptions,
}

/** What {@link guardianOptions} were given. */
export type GuardianOptions = ActorOptions & { readonly guardianFile?: string | undefined }

/** The secret of who guards. */
export async function guardianSeed(options: GuardianOptions, file: NetworkFile, signal: AbortSignal): Promise<Bytes> {
  const { guardianFile } = options
  if (guardianFile !== undefined) return fromHex(await readPrivateKey(guardianFile, signal), 32)
  return guardianSeedOf((await ownVault(options, file, signal)).vault)
}

/** The vault of who acts, and the account that unlocks it. The chain is not asked. */
export async function ownVault(
  { as, keyFile, vaultFile }: ActorOptions,
  file: NetworkFile,
  signal: AbortSignal,
): Promise<{ readonly account: PrivateKeyAccount; readonly vault: Vault }> {
  if (as !== undefined) return demoVault(as, file)
  if (keyFile === undefined || vaultFile === undefined) throw new NoVaultError({})
  return await readVault({ keyFile, vaultFile }, file.network, signal)
}

function demoVault(as: string, { people, network }: NetworkFile) {
  const { vaultSeed, accounts } = findPerson(people, as)
  const [first] = accounts
  if (vaultSeed === undefined || first === undefined) throw new NoVaultError({})
  const profiles = accounts.flatMap(({ providerId, address }) =>
    providerId === undefined
      ? []
      : [{ providerId: fromHex(providerId), controller: address.toLowerCase() as Hex, gen: 0, derived: false }],
  )
  const vault = { networkId: fromHex(network.networkId, 32), seed: fromHex(vaultSeed, 32), profiles }
  return { account: privateKeyToAccount(first.privateKey), vault }
}

/** What lies in the folder of a rotation: what was asked, and what was answered. */
export type RotationFolder = {
  readonly requests: readonly (GuardianRequest & { readonly name: string })[]
  readonly approvals: readonly (GuardianApproval & { readonly name: string })[]
}

const endings = { request: '.request', approval: '.approval' } as const

/** Reads the folder of a rotation. A file that cannot be used is an error that names it. */
export async function readRotation(
  folder: string,
  { network }: Pick<NetworkFile, 'network'>,
  signal: AbortSignal,
): Promise<RotationFolder> {
  const expected = { networkId: fromHex(network.networkId, 32) }
  const names = (await readdir(folder)).toSorted()
  const read = <value>(ending: string, code: { read: (text: string, at: typeof expected) => value }) =>
    Promise.all(
      names
        .filter((name) => name.endsWith(ending))
        .map(async (name) => ({ ...code.read(await readText(path.join(folder, name), signal), expected), name })),
    )
  return {
    requests: await read(endings.request, guardianRequest),
    approvals: await read(endings.approval, guardianApproval),
  }
}

/** What the request to one guardian about one pseudonym is called. */
export const requestName = (pseudonym: Hex, guardian: string): string =>
  `${pseudonym.slice(2, 10)}-${guardian}${endings.request}`
