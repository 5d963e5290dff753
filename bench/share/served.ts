import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Part } from '@sharewell/sdk/share'
import type { Deposited } from './placed.ts'

/** A record behind HTTP on loopback. */
export type Served = {
  /** The frames of a reconstructor, as one stream. */
  frames(): AsyncGenerator<Uint8Array<ArrayBuffer>>
  /** The share-chunks of chunk i, each an answer of its own, all asked for at once. */
  parts(i: number): Promise<Part[]>
  close(): Promise<void>
}

/** Puts a record and its frames behind a server of another process. */
export async function serve({ parts }: Deposited, frames: readonly Uint8Array[]): Promise<Served> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-bench-'))
  await writeFile(path.join(folder, 'frames'), Buffer.concat(frames))
  for (const [i, some] of parts.entries())
    for (const { index, body } of some) await writeFile(path.join(folder, `${i}-${index}`), body)
  const child = fork(path.join(import.meta.dirname, '../file-server.ts'), [folder])
  const [port] = (await once(child, 'message')) as [number]
  const get = async (name: string): Promise<Response> => {
    const response = await fetch(`http://127.0.0.1:${port}/${name}`)
    if (!response.ok) throw new Error(`${name} was not served.`)
    return response
  }
  return {
    async *frames() {
      const { body } = await get('frames')
      if (body) yield* cut(body)
    },
    parts: (i) =>
      Promise.all(
        (parts[i] ?? []).map(async ({ index }) => ({ index, body: await (await get(`${i}-${index}`)).bytes() })),
      ),
    async close() {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
      await rm(folder, { recursive: true })
    },
  }
}

/** Frames with their lengths, from a stream of pieces. */
async function* cut(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let held = Buffer.alloc(0)
  for await (const piece of body) {
    held = Buffer.concat([held, piece])
    while (held.length >= 4 && held.length >= 4 + held.readUInt32BE()) {
      const end = 4 + held.readUInt32BE()
      yield new Uint8Array(held.subarray(0, end))
      held = held.subarray(end)
    }
  }
  if (held.length > 0) throw new Error('The stream ends within a frame.')
}
