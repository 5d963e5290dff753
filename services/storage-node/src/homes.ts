import type { DatabaseSync } from 'node:sqlite'
import { RenewError } from '@sharewell/sdk/share'

/** Whom this node helped to which share, so that nobody collects shares by its help. */
export type Homes = {
  /** Notes that this node is about to help; once it returns, that would survive a power cut. Asked again it does no harm.
   * Errors: `RenewError` where the receiver had another share, or too much moves from one placement. */
  help(help: Help): void
}

/** One share, and who is to have it. */
export type Help = {
  readonly recordId: string
  /** Root of the share that this node has of them: whatever is signed, it stays until this node's share is another one. */
  readonly root: string
  readonly share: number
  readonly to: string
  /** Where the share moves: who keeps it, and the placement that stands. */
  readonly move?: { readonly from: string; readonly placementHash: string } | undefined
}

export const homeSchema = `
  CREATE TABLE IF NOT EXISTS homes
    (record TEXT, root TEXT, operator TEXT, share INTEGER NOT NULL, PRIMARY KEY (record, root, operator))
    WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS moves
    (record TEXT, placement TEXT, operator TEXT, share INTEGER NOT NULL, PRIMARY KEY (record, placement, operator))
    WITHOUT ROWID;
`

/** Operators that may be tried for the share that moves from one placement. */
const mostTried = 3

/** Opens what a ledger remembers of it. `whole` runs its work as one transaction, `settle` flushes the disk. */
export function openHomes(
  db: DatabaseSync,
  { whole, settle }: { whole: (work: () => void) => void; settle: () => void },
): Homes {
  const homes = db.prepare('SELECT share FROM homes WHERE record = ? AND root = ? AND operator = ?')
  const moves = db.prepare('SELECT operator, share FROM moves WHERE record = ? AND placement = ?')
  const addHome = db.prepare('INSERT OR IGNORE INTO homes VALUES (?, ?, ?, ?)')
  const addMove = db.prepare('INSERT OR IGNORE INTO moves VALUES (?, ?, ?, ?)')
  const checkMove = (known: readonly Record<string, unknown>[], { share, to }: Help) => {
    if (known.some((one) => one.share !== share))
      throw new RenewError({ reason: 'another share moves from this placement' })
    if (known.length >= mostTried && !known.some(({ operator }) => operator === to))
      throw new RenewError({ reason: `${mostTried} operators were to have this share already` })
  }
  return {
    help(help) {
      const { recordId, root, share, to, move } = help
      let added = 0
      const add = (statement: typeof addHome, ...values: [string, string, string]) => {
        added += Number(statement.run(...values, share).changes)
      }
      whole(() => {
        const home = homes.get(recordId, root, to)
        if (home && home.share !== share)
          throw new RenewError({ reason: 'its receiver had another share of the record' })
        if (move) {
          checkMove(moves.all(recordId, move.placementHash), help)
          add(addMove, recordId, move.placementHash, to)
          add(addHome, recordId, root, move.from)
        }
        add(addHome, recordId, root, to)
      })
      if (added > 0) settle()
    },
  }
}
