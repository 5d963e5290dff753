import type { Bytes } from '../bytes.ts'
import { field } from '../cbor/index.ts'
import { createCode } from './code.ts'
import { packWords, readShare, unpackWords } from './slip39/words.ts'

const sheetCode = createCode(
  'sharewell-sheet1:',
  field.record({ v: field.literal(1), networkId: field.bytes(32), words: field.bytes() }),
)

/** One sheet of a recovery kit: its words, and of which network it is. */
export type KitSheet = { readonly networkId: Bytes; readonly words: string }

/**
 * The QR code of a sheet: `sharewell-sheet1:`. It holds what the words say, and is as secret as they are.
 * @throws RecoveryWordsError when the words are none of a share.
 */
export function writeSheetCode({ networkId, words }: KitSheet): string {
  readShare(words).value.fill(0)
  return sheetCode.write({ networkId, words: packWords(words) })
}

/**
 * The words of a sheet however they come: its QR code's text, typed, or a text file of the kit around them.
 * @throws GuardianError for a code that is damaged or of another network. Words are checked by `combineWords`.
 */
export function readSheet(text: string, expected: { readonly networkId: Bytes }): string {
  if (/^\s*sharewell-/u.test(text)) return unpackWords(sheetCode.read(text, expected).words)
  const [, after] = text.split(wordsBegin)
  const block = after === undefined ? text : after.split(wordsEnd)[0]
  return (block ?? '').replaceAll(/\d+/g, ' ').trim()
}

/** Between these lines a text file of the kit has its words. */
export const wordsBegin = '----- recovery words -----'
/** See {@link wordsBegin}. */
export const wordsEnd = '----- end of the words -----'

/** What the words of one share say about their set: not secret among those who hold shares of it. */
export type ShareFacts = {
  /** Which set: the same for all of its shares. */
  readonly set: string
  /** How many of the set bring the vault back. */
  readonly needed: number
  /** Which share of the set it is, from 1. */
  readonly at: number
}

/**
 * Reads of which set the words of a share are, and which of it: one share by itself can be checked like this.
 * @throws RecoveryWordsError with the place of the word at fault where it can be told, `word`, from 0.
 */
export function shareFacts(words: string): ShareFacts {
  const { identifier, member, membersNeeded, value } = readShare(words)
  value.fill(0)
  return { set: identifier.toString(16).padStart(4, '0'), needed: membersNeeded, at: member + 1 }
}

/** What a sheet says besides its words: to the owner, to who keeps it, and to who finds it after years. How many sheets
 * there are, not every one of them knows. */
export function sheetAdvice({ needed, of }: { readonly needed: number; readonly of?: number | undefined }) {
  return {
    about: [
      `Any ${needed} of the ${of === undefined ? '' : `${of} `}sheets together give back the keys to the health records of their owner.`,
      `Fewer than ${needed} say nothing. There is no other way back: keep the sheets apart and dry, and copy none.`,
    ],
    owner: {
      title: 'You are the owner, and your phone is lost, broken or stolen:',
      steps: [
        `Bring ${needed} sheets together, on a device that you trust. Type the words nowhere else.`,
        'Open the page of your health network and choose “Bring my vault back”: photograph the square codes, or type the words. ' +
          'On a command line: sharewell recovery restore SHEET SHEET --key-file NEW-KEY --out NEW-VAULT',
        'If it was stolen: make a new kit afterwards, and destroy these sheets.',
      ],
    },
    keeper: {
      title: 'You keep this sheet for somebody else:',
      steps: [
        'Give it to that person alone, when you see them or know their voice. Nobody else has a reason to ask, ' +
          'no hospital and no support line.',
        'If the sheet is lost or somebody saw it, tell the owner at once.',
      ],
    },
    finder: {
      title: 'You found this sheet and do not know whose it is:',
      steps: [
        'Alone it opens nothing, and it is worth no money. It belongs to somebody who wrote no name on it on purpose.',
        'If you know who it could be, give it back to them. If not, destroy it: burn it or cut it small.',
      ],
    },
  } as const
}
