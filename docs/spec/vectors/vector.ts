import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { sha256 } from '@sharewell/sdk/primitives'
import { type Bytes, concat, u32, utf8 } from '../../../sdk/src/bytes.ts'

/** One scenario. `expect` is `success` or the code of the error that must come. */
export type Vector = {
  readonly comment: string
  readonly expect: string
  readonly [field: string]: unknown
}

/** Scenarios by file name, without its ending. */
export type Vectors = { readonly [name: string]: Vector }

/** A vector as it stands in its file. */
export const formatVector = (vector: Vector): string => `${JSON.stringify(vector, undefined, 2)}\n`

/** Replaces the files of one part. */
export function writeVectors(part: string, vectors: Vectors): void {
  const folder = path.join(import.meta.dirname, part)
  mkdirSync(folder, { recursive: true })
  for (const file of readdirSync(folder)) if (file.endsWith('.json')) rmSync(path.join(folder, file))
  for (const [name, vector] of Object.entries(vectors))
    writeFileSync(path.join(folder, `${name}.json`), formatVector(vector))
}

/** Bytes that anybody can make again: SHA-256(seed || u32be(i)) for i = 0, 1, .. */
export function bytesFrom(seed: string, length: number): Bytes {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => sha256(concat(utf8(seed), u32(i))))
  return concat(...blocks).slice(0, length)
}

/** A random source that gives `bytes` in order, once. */
export function randomFrom(bytes: Uint8Array): (length: number) => Bytes {
  let at = 0
  return (length) => {
    at += length
    if (at > bytes.length) throw new Error(`The vector holds ${bytes.length} random bytes, ${at} were asked for.`)
    return new Uint8Array(bytes.subarray(at - length, at))
  }
}

/** Runs `write` when the file is started by itself. */
export function whenRun(url: string, write: () => void): void {
  if (process.argv[1] !== undefined && url === new URL(`file://${path.resolve(process.argv[1])}`).href) write()
}
