import type { Hex } from '../bytes.ts'
import { type AnchoredRecord, type Chain, checkPatientKey, mayDelete, recordOf } from '../chain/index.ts'
import { openAll, openBytes, type seal } from '../seal/index.ts'
import type { Policy } from '../share/index.ts'
import { supersedeOnce } from './anchor-once.ts'
import { openDraft } from './draft.ts'
import { type DeletionReport, deleteVersions, type EraseOptions } from './erase.ts'
import { JournalError, type NoteOf, readNotes } from './journal.ts'
import { keyNodesOf } from './key-nodes.ts'
import { objectSigner } from './operators.ts'
import { placeDraft } from './place-draft.ts'
import { type Journey, watch } from './progress.ts'
import { rebuildSource } from './rebuild.ts'
import type { DepositOptions, Receipt, RetrieveOptions } from './types.ts'
import { describeRecord, UnknownRecordError, unlockRecord } from './unlock.ts'

/** What a re-keying takes. */
export type RekeyOptions = Pick<
  DepositOptions,
  'patient' | 'operators' | 'journal' | 'onProgress' | 'postQuantum' | 'emergency'
> & {
  /** Connected with the patient's account at that provider, or with the provider's own: it opens, deposits, deletes. */
  readonly chain: Chain
  readonly recordId: Hex
  /** Whence the record comes: opened here, or from a copy that the provider has of what it deposited. */
  readonly from:
    | { readonly kind: 'open'; readonly as: RetrieveOptions['as'] }
    | { readonly kind: 'copy'; readonly source: seal.Source; readonly mime: string; readonly size?: number }
  /** Shares of the new version; those of the current one when absent. */
  readonly policy?: Policy
  /** Hears of each node that deleted the old versions, or did not. */
  readonly onNode?: EraseOptions['onNode']
  readonly signal?: AbortSignal
}

/** A record under a new key: the new version's receipt, and who confirmed that the old versions are gone. */
export type Rekeyed = { readonly receipt: Receipt; readonly deletions: DeletionReport }

/**
 * Seals a record anew under a fresh key as its next version, so that nothing that is kept opens with the old one: new
 * key, new shares, new key header; then the old version is superseded, and every node deletes what it has of it.
 * Until the chain names the new version the old one stands whole; from then on only deleting is left. With a journal
 * the next call goes on where this one ended, without one it begins anew (docs/spec/rekey.md).
 * @throws UnknownRecordError, DeletionRefusedError, PatientKeyError before anything is done; what `retrieve` and
 * `deposit` throw; JournalError where another version came meanwhile. A node that does not confirm is no error: it
 * stands in `deletions.missing`.
 * @example
 * const { receipt, deletions } = await rekey({ chain, recordId, patient, from: { kind: 'open', as: { kind: 'patient', selfSeed } } })
 */
export async function rekey(options: RekeyOptions): Promise<Rekeyed> {
  const { chain, recordId, patient, onNode, signal } = options
  const record = await recordOf(chain, { recordId }, { signal })
  if (!record || record.erased || record.pseudonym !== patient.pseudonym)
    throw new UnknownRecordError({ recordId, erased: record?.erased ?? false })
  await mayDelete(chain, record, { signal })
  const placed = placedBefore(record, options) ?? (await placeAgain(chain, record, options))
  const receipt = await supersedeBy(chain, record, { ...options, placed })
  const old = { recordId, version: receipt.version - 1 }
  return { receipt, deletions: await deleteVersions(chain, old, { onNode, signal }) }
}

/** A version that all its nodes acknowledged. */
type PlacedVersion = NoteOf<'acknowledged'> & { readonly version: number; readonly policy: Policy }

/** What an earlier call placed whole: the chain names it already, or is to name it next. */
function placedBefore({ version, manifestHash }: AnchoredRecord, { journal }: RekeyOptions): PlacedVersion | undefined {
  const { draft, acknowledged } = readNotes(journal?.notes ?? [])
  if (!draft) return undefined
  const next = draft.next?.version
  const ours = next === version && acknowledged?.manifestHash === manifestHash
  if (next !== version + 1 && !ours) throw new JournalError({ reason: 'the record has another version since' })
  return acknowledged && { ...acknowledged, version: next, policy: draft.policy }
}

/** Seals, splits and places the record as its next version. */
async function placeAgain(chain: Chain, record: AnchoredRecord, options: RekeyOptions): Promise<PlacedVersion> {
  const { patient, signal } = options
  const { recordId, pseudonym, category: categoryBit, n, t, r } = record
  const { policy = { n, t, r } } = options
  const next = { recordId, version: record.version + 1 }
  const tell = watch(options.onProgress)
  const signer = objectSigner(chain)
  const committee = await keyNodesOf(chain, { signal })
  await checkPatientKey(chain, patient, { signal })
  const { source, mime, size, ...wraps } = await sourceOf(options, { tell, signal })
  const sized = size === undefined ? {} : { size }
  const parts = {
    source: tell.bytes('seal', source, size),
    options: { ...options, ...sized, ...wraps, categoryBit, mime, policy },
    signer,
    committee,
    next,
  }
  const draft = await openDraft(chain, parts, { signal })
  const placed = await placeDraft(chain, draft, { pseudonym, size, signer, committee }, { tell, signal })
  return { ...placed, version: next.version, policy }
}

/** From here on the new version is the record. */
async function supersedeBy(
  chain: Chain,
  { recordId, pseudonym }: AnchoredRecord,
  { placed, journal, onProgress, signal }: RekeyOptions & { readonly placed: PlacedVersion },
): Promise<Receipt> {
  const tell = watch(onProgress)
  const { kind: _, sealedLength, acknowledgements, version, policy, ...hashes } = placed
  tell.start('anchor', 1)
  const transaction = await supersedeOnce(chain, { recordId, version, ...hashes, ...policy }, { signal })
  await journal?.write([{ kind: 'anchored', transaction }])
  tell.next('anchor')
  tell.done('anchor')
  return { recordId, version, pseudonym, ...hashes, policy, sealedLength, transaction, acknowledgements }
}

type Source = Pick<DepositOptions, 'postQuantum' | 'emergency'> & {
  readonly source: seal.Source
  readonly mime: string
  readonly size: number | undefined
}

/** The record's bytes: every one is checked against the chain before the last of them is given, so that a source that
 * ended without throwing is the record. */
async function sourceOf(options: RekeyOptions, journey: Journey): Promise<Source> {
  const { chain, recordId, from, signal, postQuantum, emergency } = options
  if (from.kind === 'copy') return { source: from.source, mime: from.mime, size: from.size, postQuantum, emergency }
  const asked = { chain, recordId, as: from.as, ...(signal && { signal }) }
  const record = await describeRecord(asked, journey)
  const { dek, ...released } = await unlockRecord(record, asked, journey)
  const { manifest } = record
  const { all, chunks } = rebuildSource(chain, { ...record, ...released }, journey)
  const expected = { recordId: manifest.recordId, version: manifest.version, chunkLog2: manifest.chunkLog2 }
  const sealed = { header: manifest.sealHeader, dek, expected }
  // What it is and how long stands at its end.
  const { trailer } = await openBytes({ ...sealed, to: 0, sealedLen: manifest.sealedLen, fetchChunks: chunks })
  const { bytes } = openAll({ ...sealed, chunks: all(), ptCommit: manifest.ptCommit })
  const { pq, wraps } = record.header
  return {
    source: bytes,
    mime: trailer.mime,
    size: trailer.realLen,
    // Whoever could open it beside the patient and readers, and however strongly, still can.
    postQuantum: postQuantum ?? pq !== undefined,
    emergency: emergency ?? wraps.W3 !== undefined,
  }
}
