import type { Bytes } from '../../bytes.ts'
import { decode, encode, field } from '../../cbor/index.ts'
import { bounded } from './wire.ts'

/** What a coordinator asks of a node in one step of a refresh or a change; empty bytes stand for what did not come. */
export type RenewAsk = {
  /** CBOR of the terms. */
  readonly terms: Bytes
  /** The signed placement whose hash the terms of a change have as `draft`. */
  readonly draft?: Bytes | undefined
  /** The chunks that the step is about; none where it is about the whole. */
  readonly first: number
  readonly count: number
  /** Number of the beacon's block. */
  readonly block: number
  /** The leaf list of a new share. */
  readonly leaves: Bytes
  /** What nodes said to all: keys, posts or checks. */
  readonly said: Bytes[]
  /** What was sealed to this node, chunk by chunk. */
  readonly parts: Bytes[][]
}

/** What a node says to that. */
export type RenewAnswer = {
  /** Number of the newest block that the node sees. */
  readonly block: number
  /** Digests of new share-chunks. */
  readonly leaves: Bytes
  /** What it says to all, or its signature. */
  readonly said: Bytes
  readonly parts: Bytes[][]
  /** Share numbers whose parts did not open here, or that left a gap. */
  readonly unread: number[]
}

const count = field.integer(0, 2 ** 32 - 1)
const parts = field.array(field.array(field.bytes()))
const readAsk = field.record({
  v: field.literal(1),
  terms: field.bytes(),
  draft: field.optional(field.bytes()),
  first: count,
  count: field.integer(0, 1_024),
  block: field.integer(0, Number.MAX_SAFE_INTEGER),
  leaves: field.bytes(),
  said: field.array(field.bytes()),
  parts,
})
const readAnswer = field.record({
  v: field.literal(1),
  block: field.integer(0, Number.MAX_SAFE_INTEGER),
  leaves: field.bytes(),
  said: field.bytes(),
  parts,
  unread: field.array(count),
})

const none = new Uint8Array(0)

/** @throws RenewError where it is too long. */
export function encodeRenewAsk(ask: Pick<RenewAsk, 'terms'> & Partial<RenewAsk>): Bytes {
  const { draft, ...rest } = ask
  const whole = { first: 0, count: 0, block: 0, leaves: none, said: [], parts: [], ...rest }
  return bounded(encode({ v: 1, ...whole, ...(draft && { draft }) }))
}

/** @throws CborError, CborFieldError */
export function readRenewAsk(bytes: Uint8Array): RenewAsk {
  const { v: _, ...ask } = readAsk(decode(bytes))
  return ask
}

/** @throws RenewError where it is too long. */
export function encodeRenewAnswer(answer: Partial<RenewAnswer>): Bytes {
  return bounded(encode({ v: 1, block: 0, leaves: none, said: none, parts: [], unread: [], ...answer }))
}

/** @throws CborError, CborFieldError */
export function readRenewAnswer(bytes: Uint8Array): RenewAnswer {
  const { v: _, ...answer } = readAnswer(decode(bytes))
  return answer
}
