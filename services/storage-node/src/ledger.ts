import { DatabaseSync } from 'node:sqlite'
import type { Hex } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'
import { type Deletions, deletionSchema, openDeletions, VersionDeletedError } from './deletions.ts'
import { type Homes, homeSchema, openHomes } from './homes.ts'
import { openPolicies, type Policies, policySchema } from './policies.ts'

/** Which blocks were written for which record, and how much each record may use. It survives a restart; its answers
 * come from memory that SQLite bounds, not from a list of all blocks. */
export type Ledger = Omit<Deletions, 'close'> &
  Homes &
  Policies & {
    /** The last word on a deletion; see `Deletions`. */
    deletion: Deletions['close']
    /** Enters a block before it is written. Errors: {@link QuotaError}, {@link BlockSharedError}, `VersionDeletedError`. */
    enter(block: LedgerBlock, maxBytes: number): void
    /** Takes an entry back whose block could not be written. */
    withdraw(block: LedgerBlock): void
    /** A block as it was entered for the record, or undefined. */
    entry(cid: string, recordId: string): LedgerBlock | undefined
    /** Whether the block was written for the record, in a version that stands. */
    belongs(cid: string, recordId: string): boolean
    /** The records that the block was written for, in a version that stands. */
    recordsOf(cid: string): Hex[]
    /** Notes that the block is a manifest or placement, and whether shares of its record must not leave by the swarm. */
    describe(block: Pick<LedgerBlock, 'cid' | 'recordId'>, withheld: boolean): void
    /** Whether the block only awaits its removal: no version that stands has it. */
    isLeftover(cid: string): boolean
    /** Whether other nodes may get the block by bitswap. */
    serves(cid: string): boolean
    totals(): { readonly blocks: number; readonly bytes: number; readonly records: number }
    /** Returns when everything entered so far would survive a power cut. */
    settle(): void
    close(): void
  }

/** One block of one version of a record. */
export type LedgerBlock = {
  readonly cid: string
  readonly recordId: string
  readonly version: number
  readonly size: number
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -4096;
  CREATE TABLE IF NOT EXISTS records (record TEXT PRIMARY KEY, bytes INTEGER NOT NULL, withheld INTEGER NOT NULL)
    WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS blocks (cid TEXT, record TEXT, size INTEGER NOT NULL, PRIMARY KEY (cid, record))
    WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS common (cid TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS versions (record TEXT, version INTEGER, bytes INTEGER NOT NULL, PRIMARY KEY (record, version))
    WITHOUT ROWID;
`

/** What a ledger written before versions were told apart needs: all that it knows is of first versions. */
const upgrade = `
  BEGIN IMMEDIATE;
  ALTER TABLE blocks ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
  INSERT INTO versions SELECT record, 1, bytes FROM records;
  PRAGMA user_version = 1;
  COMMIT;
`

/** Records to which one block may belong. */
const mostRecords = 16

/** Opens the ledger in a file, making it if it is new. */
export function openLedger(path: string): Ledger {
  const db = openFile(path)
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
  const settle = () => db.exec('PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(FULL); PRAGMA synchronous = NORMAL;')
  const deletions = openDeletions(db, { whole, settle })
  const { find, owners, used, insert, remove, know, count, mark, withhold, hidden, sums, records } = statementsOf(db)
  const standing = (cid: string) =>
    owners
      .all(cid)
      .map((row) => ({ recordId: row.record as Hex, version: Number(row.version) }))
      .filter((owner) => !deletions.isBuried(owner))
  const isLeftover = (cid: string) => standing(cid).length === 0 && owners.get(cid) !== undefined
  return {
    ...deletions,
    ...openHomes(db, { whole, settle }),
    ...openPolicies(db, { settle }),
    deletion: deletions.close,
    enter({ cid, recordId, version, size }, maxBytes) {
      if (deletions.isBuried({ recordId, version })) throw new VersionDeletedError({ version })
      const earlier = find(cid, recordId)
      if (earlier && (earlier.version ?? 0) >= version) return
      const taken = used(recordId, version)?.bytes ?? 0
      if (taken + size > maxBytes) throw new QuotaError({ taken, maxBytes })
      // Who may read a block is asked of each of its records: further ones could crowd out the one that it is of.
      if (!earlier && owners.all(cid).length >= mostRecords) throw new BlockSharedError({ cid })
      whole(() => {
        // A block that two versions have is the later one's: it goes when that one goes.
        if (earlier) remove(cid, recordId)
        insert(cid, recordId, size, version)
        know(recordId)
        count(recordId, version, size)
      })
    },
    withdraw({ cid, recordId, version, size }) {
      whole(() => {
        if (remove(cid, recordId) > 0) count(recordId, version, -size)
      })
    },
    entry(cid, recordId) {
      const found = find(cid, recordId)
      return found && { cid, recordId, version: found.version ?? 0, size: found.size ?? 0 }
    },
    belongs: (cid, recordId) => standing(cid).some((owner) => owner.recordId === recordId),
    recordsOf: (cid) => standing(cid).map(({ recordId }) => recordId),
    isLeftover,
    describe({ cid, recordId }, withheld) {
      whole(() => {
        mark(cid)
        withhold(recordId, withheld ? 1 : 0)
      })
    },
    serves: (cid) => hidden(cid) === undefined && !isLeftover(cid),
    totals: () => ({
      blocks: sums()?.blocks ?? 0,
      bytes: sums()?.bytes ?? 0,
      records: records()?.records ?? 0,
    }),
    settle,
    close: () => db.close(),
  }
}

function openFile(path: string): DatabaseSync {
  const db = new DatabaseSync(path)
  db.exec(schema)
  if (db.prepare('PRAGMA user_version').get()?.user_version === 0) db.exec(upgrade)
  db.exec(deletionSchema)
  db.exec(homeSchema)
  db.exec(policySchema)
  return db
}

function statementsOf(db: DatabaseSync) {
  const one = (sql: string) => {
    const statement = db.prepare(sql)
    return (...values: (string | number)[]) => statement.get(...values) as Record<string, number> | undefined
  }
  const run = (sql: string) => {
    const statement = db.prepare(sql)
    return (...values: (string | number)[]) => Number(statement.run(...values).changes)
  }
  return {
    find: one('SELECT size, version FROM blocks WHERE cid = ? AND record = ?'),
    owners: db.prepare(`SELECT record, version FROM blocks WHERE cid = ? LIMIT ${mostRecords}`),
    used: one('SELECT bytes FROM versions WHERE record = ? AND version = ?'),
    insert: run('INSERT INTO blocks (cid, record, size, version) VALUES (?, ?, ?, ?)'),
    remove: run('DELETE FROM blocks WHERE cid = ? AND record = ?'),
    know: run('INSERT OR IGNORE INTO records VALUES (?, 0, 0)'),
    count: run(
      `INSERT INTO versions VALUES (?1, ?2, ?3)
       ON CONFLICT (record, version) DO UPDATE SET bytes = bytes + excluded.bytes`,
    ),
    mark: run('INSERT OR IGNORE INTO common VALUES (?)'),
    withhold: run(
      'INSERT INTO records VALUES (?1, 0, ?2) ON CONFLICT (record) DO UPDATE SET withheld = max(withheld, excluded.withheld)',
    ),
    // A block that two records share, which random bytes never do, is withheld for either.
    hidden: one(
      `SELECT 1 AS yes FROM blocks JOIN records USING (record)
       WHERE cid = ?1 AND withheld = 1 AND NOT EXISTS (SELECT 1 FROM common WHERE cid = ?1)`,
    ),
    sums: one('SELECT count(*) AS blocks, coalesce(sum(size), 0) AS bytes FROM blocks'),
    records: one('SELECT count(*) AS records FROM records'),
  }
}

/** Thrown when a block belongs to as many records as it may. */
export class BlockSharedError extends BaseError<'BLOCK_SHARED'> {
  override readonly name = 'BlockSharedError'
  constructor({ cid }: { cid?: string }) {
    super('BLOCK_SHARED', `Block ${cid ?? ''} belongs to ${mostRecords} records already.`, {
      hints: ['Seal the record anew: under a key of its own it has blocks of its own.'],
      docs: 'storage-node.md#refusals',
    })
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
