import { type Bytes, toHex } from '@sharewell/sdk/bytes'
import { type Consent, consentsOf, personId, purposes, recordsOf, requestsOf } from '@sharewell/sdk/chain'
import type { Line } from '../terminal.ts'
import { formatMoment } from '../time.ts'
import { readMail } from './mailbox.ts'
import { createNames, shownAs } from './names.ts'
import { personOf } from './people.ts'
import { lineOf, table } from './record-lines.ts'
import type { Place, Session } from './session.ts'
import { categoryNames, purposeNames } from './terms.ts'

/** All that a patient wants to know of one place: the records, who may read them, and who asked. */
export async function viewPlace(session: Session, place: Place, signal: AbortSignal): Promise<readonly Line[]> {
  const { chain, file } = session
  const pseudonym = toHex(place.keys.pseudonym)
  const [found, consents, requests, mail] = await Promise.all([
    recordsOf(chain, { pseudonym }, { signal }),
    consentsOf(chain, { pseudonym }, { signal }),
    requestsOf(chain, { pseudonym }, { signal }),
    // Without the key nodes there are no names of categories and no notes, and still the records.
    readMail(session, place, signal).catch(() => undefined),
  ])
  signal.throwIfAborted()
  const names = createNames(chain, signal)
  const readerName = async (reader: `0x${string}`) =>
    personOf(file.people, reader)?.id ?? shownAs(await names.account(reader), reader)
  const asked = await Promise.all(
    requests.map(async ({ reader, purpose, time, noteHash }) => {
      return {
        reader,
        name: await readerName(reader),
        purpose: purposes[purpose],
        time,
        note: mail?.notes.get(noteHash),
      }
    }),
  )
  // A consent names its grantee by a hash: only accounts that are known otherwise can be told from it.
  const accounts = [
    ...file.people.flatMap(({ accounts }) => accounts.map(({ address }) => address)),
    ...requests.map(({ reader }) => reader),
  ]
  const grants = await Promise.all(
    consents.map(async (consent) => {
      const reader = accounts.find((account) => personId(account) === consent.granteeId)
      return {
        ...consent,
        name: reader === undefined ? `${consent.granteeId.slice(0, 10)}...` : await readerName(reader),
      }
    }),
  )
  const provider =
    file.people.find((each) => each.role === 'organization' && each.organizationId === place.providerId)?.id ??
    shownAs(await names.organization(place.providerId), place.providerId)
  const lines = found.map((record) => lineOf(record, mail?.categoryKey))
  const rows = table(lines, 2)
  return [
    { text: `${provider}  ${pseudonym}` },
    ...(lines.length === 0 ? [{ text: '  no records' }] : []),
    ...lines.map((line, at) => ({ value: { type: 'record', provider, ...line }, text: rows[at] ?? '' })),
    ...(grants.length === 0 ? [] : [{ text: '  who may read:' }]),
    ...grants.map((grant) => ({
      value: { type: 'consent', provider, ...grant },
      text: `    ${grant.name}  ${consentWords(grant, mail?.categoryKey, chain.clock())}`,
    })),
    ...(asked.length === 0 ? [] : [{ text: '  who asked:' }]),
    ...asked.map((request) => ({ value: { type: 'request', provider, ...request }, text: requestWords(request) })),
  ]
}

type Asked = { name: string; purpose: string | undefined; time: number; note: string | undefined }

function requestWords({ name, purpose, time, note = '' }: Asked): string {
  return `    ${name}  ${purpose}  ${formatMoment(time)}  ${note.replaceAll('\n', ' ')}`.trimEnd()
}

function consentWords(
  { recordId, state, purposes, categories, until }: Consent,
  categoryKey: Bytes | undefined,
  now: number,
): string {
  const what = BigInt(recordId) === 0n ? categoryNames(categoryKey, categories) : recordId
  if (state !== 'permit') return `${what}  ${state}`
  return `${what}  ${purposeNames(purposes)}  ${until <= now ? 'over since' : 'until'} ${formatMoment(until)}`
}
