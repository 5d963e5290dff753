import type { Bytes } from '../../bytes.ts'

/** A row of a call in a list: its position among the strips, its slot among the rows of the call, its constant. */
export type Entry = readonly [position: number, slot: number, constant: number]

/** Rows named for the kernels; `at` counts from the start of the image. */
export type List = { readonly at: number; readonly entries: number }

/** What the kernels read beside the rows: lists, flags, matrices. It is made once and copied into their memory. */
export type Image = {
  /** Entries in rising order of positions. */
  list(entries: readonly Entry[]): List
  /** The blocks of a transform of 2^log2 rows that hold one of the positions: which of them have to be computed. */
  flags(log2: number, positions: Iterable<number>): number
  /** Coefficients, output by output: a byte each over GF(2^8), else low and high byte. */
  matrix(coefficients: Uint16Array, bits: 8 | 16): number
  bytes(): Bytes
}

export function createImage(): Image {
  const parts: Uint8Array[] = []
  let length = 0
  const place = (part: Uint8Array): number => {
    const at = length
    parts.push(part)
    length += 4 * Math.ceil(part.length / 4)
    return at
  }
  return {
    list: (entries) => ({ at: place(littleEndian(entries)), entries: entries.length }),
    flags(log2, positions) {
      const flags = new Uint8Array(2 ** log2)
      for (const position of positions)
        for (let j = 0; j < log2; j++) flags[2 ** (log2 - 1 - j) - 1 + (position >> (j + 1))] = 1
      return place(flags)
    },
    matrix: (coefficients, bits) => place(bits === 8 ? Uint8Array.from(coefficients) : pairs(coefficients)),
    bytes() {
      const image = new Uint8Array(length)
      let at = 0
      for (const part of parts) {
        image.set(part, at)
        at += 4 * Math.ceil(part.length / 4)
      }
      return image
    },
  }
}

/** WebAssembly reads little-endian words whatever the host's order is. */
function littleEndian(entries: readonly Entry[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(12 * entries.length))
  entries.forEach(([position, slot, constant], i) => {
    view.setUint32(12 * i, position, true)
    view.setUint32(12 * i + 4, slot, true)
    view.setUint32(12 * i + 8, constant, true)
  })
  return new Uint8Array(view.buffer)
}

function pairs(coefficients: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(2 * coefficients.length)
  coefficients.forEach((c, i) => {
    bytes[2 * i] = c
    bytes[2 * i + 1] = c >> 8
  })
  return bytes
}
