/**
 * Journals of deposits: one file for each command, with the notes of all its records (docs/spec/resume.md).
 * @module
 */
import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type Bytes, type Hex, toHex, utf8 } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'
import type { DepositJournal, DepositNote } from '@sharewell/sdk/flow'
import { parseNote, readNotes } from '@sharewell/sdk/flow/journal'
import { hmacSha256 } from '@sharewell/sdk/primitives'
import { inState, openAlone, stateFolder } from './state.ts'

/** What a journal tells about its deposit, whoever reads it. */
export type About = {
  readonly networkId: Hex
  readonly account: Hex
  readonly pseudonym: Hex
  /** The command as it was called, and in which folder. */
  readonly command: string
  readonly folder: string
  readonly file: string
  /** How many records there are to deposit. */
  readonly records: number
  /** Seconds. */
  readonly startedAt: number
  /** False where the source cannot be read again. */
  readonly resumable: boolean
}

/** How far an unfinished deposit came; `about` is unknown while another process works on it. */
export type Unfinished = {
  readonly id: string
  readonly about?: About
  readonly anchored: number
  readonly placed: number
}

/** The journal of one command. */
export type Journal = {
  /** When an earlier run began what this one goes on with. */
  readonly since: number | undefined
  /** Records that are anchored. */
  readonly anchored: number
  of(record: number): DepositJournal
  /** Deletes the journal: everything is anchored and told. */
  finish(): void
  /** Lets go. What was noted stays for the next run, unless nothing had left this device. */
  close(): void
}

const schema = `
  CREATE TABLE IF NOT EXISTS about (value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS notes (seq INTEGER PRIMARY KEY, record INTEGER NOT NULL, note TEXT NOT NULL);
`
const suffix = '.sqlite'
const fileOf = (id: string): string => path.join(stateFolder('deposits'), `${id}${suffix}`)

/** Opens the journal of a deposit, named by everything in `same`; with `restart` an earlier one is given up. */
export function openJournal(
  key: Bytes,
  about: About,
  { same, restart = false }: { same: readonly unknown[]; restart?: boolean | undefined },
): Journal {
  const id = toHex(hmacSha256(key, utf8(JSON.stringify(same)))).slice(2, 18)
  const file = fileOf(id)
  const db = openAlone(file, schema)
  if (!db) throw new DepositRunningError({ file: about.file })
  return inState(file, () => {
    if (restart) db.exec('DELETE FROM about; DELETE FROM notes;')
    const earlier = aboutIn(db)
    if (!earlier) db.prepare('INSERT INTO about VALUES (?)').run(JSON.stringify(about))
    const notes = notesIn(db)
    let kept = notes.length > 0
    let open = true
    const close = () => {
      if (open) db.close()
      open = false
    }
    const remove = () => {
      // While it is locked: nobody must begin to write into a file that goes.
      removeFiles(file)
      close()
    }
    return {
      since: notes.length > 0 ? earlier?.startedAt : undefined,
      anchored: recordsIn(notes, 'anchored'),
      of: (record) => ({
        key,
        notes: notes.filter((each) => each.record === record).map(({ note }) => note),
        async write(more) {
          inState(file, () => insertNotes(db, record, more))
          kept = true
        },
      }),
      finish: remove,
      close: () => (kept ? close() : remove()),
    }
  })
}

/** Deposits that were cut off, oldest first. */
export function unfinishedDeposits(): Unfinished[] {
  const found = readdirSync(stateFolder('deposits')).filter((name) => name.endsWith(suffix))
  const all = found.map((name): Unfinished => {
    const id = name.slice(0, -suffix.length)
    const db = openAlone(fileOf(id), schema)
    if (!db) return { id, anchored: 0, placed: 0 }
    try {
      const about = aboutIn(db)
      const notes = notesIn(db)
      const placed = new Set(notes.map(({ record }) => record))
      const chunks = [...placed].map((one) =>
        readNotes(notes.filter(({ record }) => record === one).map(({ note }) => note)),
      )
      return {
        id,
        ...(about && { about }),
        anchored: recordsIn(notes, 'anchored'),
        placed: chunks.reduce((sum, { placed }) => sum + placed.size, 0),
      }
    } finally {
      db.close()
    }
  })
  return all.toSorted((a, b) => (a.about?.startedAt ?? 0) - (b.about?.startedAt ?? 0))
}

/** Gives an unfinished deposit up; false where there is none of that id. */
export function forgetDeposit(id: string): boolean {
  if (!readdirSync(stateFolder('deposits')).includes(`${id}${suffix}`)) return false
  const db = openAlone(fileOf(id), schema)
  if (!db) throw new DepositRunningError({ file: id })
  removeFiles(fileOf(id))
  db.close()
  return true
}

type Kept = { readonly record: number; readonly note: DepositNote }

function aboutIn(db: DatabaseSync): About | undefined {
  const row = db.prepare('SELECT value FROM about').get()
  return row === undefined ? undefined : (JSON.parse(String(row.value)) as About)
}

function notesIn(db: DatabaseSync): Kept[] {
  const rows = db.prepare('SELECT record, note FROM notes ORDER BY seq').all()
  return rows.map(({ record, note }) => ({ record: Number(record), note: parseNote(JSON.parse(String(note))) }))
}

/** All notes or none. */
function insertNotes(db: DatabaseSync, record: number, notes: readonly DepositNote[]): void {
  const insert = db.prepare('INSERT INTO notes (record, note) VALUES (?, ?)')
  db.exec('BEGIN')
  try {
    for (const note of notes) insert.run(record, JSON.stringify(note))
    db.exec('COMMIT')
  } catch (error) {
    // Where the disk was full SQLite has rolled back already.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

const recordsIn = (notes: readonly Kept[], kind: DepositNote['kind']): number =>
  new Set(notes.filter(({ note }) => note.kind === kind).map(({ record }) => record)).size

function removeFiles(file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
}

/** Thrown when another process works on the same deposit. */
export class DepositRunningError extends BaseError<'DEPOSIT_RUNNING'> {
  override readonly name = 'DepositRunningError'
  constructor({ file = '' }: { file?: string }) {
    super('DEPOSIT_RUNNING', `${file} is being deposited by another process.`, {
      hints: ['let it end, or end it and run the same command again'],
      docs: 'resume.md#several-records',
    })
  }
}
