/**
 * What is about to be sent, for a person to agree to.
 * @module
 */
import { createInterface } from 'node:readline/promises'
import { BaseError } from '@sharewell/sdk/errors'
import { flag, UsageError } from './command.ts'
import type { Terminal } from './terminal.ts'
import { columns } from './text.ts'

/** The option of commands that ask. */
export const yesOption = flag('-y, --yes', 'send without asking, for scripts')

/** Shows what will be sent and waits for the answer. Scripts, which cannot answer, say `--yes`.
 * @throws DeclinedError unless the answer is yes. */
export async function review(terminal: Terminal, { title, rows, yes, signal }: review.Options): Promise<void> {
  terminal.note([title, ...columns(rows, { indent: 2 }).map((row) => row.join(''))].join('\n'))
  if (yes) return
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true || terminal.json)
    throw new UsageError({
      problem: 'nobody is here to look at it before it is sent',
      hints: ['run it in a terminal, or say --yes'],
    })
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await asking.question('Send this? [y/N] ', { signal })
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new DeclinedError()
  } finally {
    asking.close()
  }
}

export declare namespace review {
  type Options = {
    readonly title: string
    /** Names and values, under each other. */
    readonly rows: readonly (readonly [name: string, value: string])[]
    readonly yes: boolean | undefined
    readonly signal: AbortSignal
  }
}

/** Thrown when the person looked at it and did not want it. */
export class DeclinedError extends BaseError<'DECLINED'> {
  override readonly name = 'DeclinedError'
  constructor(_: object = {}) {
    super('DECLINED', 'Nothing was sent.')
  }
}
