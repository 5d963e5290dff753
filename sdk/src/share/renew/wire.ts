import type { Bytes } from '../../bytes.ts'
import { decode, encode, field } from '../../cbor/index.ts'
import { RenewError } from './error.ts'

/** Longest body and answer of a step of a repair between coordinator and node: 32 MiB. */
export const maxRepairLength = 32 * 2 ** 20

/** What a coordinator asks of a node in one step of a repair, for the chunks from `first` on. */
export type RepairAsk = {
  /** CBOR of the terms. */
  readonly terms: Bytes
  /** The signed placement whose hash the terms have as `draft`. */
  readonly draft?: Bytes | undefined
  readonly first: number
  /** Chunks: 1 to 1,024. */
  readonly count: number
  /** X-Wing keys to seal to: of the helpers in their order, or of the target. */
  readonly keys: Bytes[]
  /** What was sealed to this node, chunk by chunk; in the order of the helpers, without the node itself. */
  readonly parts: Bytes[][]
}

/** What a node says to that. */
export type RepairAnswer = {
  /** Sealed or signed parts, chunk by chunk. */
  readonly parts: Bytes[][]
  /** Share numbers of helpers whose parts did not open here: no evidence against anybody. */
  readonly unread: number[]
  /** Chunks whose sums do not have the hash of the leaf. */
  readonly off: number[]
}

const count = field.integer(0, 2 ** 32 - 1)
const parts = field.array(field.array(field.bytes()))
const readAsk = field.record({
  v: field.literal(1),
  terms: field.bytes(),
  draft: field.optional(field.bytes()),
  first: count,
  count: field.integer(1, 1_024),
  keys: field.array(field.bytes(1_216)),
  parts,
})
const readAnswer = field.record({
  v: field.literal(1),
  parts,
  unread: field.array(count),
  off: field.array(count),
})

/** @throws RenewError where it is too long. */
export function encodeRepairAsk(ask: RepairAsk): Bytes {
  const { draft, ...rest } = ask
  return bounded(encode({ v: 1, ...rest, ...(draft && { draft }) }))
}

/** @throws CborError, CborFieldError */
export function readRepairAsk(bytes: Uint8Array): RepairAsk {
  const { v: _, ...ask } = readAsk(decode(bytes))
  return ask
}

/** @throws RenewError where it is too long. */
export function encodeRepairAnswer(answer: Partial<RepairAnswer>): Bytes {
  return bounded(encode({ v: 1, parts: [], unread: [], off: [], ...answer }))
}

/** @throws CborError, CborFieldError */
export function readRepairAnswer(bytes: Uint8Array): RepairAnswer {
  const { parts, unread, off } = readAnswer(decode(bytes))
  return { parts, unread, off }
}

/** What a step is about to make: for each of `count` chunks as many parts, of `length` bytes or less. */
export type Carried = { readonly count: number; readonly parts: number; readonly length: number }

/** Refuses what nobody could be sent, before any of it is made. @throws RenewError */
export function checkCarried({ count, parts, length }: Carried): void {
  const bytes = count * parts * length
  if (bytes > maxRepairLength) throw new RenewError({ reason: `an answer of ${bytes} bytes is too long` })
}

/** @throws RenewError for a body that no node takes. */
export function bounded(bytes: Bytes): Bytes {
  if (bytes.length > maxRepairLength) throw new RenewError({ reason: `a step of ${bytes.length} bytes is too long` })
  return bytes
}
