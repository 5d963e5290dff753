import type { DatabaseSync } from 'node:sqlite'
import type { Policy } from '@sharewell/sdk/share'

/** One share of this node's, by its root. */
export type NotedShare = { readonly recordId: string; readonly root: string }

/** Under which policy this node made shares, so that no manifest that somebody made up says another one of them. */
export type Policies = {
  /** Notes it before the share is attested; once it returns, that would survive a power cut. What was noted first stays. */
  notePolicy(share: NotedShare, policy: Policy): void
  /** Undefined of a share that this node did not make in a change, or after one. */
  policyOf(share: NotedShare): Policy | undefined
}

export const policySchema = `
  CREATE TABLE IF NOT EXISTS policies
    (record TEXT, root TEXT, n INTEGER NOT NULL, t INTEGER NOT NULL, r INTEGER NOT NULL, PRIMARY KEY (record, root))
    WITHOUT ROWID;
`

/** Opens what a ledger remembers of it. `settle` flushes the disk. */
export function openPolicies(db: DatabaseSync, { settle }: { settle: () => void }): Policies {
  const find = db.prepare('SELECT n, t, r FROM policies WHERE record = ? AND root = ?')
  const add = db.prepare('INSERT OR IGNORE INTO policies VALUES (?, ?, ?, ?, ?)')
  return {
    notePolicy({ recordId, root }, { n, t, r }) {
      if (Number(add.run(recordId, root, n, t, r).changes) > 0) settle()
    },
    policyOf({ recordId, root }) {
      const found = find.get(recordId, root)
      return found && { n: Number(found.n), t: Number(found.t), r: Number(found.r) }
    },
  }
}
