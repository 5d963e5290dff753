import { createHash } from 'node:crypto'
import type { Vector, Vectors } from './vector.ts'

/** Bytes that look random and are the same on every run: SHA-256 of name and counter, 32 bytes a time. */
export function seeded(name: string): (length: number) => Uint8Array<ArrayBuffer> {
  let counter = 0
  return (length) => {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 32) {
      const block = createHash('sha256').update(`${name} ${counter++}`).digest()
      bytes.set(block.subarray(0, Math.min(32, length - at)), at)
    }
    return bytes
  }
}

/** A scenario with bytes as they are. `expect` is `success` or the code of the error that must come. */
export type Scenario = {
  readonly name: string
  readonly comment: string
  readonly operation: string
  readonly expect: string
  readonly input: object
  readonly output?: unknown
}

/** Scenarios as vectors: bytes as 0x hex, by name. */
export function toVectors(scenarios: readonly Scenario[]): Vectors {
  return Object.fromEntries(scenarios.map(({ name, ...vector }) => [name, withHex(vector) as Vector]))
}

/** Bytes first: a Buffer would write itself as something else. */
function withHex(value: unknown): unknown {
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return value.map(withHex)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withHex(one)]))
}
