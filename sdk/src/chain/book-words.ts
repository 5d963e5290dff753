import { decodeEventLog, type Hex } from 'viem'
import { accessLogAbi, recordRegistryAbi } from './abi.ts'
import type { BookEvent } from './book.ts'
import type { Occurrence } from './events.ts'
import type { Deposit } from './records.ts'

/** A version of a record as the book tells it. */
export type BookedVersion = { readonly kind: 'Anchored' } & Omit<Deposit, keyof Occurrence>

/** What else happened to a record. */
export type BookedChange =
  | { readonly kind: 'Relocated'; readonly recordId: Hex; readonly version: number; readonly placementHash: Hex }
  | { readonly kind: 'Rewrapped'; readonly recordId: Hex; readonly version: number; readonly keyHeaderHash: Hex }
  | { readonly kind: 'Erased'; readonly recordId: Hex; readonly pseudonym: Hex }

const kinds: readonly string[] = ['Anchored', 'Relocated', 'Rewrapped', 'Erased']

/** What an event says about a record; undefined where it is about something else. */
export function recordEventOf({ topics, data }: BookEvent): BookedVersion | BookedChange | undefined {
  try {
    const [signature, ...rest] = topics
    if (signature === undefined) return undefined
    const { eventName, args } = decodeEventLog({ abi: recordRegistryAbi, topics: [signature, ...rest], data })
    if (!kinds.includes(eventName)) return undefined
    return { kind: eventName, ...args } as BookedVersion | BookedChange
  } catch {
    return undefined
  }
}

/** What the access log says of a release. */
export type BookedRelease =
  | { readonly kind: 'ReleaseRequested'; readonly requestHash: Hex }
  | { readonly kind: 'Released'; readonly requestHash: Hex; readonly operator: Hex }

/** What an event says about a release; undefined where it is about something else. */
export function releaseEventOf({ topics, data }: BookEvent): BookedRelease | undefined {
  try {
    const [signature, ...rest] = topics
    if (signature === undefined) return undefined
    const { eventName, args } = decodeEventLog({ abi: accessLogAbi, topics: [signature, ...rest], data })
    if (eventName === 'ReleaseRequested') return { kind: eventName, requestHash: args.requestHash }
    if (eventName !== 'Released') return undefined
    return { kind: eventName, requestHash: args.requestHash, operator: args.operator }
  } catch {
    return undefined
  }
}
