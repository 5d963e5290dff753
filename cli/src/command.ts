/**
 * The shape of a command: what it is called, what it takes, how it is explained, and what it does.
 *
 * A command knows nothing of the argument parser; `program.ts` registers the shape with it.
 * @module
 */
import { BaseError } from '@sharewell/sdk/errors'
import { InvalidArgumentError } from 'commander'
import type { Terminal } from './terminal.ts'

/** The groups of the help page, in its order. */
export const groups = [
  'Files, without a network:',
  'Records on a network:',
  'Organizations and staff:',
  'Looking after it:',
  'Help:',
] as const

/** One option: how it is written (`-n, --shares <n>`), what it means, and how its text becomes a value. */
export type Option<T> = {
  readonly flags: string
  readonly about: string
  readonly parse?: ((text: string) => T) | undefined
  readonly fallback?: T | undefined
  /** What may be written, where that is a few words: for completion. */
  readonly words?: readonly string[] | undefined
  /** Several of the words, separated by commas. */
  readonly list?: boolean | undefined
}

/** What `run` finds in `options`, by the option's long name in camelCase. */
export type Values<O> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never }

/** What a command is given when it runs. */
export type Context<V> = {
  readonly args: readonly string[]
  readonly options: V
  readonly terminal: Terminal
  /** Aborts when the person presses Ctrl-C. */
  readonly signal: AbortSignal
  /** Every command, for those that speak about commands. */
  readonly table: () => Promise<readonly Command[]>
}

/** A command as `program.ts` sees it. */
export type Command = {
  /** One word, or two: `staff attest` is a part of `staff`. */
  readonly name: string
  readonly group: (typeof groups)[number]
  readonly summary: string
  /** Positional arguments as shown and parsed: `<file>`, `[file]`, `<share...>`. */
  readonly usage: string
  /** What each positional argument is. */
  readonly operands: Readonly<Record<string, string>>
  /** What may be written for an operand, where that is a few words: for completion. */
  readonly operandWords?: Readonly<Record<string, readonly string[]>> | undefined
  /** A few sentences for `sharewell help NAME`. */
  readonly about: string
  readonly examples: readonly (readonly [command: string, what: string])[]
  readonly options: Readonly<Record<string, Option<unknown>>>
  readonly run: (context: Context<Readonly<Record<string, unknown>>>) => Promise<void>
}

type Definition<O> = Omit<Command, 'options' | 'run'> & {
  readonly options: O
  readonly run: (context: Context<Values<O>>) => Promise<void>
}

/** Makes a command; the values `run` receives are typed by its options.
 * @example
 * const open = command({ name: 'open', options: { force }, run: async ({ options }) => use(options.force), ...words }) */
export function command<const O extends Readonly<Record<string, Option<unknown>>>>(definition: Definition<O>): Command {
  // The parser fills `options` from the very specs in O, so their types hold.
  return { ...definition, run: (context) => definition.run({ ...context, options: context.options as Values<O> }) }
}

/** An option that takes text. */
export function text(flags: string, about: string): Option<string | undefined> {
  return { flags, about }
}

/** An option that takes several of a few words, separated by commas; the command reads them. */
export function list(flags: string, about: string, words: readonly string[]): Option<string | undefined> {
  return { flags, about, words, list: true }
}

/** An option that is there or not. */
export function flag(flags: string, about: string): Option<boolean> {
  return { flags, about, fallback: false }
}

/** An option that takes a whole number within `range`, and has a value when it is not given. */
export function integer<const F extends number | undefined>(
  flags: string,
  about: string,
  fallback: F,
  { least = 0, most = 999_999_999 }: { least?: number; most?: number } = {},
): Option<number | F> {
  const parse = (value: string) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
    if (number >= least && number <= most) return number
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }
  return { flags, about, parse, fallback }
}

/** An option that takes one of a few words. */
export function choice<const W extends string>(
  flags: string,
  about: string,
  words: readonly W[],
): Option<W | undefined> {
  const parse = (value: string) => {
    const word = words.find((each) => each === value)
    if (word === undefined) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`)
    return word
  }
  return { flags, about, parse, words }
}

/** Options that several commands share, so that they read the same everywhere. */
export const common = {
  force: flag('-f, --force', 'replace an existing output file'),
}

/** Thrown when a command was called in a way that cannot work; the exit code is 2. */
export class UsageError extends BaseError<'USAGE'> {
  override readonly name = 'UsageError'
  constructor({
    problem = 'The command was misused.',
    hints = ["'sharewell help COMMAND' explains a command, with examples"],
  }: { problem?: string; hints?: readonly string[] }) {
    super('USAGE', problem, { hints })
  }
}
