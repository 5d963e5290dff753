import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Thrown when the network in a folder runs already. */
export class FolderTakenError extends Error {
  override readonly name = 'FolderTakenError'
}

/** The files of the lock, which a fresh start leaves alone. */
export const isLock = (name: string): boolean => name.startsWith('lock.')

/**
 * Makes sure that one process at a time works in a folder. The system takes the lock from a process that dies, so there
 * is nothing to tidy up after a kill.
 */
export function lockFolder(folder: string): Disposable {
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(path.join(folder, 'lock.sqlite'))
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS lock (held INTEGER); COMMIT;')
  } catch (cause) {
    db.close()
    throw new FolderTakenError(
      `The network in ${folder} is running already. Stop it first, or name another folder with --folder.`,
      { cause },
    )
  }
  return { [Symbol.dispose]: () => db.close() }
}
