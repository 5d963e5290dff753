import { BaseError } from '../../errors.ts'

/** Thrown when recovery words cannot be used. `share` is the position of the words at fault, from 0; undefined where
 * the fault is of all together. It never repeats a word. */
export class RecoveryWordsError extends BaseError<'RECOVERY_WORDS'> {
  override readonly name = 'RecoveryWordsError'
  /** What is wrong. */
  readonly fault: Fault
  readonly share: number | undefined
  /** The word at fault, from 0, where one is. */
  readonly word: number | undefined
  constructor({ fault = 'checksum', share, word }: RecoveryWordsError.Options) {
    const whose = share === undefined ? 'The recovery words' : `Share ${share + 1} of the recovery words`
    const where = word === undefined ? '' : ` (word ${word + 1})`
    const { says, todo = 'Compare them with the paper, letter for letter, and with the order of the words.' } =
      explanations[fault]
    super('RECOVERY_WORDS', `${whose} cannot be used: ${says}${where}.`, {
      hints: [todo],
      docs: 'recovery.md#words',
    })
    this.fault = fault
    this.share = share
    this.word = word
  }
}
export declare namespace RecoveryWordsError {
  type Options = {
    readonly fault?: Fault | undefined
    readonly share?: number | undefined
    readonly word?: number | undefined
  }
}

type Fault =
  | 'word'
  | 'length'
  | 'checksum'
  | 'padding'
  | 'numbers'
  | 'set'
  | 'group'
  | 'twice'
  | 'missing'
  | 'digest'
  | 'policy'

const explanations: Readonly<Record<Fault, { readonly says: string; readonly todo?: string }>> = {
  word: { says: 'a word is not in the list' },
  length: { says: 'there are too few or too many words' },
  checksum: { says: 'a word is wrong or out of its place' },
  padding: { says: 'they were not made by the rules' },
  numbers: { says: 'they ask for more groups than there are' },
  set: {
    says: 'it belongs to another set than the first',
    todo: 'Take shares whose first two words are the same.',
  },
  group: { says: 'it asks for another number of shares than another one of its group' },
  twice: { says: 'its place in the set is taken by other words' },
  missing: { says: 'there are not enough shares yet', todo: 'Ask another guardian for a share.' },
  digest: {
    says: 'together they give no secret, so one of them is not of this set',
    todo: 'Leave out one share after the other and try with another in its place.',
  },
  policy: {
    says: 'no set of shares can be made like this',
    todo: 'Use at most 16 groups of at most 16 shares, thresholds within them, and 16 or more bytes in pairs.',
  },
}
