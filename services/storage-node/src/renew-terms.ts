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
  {
    networkId,
    operator,
    store,
    ledger,
  }: Pick<Components, 'operator' | 'networkId' | 'ledger'> & {
    readonly store: Store
  },
  standing: Standing,
  { bytes, kinds }: { readonly bytes: Uint8Array; readonly kinds: readonly RenewTerms['kind'][] },
  options: AbortOptions = {},
): Promise<StandingTerms> {
  const loaded = await loadRecord({ ...standing, networkId, nodes: [{ operator, store }], ...options })
  const { manifest, manifestHash } = loaded
  if (manifest.n > mostKeepers) throw new RenewError({ reason: `${manifest.n} keepers are too many` })
  const terms = readTerms(bytes, manifest)
  const operators = loaded.placement.operators.map((id) => toHex(id))
  // In a change nodes give nothing to a depositor as such.
  if (terms.kind !== 'change') checkPolicyOf({ ledger, networkId }, loaded, operators.indexOf(operator))
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
  return { terms, session, loaded, operators }
}

/**
 * Refuses a policy that a depositor may have made up: it would make of one node's part what t nodes' parts are. A share
 * that this node made in a change, or after one, has the policy of then; any other one that of the deposit. Who has no
 * share gives nothing.
 */
function checkPolicyOf(
  { ledger, networkId }: Pick<Components, 'ledger' | 'networkId'>,
  { manifest, lineage }: LoadedRecord,
  own: number,
): void {
  if (own < 0) return
  const noted = ledger.policyOf({ recordId: toHex(manifest.recordId), root: toHex(manifest.T[own] as Bytes) })
  const due = noted ?? parseManifest(lineage.at(-1) as Bytes, { networkId: fromHex(networkId, 32) }).manifest
  if (manifest.n !== due.n || manifest.t !== due.t || manifest.r !== due.r)
    throw new RenewError({ reason: 'its share was not made under the policy that stands' })
}

/** As many as a depositor's ticket can name. */
export const mostKeepers = 300

type Store = Pick<Components['store'], 'get'>
