/**
 * What the person, or the script, sees: results on stdout, everything else on stderr.
 * @module
 */
import { Progress, type ProgressSink } from './progress.ts'

/** A stream to write to; `process.stdout` is one. */
export type Sink = ProgressSink & { readonly isTTY?: boolean }

/** The two streams of a command and its manner of speaking. */
export class Terminal {
  readonly #stdout: Sink
  readonly #stderr: Sink
  /** One JSON object on stdout instead of text. */
  readonly json: boolean
  readonly #quiet: boolean
  #bar: Progress | undefined

  constructor({
    stdout,
    stderr,
    json = false,
    quiet = false,
  }: { stdout: Sink; stderr: Sink; json?: boolean; quiet?: boolean }) {
    this.#stdout = stdout
    this.#stderr = stderr
    this.json = json
    this.#quiet = quiet
  }

  /** The outcome, once per command: `text` for a person, `value` for `--json`. */
  result(value: object, text: string): void {
    this.#clear()
    if (this.json) this.#stdout.write(`${printableJson(value)}\n`)
    else if (text !== '') this.#stdout.write(`${printable(text)}\n`)
  }

  /** One line of an outcome that comes in several, as each is there. Not for `--json`. */
  line(text: string): void {
    this.#clear()
    this.#stdout.write(`${printable(text)}\n`)
  }

  /** Something good to know that no script needs. */
  note(text: string): void {
    if (!this.#quiet) this.#say(text)
  }

  /** Something is wrong and the command goes on. */
  warn(text: string): void {
    this.#say(`sharewell: warning: ${text}`)
  }

  /** The command failed: why, and what to do about it. */
  error(message: string, hints: readonly string[] = []): void {
    this.#say(`sharewell: error: ${message}`)
    for (const hint of hints) this.#say(`sharewell: hint: ${hint}`)
  }

  /** Starts a progress bar, drawn only where stderr is a terminal; the one before it ends. */
  progress(label: string, total?: number, unit: 'bytes' | 'count' = 'bytes'): Progress {
    this.#bar?.end()
    this.#bar = new Progress({
      label,
      total,
      unit,
      sink: this.#stderr,
      draw: this.#stderr.isTTY === true && !this.#quiet,
    })
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

  #clear(): void {
    this.#bar?.clear()
  }

  #say(text: string): void {
    this.#clear()
    this.#stderr.write(`${printable(text)}\n`)
    this.#bar?.redraw()
  }
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
  return JSON.stringify(value).replaceAll(/\p{Cc}/gu, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
