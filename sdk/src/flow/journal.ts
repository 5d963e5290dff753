import * as z from 'zod'
import { aesGcmOpen, aesGcmSeal, randomBytes } from '#primitives'
import { type Bytes, concat, fromBase64url, fromHex, type Hex, toBase64url } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import type { ChunkDigests } from '../share/index.ts'

const hex = (size: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-f]{${2 * size}}$`))
    .transform((text) => text as Hex)
const anyHex = z
  .string()
  .regex(/^0x(?:[0-9a-f]{2})*$/)
  .transform((text) => text as Hex)
const index = z.int().min(0).max(0xffff_ffff)
const operators = z.array(hex(16)).min(1)
const acknowledgement = z.object({
  operator: hex(16),
  index,
  shareRoot: hex(32),
  bytes: z.number(),
  time: z.number(),
  signature: anyHex,
})

const noteShape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('draft'),
    networkId: hex(32),
    account: hex(20),
    pseudonym: hex(32),
    selfKeyHash: hex(32),
    categoryBit: index,
    mime: z.string(),
    policy: z.object({ n: index, t: index, r: index }),
    chunkLog2: z.union([z.literal(16), z.literal(18), z.literal(20)]),
    salt: hex(32),
    /** Where it is a further version of a record. */
    next: z.object({ recordId: hex(32), version: index }).optional(),
    placementSalt: hex(32),
    groupKey: hex(32),
    operators,
    sealSalt: hex(32),
    /** The signed key header. */
    keyHeader: z.string(),
    /** The record's key under the journal key. */
    sealedKey: anyHex,
  }),
  z.object({
    kind: z.literal('chunks'),
    first: index,
    /** For each chunk SHA-256 of the sealed bytes and of its n shares, one after another, base64url. */
    digests: z.array(z.string()),
  }),
  z.object({ kind: z.literal('placed'), chunks: z.array(index) }),
  z.object({ kind: z.literal('moved'), operators }),
  z.object({
    kind: z.literal('acknowledged'),
    manifestHash: hex(32),
    placementHash: hex(32),
    ptCommit: hex(32),
    sealedLength: z.number(),
    acknowledgements: z.array(acknowledgement),
  }),
  z.object({ kind: z.literal('anchored'), transaction: hex(32) }),
])

/** One note of a deposit's journal: plain JSON. None holds plaintext, and the record's key stands in it only sealed. */
export type DepositNote = z.infer<typeof noteShape>
/** One kind of note. */
export type NoteOf<kind extends DepositNote['kind']> = Extract<DepositNote, { kind: kind }>

/** Where a deposit notes how far it came. A call with the notes of an earlier one goes on where that one ended. */
export type DepositJournal = {
  /** Seals the record's key in the notes: 32 bytes that are kept elsewhere. */
  readonly key: Bytes
  /** What earlier calls noted, oldest first. */
  readonly notes: readonly DepositNote[]
  /** Keeps notes, all or none, and returns once they would survive a power cut. */
  write(notes: readonly DepositNote[]): Promise<void>
}

/** Reads a note that was kept as JSON. Throws {@link JournalError}. */
export function parseNote(json: unknown): DepositNote {
  const parsed = noteShape.safeParse(json)
  if (!parsed.success) throw new JournalError({ reason: 'a note cannot be read' })
  return parsed.data
}

/** How far a deposit came, from its notes. */
export type Earlier = {
  readonly draft: NoteOf<'draft'> | undefined
  /** The operators in share order; those of the draft unless some were replaced. */
  readonly operators: readonly Hex[]
  readonly moves: number
  /** Chunks whose shares may have left the device. */
  readonly chunks: ReadonlyMap<number, ChunkDigests>
  /** Chunks that all nodes took. */
  readonly placed: ReadonlySet<number>
  readonly acknowledged: NoteOf<'acknowledged'> | undefined
  readonly anchored: NoteOf<'anchored'> | undefined
}

/** Reads notes in their order; later ones replace earlier ones. */
export function readNotes(notes: readonly DepositNote[]): Earlier {
  const last = <const kind extends DepositNote['kind']>(kind: kind) =>
    notes.findLast((note): note is NoteOf<kind> => note.kind === kind)
  const draft = last('draft')
  const chunks = new Map<number, ChunkDigests>()
  let placed = new Set<number>()
  for (const note of notes) {
    if (note.kind === 'chunks')
      note.digests.forEach((text, at) => {
        chunks.set(note.first + at, digestsOf(text))
      })
    if (note.kind === 'placed') for (const i of note.chunks) placed.add(i)
    if (note.kind === 'moved') placed = new Set()
  }
  return {
    draft,
    operators: last('moved')?.operators ?? draft?.operators ?? [],
    moves: notes.filter(({ kind }) => kind === 'moved').length,
    chunks,
    placed,
    acknowledged: last('acknowledged'),
    anchored: last('anchored'),
  }
}

/** A note on chunks that follow each other. */
export const chunksNote = (first: number, chunks: readonly ChunkDigests[]): NoteOf<'chunks'> => ({
  kind: 'chunks',
  first,
  digests: chunks.map(({ content, shares }) => toBase64url(concat(content, ...shares))),
})

function digestsOf(text: string): ChunkDigests {
  const bytes = fromBase64url(text)
  if (bytes.length % 32 !== 0 || bytes.length === 0) throw new JournalError({ reason: 'a note cannot be read' })
  const [content, ...shares] = Array.from({ length: bytes.length / 32 }, (_, at) => bytes.slice(32 * at, 32 * at + 32))
  return { content: content as Bytes, shares }
}

/** Seals a record's key for the journal, bound to network and record. */
export async function sealKey(key: Bytes, dek: Bytes, bound: Bytes): Promise<Bytes> {
  const nonce = randomBytes(12)
  return concat(nonce, await aesGcmSeal(key, nonce, dek, bound))
}

/** Opens a record's key from the journal. Throws {@link JournalError} under another journal key. */
export async function openKey(key: Bytes, sealed: Hex, bound: Bytes): Promise<Bytes> {
  const bytes = fromHex(sealed)
  return await aesGcmOpen(key, bytes.subarray(0, 12), bytes.subarray(12), bound).catch((cause: unknown) => {
    throw new JournalError({ reason: 'another account began it', cause })
  })
}

/** Thrown when the journal of a deposit cannot be gone on with. */
export class JournalError extends BaseError<'JOURNAL'> {
  override readonly name = 'JournalError'
  constructor({ reason = 'it cannot be read', cause }: { reason?: string; cause?: unknown }) {
    super('JOURNAL', `The interrupted deposit cannot go on: ${reason}.`, {
      cause,
      hints: ['Begin the deposit anew; nothing of the interrupted one counts.'],
      docs: 'resume.md#a-deposit',
    })
  }
}

/** Thrown when a source is not what it was when the deposit began; nothing of the new bytes has left the device. */
export class SourceChangedError extends BaseError<'SOURCE_CHANGED'> {
  override readonly name = 'SourceChangedError'
  constructor({ chunk }: { chunk?: number }) {
    super('SOURCE_CHANGED', `The record is not the one whose deposit was interrupted: part ${chunk ?? 0} differs.`, {
      hints: ['Give the record as it was, or begin the deposit anew.'],
      docs: 'resume.md#a-deposit',
    })
  }
}
