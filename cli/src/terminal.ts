/**
 * What the person, or the script, sees: results on stdout, everything else on stderr. With `--json` both are JSON
 * Lines; their fields are in docs/guide/cli-json.md.
 * @module
 */
import { Progress, type ProgressSink } from './progress.ts'
import { type Part, plain, type Style, type Text } from './text.ts'

/** A stream to write to; `process.stdout` is one. */
export type Sink = ProgressSink & { readonly isTTY?: boolean }

/** One line of `--json`: `type` says what it is, and with it which other fields it has. */
export type JsonLine = { readonly type: string; readonly [field: string]: unknown }

/** A line of a list: a result where it has a value, else a heading between results. */
export type Line = { readonly value?: JsonLine; readonly text: Text }

/** The two streams of a command and its manner of speaking. */
export class Terminal {
  readonly #stdout: Sink
  readonly #stderr: Sink
  /** JSON Lines instead of text. */
  readonly json: boolean
  readonly #quiet: boolean
  readonly #colors: boolean
  #bar: Progress | undefined

  constructor({ stdout, stderr, json = false, quiet = false, colors = wantsColors() }: Terminal.Options) {
    this.#stdout = stdout
    this.#stderr = stderr
    this.json = json
    this.#quiet = quiet
    this.#colors = colors
  }

  /** One result, once for each thing that the command is about: `text` for a person, `value` for `--json`. */
  result(value: JsonLine, text: Text): void {
    this.#clear()
    if (this.json) this.#stdout.write(`${printableJson(value)}\n`)
    else if (text.length > 0) this.#stdout.write(`${this.#drawn(text, this.#stdout)}\n`)
  }

  /** A line around results, such as a heading; `--json` has no use for it. */
  line(text: Text): void {
    if (this.json) return
    this.#clear()
    this.#stdout.write(`${this.#drawn(text, this.#stdout)}\n`)
  }

  /** A list of results with their headings. */
  list(lines: readonly Line[]): void {
    for (const { value, text } of lines) value ? this.result(value, text) : this.line(text)
  }

  /** Something good to know that no script needs. */
  note(text: string): void {
    if (!this.#quiet) this.#say({ type: 'note', message: text }, text)
  }

  /** Something is wrong and the command goes on. */
  warn(text: string): void {
    this.#say({ type: 'warning', message: text }, ['sharewell: ', { text: 'warning:', style: 'careful' }, ` ${text}`])
  }

  /** The command failed: why, and what to do about it. With `--json` whoever reads only results hears it as well. */
  error({ code, message, hints }: { code: string; message: string; hints: readonly string[] }): void {
    const line = { type: 'error', code, message, hints }
    if (this.json) this.result(line, '')
    this.#say(line, ['sharewell: ', { text: 'error:', style: 'bad' }, ` ${message}`])
    if (this.json) return
    for (const hint of hints) this.#say(undefined, ['sharewell: ', { text: 'hint:', style: 'strong' }, ` ${hint}`])
  }

  /** How far the command is, for `--json` alone; people have the bar. */
  event(value: JsonLine): void {
    if (this.json && !this.#quiet) this.#stderr.write(`${printableJson(value)}\n`)
  }

  /** Starts a progress bar, drawn only where stderr is a terminal; the one before it ends. */
  progress(label: string, total?: number, unit: 'bytes' | 'count' = 'bytes'): Progress {
    this.#bar?.end()
    const draw = this.#stderr.isTTY === true && !this.#quiet && !this.json
    const tell = (done: number, of: number | undefined) =>
      this.event({ type: 'progress', step: label, done, ...(of !== undefined && { of }), unit })
    this.#bar = new Progress({ label, total, unit, sink: this.#stderr, draw, tell })
    return this.#bar
  }

  /** Ends the bar that is being drawn, if any. */
  settle(): void {
    this.#bar?.end()
    this.#bar = undefined
  }

  /** Whether stdout shows bytes to a person, who has no use for binary ones. */
  get outputIsTerminal(): boolean {
    return this.#stdout.isTTY === true
  }

  /** Columns of the terminal that shows results; undefined where it is none. */
  get width(): number | undefined {
    return this.#stdout.isTTY === true ? (this.#stdout.columns ?? 80) : undefined
  }

  #clear(): void {
    this.#bar?.clear()
  }

  #say(value: (JsonLine & { readonly message: string }) | undefined, text: Text): void {
    this.#clear()
    if (this.json && value) this.#stderr.write(`${printableJson(value)}\n`)
    else this.#stderr.write(`${this.#drawn(text, this.#stderr)}\n`)
    this.#bar?.redraw()
  }

  /** Paints after cleaning, so that no text from elsewhere paints anything. */
  #drawn(text: Text, sink: Sink): string {
    if (typeof text === 'string') return printable(text)
    const colors = this.#colors && sink.isTTY === true
    return text.map((part) => drawnPart(part, colors)).join('')
  }
}

export declare namespace Terminal {
  type Options = {
    readonly stdout: Sink
    readonly stderr: Sink
    readonly json?: boolean
    readonly quiet?: boolean
    /** Paint where a stream is a terminal; default: unless NO_COLOR is set or the terminal is a dumb one. */
    readonly colors?: boolean
  }
}

const codes: Readonly<Record<Style, number>> = { good: 32, careful: 33, bad: 31, strong: 1, faint: 2 }

function drawnPart(part: Part, colors: boolean): string {
  const text = printable(plain(part))
  return typeof part === 'string' || !colors ? text : `\u001b[${codes[part.style]}m${text}\u001b[0m`
}

/** https://no-color.org: any value but an empty one. */
function wantsColors({ NO_COLOR, TERM } = process.env): boolean {
  return (NO_COLOR ?? '') === '' && TERM !== 'dumb'
}

/**
 * Names, notes and answers of services come from other people: what would move the cursor, colour the screen or turn
 * the direction of writing becomes a space.
 */
function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]|[\u2028-\u202e\u2066-\u2069]/gu, ' ')
}

/** JSON escapes the control characters below 0x20 by itself, and leaves those from 0x7f to 0x9f. */
function printableJson(value: object): string {
  return JSON.stringify(value, whole).replaceAll(
    /\p{Cc}/gu,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Block numbers are bigints; they stay below 2^53. */
const whole = (_: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)
