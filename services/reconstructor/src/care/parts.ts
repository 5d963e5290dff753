import type { Log } from '@sharewell/host'
import type { Chain } from '@sharewell/sdk/chain'
import type { NodeReader } from '@sharewell/sdk/flow/health'

/** What a caretaker works with. */
export type CareParts = {
  readonly chain: Chain
  /** Whose account deposits for the organization's patients; without it nothing is repaired or refreshed. */
  readonly depositor?: Chain | undefined
  /** A client of a storage node that reads any block. */
  readonly read: NodeReader
  readonly log: Log
}
