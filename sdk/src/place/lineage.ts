import { sha256 } from '#primitives'
import { type Bytes, equal, type Hex, toHex } from '../bytes.ts'
import { checkRenewed, ManifestError, parseManifest } from '../share/index.ts'

/** A signed manifest as it was read. */
type Opened = ReturnType<typeof parseManifest>

/** Signed manifests of one record version, opened. */
export type Lineage = {
  /** The one that is asked about. */
  readonly standing: Opened
  /** The one that it descends from: the same where no share was renewed. */
  readonly anchored: Opened
}

/** More renewals of one version than any record sees. */
export const mostRenewals = 256

/** Opens signed manifests of which each follows the next one and the last follows none. That the last is the anchored one
 * is for the chain to say.
 * @throws ManifestError where they do not follow each other, or change more than shares.
 * @throws SignedObjectError, CborError, CborFieldError, PolicyError */
export function readLineage(signed: readonly Bytes[], networkId: Uint8Array): Lineage {
  const opened = signed.slice(0, mostRenewals + 1).map((bytes) => parseManifest(bytes, { networkId }))
  const [standing, anchored] = [opened[0], opened.at(-1)]
  if (!standing || !anchored || anchored.manifest.prev || opened.length < signed.length)
    throw new ManifestError({ reason: 'does not descend from the anchored one' })
  for (const [at, { manifest }] of opened.slice(0, -1).entries())
    if (!equal(checkRenewed(anchored.manifest, manifest), (opened[at + 1] as Opened).hash))
      throw new ManifestError({ reason: 'does not follow the one before it' })
  return { standing, anchored }
}

/** Of the signed manifests of a version, the one under this hash and those before it; none where it is not among them. */
export function descentOf(lineage: readonly Bytes[], manifestHash: Hex): readonly Bytes[] {
  const at = lineage.findIndex((manifest) => toHex(sha256(manifest)) === manifestHash)
  return at < 0 ? [] : lineage.slice(at)
}
