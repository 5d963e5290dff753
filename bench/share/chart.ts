/**
 * Line charts as SVG, by hand: axes with units, a legend, both looks of a page. No size of a letter depends on a font.
 * @module
 */

export type Line = { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] }

export type Axis = {
  readonly label: string
  /** Powers of ten at even distances; else from zero. */
  readonly log?: boolean
  /** Where the axis has its marks, in rising order; it begins and ends there. */
  readonly ticks?: readonly number[]
  /** How a tick is written. */
  readonly words?: (value: number) => string
}

export type Chart = {
  readonly title: string
  readonly note: string
  readonly x: Axis
  readonly y: Axis
  readonly lines: readonly Line[]
}

const width = 760
const frame = { left: 84, right: 36, top: 64, bottom: 360 }
const keyHeight = 20

/** Colours that are told apart by those who see few, on white and on black; shapes tell them apart besides. */
const style = `
  .paper{fill:#fff}.ink{fill:#1b2420}.soft{fill:#55615b}.grid{stroke:#d9ddd9}.edge{stroke:#8a948e}
  .c0{stroke:#0072b2;fill:#0072b2}.c1{stroke:#b34700;fill:#b34700}.c2{stroke:#00795a;fill:#00795a}
  .c3{stroke:#8a3b80;fill:#8a3b80}.c4{stroke:#6b6100;fill:#6b6100}.c5{stroke:#44515c;fill:#44515c}
  @media (prefers-color-scheme:dark){
  .paper{fill:#10161a}.ink{fill:#eef2f0}.soft{fill:#aeb9b3}.grid{stroke:#2c363c}.edge{stroke:#76828a}
  .c0{stroke:#6bb8ff;fill:#6bb8ff}.c1{stroke:#ff9f5a;fill:#ff9f5a}.c2{stroke:#4fd6ae;fill:#4fd6ae}
  .c3{stroke:#e39ada;fill:#e39ada}.c4{stroke:#d9cc4a;fill:#d9cc4a}.c5{stroke:#b4c3cf;fill:#b4c3cf}}`

/** The chart as a file. */
export function drawn({ title, note, x, y, lines }: Chart): string {
  const all = lines.flatMap(({ points }) => points)
  const across = scaleOf(
    x,
    all.map(([value]) => value),
    frame.left,
    width - frame.right,
  )
  const up = scaleOf(
    y,
    all.map(([, value]) => value),
    frame.bottom,
    frame.top,
  )
  const height = frame.bottom + 60 + Math.ceil(lines.length / 2) * keyHeight
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="14">`,
    `<title>${escaped(title)}</title><desc>${escaped(note)}</desc><style>${style}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    text(frame.left, 26, title, 'class="ink" font-size="18" font-weight="600"'),
    text(frame.left, 47, note, 'class="soft" font-size="13"'),
    ...across.ticks.map((value) => upright(across.at(value), x.words?.(value) ?? String(value))),
    ...up.ticks.map((value) => level(up.at(value), y.words?.(value) ?? String(value))),
    `<path class="edge" fill="none" d="M${frame.left} ${frame.top}V${frame.bottom}H${width - frame.right}"/>`,
    text((frame.left + width - frame.right) / 2, frame.bottom + 44, x.label, 'class="ink" text-anchor="middle"'),
    text(
      0,
      0,
      y.label,
      `class="ink" text-anchor="middle" transform="translate(20 ${(frame.top + frame.bottom) / 2}) rotate(-90)"`,
    ),
    ...lines.map(({ points }, at) =>
      curve(
        points.map(([a, b]) => [across.at(a), up.at(b)] as const),
        at,
      ),
    ),
    ...lines.map(({ name }, at) => key(name, at)),
    '</svg>\n',
  ].join('\n')
}

type Scale = { readonly at: (value: number) => number; readonly ticks: readonly number[] }

function scaleOf({ log, ticks }: Axis, values: readonly number[], from: number, to: number): Scale {
  if (log) {
    const marks = ticks ?? powersAround(Math.min(...values), Math.max(...values))
    const [low, high] = [Math.log10(marks[0] ?? 1), Math.log10(marks.at(-1) ?? 10)]
    return { at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from), ticks: marks }
  }
  const step = niceStep(Math.max(...values) / 5)
  const count = Math.ceil(Math.max(...values) / step - 1e-9)
  const marks = ticks ?? Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(6)))
  const [low, high] = [marks[0] ?? 0, marks.at(-1) ?? 1]
  return { at: (value) => from + ((value - low) / (high - low)) * (to - from), ticks: marks }
}

/** Powers of ten from below the least to above the most. */
function powersAround(least: number, most: number): number[] {
  const low = Math.floor(Math.log10(least) + 1e-9)
  const high = Math.max(Math.ceil(Math.log10(most) - 1e-9), low + 1)
  return Array.from({ length: high - low + 1 }, (_, i) => Number((10 ** (low + i)).toPrecision(6)))
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted))
  return ([1, 2, 5].find((one) => one * power >= wanted) ?? 10) * power
}

const upright = (x: number, words: string): string =>
  `<path class="grid" d="M${round(x)} ${frame.top}V${frame.bottom}"/>${text(x, frame.bottom + 20, words, 'class="soft" text-anchor="middle"')}`
const level = (y: number, words: string): string =>
  `<path class="grid" d="M${frame.left} ${round(y)}H${width - frame.right}"/>${text(frame.left - 8, y + 5, words, 'class="soft" text-anchor="end"')}`

const dashes = ['', '7 4', '2 4', '10 4 2 4', '', '7 4']

function curve(points: readonly (readonly [number, number])[], at: number): string {
  const path = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')
  const marks = points.map(([x, y]) => mark(x, y, at)).join('')
  return `<g class="c${at}"><polyline fill="none" stroke-width="2.2" stroke-dasharray="${dashes[at] ?? ''}" points="${path}"/>${marks}</g>`
}

/** A disc, a square, a triangle, again and again. */
function mark(x: number, y: number, at: number): string {
  if (at % 3 === 0) return `<circle cx="${round(x)}" cy="${round(y)}" r="4"/>`
  if (at % 3 === 1) return `<rect x="${round(x - 3.8)}" y="${round(y - 3.8)}" width="7.6" height="7.6"/>`
  return `<path d="M${round(x)} ${round(y - 5)}l4.8 8.6h-9.6z"/>`
}

function key(name: string, at: number): string {
  const [x, y] = [frame.left + (at % 2) * 330, frame.bottom + 66 + Math.floor(at / 2) * keyHeight]
  return `<g class="c${at}"><path stroke-width="2.2" stroke-dasharray="${dashes[at] ?? ''}" d="M${x} ${y}h34"/>${mark(x + 17, y, at)}</g>${text(x + 42, y + 5, name, 'class="ink"')}`
}

const round = (value: number): string => String(Math.round(value * 10) / 10)
const escaped = (words: string): string => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const text = (x: number, y: number, words: string, more: string): string =>
  `<text x="${round(x)}" y="${round(y)}" ${more}>${escaped(words)}</text>`
