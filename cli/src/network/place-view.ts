import { toHex } from '@sharewell/sdk/bytes'
import { purposes, recordsOf, requestsOf } from '@sharewell/sdk/chain'
import type { Line } from '../terminal.ts'
import { folded } from '../text.ts'
import { formatMoment } from '../time.ts'
import { viewGrants } from './grant-view.ts'
import { knowGrantees } from './known-grantees.ts'
import { readMail } from './mailbox.ts'
import { createNames, shownAs } from './names.ts'
import { personOf, placeTitle } from './people.ts'
import { lineOf, table } from './record-lines.ts'
import type { Place, Session } from './session.ts'
import { purposeWords } from './terms.ts'

/** All that a patient wants to know of one place: the records, who may read them, and who asked. */
export async function viewPlace(
  session: Session,
  place: Place,
  width: number | undefined,
  signal: AbortSignal,
): Promise<readonly Line[]> {
  const { chain, file } = session
  const pseudonym = toHex(place.keys.pseudonym)
  const [found, requests, mail, title] = await Promise.all([
    recordsOf(chain, { pseudonym }, { signal }),
    requestsOf(chain, { pseudonym }, { signal }),
    // Without the key nodes there are no names of categories and no notes, and still the records.
    readMail(session, place, signal).catch(() => undefined),
    placeTitle(session, place, signal),
  ])
  signal.throwIfAborted()
  const names = createNames(chain, signal)
  const asked = await Promise.all(
    requests.map(async ({ reader, purpose, time, noteHash }) => {
      const name = personOf(file.people, reader)?.id ?? shownAs(await names.account(reader), reader)
      return { reader, name, bit: purpose, time, note: mail?.notes.get(noteHash) }
    }),
  )
  const known = await knowGrantees(session, { accounts: requests.map(({ reader }) => reader) }, signal)
  const knowledge = { known, categoryKey: mail?.categoryKey, all: false, indent: 4 }
  const { lines: grants } = await viewGrants(session, place, knowledge, signal)
  const lines = found.map((record) => lineOf(record, mail?.categoryKey))
  const [head = ''] = folded([[title, pseudonym]], { width, below: 1 })
  const rows = table(lines, { width, indent: 2 })
  return [
    { value: { type: 'place', provider: place.providerId, name: title, pseudonym }, text: head },
    ...(lines.length === 0 ? [{ text: '  no records' }] : []),
    ...lines.map((line, at) => ({ value: { type: 'record', ...line }, text: rows[at] ?? '' })),
    ...(grants.length === 0 ? [] : [{ text: '  who may read:' }]),
    ...grants,
    ...(asked.length === 0 ? [] : [{ text: '  who asked:' }]),
    ...asked.map(({ bit, ...request }) => ({
      value: { type: 'request', pseudonym, purpose: purposes[bit], ...request },
      text: requestWords({ bit, ...request }),
    })),
  ]
}

type Asked = { name: string; bit: number; time: number; note: string | undefined }

function requestWords({ name, bit, time, note = '' }: Asked): string {
  return `    ${name}  for ${purposeWords(1 << bit)}  ${formatMoment(time)}  ${note.replaceAll('\n', ' ')}`.trimEnd()
}
