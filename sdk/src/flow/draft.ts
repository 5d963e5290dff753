import { randomBytes, sha256 } from '#primitives'
import { type Bytes, concat, fromBase64url, fromHex, type Hex, toBase64url, toHex } from '../bytes.ts'
import { type Chain, type DeletionScope, type Operator, providerOf, recordIdOf } from '../chain/index.ts'
import { type Sealed, seal } from '../seal/index.ts'
import { type ChunkLog2, chunkLog2For, type Policy } from '../share/index.ts'
import type { ObjectSigner } from '../signed/index.ts'
import { emergencyRecipients } from './emergency-keys.ts'
import { isPostQuantum, makeHeader } from './headers.ts'
import { chunksNote, type DepositNote, type Earlier, JournalError, openKey, readNotes, sealKey } from './journal.ts'
import type { KeyNodes } from './key-nodes.ts'
import type { PartyOptions } from './operators.ts'
import { chooseStorage, keepStorage } from './parties.ts'
import type { DepositOptions } from './types.ts'

/** A deposit with all that must stay the same when it goes on after an interruption. */
export type Draft = {
  readonly networkId: Hex
  readonly recordId: Hex
  readonly version: number
  readonly salt: Hex
  readonly policy: Policy
  readonly chunkLog2: ChunkLog2
  /** True where the patient deposits, not the provider. */
  readonly own: boolean
  /** Shows whose record a patient deposits, where the chain does not know it yet. */
  readonly subject?: { readonly pseudonym: Hex; readonly salt: Hex } | undefined
  readonly sealed: Sealed
  readonly keyHeader: Bytes
  readonly placementSalt: Bytes
  readonly storage: readonly Operator[]
  /** How far an earlier call came with it. */
  readonly earlier: Earlier
  readonly notes: Notes
}

/** What a draft is made of. */
export type DraftParts = {
  readonly source: seal.Source
  readonly options: DepositOptions & { readonly policy: Policy }
  readonly signer: ObjectSigner
  readonly committee: KeyNodes
  /** The version that is made of a record which stands; the first of a new record when absent. */
  readonly next?: DeletionScope | undefined
}

/** The journal as the steps of a deposit use it; without one nothing is kept. */
export type Notes = {
  /** Sealed bytes that may wait for one note. */
  readonly batch: number
  /** Keeps a note, with the placed chunks that were not noted yet. */
  write(...notes: DepositNote[]): Promise<void>
  chunks: (...args: Parameters<typeof chunksNote>) => Promise<void>
  placed(i: number): void
}

/** The secrets and salts of a draft. */
type Drawn = { readonly dek: Bytes; readonly sealSalt: Bytes; readonly salt: Hex; readonly placementSalt: Bytes }

/**
 * Begins a deposit, or takes up the one that the journal tells of: same ids, keys, salts, header and operators.
 * @throws JournalError where the notes are of another deposit; NotEnoughOperatorsError
 */
export async function openDraft(chain: Chain, parts: DraftParts, { signal }: PartyOptions): Promise<Draft> {
  const { options, signer, committee, next } = parts
  const { journal, patient, size, policy, categoryBit, mime, postQuantum = false } = options
  const { networkId } = chain.network
  const notes = notesOf(journal)
  const noted = readNotes(journal?.notes ?? [])
  const { draft } = noted
  const same = {
    networkId,
    account: signer.address.toLowerCase() as Hex,
    pseudonym: patient.pseudonym.toLowerCase() as Hex,
    selfKeyHash: toHex(sha256(patient.selfPublicKey)),
    categoryBit,
    mime,
    policy,
    groupKey: toHex(committee.groupKey),
  }
  if (draft) checkSame(draft, same, next)
  const drawn = draft && journal ? await drawnBefore(draft, journal.key) : draw()
  const first = { recordId: recordIdOf(networkId, same.pseudonym, drawn.salt), version: 1 }
  const record = { networkId, ...(next ?? first) }
  const { recordId } = record
  const chunkLog2 = draft?.chunkLog2 ?? chunkLog2For(policy, size)
  const own = !(await providerOf(chain, { account: signer.address }, { signal }))
  const { storage, earlier } = await storageOf(chain, { noted, notes, options }, { signal })
  const sealed = seal(parts.source, {
    recordId: fromHex(recordId, 32),
    version: record.version,
    mime,
    chunkLog2,
    random: inTurn(drawn.dek, drawn.sealSalt),
  })
  const keyHeader = draft
    ? fromBase64url(draft.keyHeader)
    : await makeHeader({
        ...record,
        signer,
        sealed,
        patient,
        committee,
        postQuantum,
        signal,
        recipients: await recipientsFor(chain, options, { signal }),
      })
  checkStrength(keyHeader, { networkId, postQuantum })
  if (journal && !draft) {
    await notes.write({
      kind: 'draft',
      ...same,
      chunkLog2,
      salt: drawn.salt,
      ...(next && { next }),
      placementSalt: toHex(drawn.placementSalt),
      sealSalt: toHex(drawn.sealSalt),
      operators: storage.map(({ id }) => id),
      keyHeader: toBase64url(keyHeader),
      sealedKey: toHex(await sealKey(journal.key, drawn.dek, boundTo(record))),
    })
  }
  const { salt, placementSalt } = drawn
  const subject = own && !next ? { pseudonym: patient.pseudonym, salt } : undefined
  return { ...record, salt, policy, chunkLog2, own, subject, sealed, keyHeader, placementSalt, storage, earlier, notes }
}

/** Who opens an emergency summary in an emergency; nobody any other record. */
const recipientsFor = async (chain: Chain, { emergency, patient }: DepositOptions, options: PartyOptions) =>
  emergency ? await emergencyRecipients(chain, patient, options) : undefined

/** Notes are written together until a MiB of sealed bytes waits for them: one flush of the disk for each. */
const batch = 2 ** 20

function notesOf(journal: DepositOptions['journal']): Notes {
  const waiting: number[] = []
  const write = async (...notes: DepositNote[]) => {
    const chunks = waiting.splice(0)
    const placed = chunks.length > 0 ? [{ kind: 'placed', chunks } as const] : []
    const all = [...placed, ...notes]
    if (all.length > 0) await journal?.write(all)
  }
  return {
    batch: journal ? batch : 0,
    write,
    chunks: (first, digests) => write(chunksNote(first, digests)),
    placed: (i) => void waiting.push(i),
  }
}

type Same = Pick<
  NonNullable<Earlier['draft']>,
  'networkId' | 'account' | 'pseudonym' | 'selfKeyHash' | 'categoryBit' | 'mime' | 'policy' | 'groupKey'
>

/** A header that was made before is as strong as what is asked for now. */
function checkStrength(keyHeader: Bytes, asked: { networkId: Hex; postQuantum: boolean }): void {
  if (isPostQuantum(keyHeader, asked.networkId) !== asked.postQuantum)
    throw new JournalError({ reason: `it was begun ${asked.postQuantum ? 'without' : 'with'} a second key` })
}

const reasons: Readonly<Record<Exclude<keyof Same, 'policy'>, string>> = {
  networkId: 'it is of another network',
  account: 'another account began it',
  pseudonym: 'it is of another patient',
  selfKeyHash: 'the patient has another key since',
  categoryBit: 'it is of another category',
  mime: 'it is of another media type',
  groupKey: 'the key nodes have another key since',
}

function checkSame(draft: NonNullable<Earlier['draft']>, now: Same, next: DeletionScope | undefined): void {
  if (draft.next?.recordId !== next?.recordId) throw new JournalError({ reason: 'it is of another record' })
  if (draft.next?.version !== next?.version) throw new JournalError({ reason: 'the record has another version since' })
  for (const [name, reason] of Object.entries(reasons) as [keyof typeof reasons, string][])
    if (draft[name] !== now[name]) throw new JournalError({ reason })
  const { n, t, r } = draft.policy
  if (n !== now.policy.n || t !== now.policy.t || r !== now.policy.r)
    throw new JournalError({ reason: `its policy is ${n},${t},${r}` })
}

const draw = (): Drawn => ({
  dek: randomBytes(32),
  sealSalt: randomBytes(32),
  salt: toHex(randomBytes(32)),
  placementSalt: randomBytes(32),
})

async function drawnBefore(draft: NonNullable<Earlier['draft']>, key: Bytes): Promise<Drawn> {
  const { networkId, pseudonym, salt, next, sealSalt, placementSalt, sealedKey } = draft
  const { recordId } = next ?? { recordId: recordIdOf(networkId, pseudonym, salt) }
  const dek = await openKey(key, sealedKey, boundTo({ networkId, recordId }))
  return { dek, salt, sealSalt: fromHex(sealSalt, 32), placementSalt: fromHex(placementSalt, 32) }
}

const boundTo = ({ networkId, recordId }: { networkId: Hex; recordId: Hex }): Bytes =>
  concat(fromHex(networkId, 32), fromHex(recordId, 32))

/** Gives drawn values again, in the order in which `seal` draws them. */
function inTurn(...values: Bytes[]): (length: number) => Bytes {
  const left = [...values]
  return (length) => {
    const value = left.shift()
    if (value?.length !== length) throw new JournalError({ reason: 'its secrets have another form' })
    return value
  }
}

/** The draft's operators as long as they answer; others in the place of those that do not: then all chunks are sent anew. */
async function storageOf(
  chain: Chain,
  { noted, notes, options: { policy, operators } }: { noted: Earlier; notes: Notes; options: DraftParts['options'] },
  options: PartyOptions,
): Promise<Pick<Draft, 'storage' | 'earlier'>> {
  const before = noted.operators
  if (before.length === 0) return { storage: await chooseStorage(chain, policy.n, operators, options), earlier: noted }
  // What all nodes acknowledged lies where it lies.
  if (noted.acknowledged) return { storage: [], earlier: noted }
  if (operators && !sameIds(operators, before)) throw new JournalError({ reason: 'other operators were named' })
  const storage = operators
    ? await chooseStorage(chain, policy.n, operators, options)
    : await keepStorage(chain, before, options)
  const now = storage.map(({ id }) => id)
  if (sameIds(now, before)) return { storage, earlier: noted }
  await notes.write({ kind: 'moved', operators: now })
  return { storage, earlier: { ...noted, operators: now, placed: new Set(), moves: noted.moves + 1 } }
}

const sameIds = (a: readonly Hex[], b: readonly Hex[]): boolean => a.join() === b.join()
