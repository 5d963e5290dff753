/**
 * Text for a person: parts that may be painted, and rows whose columns line up.
 * @module
 */

/** How a part looks where colours are wanted. */
export type Style = 'good' | 'careful' | 'bad' | 'strong' | 'faint'

/** A piece of a line. */
export type Part = string | { readonly text: string; readonly style: Style }

/** One line, or lines separated by newlines. */
export type Text = string | readonly Part[]

/** A part in a style. */
export const painted = (style: Style, text: string): Part => ({ text, style })

/** The words of a part without its paint. */
export const plain = (part: Part): string => (typeof part === 'string' ? part : part.text)

/**
 * Lines up the cells of rows: each column is as wide as its widest cell, the last one ends where its text ends.
 * @example
 * for (const row of columns([['ok', 'chain'], ['problem', 'clock']])) terminal.line(row)
 */
export function columns(rows: readonly (readonly Part[])[], { gap = 2, indent = 0 } = {}): Part[][] {
  const widths: number[] = []
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(plain(cell)))
  return rows.map((row) => {
    const last = row.findLastIndex((cell) => plain(cell) !== '')
    const cells = row.slice(0, last + 1).flatMap((cell, at): Part[] => {
      const missing = at === last ? 0 : (widths[at] ?? 0) - widthOf(plain(cell)) + gap
      return [cell, ' '.repeat(missing)]
    })
    return [' '.repeat(indent), ...cells].filter((part) => plain(part) !== '')
  })
}

/**
 * Lines up rows; where they are too long for a terminal of `width` columns, the cell at `below` goes to a line of its
 * own. What goes into a pipe has no width, and stays on one line.
 */
export function folded(
  rows: readonly (readonly Part[])[],
  {
    width,
    below,
    indent = 0,
  }: { readonly width: number | undefined; readonly below: number; readonly indent?: number },
): Part[][] {
  const wide = columns(rows, { indent })
  const fits = width === undefined || wide.every((row) => widthOf(row.map(plain).join('')) <= width)
  if (fits) return wide
  const rest = columns(
    rows.map((row) => row.filter((_, at) => at !== below)),
    { indent },
  )
  return rest.map((row, at) => [
    ...row,
    `\n${' '.repeat(indent + 2)}`,
    painted('faint', plain(rows[at]?.[below] ?? '')),
  ])
}

/** How many columns of a terminal a text takes: wide letters take two, marks on the letter before none. */
export function widthOf(text: string): number {
  let width = 0
  for (const letter of text) width += /\p{M}|\p{Cf}/u.test(letter) ? 0 : wide.test(letter) ? 2 : 1
  return width
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Emoji_Presentation}/u

/** Breaks text at spaces so that no line is longer than `width`; a word that is longer stands alone. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ').filter((each) => each !== '')) {
    const last = lines.at(-1)
    if (last === undefined || widthOf(last) + 1 + widthOf(word) > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** `1 record`, `2 records`. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
