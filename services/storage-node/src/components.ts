import type { Log } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import type { Acknowledgement, Deletion, ShareResponse } from '@sharewell/sdk/place'
import type { HeliaStore } from '@sharewell/sdk/place/helia'
import type { ObjectSigner } from '@sharewell/sdk/signed'
import type { Authority } from './authority.ts'
import type { HpkeKey } from './hpke-key.ts'
import type { Ledger } from './ledger.ts'
import type { Renewals } from './renew-files.ts'
import type { Room } from './room.ts'
import type { Swarm } from './swarm.ts'

/** What the app is made of; a test brings its own authority and keys. */
export type Components = {
  readonly operator: Hex
  readonly networkId: Hex
  readonly store: Pick<HeliaStore, 'put' | 'get' | 'has' | 'fetch' | 'remove' | 'settle' | 'peers' | 'addresses'>
  readonly ledger: Ledger
  readonly authority: Authority
  readonly swarm: Pick<Swarm, 'join'>
  readonly room: Room
  /** Whether the node goes; it does not by default. */
  readonly leaving?: boolean | undefined
  /** Its hash stands in the registry. */
  readonly hpke: HpkeKey
  /** What it keeps of refreshes and changes under way. */
  readonly renewals: Renewals
  /** The operator's account as an author of what it says to other keepers. */
  readonly author: ObjectSigner
  /** The operator's EIP-712 signature. */
  readonly sign: {
    acknowledgement(message: Acknowledgement): Promise<Hex>
    shareResponse(message: ShareResponse): Promise<Hex>
    deletion(message: Deletion): Promise<Hex>
  }
  readonly log: Log
  /** Seconds since 1970. */
  readonly clock: () => number
  readonly limits?: Partial<Limits> | undefined
}

/** Bounds of what one node does at once. */
export type Limits = {
  /** Requests served at the same time: 64. Each holds at most one block. */
  readonly requests: number
  /** Milliseconds between two pieces of a body: 10,000. */
  readonly bodyTimeout: number
}
