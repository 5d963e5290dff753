import { describe, expect, it } from 'vitest'
import { decodeQr, type Pixels } from './qr-decode.ts'
import { qrPicture } from './qr-draw.ts'

/** Paints a code as a canvas would: white border, `scale` pixels a module. */
function paint(text: string, scale: number): Pixels {
  const { size, path } = qrPicture(text)
  const width = (size + 8) * scale
  const data = new Uint8ClampedArray(4 * width * width).fill(255)
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)/g)) {
    for (let dy = 0; dy < scale; dy++)
      for (let dx = 0; dx < scale; dx++) {
        const at = 4 * (((Number(y) + 4) * scale + dy) * width + (Number(x) + 4) * scale + dx)
        data.fill(0, at, at + 3)
      }
  }
  return { width, height: width, data }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const textOf = (length: number): string =>
  Array.from({ length }, (_, at) => letters[(at * 7 + (at >> 3)) % 64]).join('')

describe('reading a saved patient code', () => {
  for (const length of [5, 60, 150, 300, 700, 1300, 1900, 2300, 2900])
    it(`reads back ${length} letters`, () => {
      const text = textOf(length)
      expect(decodeQr(paint(text, 3))).toBe(text)
    })

  it('reads it at a size that is no multiple of its modules', () => {
    const text = textOf(1900)
    const { width, data } = paint(text, 7)
    const small = 900
    const scaled = new Uint8ClampedArray(4 * small * small)
    for (let y = 0; y < small; y++)
      for (let x = 0; x < small; x++) {
        const from = 4 * (Math.floor((y * width) / small) * width + Math.floor((x * width) / small))
        scaled.set(data.subarray(from, from + 4), 4 * (y * small + x))
      }
    expect(decodeQr({ width: small, height: small, data: scaled })).toBe(text)
  })

  it('says so when there is no code', () => {
    const data = new Uint8ClampedArray(4 * 100 * 100).fill(255)
    expect(() => decodeQr({ width: 100, height: 100, data })).toThrow(/no code/)
  })
})
