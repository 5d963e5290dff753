import { type Bytes, equal, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type AbortOptions, type LoadedRecord, loadRecord } from '@sharewell/sdk/place'
import {
  parseManifest,
  RenewError,
  type RenewSession,
  type RenewTerms,
  readTerms,
  sessionOf,
} from '@sharewell/sdk/share'
import type { Standing } from './authority.ts'
import type { Components } from './components.ts'

/** Terms of a renewal of a record as it stands on chain. */
export type StandingTerms = {
  readonly terms: RenewTerms
  readonly session: RenewSession
  readonly loaded: LoadedRecord
  /** Who keeps which share. */
  readonly operators: readonly Hex[]
}

/**
 * Reads terms, and compares them with the record that the ticket is for, as it stands on chain.
 * Errors: `RenewError`, `BlockNotFoundError`, `CborError`, `CborFieldError`, those of the manifest's parsers.
 */
export async function openTerms(
  { networkId, operator, store }: Pick<Components, 'operator' | 'networkId'> & { readonly store: Store },
  standing: Standing,
  { bytes, kinds }: { readonly bytes: Uint8Array; readonly kinds: readonly RenewTerms['kind'][] },
  options: AbortOptions = {},
): Promise<StandingTerms> {
  const loaded = await loadRecord({ ...standing, networkId, nodes: [{ operator, store }], ...options })
  const { manifest, placement, manifestHash } = loaded
  // A policy that a depositor made up would make of one node's part what t nodes' parts are.
  const anchored = parseManifest(loaded.lineage.at(-1) as Bytes, { networkId: fromHex(networkId, 32) }).manifest
  if (manifest.n !== anchored.n || manifest.t !== anchored.t || manifest.r !== anchored.r)
    throw new RenewError({ reason: 'nodes renew no shares under a policy that was changed' })
  const terms = readTerms(bytes, manifest)
  const due = {
    networkId: fromHex(networkId, 32),
    recordId: fromHex(standing.recordId, 32),
    manifestHash: fromHex(manifestHash, 32),
    placementHash: fromHex(standing.placementHash, 32),
  }
  for (const [name, value] of Object.entries(due))
    if (!equal(terms[name as keyof typeof due], value)) throw new RenewError({ reason: `its ${name} does not stand` })
  const { kind, version, epoch } = terms
  if (!kinds.includes(kind)) throw new RenewError({ reason: `no ${kind} is taken here` })
  // A repair makes no manifest, so it belongs to the one that stands.
  const before = loaded.lineage.length - (kind === 'repair' ? 1 : 0)
  if (version !== standing.version || epoch !== before)
    throw new RenewError({ reason: 'its version or epoch does not stand' })
  const session = { session: sessionOf(terms), networkId: due.networkId }
  return { terms, session, loaded, operators: placement.operators.map((id) => toHex(id)) }
}

type Store = Pick<Components['store'], 'get'>
