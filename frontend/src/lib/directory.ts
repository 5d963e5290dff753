import { fromHex, fromUtf8, toHex } from '@sharewell/sdk/bytes'
import { type Chain, credentialsOf, operators, organizations, staffOf } from '@sharewell/sdk/chain'
import { digest } from '@sharewell/sdk/primitives'
import { openObject } from '@sharewell/sdk/signed'
import type { HumanName } from 'fhir/r4'
import type { Hex } from 'viem'
import { lower, type NameBook } from './names.ts'

/** An organization with its name from the directory. */
export type NamedOrganization = {
  readonly id: Hex
  readonly name: string
  readonly verified: boolean
  readonly isProvider: boolean
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
    all.map(async ({ id, kind, active, account, directoryHash }) => {
      const entry = (await readEntry(chain, directoryHash, [account], signal)) ?? unnamed(id)
      return { id, name: entry.name, verified: entry.verified, isProvider: providers.has(kind), active, account }
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

/** Asks the directories for a file until one gives the file with that hash. */
async function readEntry(
  chain: Chain,
  hash: Hex,
  signers: readonly Hex[],
  signal?: AbortSignal,
): Promise<Entry | undefined> {
  const { directoryUrls, networkId } = chain.network
  for (const url of directoryUrls) {
    try {
      const response = await fetch(new URL(`/v1/entries/${hash}`, url), { signal: bounded(signal) })
      if (!response.ok) continue
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (toHex(await digest(bytes)) !== lower(hash)) continue
      const { payload, signer } = openObject('directory', bytes, fromHex(networkId))
      const verified = signers.some((one) => lower(one) === lower(signer))
      return { ...nameIn(JSON.parse(fromUtf8(payload))), verified }
    } catch {
      signal?.throwIfAborted()
    }
  }
  return undefined
}

type Resource = {
  readonly resourceType?: string
  readonly name?: string | readonly HumanName[]
  readonly qualification?: readonly { readonly code?: { readonly text?: string } }[]
}

function nameIn(resource: Resource): { name: string; specialty?: string | undefined } {
  if (typeof resource.name === 'string') return { name: resource.name }
  const [human] = resource.name ?? []
  const parts = [...(human?.prefix ?? []), ...(human?.given ?? []), human?.family]
  const name = human?.text ?? parts.filter(Boolean).join(' ')
  return { name: name || 'Unnamed', specialty: resource.qualification?.[0]?.code?.text }
}

const bounded = (signal?: AbortSignal): AbortSignal =>
  AbortSignal.any([AbortSignal.timeout(8000), ...(signal ? [signal] : [])])

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
