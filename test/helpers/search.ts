import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** Where is searched: bytes in pieces. */
export type Haystack = AsyncIterable<Buffer> | Iterable<Buffer>

/**
 * Searches for every window of 16 bytes of some bytes, at every offset of theirs and of the haystack; also as UTF-16,
 * where they are texts.
 *
 * Any 16 bytes contain a whole aligned word of 8, so it looks only at those, and at the windows around a word that the
 * bytes contain.
 */
export function createWindowSearch(secret: readonly Uint8Array[], { texts = false } = {}) {
  // 16 bytes of a text are 32 in UTF-16: a window of 8 letters would be any English word.
  const searches = [windowsOf(secret, 16), ...(texts ? [windowsOf(secret.map(wide), 32)] : [])]
  return {
    /** How many different windows are looked for. */
    count: searches.reduce((sum, { count }) => sum + count, 0),
    /** Those that the haystack contains. */
    async search(haystack: Haystack): Promise<Set<string>> {
      const found = new Set<string>()
      for await (const buffer of haystack) for (const { searchOne } of searches) searchOne(buffer, found)
      return found
    },
  }
}

function windowsOf(secret: readonly Uint8Array[], windowLength: number) {
  const windows = new Set<string>()
  // Eight equal letters in a row are padding, which stands everywhere: an id of zeros says nothing about a patient.
  const isFiller = windowLength === 16 ? /(.)\1{7}/s : /(..)\1{7}/s
  const words = createWordFilter()
  for (const bytes of secret) {
    const buffer = Buffer.from(bytes)
    for (let at = 0; at + windowLength <= buffer.length; at++) {
      const window = buffer.toString('latin1', at, at + windowLength)
      if (!isFiller.test(window)) windows.add(window)
    }
    for (let at = 0; at + 8 <= buffer.length; at++) words.add(buffer.readUInt32LE(at), buffer.readUInt32LE(at + 4))
  }

  function searchOne(buffer: Buffer, found: Set<string>): void {
    // A copy is aligned.
    const halves = new Uint32Array(new Uint8Array(buffer).buffer, 0, buffer.length >>> 2)
    for (let half = 0; half + 1 < halves.length; half += 2) {
      if (!words.mayHave(halves[half] as number, halves[half + 1] as number)) continue
      const middle = half * 4
      for (let at = Math.max(0, middle + 8 - windowLength); at <= middle && at + windowLength <= buffer.length; at++) {
        const window = buffer.toString('latin1', at, at + windowLength)
        if (windows.has(window)) found.add(window)
      }
    }
  }

  return { count: windows.size, searchOne }
}

/** A Bloom filter of words of 8 bytes, each as two halves; two hashes of 24 bits. */
function createWordFilter() {
  const bits = new Uint8Array(2 ** 24 / 8)
  const one = (low: number, high: number) => (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca77)) >>> 8
  const two = (low: number, high: number) => (Math.imul(low, 0xc2b2ae3d) ^ Math.imul(high, 0x27d4eb2f)) >>> 8
  const set = (bit: number) => {
    bits[bit >>> 3] = (bits[bit >>> 3] as number) | (1 << (bit & 7))
  }
  const has = (bit: number) => ((bits[bit >>> 3] as number) & (1 << (bit & 7))) !== 0
  return {
    add(low: number, high: number) {
      set(one(low, high))
      set(two(low, high))
    },
    mayHave: (low: number, high: number) => has(one(low, high)) && has(two(low, high)),
  }
}

/** Which of some named byte strings the haystack contains. */
export async function searchFor(needles: Readonly<Record<string, Uint8Array>>, haystack: Haystack): Promise<string[]> {
  const found = new Set<string>()
  const wanted = Object.entries(needles).map(([name, needle]) => [name, Buffer.from(needle)] as const)
  for await (const buffer of haystack) for (const [name, needle] of wanted) if (buffer.includes(needle)) found.add(name)
  return [...found]
}

/** Every file below a folder, whole. */
export async function* filesBelow(folder: string): AsyncGenerator<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) if (entry.isFile()) yield await readFile(path.join(entry.parentPath, entry.name))
}

/** A text as UTF-16LE, in which V8 keeps strings with letters outside of Latin-1. */
export const wide = (bytes: Uint8Array): Buffer => Buffer.from(Buffer.from(bytes).toString('utf8'), 'utf16le')
