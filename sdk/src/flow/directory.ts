import { sha256 } from '#primitives'
import { type Bytes, fromHex, fromUtf8, type Hex, toHex, utf8 } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { type ObjectSigner, openObject, signObject } from '../signed/index.ts'
import { type CallOptions, call, callJson, put } from './http.ts'

/** A name of the directory: whose it is and who vouches for it. */
export type DirectoryEntry = {
  /** SHA-256 of the signed file: what ActorRegistry names. */
  readonly hash: Hex
  readonly resourceType: 'Organization' | 'Practitioner'
  /** As people read it: the organization's name, or title, given and family name. */
  readonly name: string
  /** Who signed the file; the organization's account, or that of the one that vouches. */
  readonly signer: Hex
  /** The FHIR R4 resource as it stands in the file. */
  readonly resource: Readonly<Record<string, unknown>>
}

/** Signs a FHIR Organization or Practitioner as a directory file. Its SHA-256 goes into ActorRegistry.
 * Throws {@link DirectoryError} when it has no name to show. */
export async function signEntry(
  resource: Readonly<Record<string, unknown>>,
  { networkId, signer }: { networkId: Hex; signer: ObjectSigner },
): Promise<{ readonly hash: Hex; readonly bytes: Bytes }> {
  readResource(resource)
  const bytes = await signObject('directory', utf8(JSON.stringify(resource)), fromHex(networkId, 32), signer)
  return { hash: toHex(sha256(bytes)), bytes }
}

/** Reads a directory file and checks its signature. Throws {@link DirectoryError}, `SignedObjectError`, `CborError`. */
export function parseEntry(bytes: Bytes, { networkId }: { networkId: Hex }): DirectoryEntry {
  const { payload, signer, hash } = openObject('directory', bytes, fromHex(networkId, 32))
  const resource = parseJson(payload)
  return { hash: toHex(hash), signer, resource, ...readResource(resource) }
}

/** Fetches the entry with this hash from the first directory that gives it whole and well signed.
 * Throws {@link DirectoryError} when none does: the caller shows the id with a mark instead of a name.
 * @example
 * const { name } = await fetchEntry(network.directoryUrls, { hash: organization.directoryHash, networkId }) */
export async function fetchEntry(
  urls: readonly string[],
  { hash, networkId }: { hash: Hex; networkId: Hex },
  options: CallOptions = {},
): Promise<DirectoryEntry> {
  let cause: unknown
  for (const url of urls) {
    try {
      const bytes = await call(url, `/v1/entries/${hash}`, {}, { timeout: 5_000, ...options })
      const entry = parseEntry(bytes, { networkId })
      if (entry.hash === hash) return entry
      cause = new DirectoryError({ reason: 'a directory gave another file' })
    } catch (error) {
      options.signal?.throwIfAborted()
      cause = error
    }
  }
  throw new DirectoryError({ reason: 'no directory gives this entry', cause })
}

/** Puts a signed file to every directory; it is accepted once ActorRegistry names its hash. */
export async function putEntry(urls: readonly string[], bytes: Bytes, options: CallOptions = {}): Promise<void> {
  await Promise.all(urls.map((url) => put(url, `/v1/entries/${toHex(sha256(bytes))}`, bytes, options)))
}

/** The hashes of all entries that a directory has. */
export async function listEntries(url: string, options: CallOptions = {}): Promise<Hex[]> {
  const { entries } = await callJson(url, '/v1/entries', undefined, options)
  return Array.isArray(entries) ? entries.filter((hash): hash is Hex => /^0x[0-9a-f]{64}$/.test(String(hash))) : []
}

function parseJson(payload: Bytes): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(fromUtf8(payload))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (cause) {
    throw new DirectoryError({ reason: 'the file is no JSON', cause })
  }
  throw new DirectoryError({ reason: 'the file is no FHIR resource' })
}

function readResource(resource: Readonly<Record<string, unknown>>): Pick<DirectoryEntry, 'resourceType' | 'name'> {
  const { resourceType, name } = resource
  const shown = resourceType === 'Practitioner' ? humanName(name) : name
  if (resourceType !== 'Organization' && resourceType !== 'Practitioner')
    throw new DirectoryError({ reason: 'it is neither an Organization nor a Practitioner' })
  if (typeof shown !== 'string' || shown.trim() === '' || shown.length > 200)
    throw new DirectoryError({ reason: 'it has no name to show' })
  return { resourceType, name: shown.trim() }
}

/** FHIR HumanName: `text`, or prefix, given and family name. */
function humanName(names: unknown): string | undefined {
  const [first] = Array.isArray(names) ? (names as Record<string, unknown>[]) : []
  if (!first) return undefined
  if (typeof first.text === 'string') return first.text
  const listed = (part: unknown) => (Array.isArray(part) ? part.filter((one) => typeof one === 'string') : [])
  const family = typeof first.family === 'string' ? [first.family] : []
  return [...listed(first.prefix), ...listed(first.given), ...family].join(' ')
}

/** Thrown when a directory entry is missing or names nobody. */
export class DirectoryError extends BaseError<'DIRECTORY'> {
  override readonly name = 'DirectoryError'
  constructor({ reason, cause }: { reason?: string; cause?: unknown }) {
    super('DIRECTORY', `The directory entry is not usable: ${reason ?? 'unknown'}.`, {
      cause,
      hints: ['Show the id with a mark; do not show a name that does not verify.'],
      docs: '/directory',
    })
  }
}
