import type { Bytes } from '@sharewell/sdk/bytes'

/**
 * Takes exact lengths from a source that yields whatever lengths it likes.
 *
 * Holds no more than what was asked for and one piece of the source.
 */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>
  readonly #parts: Uint8Array[] = []
  #buffered = 0

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Buffers until `length` bytes are there or the source ends; returns how many of them there are. */
  async fill(length: number): Promise<number> {
    while (this.#buffered < length) {
      const { done, value } = await this.#source.next()
      if (done === true) break
      this.#parts.push(value)
      this.#buffered += value.length
    }
    return Math.min(this.#buffered, length)
  }

  /** The next `length` bytes, or fewer where the source ends. */
  async take(length: number): Promise<Bytes> {
    const bytes = new Uint8Array(await this.fill(length))
    for (let at = 0; at < bytes.length; ) {
      const part = this.#parts[0] ?? new Uint8Array()
      const used = part.subarray(0, bytes.length - at)
      bytes.set(used, at)
      at += used.length
      if (used.length === part.length) this.#parts.shift()
      else this.#parts[0] = part.subarray(used.length)
    }
    this.#buffered -= bytes.length
    return bytes
  }

  /** Lets go of the source before its end. */
  async close(): Promise<void> {
    await this.#source.return?.()
  }
}
