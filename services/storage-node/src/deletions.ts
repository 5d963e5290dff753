import type { DatabaseSync } from 'node:sqlite'
import { BaseError } from '@sharewell/sdk/errors'

/** Versions of a record, up to and including one. */
export type Versions = { readonly recordId: string; readonly version: number }

/** Which versions of which records are gone for good. Once noted, nothing of them is given or taken, whatever still lies
 * on the disk. */
export type Deletions = {
  /** Notes that versions up to this one are gone, and returns once that would survive a power cut. */
  bury(versions: Versions): void
  /** Whether this version is gone. */
  isBuried(versions: Versions): boolean
  /** Up to `most` blocks that only await their removal. `shared`: another record still has the block. */
  leftovers(recordId: string, most: number): { readonly cid: string; readonly shared: boolean }[]
  /** Notes that these blocks of the record are off the disk. */
  removed(recordId: string, cids: readonly string[]): void
  /** What the node's word says once nothing is left: the same at every later call. */
  close(recordId: string, now: number): { readonly version: number; readonly count: number; readonly time: number }
}

export const deletionSchema = `
  CREATE TABLE IF NOT EXISTS deletions
    (record TEXT PRIMARY KEY, version INTEGER NOT NULL, count INTEGER NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS blocksByRecord ON blocks (record, version);
`

/** Opens the deletions of a ledger. `whole` runs its work as one transaction, `settle` flushes the disk. */
export function openDeletions(
  db: DatabaseSync,
  { whole, settle }: { whole: (work: () => void) => void; settle: () => void },
): Deletions {
  const told = db.prepare('SELECT version, count, time FROM deletions WHERE record = ?')
  const bury = db.prepare(
    `INSERT INTO deletions VALUES (?, ?, 0, 0)
     ON CONFLICT (record) DO UPDATE SET version = excluded.version, count = 0, time = 0 WHERE version < excluded.version`,
  )
  const left = db.prepare(
    `SELECT cid, EXISTS (SELECT 1 FROM blocks AS other WHERE other.cid = blocks.cid AND other.record <> blocks.record) AS shared
     FROM blocks WHERE record = ?1 AND version <= (SELECT version FROM deletions WHERE record = ?1) LIMIT ?2`,
  )
  const remove = db.prepare('DELETE FROM blocks WHERE cid = ? AND record = ?')
  const count = db.prepare('UPDATE deletions SET count = count + ? WHERE record = ?')
  const forget = db.prepare('DELETE FROM versions WHERE record = ? AND version <= ?')
  const stamp = db.prepare('UPDATE deletions SET time = ? WHERE record = ? AND time = 0')
  type Told = { version: number; count: number; time: number }
  const of = (recordId: string) => told.get(recordId) as Told | undefined
  return {
    bury({ recordId, version }) {
      bury.run(recordId, version)
      settle()
    },
    isBuried: ({ recordId, version }) => version <= (of(recordId)?.version ?? 0),
    leftovers: (recordId, most) =>
      left.all(recordId, most).map(({ cid, shared }) => ({ cid: String(cid), shared: shared === 1 })),
    removed(recordId, cids) {
      whole(() => {
        const gone = cids.reduce((sum, cid) => sum + Number(remove.run(cid, recordId).changes), 0)
        count.run(gone, recordId)
      })
    },
    close(recordId, now) {
      const { version } = of(recordId) as Told
      whole(() => {
        forget.run(recordId, version)
        stamp.run(now, recordId)
      })
      settle()
      return of(recordId) as Told
    },
  }
}

/** Thrown when a block comes for a version of a record that was deleted. */
export class VersionDeletedError extends BaseError<'VERSION_DELETED'> {
  override readonly name = 'VersionDeletedError'
  constructor({ version }: { version?: number }) {
    super('VERSION_DELETED', `Version ${version ?? 0} of the record was deleted here for good.`, {
      hints: ['Read the record from the chain again; a later version stands, or it is erased.'],
      docs: 'rekey.md#deleting',
    })
  }
}
