import { DatabaseSync } from 'node:sqlite'
import type { Hex } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'

/** Which blocks were written for which record, and how much each record may use. It survives a restart; its answers
 * come from memory that SQLite bounds, not from a list of all blocks. */
export type Ledger = {
  /** Enters a block before it is written. Errors: {@link QuotaError}. */
  enter(block: LedgerBlock, maxBytes: number): void
  /** Takes an entry back whose block could not be written. */
  withdraw(block: LedgerBlock): void
  /** Whether the block was written for the record. */
  belongs(cid: string, recordId: string): boolean
  /** The records that the block was written for. */
  recordsOf(cid: string): Hex[]
  /** Notes that the block is a manifest or placement, and whether shares of its record must not leave by the swarm. */
  describe(block: Pick<LedgerBlock, 'cid' | 'recordId'>, withheld: boolean): void
  /** Whether other nodes may get the block by bitswap. */
  serves(cid: string): boolean
  totals(): { readonly blocks: number; readonly bytes: number; readonly records: number }
  /** Returns when everything entered so far would survive a power cut. */
  settle(): void
  close(): void
}

/** One block of one record. */
export type LedgerBlock = { readonly cid: string; readonly recordId: string; readonly size: number }

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -4096;
  CREATE TABLE IF NOT EXISTS records (record TEXT PRIMARY KEY, bytes INTEGER NOT NULL, withheld INTEGER NOT NULL)
    WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS blocks (cid TEXT, record TEXT, size INTEGER NOT NULL, PRIMARY KEY (cid, record))
    WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS common (cid TEXT PRIMARY KEY) WITHOUT ROWID;
`

/** Opens the ledger in a file, making it if it is new. */
export function openLedger(path: string): Ledger {
  const db = new DatabaseSync(path)
  db.exec(schema)
  const one = (sql: string) => {
    const statement = db.prepare(sql)
    return (...values: (string | number)[]) => statement.get(...values) as Record<string, number> | undefined
  }
  const run = (sql: string) => {
    const statement = db.prepare(sql)
    return (...values: (string | number)[]) => Number(statement.run(...values).changes)
  }
  /** All of the work or, on an error, none of it. */
  const whole = (work: () => void) => {
    db.exec('BEGIN IMMEDIATE')
    try {
      work()
      db.exec('COMMIT')
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
  const find = one('SELECT size FROM blocks WHERE cid = ? AND record = ?')
  const owners = db.prepare('SELECT record FROM blocks WHERE cid = ? LIMIT 16')
  const used = one('SELECT bytes FROM records WHERE record = ?')
  const insert = run('INSERT INTO blocks VALUES (?, ?, ?)')
  const remove = run('DELETE FROM blocks WHERE cid = ? AND record = ?')
  const count = run(
    'INSERT INTO records VALUES (?1, ?2, 0) ON CONFLICT (record) DO UPDATE SET bytes = bytes + excluded.bytes',
  )
  const mark = run('INSERT OR IGNORE INTO common VALUES (?)')
  const withhold = run(
    'INSERT INTO records VALUES (?1, 0, ?2) ON CONFLICT (record) DO UPDATE SET withheld = max(withheld, excluded.withheld)',
  )
  // A block that two records share, which random bytes never do, is withheld for either.
  const hidden = one(
    `SELECT 1 AS yes FROM blocks JOIN records USING (record)
     WHERE cid = ?1 AND withheld = 1 AND NOT EXISTS (SELECT 1 FROM common WHERE cid = ?1)`,
  )
  const sums = one('SELECT count(*) AS blocks, coalesce(sum(size), 0) AS bytes FROM blocks')
  const records = one('SELECT count(*) AS records FROM records')
  return {
    enter({ cid, recordId, size }, maxBytes) {
      if (find(cid, recordId)) return
      const taken = used(recordId)?.bytes ?? 0
      if (taken + size > maxBytes) throw new QuotaError({ taken, maxBytes })
      whole(() => {
        insert(cid, recordId, size)
        count(recordId, size)
      })
    },
    withdraw({ cid, recordId, size }) {
      whole(() => {
        if (remove(cid, recordId) > 0) count(recordId, -size)
      })
    },
    belongs: (cid, recordId) => find(cid, recordId) !== undefined,
    recordsOf: (cid) => owners.all(cid).map(({ record }) => record as Hex),
    describe({ cid, recordId }, withheld) {
      whole(() => {
        mark(cid)
        withhold(recordId, withheld ? 1 : 0)
      })
    },
    serves: (cid) => hidden(cid) === undefined,
    totals: () => ({
      blocks: sums()?.blocks ?? 0,
      bytes: sums()?.bytes ?? 0,
      records: records()?.records ?? 0,
    }),
    settle: () => db.exec('PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(FULL); PRAGMA synchronous = NORMAL;'),
    close: () => db.close(),
  }
}

/** Thrown when a record's blocks would take more than its ticket allows. */
export class QuotaError extends BaseError<'QUOTA'> {
  override readonly name = 'QuotaError'
  constructor({ taken, maxBytes }: { taken?: number; maxBytes?: number }) {
    super('QUOTA', `The record has ${taken ?? 0} bytes here, and its ticket allows ${maxBytes ?? 0}.`, {
      hints: ['Sign a ticket with a larger maxBytes.'],
      docs: 'storage-node.md#refusals',
    })
  }
}
