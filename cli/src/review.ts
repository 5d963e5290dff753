/**
 * What is about to be sent, for a person to agree to.
 * @module
 */
import { createInterface } from 'node:readline'
import { BaseError } from '@sharewell/sdk/errors'
import { flag, UsageError } from './command.ts'
import { InterruptedError } from './interrupted.ts'
import type { Terminal } from './terminal.ts'
import { columns } from './text.ts'

/** The option of commands that ask. */
export const yesOption = flag('-y, --yes', 'send without asking, for scripts')

/** Shows what will be sent and waits for the answer. Scripts, which cannot answer, say `--yes`.
 * @throws DeclinedError unless the answer is yes. */
export async function review(
  terminal: Terminal,
  {
    title,
    rows,
    yes,
    signal,
    question = 'Send this? [y/N] ',
    input = process.stdin,
    output = process.stderr,
  }: review.Options,
): Promise<void> {
  terminal.note([title, ...columns(rows, { indent: 2 }).map((row) => row.join(''))].join('\n'))
  if (yes) return
  if (input.isTTY !== true || output.isTTY !== true || terminal.json)
    throw new UsageError({
      problem: 'nobody is here to look at it before it is sent',
      hints: ['run it in a terminal, or say --yes'],
    })
  const answer = await ask(question, { input, output, signal })
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new DeclinedError()
}

type Asking = Required<Pick<review.Options, 'input' | 'output' | 'signal'>>

/** One line from the terminal. Ctrl-C ends the command, Ctrl-D is no answer. */
async function ask(question: string, { input, output, signal }: Asking): Promise<string> {
  const asking = createInterface({ input, output })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  // The cursor stands behind the question.
  const leave = (then: () => void) => () => {
    output.write('\n')
    then()
  }
  const onClose = leave(() => resolve(''))
  asking.on(
    'SIGINT',
    leave(() => reject(new InterruptedError())),
  )
  asking.on('close', onClose)
  asking.question(question, resolve)
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', onAbort)
    asking.off('close', onClose)
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
    /** `Send this?` unless something else is done. */
    readonly question?: string
    /** Where the answer comes from and the question goes to: the process's own but in tests. */
    readonly input?: NodeJS.ReadableStream & { readonly isTTY?: boolean }
    readonly output?: NodeJS.WritableStream & { readonly isTTY?: boolean }
  }
}

/** Thrown when the person looked at it and did not want it. */
export class DeclinedError extends BaseError<'DECLINED'> {
  override readonly name = 'DeclinedError'
  constructor(_: object = {}) {
    super('DECLINED', 'Nothing was sent.')
  }
}
