import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { concat, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import { sha256 } from '@sharewell/sdk/primitives'
import { RefusalError } from './refusals.ts'

/** How much one node releases: for an affiliation in a minute and a day, and for an affiliation and patient in a day. */
export type Budgets = { readonly minute: number; readonly day: number; readonly patient: number }

/** What is remembered of a released request: the answer, and the opening that the patient may see. */
export type Answered = {
  readonly requestHash: Hex
  readonly credentialId: Hex
  readonly pseudonym: Hex
  /** Seconds. */
  readonly at: number
  /** The signed request as JSON. */
  readonly request: string
  /** The answer as it left, byte for byte. */
  readonly answer: string
}

/** The node's memory of what it released. What it holds survives a restart; nothing in it opens a record. */
export type AnswerStore = {
  find(requestHash: Hex): Answered | undefined
  /** Refuses when a budget is used up at the time `at`. */
  checkBudgets(entry: Pick<Answered, 'credentialId' | 'pseudonym' | 'at'>): void
  /** Keeps an answer once: a second one for the same request is dropped and the first is returned. Budgets are
   * checked, the answer is kept and the log is continued in one step that a crash cannot tear apart. */
  keep(entry: Answered): Answered
  /** Requests that were answered and are not in the chain's log yet, oldest first. */
  unlogged(limit: number): Hex[]
  markLogged(requestHashes: readonly Hex[]): void
  /** What was released of one pseudonym, newest first: the patient's list. */
  openingsOf(pseudonym: Hex): Answered[]
  count(): number
  /** Recomputes the hash chain of the local log; false when an entry was changed or is missing. */
  verifyLog(): boolean
  close(): void
}

/** Opens the store in `folder`. */
export function openAnswerStore(folder: string, budgets: Budgets): AnswerStore {
  mkdirSync(folder, { recursive: true })
  const db = new DatabaseSync(path.join(folder, 'answers.sqlite'))
  db.exec(schema)
  const count = db.prepare('SELECT count(*) AS n FROM answers WHERE credentialId = ? AND at > ?')
  const countPatient = db.prepare(
    'SELECT count(*) AS n FROM answers WHERE credentialId = ? AND pseudonym = ? AND at > ?',
  )
  const select = db.prepare(`SELECT ${columns} FROM answers WHERE requestHash = ?`)
  const number = (row: unknown) => (row as { n: number }).n

  function find(requestHash: Hex): Answered | undefined {
    return select.get(requestHash) as Answered | undefined
  }

  function checkBudgets({ credentialId, pseudonym, at }: Pick<Answered, 'credentialId' | 'pseudonym' | 'at'>): void {
    if (number(count.get(credentialId, at - minute)) >= budgets.minute)
      throw new RefusalError({ refusal: 'BUDGET_MINUTE' })
    if (number(count.get(credentialId, at - day)) >= budgets.day) throw new RefusalError({ refusal: 'BUDGET_DAY' })
    if (number(countPatient.get(credentialId, pseudonym, at - day)) >= budgets.patient)
      throw new RefusalError({ refusal: 'BUDGET_PATIENT' })
  }

  function keep(entry: Answered): Answered {
    db.exec('BEGIN IMMEDIATE')
    try {
      const earlier = find(entry.requestHash)
      if (!earlier) {
        checkBudgets(entry)
        const { requestHash, credentialId, pseudonym, at, request, answer } = entry
        db.prepare(insertAnswer).run(requestHash, credentialId, pseudonym, at, request, answer)
        continueLog(db, requestHash, at)
      }
      db.exec('COMMIT')
      return earlier ?? entry
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }

  return {
    find,
    checkBudgets,
    keep,
    unlogged: (limit) =>
      db
        .prepare('SELECT requestHash FROM answers WHERE logged = 0 ORDER BY rowid LIMIT ?')
        .all(limit)
        .map((row) => row.requestHash as Hex),
    markLogged(requestHashes) {
      const mark = db.prepare('UPDATE answers SET logged = 1 WHERE requestHash = ?')
      for (const requestHash of requestHashes) mark.run(requestHash)
    },
    openingsOf: (pseudonym) =>
      db
        .prepare(`SELECT ${columns} FROM answers WHERE pseudonym = ? ORDER BY rowid DESC LIMIT 1000`)
        .all(pseudonym) as unknown as Answered[],
    count: () => number(db.prepare('SELECT count(*) AS n FROM answers').get()),
    verifyLog: () => verifyLog(db),
    close: () => db.close(),
  }
}

const minute = 60
const day = 86_400
const columns = 'requestHash, credentialId, pseudonym, at, request, answer'
const insertAnswer = `INSERT INTO answers (${columns}, logged) VALUES (?, ?, ?, ?, ?, ?, 0)`
// FULL: an answer that left this node is on its disk.
const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS answers (
    requestHash TEXT NOT NULL UNIQUE, credentialId TEXT NOT NULL, pseudonym TEXT NOT NULL, at INTEGER NOT NULL,
    request TEXT NOT NULL, answer TEXT NOT NULL, logged INTEGER NOT NULL
  );
  CREATE INDEX IF NOT EXISTS answersByCredential ON answers (credentialId, at);
  CREATE INDEX IF NOT EXISTS answersByPseudonym ON answers (pseudonym, at);
  CREATE INDEX IF NOT EXISTS answersUnlogged ON answers (logged) WHERE logged = 0;
  CREATE TABLE IF NOT EXISTS log (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, requestHash TEXT NOT NULL, hash TEXT NOT NULL);
`

type Entry = { seq: number; at: number; requestHash: Hex; hash: Hex }

/** hash of entry = H(hash of the entry before || CBOR [seq, at, requestHash]). */
function entryHash(previous: Hex, { seq, at, requestHash }: Omit<Entry, 'hash'>): Hex {
  return toHex(sha256(concat(fromHex(previous, 32), encode([seq, at, fromHex(requestHash, 32)]))))
}

const start: Pick<Entry, 'seq' | 'hash'> = { seq: 0, hash: `0x${'00'.repeat(32)}` }

function continueLog(db: DatabaseSync, requestHash: Hex, at: number): void {
  const last = (db.prepare('SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1').get() ?? start) as typeof start
  const entry = { seq: last.seq + 1, at, requestHash }
  db.prepare('INSERT INTO log (seq, at, requestHash, hash) VALUES (?, ?, ?, ?)').run(
    entry.seq,
    at,
    requestHash,
    entryHash(last.hash, entry),
  )
}

function verifyLog(db: DatabaseSync): boolean {
  const rows = db.prepare('SELECT seq, at, requestHash, hash FROM log ORDER BY seq').all() as unknown as Entry[]
  const sound = rows.every((entry, index) => {
    const previous = rows[index - 1]?.hash ?? start.hash
    return entry.seq === index + 1 && entry.hash === entryHash(previous, entry)
  })
  const answers = db.prepare('SELECT count(*) AS n FROM answers').get() as { n: number }
  return sound && answers.n === rows.length
}
