/** A column: its title, its width, and whether it holds numbers. */
export type Column = { readonly title: string; readonly width: number; readonly right?: boolean }

/** One line of a table for a terminal; what is too long loses its middle. */
export function row(columns: readonly Column[], cells: readonly (string | number)[]): string {
  const text = columns.map(({ width, right }, at) => {
    const cell = shorten(String(cells[at] ?? ''), width)
    return right ? cell.padStart(width) : cell.padEnd(width)
  })
  return text.join('  ').trimEnd()
}

/** Title and rule. */
export function head(columns: readonly Column[]): string {
  const titles = columns.map(({ title }) => title)
  const rule = columns.map(({ width }) => '-'.repeat(width)).join('  ')
  return `${row(columns, titles)}\n${rule}`
}

const shorten = (text: string, width: number) =>
  text.length <= width
    ? text
    : `${text.slice(0, Math.ceil(width / 2) - 1)}…${text.slice(text.length - Math.floor(width / 2))}`

export const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2)
export const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
