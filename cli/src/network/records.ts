import type { Hex } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'

/** Thrown when a record is not there, or belongs to somebody else where it should be one's own. */
export class NoSuchRecordError extends BaseError<'NO_SUCH_RECORD'> {
  override readonly name = 'NoSuchRecordError'
  constructor({ recordId, mine = false }: { recordId?: Hex; mine?: boolean }) {
    super('NO_SUCH_RECORD', mine ? `Record ${recordId} is not yours to give.` : `There is no record ${recordId}.`, {
      hints: ["'sharewell records' lists the records that you can see"],
    })
  }
}
