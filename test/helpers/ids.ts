import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { randomBytes } from '@sharewell/sdk/primitives'

/** An id, hash or salt of its own. */
export const randomHex = (bytes: number): Hex => toHex(randomBytes(bytes))

/** Seconds since 1970. */
export const now = (): number => Math.floor(Date.now() / 1000)
