import { BaseError } from '@sharewell/sdk/errors'

/** Thrown when a word should be a consent receipt, or a file with one, and is neither. */
export class NoSuchReceiptError extends BaseError<'NO_SUCH_RECEIPT'> {
  override readonly name = 'NoSuchReceiptError'
  constructor({ word = '' }: { word?: string }) {
    super('NO_SUCH_RECEIPT', `${word.slice(0, 60)} is no consent receipt, and no file.`, {
      hints: ["a receipt begins with 'sharewell-consent1:'; the patient has it"],
    })
  }
}
