/** A picture as the canvas gives it: four bytes a pixel. */
export type Pixels = { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }

type Grid = { readonly size: number; readonly dark: (row: number, column: number) => boolean }

/**
 * Reads a QR code from a straight, undamaged picture of it: a saved code or a screenshot, not a photograph. It corrects
 * no errors (ISO/IEC 18004 clause 8); what is read wrongly is refused by the patient code's own checks.
 * Limits: byte mode, level L, one code in the picture. For photographs browsers have detectors of their own.
 */
export function decodeQr(pixels: Pixels): string {
  const grid = sample(pixels)
  const { level, mask } = formatOf(grid)
  if (level !== 0b01) throw new QrError('it has another level of correction than our codes')
  const version = (grid.size - 17) / 4
  return textIn(dataOf(codewordsOf(grid, version, mask), version), version)
}

/** Finds the square of dark pixels and reads the middle of each module. */
function sample({ width, height, data }: Pixels): Grid {
  const isDark = (x: number, y: number): boolean => {
    const at = 4 * (y * width + x)
    return (data[at] ?? 255) + (data[at + 1] ?? 255) + (data[at + 2] ?? 255) < 384
  }
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isDark(x, y)) continue
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
  }
  const side = right - left + 1
  if (side < 21 || Math.abs(bottom - top + 1 - side) > side / 20) throw new QrError('there is no code in it')
  // The first row of the finder pattern is seven dark modules.
  let run = 0
  while (isDark(left + run, top)) run++
  const size = 4 * Math.round((Math.round((7 * side) / run) - 17) / 4) + 17
  if (size < 21 || size > 177) throw new QrError('its code is too small or unclear')
  const place = (start: number, length: number, module: number): number =>
    Math.floor(start + ((module + 0.5) * length) / size)
  return { size, dark: (row, column) => isDark(place(left, side, column), place(top, bottom - top + 1, row)) }
}

const formatMask = 0b101010000010010

function formatOf({ dark }: Grid): { level: number; mask: number } {
  // The 15 bits around the upper left finder, most significant first.
  const cells = [0, 1, 2, 3, 4, 5, 7].map((column) => [8, column] as const)
  const rest = [8, 7, 5, 4, 3, 2, 1, 0].map((row) => [row, 8] as const)
  const bits =
    [...cells, ...rest].reduce((sum, [row, column]) => (sum << 1) | Number(dark(row, column)), 0) ^ formatMask
  return { level: bits >> 13, mask: (bits >> 10) & 7 }
}

const masks: readonly ((row: number, column: number) => boolean)[] = [
  (i, j) => (i + j) % 2 === 0,
  (i) => i % 2 === 0,
  (_, j) => j % 3 === 0,
  (i, j) => (i + j) % 3 === 0,
  (i, j) => (Math.floor(i / 2) + Math.floor(j / 3)) % 2 === 0,
  (i, j) => ((i * j) % 2) + ((i * j) % 3) === 0,
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2 === 0,
  (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2 === 0,
]

/** Unmasks the modules that carry data, in their order. */
function codewordsOf({ size, dark }: Grid, version: number, mask: number): Uint8Array {
  const isFunction = functionModules(version, size)
  const masked = masks[mask] ?? (() => false)
  const bits: boolean[] = []
  for (const [row, column] of zigzag(size))
    if (!isFunction(row, column)) bits.push(dark(row, column) !== masked(row, column))
  return bytesOf(bits)
}

/** From the lower right, two columns at a time, up and down in turn; the timing column is left out. */
function* zigzag(size: number): Generator<readonly [row: number, column: number]> {
  const rights = Array.from({ length: (size - 1) / 2 }, (_, pair) => size - 1 - 2 * pair)
  for (const [pair, right] of rights.map((column) => (column <= 6 ? column - 1 : column)).entries()) {
    for (let step = 0; step < size; step++) {
      const row = pair % 2 === 0 ? size - 1 - step : step
      yield [row, right]
      yield [row, right - 1]
    }
  }
}

function bytesOf(bits: readonly boolean[]): Uint8Array {
  return Uint8Array.from({ length: Math.floor(bits.length / 8) }, (_, at) =>
    bits.slice(8 * at, 8 * at + 8).reduce((sum, bit) => (sum << 1) | Number(bit), 0),
  )
}

/** Which modules carry no data: finders, timing, alignment, format and version. */
function functionModules(version: number, size: number): (row: number, column: number) => boolean {
  const centres = alignment(version, size)
  const last = centres.at(-1) ?? 0
  const inAlignment = (row: number, column: number): boolean =>
    centres.some(
      (y) =>
        Math.abs(y - row) <= 2 &&
        centres.some(
          (x) => Math.abs(x - column) <= 2 && !((x === 6 && (y === 6 || y === last)) || (y === 6 && x === last)),
        ),
    )
  return (row, column) => {
    if (row === 6 || column === 6) return true
    if ((row <= 8 && (column <= 8 || column >= size - 8)) || (row >= size - 8 && column <= 8)) return true
    if (version >= 7 && ((row < 6 && column >= size - 11) || (column < 6 && row >= size - 11))) return true
    return inAlignment(row, column)
  }
}

/** Centres of the alignment patterns (annex E): 6, then evenly spaced back from the far side. */
function alignment(version: number, size: number): readonly number[] {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = version === 32 ? 26 : 2 * Math.ceil((size - 13) / (2 * count - 2))
  return [6, ...Array.from({ length: count - 1 }, (_, at) => size - 7 - step * (count - 2 - at))]
}

/** Error correction codewords a block and number of blocks at level L, versions 1 to 40 (table 9). */
const correction = [
  7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30,
  30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
]
const blockCounts = [
  1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19,
  20, 21, 22, 24, 25,
]

/** Puts the interleaved blocks back in order, without their correction. */
function dataOf(codewords: Uint8Array, version: number): Uint8Array {
  const blocks = blockCounts[version - 1] ?? 1
  const length = Math.floor(codewords.length / blocks) - (correction[version - 1] ?? 0)
  const short = blocks - (codewords.length % blocks)
  const out: number[] = []
  for (let block = 0; block < blocks; block++) {
    for (let at = 0; at < length; at++) out.push(codewords[at * blocks + block] ?? 0)
    // Longer blocks come last; their extra codeword stands behind all the others.
    if (block >= short) out.push(codewords[length * blocks + (block - short)] ?? 0)
  }
  return Uint8Array.from(out)
}

/** Reads segments of byte mode until the terminator. */
function textIn(data: Uint8Array, version: number): string {
  let at = 0
  const take = (count: number): number => {
    let value = 0
    for (let bit = 0; bit < count; bit++, at++) value = (value << 1) | (((data[at >> 3] ?? 0) >> (7 - (at & 7))) & 1)
    return value
  }
  const bytes: number[] = []
  while (at + 4 <= data.length * 8) {
    const mode = take(4)
    if (mode === 0) break
    if (mode !== 0b0100) throw new QrError('its code holds something else than our codes')
    const count = take(version < 10 ? 8 : 16)
    if (at + 8 * count > data.length * 8) throw new QrError('its code is damaged')
    for (let byte = 0; byte < count; byte++) bytes.push(take(8))
  }
  return new TextDecoder().decode(Uint8Array.from(bytes))
}

/** Thrown when a picture holds no code that this reader understands. */
export class QrError extends Error {
  override readonly name = 'QrError'
  readonly code = 'QR'

  constructor(reason: string) {
    super(`This picture cannot be read: ${reason}. Paste the code as text instead.`)
  }
}
