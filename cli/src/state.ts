/**
 * What one run of the command hands to the next, in a folder that only its owner reads.
 * @module
 */
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { BaseError, firstLine } from '@sharewell/sdk/errors'

/** `$SHAREWELL_STATE`, else `sharewell` below `$XDG_STATE_HOME` or `~/.local/state`; made where it is missing. */
export function stateFolder(name: string): string {
  const { SHAREWELL_STATE: own, XDG_STATE_HOME: shared } = process.env
  const root = own || path.join(shared || path.join(homedir(), '.local', 'state'), 'sharewell')
  const folder = path.join(root, name)
  return inState(folder, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return folder
  })
}

/**
 * Opens a database of one process: another one that opens it meanwhile gets undefined, and a process that dies lets go.
 * What is written is on the disk when the call returns.
 */
export function openAlone(file: string, schema: string): DatabaseSync | undefined {
  return inState(file, () => {
    const db = new DatabaseSync(file)
    try {
      db.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        BEGIN EXCLUSIVE; ${schema} COMMIT;`)
      return db
    } catch (error) {
      db.close()
      if (codeOf(error) === busy) return undefined
      throw error
    }
  })
}

/** Does something with files of the state; what the disk refuses becomes a {@link StateError}. */
export function inState<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof BaseError || !(cause instanceof Error)) throw cause
    throw new StateError({ file, reason: reasonOf(cause), cause })
  }
}

const busy = 5
const codeOf = (error: unknown): number => ((error as { errcode?: number }).errcode ?? 0) & 0xff

/** SQLite's primary codes, and those of the file system. */
const reasons: Readonly<Record<string, string>> = {
  8: 'it cannot be written',
  10: 'the disk refuses it; it may be full',
  11: 'it is damaged',
  13: 'the disk is full',
  14: 'it cannot be opened',
  26: 'it is something else',
  EACCES: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a file has the name of the folder',
}
const reasonOf = (error: Error): string =>
  reasons[codeOf(error) || ((error as NodeJS.ErrnoException).code ?? '')] ?? firstLine(error.message)

/** Thrown when the command cannot keep what it must not forget. */
export class StateError extends BaseError<'STATE'> {
  override readonly name = 'StateError'
  constructor({ file = '', reason = 'it cannot be used', cause }: { file?: string; reason?: string; cause?: unknown }) {
    super('STATE', `${file}: ${reason}.`, {
      hints: ['make room or name another folder with SHAREWELL_STATE, then run the same command again'],
      docs: 'resume.md#several-records',
      cause,
    })
  }
}
