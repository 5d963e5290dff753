import { type Chain, credentialsOf, operators, organizations, staffOf } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { fetchEntry } from '@sharewell/sdk/flow/directory'
import type { Hex } from 'viem'
import { lower, type NameBook } from './names.ts'

/** An organization with its name from the directory. */
export type NamedOrganization = {
  readonly id: Hex
  readonly name: string
  readonly verified: boolean
  readonly isProvider: boolean
  /** Has staff who read: it does more than run nodes. */
  readonly canRead: boolean
  /** The organization above it, for a department. */
  readonly parent?: Hex | undefined
  readonly active: boolean
  readonly account: Hex
}

/** A practitioner with the name and the affiliation that an organization vouches for. */
export type NamedPractitioner = {
  readonly account: Hex
  readonly name: string
  readonly specialty?: string | undefined
  readonly verified: boolean
  readonly organization: Hex
  readonly credentialId: Hex
  readonly until: number
  readonly retracted: boolean
}

/** Everyone whom the network names. */
export type Directory = {
  readonly organizations: readonly NamedOrganization[]
  readonly practitioners: readonly NamedPractitioner[]
}

type Entry = { readonly name: string; readonly specialty?: string | undefined; readonly verified: boolean }

const providers = new Set(['hospital', 'laboratory', 'pharmacy', 'emergency'])
const unnamed = (id: Hex): Entry => ({ name: `Unnamed (${id.slice(0, 8)}…)`, verified: false })

/**
 * Reads who is who: ids and hashes from the chain, names from directory files. A name counts as verified when its file
 * has the hash that stands on the chain and the organization that answers for it signed the file.
 */
export async function readDirectory(chain: Chain, signal?: AbortSignal): Promise<Directory> {
  const all = await organizations(chain, { signal })
  const named = await Promise.all(
    all.map(async ({ id, kind, active, account, directoryHash, parent }) => {
      const { name, verified } = (await readEntry(chain, directoryHash, [account], signal)) ?? unnamed(id)
      const above = BigInt(parent) === 0n ? undefined : parent
      return {
        id,
        name,
        verified,
        isProvider: providers.has(kind),
        canRead: kind !== 'host',
        parent: above,
        active,
        account,
      }
    }),
  )
  const staff = await Promise.all(
    all.map(async ({ id, account }) => {
      const members = await staffOf(chain, { organization: id }, { signal })
      return await Promise.all(members.map((member) => practitioner(chain, member, { id, account }, signal)))
    }),
  )
  return { organizations: named, practitioners: staff.flat().filter((one) => one !== undefined) }
}

async function practitioner(
  chain: Chain,
  account: Hex,
  organization: { id: Hex; account: Hex },
  signal?: AbortSignal,
): Promise<NamedPractitioner | undefined> {
  const credentials = await credentialsOf(chain, { account }, { signal })
  const credential = credentials.find((one) => one.organization === organization.id)
  if (!credential) return undefined
  const { directoryHash, until, retracted, id } = credential
  const entry = (await readEntry(chain, directoryHash, [organization.account], signal)) ?? unnamed(account)
  return { account, ...entry, organization: organization.id, credentialId: id, until, retracted }
}

/** The directory's word on a hash; undefined where no directory has it, and then the screen shows the id. */
async function readEntry(
  chain: Chain,
  hash: Hex,
  signers: readonly Hex[],
  signal?: AbortSignal,
): Promise<Entry | undefined> {
  const { directoryUrls, networkId } = chain.network
  try {
    const { name, signer, resource } = await fetchEntry(directoryUrls, { hash, networkId }, { signal })
    return { name, specialty: specialtyOf(resource), verified: signers.some((one) => lower(one) === lower(signer)) }
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof BaseError) return undefined
    throw error
  }
}

function specialtyOf(resource: Readonly<Record<string, unknown>>): string | undefined {
  const { qualification } = resource as { qualification?: readonly { readonly code?: { readonly text?: unknown } }[] }
  const text = qualification?.[0]?.code?.text
  return typeof text === 'string' ? text : undefined
}

/** Writes what the directory says into the book of names. */
export function learnNames(names: NameBook, { organizations, practitioners }: Directory): void {
  for (const { id, name, verified } of organizations) names.organizations.set(lower(id), { text: name, verified })
  for (const { account, name, verified, specialty } of practitioners)
    names.accounts.set(lower(account), { text: name, verified, about: specialty })
}

/** Writes who runs which node into the book of names. */
export async function learnOperators(chain: Chain, names: NameBook, signal?: AbortSignal): Promise<void> {
  for (const { id, organization, kind } of await operators(chain, {}, { signal })) {
    const name = names.organizations.get(lower(organization))
    names.operators.set(lower(id), {
      text: name?.text ?? `Operator ${id.slice(0, 8)}…`,
      verified: name?.verified ?? false,
      about: kind,
    })
  }
}
