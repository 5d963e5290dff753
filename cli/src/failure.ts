/**
 * Turns whatever was thrown into one sentence, hints, and an exit code.
 * @module
 */
import { BaseError, firstLine } from '@sharewell/sdk/errors'
import { CommanderError } from 'commander'

/** How a command ended when it did not end well. */
export type Failure = {
  readonly code: string
  readonly message: string
  readonly hints: readonly string[]
  readonly exitCode: 1 | 2
}

/** Explains `error` to a person; `called` is the command that failed, `names` are those of all commands. */
export function explain(error: unknown, called?: string, names: readonly string[] = []): Failure {
  if (error instanceof CommanderError) return misuse(error, called, names)
  if (error instanceof BaseError) {
    const exitCode = error.code === 'USAGE' ? 2 : 1
    const causes = [...causesOf(error)].map((cause) => firstLine(cause.message))
    const message = [firstLine(error.message), ...causes].filter(unlike).join(' ')
    return { code: error.code, message: lower(message), hints: error.hints.map(lower), exitCode }
  }
  if (isSystemError(error)) return system(error)
  const message = error instanceof Error ? `${error.name}: ${firstLine(error.message)}` : String(error)
  return { code: 'UNEXPECTED', message, hints: ['this is a fault of sharewell itself; please report it'], exitCode: 1 }
}

/** The parser's `error: unknown command 'x'\n(Did you mean y?)` as message and hint. */
function misuse(error: CommanderError, called: string | undefined, names: readonly string[]): Failure {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n')
  const meant = rest.join(' ').match(/\(Did you mean (.+)\?\)/)?.[1]
  const helpHint =
    called === undefined ? "'sharewell --help' lists the commands" : `'sharewell help ${called}' explains it`
  const parts = error.code === 'commander.excessArguments' ? names.filter((name) => name.startsWith(`${called} `)) : []
  const hints = [
    ...(meant === undefined ? [] : [`did you mean ${meant}?`]),
    ...(parts.length === 0 ? [] : [`there are also: ${parts.join(', ')}`]),
    helpHint,
  ]
  return { code: 'USAGE', message: first, hints, exitCode: 2 }
}

/** The typed causes under an SDK error that say more than it does, deepest last. */
function* causesOf(error: Error): Generator<Error> {
  for (let { cause } = error; cause instanceof BaseError; { cause } = cause) yield cause
}

/** Leaves out a sentence that an earlier one already said. */
function unlike(sentence: string, index: number, all: readonly string[]): boolean {
  return sentence !== '' && all.indexOf(sentence) === index
}

const systemWords: Readonly<Record<string, readonly [what: string, hint?: string]>> = {
  EACCES: ['permission denied', 'check who owns the file and its mode'],
  EPERM: ['operation not permitted'],
  ENOSPC: ['no space left on the disk', 'free some space or write elsewhere with -o'],
  EDQUOT: ['the disk quota is used up', 'free some space or write elsewhere with -o'],
  EFBIG: ['the file grows beyond what this system allows', 'raise the limit (ulimit -f) or write elsewhere with -o'],
  EMFILE: ['too many open files', 'raise the limit with: ulimit -n 4096'],
  ENOENT: ['no such file or folder'],
  EISDIR: ['it is a folder', 'name a file'],
  ENOTDIR: ['a part of the path is not a folder'],
  EROFS: ['the disk is read-only'],
  ENAMETOOLONG: ['the name is too long'],
  EPIPE: ['whoever read the output stopped reading'],
}

function system(error: NodeJS.ErrnoException): Failure {
  const [what, hint] = systemWords[error.code ?? ''] ?? [firstLine(error.message)]
  const message = error.path === undefined ? what : `${error.path}: ${what}`
  return { code: error.code ?? 'SYSTEM', message, hints: hint === undefined ? [] : [hint], exitCode: 1 }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error
}

/** Errors read `sharewell: error: cannot ...`: a sentence's first word in lower case, unless it is a name. */
export function lower(sentence: string): string {
  const trimmed = sentence.replace(/\.$/, '')
  return /^[A-Z][a-z' ]/.test(trimmed) ? trimmed[0]?.toLowerCase() + trimmed.slice(1) : trimmed
}
