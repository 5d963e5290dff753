/**
 * The recovery kit: a sheet of paper for each share of a vault's seed.
 * @module
 */
import { BaseError } from '@sharewell/sdk/errors'
import { sheetAdvice, wordsBegin, wordsEnd } from '@sharewell/sdk/person'
import { wrapped } from '../text.ts'

/** A sheet of a kit: its words, its number, how many are needed, and how many there are where that is known. */
export type Sheet = {
  readonly words: string
  readonly needed: number
  readonly of?: number | undefined
  readonly at: number
}

/** One sheet: the words, and in plain language what they are and what to do with them. */
export function writeSheet({ words, needed, of, at }: Sheet): string {
  const { about, ...parts } = sheetAdvice({ needed, of })
  return [
    sheetTitle({ at, of }),
    '',
    ...about,
    '',
    wordsBegin,
    ...wordRows(words),
    wordsEnd,
    ...Object.values(parts).flatMap(({ title, steps }) => ['', title, ...steps.flatMap(numbered)]),
    '',
  ].join('\n')
}

/** What a sheet is called. */
export const sheetTitle = ({ at, of }: Pick<Sheet, 'at' | 'of'>): string =>
  `Sharewell recovery kit, sheet ${at}${of === undefined ? '' : ` of ${of}`}`

/** Three words a line, each with its number. */
export function wordRows(words: string): string[] {
  const all = words.split(' ').map((word, at) => `${String(at + 1).padStart(2)} ${word.padEnd(10)}`)
  return Array.from({ length: Math.ceil(all.length / 3) }, (_, row) =>
    all
      .slice(3 * row, 3 * row + 3)
      .join(' ')
      .trimEnd(),
  )
}

const numbered = (step: string, at: number): string[] =>
  wrapped(step, 100).map((line, row) => `${row === 0 ? `  ${at + 1}. ` : '     '}${line}`)

/** Thrown when a key opens no vault whose seed could be split. */
export class NoVaultError extends BaseError<'NO_VAULT'> {
  override readonly name = 'NoVaultError'
  constructor(_: object) {
    super('NO_VAULT', 'There is no vault to work with.', {
      hints: ['name the key with --key-file and the vault that it unlocks with --vault-file'],
    })
  }
}
