/**
 * Progress bars on one line of a terminal.
 * @module
 */

/** Where a bar is drawn. */
export type ProgressSink = { write(text: string): unknown; readonly columns?: number }

const frameMs = 80
const tellMs = 1000
const barWidth = 20

/** `1.5 MB`, in powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

/** One bar: counts towards a total, or just counts where there is none. Draws nothing unless told to. */
export class Progress {
  readonly #label: string
  #total: number | undefined
  readonly #unit: 'bytes' | 'count'
  readonly #sink: ProgressSink
  readonly #started = performance.now()
  #draw: boolean
  readonly #tell: Progress.Options['tell']
  #toldAt = performance.now()
  #ended = false
  #done = 0
  #detail: readonly string[] = []
  #drawnAt = Number.NEGATIVE_INFINITY
  #width = 0

  constructor({ label, total, unit, sink, draw, tell }: Progress.Options) {
    this.#label = label
    this.#total = total
    this.#unit = unit
    this.#sink = sink
    this.#draw = draw
    this.#tell = tell
    this.redraw()
  }

  /** Counts `amount` more. */
  add(amount: number): void {
    this.set(this.#done + amount)
  }

  /** Counts `done` in all, of `total` where that is known only now. */
  set(done: number, total = this.#total): void {
    this.#done = done
    this.#total = total
    const now = performance.now()
    if (now - this.#drawnAt >= frameMs) this.redraw()
    if (now - this.#toldAt < tellMs) return
    this.#toldAt = now
    this.#tell?.(done, total)
  }

  /** Says more than a number does, at the end of the line; where there is no room, the first parts are left out. */
  describe(detail: readonly string[]): void {
    this.#detail = detail
  }

  /** Draws the bar as it stands. */
  redraw(): void {
    if (!this.#draw) return
    this.#drawnAt = performance.now()
    const width = Math.max(20, (this.#sink.columns ?? 80) - 1)
    const line = this.#line(width).slice(0, width)
    this.#sink.write(`\r${line.padEnd(this.#width)}`)
    this.#width = line.length
  }

  /** Wipes the line, so that something else can be written there. */
  clear(): void {
    if (this.#draw && this.#width > 0) this.#sink.write(`\r${' '.repeat(this.#width)}\r`)
    this.#width = 0
  }

  /** Wipes the bar for good. */
  end(): void {
    this.clear()
    this.#draw = false
    if (!this.#ended) this.#tell?.(this.#done, this.#total)
    this.#ended = true
  }

  #line(width: number): string {
    const { label, bar, amount, rate } = this.#parts()
    const join = (parts: readonly string[]) => parts.filter((part) => part !== '').join('  ')
    const start = join([label.padEnd(12), bar])
    if (this.#detail.length === 0) return join([start, amount, rate])
    const from = this.#detail.findIndex((_, at) => join([start, ...this.#detail.slice(at)]).length <= width)
    return join([start, ...this.#detail.slice(from < 0 ? -1 : from)])
  }

  #parts() {
    const total = this.#total
    const show = (value: number) => (this.#unit === 'bytes' ? formatBytes(value) : String(value))
    const seconds = (performance.now() - this.#started) / 1000
    const rate = this.#unit === 'bytes' && seconds > 0.5 ? `${formatBytes(Math.round(this.#done / seconds))}/s` : ''
    if (total === undefined) return { label: this.#label, bar: '', amount: show(this.#done), rate }
    const part = total === 0 ? 1 : Math.min(1, this.#done / total)
    const full = Math.round(part * barWidth)
    const bar = `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}] ${String(Math.floor(part * 100)).padStart(3)}%`
    return { label: this.#label, bar, amount: `${show(this.#done)} of ${show(total)}`, rate }
  }
}

export declare namespace Progress {
  type Options = {
    readonly label: string
    readonly total: number | undefined
    readonly unit: 'bytes' | 'count'
    readonly sink: ProgressSink
    readonly draw: boolean
    /** Hears once a second, and at the end, how far it is. */
    readonly tell?: (done: number, of: number | undefined) => void
  }
}
