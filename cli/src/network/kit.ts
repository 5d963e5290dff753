/**
 * The recovery kit: a sheet of paper for each share of a vault's seed.
 * @module
 */
import { BaseError } from '@sharewell/sdk/errors'

const begin = '----- recovery words -----'
const end = '----- end of the words -----'

/** One sheet: the words, and in plain language what they are and what to do with them. */
export function writeSheet(words: string, { needed, of, at }: writeSheet.Share): string {
  const all = words.split(' ')
  const rows: string[] = []
  for (let from = 0; from < all.length; from += 3)
    rows.push(
      all
        .slice(from, from + 3)
        .map((word, i) => `${String(from + i + 1).padStart(2)} ${word.padEnd(10)}`)
        .join(' ')
        .trimEnd(),
    )
  return [
    `Sharewell recovery kit, sheet ${at} of ${of}`,
    '',
    `Any ${needed} of the ${of} sheets together give back the keys to the health records of their owner.`,
    `Fewer than ${needed} say nothing. There is no other way back: keep the sheets apart and dry, and copy none.`,
    '',
    begin,
    ...rows,
    end,
    '',
    'You are the owner, and your phone is lost, broken or stolen:',
    `  1. Bring ${needed} sheets together, on a device that you trust. Type the words nowhere else.`,
    '  2. sharewell recovery restore SHEET SHEET --key-file NEW-KEY --out NEW-VAULT',
    '  3. If it was stolen: split anew afterwards, and destroy these sheets.',
    '',
    'You keep this sheet for somebody else:',
    '  - Give it to that person alone, when you see them or know their voice. Nobody else has a reason to ask,',
    '    no hospital and no support line.',
    '  - If the sheet is lost or somebody saw it, tell the owner at once.',
    '',
  ].join('\n')
}
export declare namespace writeSheet {
  type Share = { readonly needed: number; readonly of: number; readonly at: number }
}

/** The words of a sheet, or of a text that holds nothing else. */
export function readSheet(text: string): string {
  const [, after] = text.split(begin)
  const block = after === undefined ? text : after.split(end)[0]
  return (block ?? '').replaceAll(/\d+/g, ' ').trim()
}

/** Thrown when a key opens no vault whose seed could be split. */
export class NoVaultError extends BaseError<'NO_VAULT'> {
  override readonly name = 'NoVaultError'
  constructor(_: object) {
    super('NO_VAULT', 'There is no vault to split.', {
      hints: ['name the key with --key-file and the vault that it unlocks with --vault-file'],
    })
  }
}
