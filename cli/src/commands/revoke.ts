import { toHex } from '@sharewell/sdk/bytes'
import { consentsOf, personId, recordOf, revokeAll, revoke as revokeConsent } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { command, text } from '../command.ts'
import { choosePlace, findReader, parseId, placeOfPseudonym } from '../network/people.ts'
import { NoSuchRecordError } from '../network/records.ts'
import { actingAt, actorOptions, openSession, type Place, type Session } from '../network/session.ts'

/** `sharewell revoke`. */
export const revoke = command({
  name: 'revoke',
  group: 'Records on a network:',
  summary: 'Stop sharing with somebody, or stop sharing one record.',
  usage: '<reader>',
  operands: { reader: 'account (0x and 40 hex digits); in the demo also a name' },
  about:
    'For patients. Ends every grant to this reader, at each provider where there is one; with --record only the grant ' +
    'for that record. It counts from the block that carries it: no key node answers after that. What has been read ' +
    'cannot be unread.',
  examples: [
    ['sharewell revoke okafor --as royal', 'Stop sharing with this doctor.'],
    ['sharewell revoke okafor --as royal --record 0x1f...', 'Take back one record.'],
  ],
  options: {
    record: text('--record <id>', 'take back only the grant for this record'),
    at: text('--at <provider>', 'only at this provider'),
    ...actorOptions,
  },
  async run({ args: [who = ''], options, terminal, signal }) {
    const session = await openSession(options, signal)
    const granteeId = personId(findReader(session, who))
    const transactions =
      options.record === undefined
        ? await stopSharing(session, { granteeId, at: options.at }, signal)
        : [await takeBack(session, { granteeId, record: options.record }, signal)]
    if (transactions.length === 0) throw new NothingSharedError({ who })
    terminal.note(`${who} can read no more of it; what has been read cannot be unread`)
    for (const transaction of transactions) terminal.result({ type: 'revoked', transaction }, transaction)
  },
})

type Ask = { readonly granteeId: `0x${string}`; readonly at: string | undefined }

async function stopSharing(session: Session, { granteeId, at }: Ask, signal: AbortSignal): Promise<string[]> {
  const [first] = session.places
  // Says in words of its own that only a patient can do this.
  const places = at === undefined && first !== undefined ? session.places : [choosePlace(session, at)]
  const transactions: string[] = []
  for (const place of places) {
    if (!(await shares(session, place, granteeId, signal))) continue
    const pseudonym = toHex(place.keys.pseudonym)
    const { transactionHash } = await revokeAll(actingAt(session, place), { pseudonym, granteeId }, { signal })
    transactions.push(transactionHash)
  }
  return transactions
}

async function shares({ chain }: Session, { keys }: Place, granteeId: string, signal: AbortSignal): Promise<boolean> {
  const consents = await consentsOf(chain, { pseudonym: toHex(keys.pseudonym) }, { signal })
  return consents.some((consent) => consent.granteeId === granteeId && consent.state === 'permit')
}

async function takeBack(
  session: Session,
  { granteeId, record }: { granteeId: `0x${string}`; record: string },
  signal: AbortSignal,
): Promise<string> {
  const recordId = parseId(record, 'record id')
  const found = await recordOf(session.chain, { recordId }, { signal })
  const place = found && placeOfPseudonym(session, found.pseudonym)
  if (place === undefined) throw new NoSuchRecordError({ recordId, mine: found !== undefined })
  const pseudonym = toHex(place.keys.pseudonym)
  const { transactionHash } = await revokeConsent(
    actingAt(session, place),
    { pseudonym, granteeId, recordId },
    { signal },
  )
  return transactionHash
}

/** Thrown when there is no live grant to end. */
export class NothingSharedError extends BaseError<'NOTHING_SHARED'> {
  override readonly name = 'NothingSharedError'
  constructor({ who = '' }: { who?: string }) {
    super('NOTHING_SHARED', `Nothing is shared with ${who}.`, { hints: ["'sharewell records' shows your grants"] })
  }
}
