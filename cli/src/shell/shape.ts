/**
 * What completion and the man page need to know of the commands, taken from the same table as the parser's.
 * @module
 */
import type { Command } from '../command.ts'

/** What can stand in a place: the name of a file, one of some words, several of them with commas, or anything. */
export type Value =
  | { readonly kind: 'file' }
  | { readonly kind: 'word' | 'list'; readonly words: readonly string[] }
  | { readonly kind: 'anything' }

/** One option, taken apart. */
export type OptionShape = {
  readonly short?: string | undefined
  readonly long: string
  /** Absent: it takes no value. */
  readonly value?: Value | undefined
  readonly about: string
}

/** One command, taken apart. */
export type CommandShape = {
  readonly name: string
  readonly summary: string
  readonly options: readonly OptionShape[]
  readonly operands: readonly Value[]
}

/** Options that every command takes. */
export const globalOptions: readonly OptionShape[] = [
  { long: '--json', about: 'print JSON Lines instead of text, one object a line' },
  { short: '-q', long: '--quiet', about: 'print results and errors only' },
  { short: '-h', long: '--help', about: 'show help' },
]

/** Takes a command apart. */
export function shapeOf({ name, summary, usage, options, operandWords = {} }: Command): CommandShape {
  return {
    name,
    summary,
    options: Object.values(options).map(({ flags, about, words, list }) => {
      const [, short, long = '', value] = /^(?:(-\w), )?(--[\w-]+)(?: <(.+)>)?$/.exec(flags) ?? []
      return { short, long, value: value === undefined ? undefined : meaningOf(value, words, list), about }
    }),
    operands: usage
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => {
        const operand = word.replaceAll(/[<>[\].]/g, '')
        return meaningOf(operand, operandWords[operand])
      }),
  }
}

/** Operands and values of these names are files. */
const files = /file|folder|^sealed$|^share$/

function meaningOf(name: string, words?: readonly string[], list = false): Value {
  if (words !== undefined) return { kind: list ? 'list' : 'word', words }
  return { kind: files.test(name) ? 'file' : 'anything' }
}

/** First words of commands, each once. */
export function firstWords(commands: readonly CommandShape[]): string[] {
  return [...new Set([...commands.map(({ name }) => name.split(' ', 1)[0] ?? ''), 'help'])]
}

/** Second words that may follow a first one. */
export function secondWords(commands: readonly CommandShape[], first: string): string[] {
  return commands.flatMap(({ name }) => (name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : []))
}
