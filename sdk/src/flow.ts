/**
 * A record's journey in two calls: {@link deposit} seals, splits, places and anchors; {@link retrieve} asks for the
 * release, gathers, rebuilds, verifies and opens. Read this file first. What ends a record, or its key, is in
 * `flow/erase.ts` and `flow/rekey.ts`.
 *
 * @module
 */
import { checkPatientKey } from './chain/index.ts'
import { anchorOnce } from './flow/anchor-once.ts'
import { openDraft } from './flow/draft.ts'
import { unlockEmergency } from './flow/emergency-unlock.ts'
import { keptFirst } from './flow/kept.ts'
import { keyNodesOf } from './flow/key-nodes.ts'
import { objectSigner } from './flow/operators.ts'
import { comparePlaced, placeDraft } from './flow/place-draft.ts'
import { watch } from './flow/progress.ts'
import { rebuildSource } from './flow/rebuild.ts'
import type { DepositOptions, Receipt, Retrieved, RetrieveOptions } from './flow/types.ts'
import { describeRecord, unlockRecord } from './flow/unlock.ts'
import { openAll, openBytes, type seal } from './seal/index.ts'
import type { Policy } from './share/index.ts'

export { type Activated, type Activation, activateShares } from './flow/activate.ts'
export {
  askForGlass,
  breakGlass,
  checkAsk,
  commitmentTo,
  handOnParts,
  openGlassPart,
} from './flow/break-glass.ts'
export { emergencyRecipients, generateEmergencyKey } from './flow/emergency-keys.ts'
export {
  type DeletionReport,
  deleteVersions,
  type EraseOptions,
  eraseRecord,
  type NotDeleted,
  type SignedDeletion,
} from './flow/erase.ts'
export {
  encodeGlassAsk,
  encodeGlassParts,
  type GlassAsk,
  type GlassParts,
  parseGlassAsk,
  parseGlassParts,
} from './flow/glass-text.ts'
export { convictsOfKeeping, type KeptProof, keptProof } from './flow/kept-proof.ts'
export { mostRehearsed, type Rehearsal, RehearsalError, type RehearseOptions, rehearse } from './flow/rehearse.ts'
export { type Rekeyed, type RekeyOptions, rekey } from './flow/rekey.ts'
export { type Changed, type ChangeTarget, changeRecord } from './flow/renew-change.ts'
export { type Refreshed, type RefreshOptions, type RenewProgress, refreshRecord } from './flow/renew-refresh.ts'
export { type NotRetired, retireOldShares } from './flow/retire.ts'
export { type DeletePass, deletePass } from './flow/tickets.ts'
export type * from './flow/types.ts'

/** Five shares, any three of which rebuild; secrecy rests on the record's key alone. */
export const standardPolicy: Policy = { n: 5, t: 3, r: 0 }

/**
 * Deposits a record: a fresh key seals it, n shares go to n operators, and the chain fixes what was placed.
 * Nothing counts before the last step: an attempt that fails or is aborted leaves blocks that nobody can open or find.
 * With a journal, the next call goes on where this one ended (docs/spec/resume.md).
 * @throws NotEnoughOperatorsError, NoCommitteeError, PatientKeyError before anything is sealed; NotPlacedError naming each node that
 * failed; ContractRefusalError when the chain refuses the depositor; JournalError, SourceChangedError when it cannot go on.
 * @example
 * const receipt = await deposit(file.stream(), { chain, patient, categoryBit, mime: 'application/fhir+json' })
 */
export async function deposit(source: seal.Source, options: DepositOptions): Promise<Receipt> {
  const { chain, patient, categoryBit, size, policy = standardPolicy, signal } = options
  const { pseudonym } = patient
  const tell = watch(options.onProgress)
  const signer = objectSigner(chain)
  const committee = await keyNodesOf(chain, { signal })
  await checkPatientKey(chain, patient, { signal })

  // Seals as it is read, and wraps the key.
  const parts = { source: tell.bytes('seal', source, size), options: { ...options, policy }, signer, committee }
  const draft = await openDraft(chain, parts, { signal })
  const { recordId, version, salt, earlier, notes } = draft

  const placed =
    earlier.acknowledged ?? (await placeDraft(chain, draft, { pseudonym, size, signer, committee }, { tell, signal }))
  if (earlier.acknowledged) await comparePlaced(draft, placed, signer, { tell, signal })

  tell.start('anchor', 1)
  const { kind: _, sealedLength, acknowledgements, ...hashes } = placed
  const anchor = { recordId, pseudonym, salt, category: categoryBit, ...hashes, ...policy }
  const transaction = earlier.anchored?.transaction ?? (await anchorOnce(chain, anchor, { signal }))
  await notes.write({ kind: 'anchored', transaction })
  tell.next('anchor')
  tell.done('anchor')
  return { recordId, version, pseudonym, ...hashes, policy, sealedLength, transaction, acknowledgements }
}

/**
 * Retrieves a record: k key nodes release its key under the patient's consent (a patient opens an own record without
 * them), an untrusted worker rebuilds the sealed bytes, and every byte is checked before it is given out. A worker or
 * node that fails is named in `faults` and survived where enough others are left.
 * @throws before any byte: UnknownRecordError, BlocksUnavailableError, QuorumError with each key node's code,
 * WrapError or OpenError on a wrong key. From `bytes`: TooFewSharesError naming each node, OpenError.
 * @example
 * const record = await retrieve({ chain, recordId, as: { kind: 'reader', purpose: 0, credentialId } })
 * for await (const bytes of record.bytes) await file.write(bytes)
 */
export async function retrieve(options: RetrieveOptions): Promise<Retrieved> {
  const { chain, range, signal } = options
  const tell = watch(options.onProgress)
  const record = await describeRecord(options, { tell, signal })
  const { as } = options
  const officersPart = as.kind === 'reader' ? as.officersPart : undefined
  const { dek, ...released } =
    officersPart && as.kind === 'reader'
      ? await unlockEmergency(record, { ...options, as, officersPart }, { tell, signal })
      : await unlockRecord(record, options, { tell, signal })

  const { manifest } = record
  const source = rebuildSource(chain, { ...record, ...released }, { ...options, tell })
  const sealed = {
    header: manifest.sealHeader,
    dek,
    expected: { recordId: manifest.recordId, version: manifest.version, chunkLog2: manifest.chunkLog2 },
  }
  if (!range) {
    const { kept } = options
    const chunks = kept ? keptFirst(record, { sealed, kept, chunks: source.chunks }, { signal }) : source.all()
    const { bytes, trailer } = openAll({ ...sealed, chunks, ptCommit: manifest.ptCommit, take: !kept })
    const end = trailer.then(named)
    // Whoever only reads the bytes learns of a failure there.
    end.catch(() => undefined)
    return { bytes: tell.bytes('open', bytes), trailer: end, faults: record.faults }
  }
  const { bytes, trailer, from, to } = await openBytes({
    ...sealed,
    ...range,
    sealedLen: manifest.sealedLen,
    fetchChunks: source.chunks,
  })
  return {
    bytes: tell.bytes('open', bytes, to - from),
    trailer: Promise.resolve(named(trailer)),
    faults: record.faults,
  }
}

const named = ({ mime, realLen }: { mime: string; realLen: number }) => ({ mime, size: realLen })
