import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import type { DeletionScope } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { parseKeyHeader } from '@sharewell/sdk/release'
import type { ObjectStore } from './files.ts'

/** The refusal list of a key node: records, and up to which version each, for which it keeps no header and answers
 * nothing, whatever a chain says later. It survives a restart. */
export type Erasures = {
  /** Whether this version is on the list. */
  covers(scope: DeletionScope): boolean
  /** Puts versions on the list and deletes every header of theirs. Returns once both would survive a power cut; cut off
   * before, the next call goes on. Asked again it says the same. */
  erase(scope: DeletionScope, now: number): Promise<DeletionScope & { readonly count: number; readonly time: number }>
  close(): void
}

// FULL: what was confirmed stays refused after a power cut.
const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS headers (hash TEXT PRIMARY KEY, record TEXT NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS headersByRecord ON headers (record, version);
  CREATE TABLE IF NOT EXISTS erasures
    (record TEXT PRIMARY KEY, version INTEGER NOT NULL, count INTEGER NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;
`

type Told = { readonly version: number; readonly count: number; readonly time: number }

/** Opens the refusal list in `folder`, over the headers in `objects`. */
export function openErasures(folder: string, { objects, networkId }: openErasures.Options): Erasures {
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(path.join(folder, 'erasures.sqlite'))
  db.exec(schema)
  const told = db.prepare('SELECT version, count, time FROM erasures WHERE record = ?')
  const refuse = db.prepare(
    `INSERT INTO erasures VALUES (?, ?, 0, 0)
     ON CONFLICT (record) DO UPDATE SET version = excluded.version, count = 0, time = 0 WHERE version < excluded.version`,
  )
  const indexed = db.prepare('SELECT 1 FROM headers WHERE hash = ?')
  const index = db.prepare('INSERT OR IGNORE INTO headers VALUES (?, ?, ?)')
  const headers = db.prepare('SELECT hash FROM headers WHERE record = ? AND version <= ?')
  const unindex = db.prepare('DELETE FROM headers WHERE hash = ?')
  const count = db.prepare('UPDATE erasures SET count = count + ? WHERE record = ?')
  const stamp = db.prepare('UPDATE erasures SET time = ? WHERE record = ? AND time = 0')
  const of = (recordId: Hex) => told.get(recordId) as Told | undefined

  /** Headers come in several ways; whichever lies here and was not looked at yet is looked at now. */
  async function indexAll(): Promise<void> {
    for (const hash of await objects.list('headers')) {
      if (indexed.get(hash)) continue
      const found = await scopeOf(hash)
      if (found) index.run(hash, found.recordId, found.version)
    }
  }

  async function scopeOf(hash: Hex): Promise<DeletionScope | undefined> {
    const bytes = await objects.get('headers', hash)
    if (!bytes) return undefined
    try {
      const { header } = parseKeyHeader(bytes, { networkId: fromHex(networkId, 32) })
      return { recordId: toHex(header.recordId), version: header.version }
    } catch (error) {
      // What is no header of this network answers no request either.
      if (error instanceof BaseError) return undefined
      throw error
    }
  }

  return {
    covers: ({ recordId, version }) => version <= (of(recordId)?.version ?? 0),
    async erase({ recordId, version }, now) {
      refuse.run(recordId, version)
      await indexAll()
      const refused = of(recordId) as Told
      for (const row of headers.all(recordId, refused.version)) {
        await objects.erase('headers', row.hash as Hex)
        db.exec('BEGIN IMMEDIATE')
        count.run(Number(unindex.run(row.hash as Hex).changes), recordId)
        db.exec('COMMIT')
      }
      stamp.run(now, recordId)
      return { recordId, ...(of(recordId) as Told) }
    },
    close: () => db.close(),
  }
}
export declare namespace openErasures {
  type Options = { readonly objects: ObjectStore; readonly networkId: Hex }
}
