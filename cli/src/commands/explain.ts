import { BaseError } from '@sharewell/sdk/errors'
import { command } from '../command.ts'
import { explanations, nearestCodes } from '../explain/explanations.ts'
import { wrapped } from '../text.ts'

/** `sharewell explain`. */
export const explain = command({
  name: 'explain',
  group: 'Help:',
  summary: 'Say what an error code means, and what to do about it.',
  usage: '[code]',
  operands: { code: 'a code of an error, a refusal or a contract; left away: lists them all' },
  about:
    'For every code of --json, of the services, of the contracts and of consents. docs/errors.md is the same as a page.',
  examples: [
    ['sharewell explain NO_CONSENT', 'Why does it not open?'],
    ['sharewell explain ConsentOlder', 'A contract’s refusal.'],
  ],
  options: {},
  async run({ args: [code], terminal }) {
    const all = explanations()
    if (code === undefined) {
      for (const one of all) terminal.result({ type: 'explanation', ...one }, one.code)
      return
    }
    const found = all.filter((one) => one.code.toLowerCase() === code.toLowerCase())
    if (found.length === 0) throw new UnknownCodeError({ code, near: nearestCodes(code) })
    for (const one of found) {
      const { code: name, where, why, todo } = one
      const lines = [
        `${name} (${where.toLowerCase()})`,
        ...hanging('why', why, terminal.width),
        ...(todo === '' ? [] : hanging('do', todo, terminal.width)),
      ]
      terminal.result({ type: 'explanation', ...one }, lines.join('\n'))
    }
  },
})

/** `  why: words`, wrapped under the words. */
function hanging(name: string, words: string, width = 80): string[] {
  const lines = wrapped(words, Math.max(20, width - 7))
  return lines.map((line, at) => (at === 0 ? `  ${`${name}:`.padEnd(5)}${line}` : `       ${line}`))
}

/** Thrown when nothing of ours gives that code. */
export class UnknownCodeError extends BaseError<'UNKNOWN_CODE'> {
  override readonly name = 'UnknownCodeError'
  constructor({ code = '', near = [] }: { code?: string; near?: readonly string[] }) {
    super('UNKNOWN_CODE', `No error is called ${code.slice(0, 60)}.`, {
      hints: [...near.slice(0, 1).map((one) => `did you mean ${one}?`), "'sharewell explain' lists the codes"],
    })
  }
}
