import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { writeDurably } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import { auditDay } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { shareResponseShape } from '@sharewell/sdk/place'
import * as z from 'zod'

const hex = (size: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-f]{${2 * size}}$`))
    .transform((text) => text as Hex)
const time = z.int().min(0)
const noteShape = z.object({
  audit: hex(32),
  /** Whose node was asked. */
  operator: hex(16),
  recordId: hex(32),
  manifestHash: hex(32),
  j: z.int().min(0),
  i: z.int().min(0),
  deadline: time,
  /** When it was asked in vain, and what came of the last time. */
  looks: z.object({ count: z.int().min(0), first: time, last: time, reason: z.string().max(300) }).optional(),
  /** What it showed. */
  response: shareResponseShape.optional(),
  /** What this auditor says, once and for all. */
  word: z.object({ shown: z.boolean(), signature: z.templateLiteral(['0x', z.string()]) }).optional(),
})

/** What an auditor keeps of one audit, for itself and for the council. */
export type Note = z.output<typeof noteShape>

/** The notes of an auditor, one file an audit. */
export type Notes = {
  /** The note on an audit; undefined where there is none. Errors: {@link AuditNoteError}. */
  read(audit: Hex): Promise<Note | undefined>
  /** Keeps a note, on the disk before it returns. A word that was noted stays. Errors: {@link AuditNoteError}. */
  write(note: Note): Promise<void>
  /** Removes notes whose audit ended more than {@link kept} seconds before. */
  forget(now: number): Promise<void>
}

/** Seconds for which a note is kept after the deadline. */
const kept = 400 * auditDay

/** `audits` in a folder. */
export function openNotes(folder: string): Notes {
  const home = path.join(folder, 'audits')
  const fileOf = (audit: Hex) => path.join(home, `${audit.slice(2)}.json`)
  const read = async (audit: Hex): Promise<Note | undefined> => {
    const text = await readFile(fileOf(audit), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (text === undefined) return undefined
    const found = noteShape.safeParse(parsed(text))
    if (!found.success || found.data.audit !== audit) throw new AuditNoteError({ reason: 'it cannot be read' })
    return found.data
  }
  return {
    read,
    async write(note) {
      const before = (await read(note.audit))?.word
      if (before && before.shown !== note.word?.shown) throw new AuditNoteError({ reason: 'it holds another word' })
      await mkdir(home, { recursive: true, mode: 0o700 })
      await writeDurably(fileOf(note.audit), `${JSON.stringify(note, undefined, 2)}\n`, 0o600)
    },
    async forget(now) {
      const files = await readdir(home).catch((): string[] => [])
      for (const file of files) {
        const audit = /^([0-9a-f]{64})\.json$/.exec(file)?.[1]
        const note = audit && (await read(`0x${audit}`).catch(() => undefined))
        if (note && note.deadline + kept < now) await rm(path.join(home, file), { force: true })
      }
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Thrown when what an auditor noted cannot be relied on: it then says nothing about that audit. */
export class AuditNoteError extends BaseError<'AUDIT_NOTE'> {
  override readonly name = 'AuditNoteError'
  constructor({ reason }: { reason?: string }) {
    super('AUDIT_NOTE', `The note on an audit is of no use: ${reason ?? 'unknown'}.`, {
      hints: ['Leave it as it is: without its note the auditor says nothing, which harms nobody.'],
      docs: 'audits.md#auditors',
    })
  }
}
