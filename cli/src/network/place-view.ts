import { type Bytes, toHex } from '@sharewell/sdk/bytes'
import { type Consent, consentsOf, personId, purposes, recordsOf, requestsOf } from '@sharewell/sdk/chain'
import { formatMoment } from '../time.ts'
import { readMail } from './mailbox.ts'
import { createNames } from './names.ts'
import { personOf } from './people.ts'
import { lineOf, table } from './record-lines.ts'
import type { Place, Session } from './session.ts'
import { categoryNames, purposeNames } from './terms.ts'

/** All that a patient wants to know of one place: the records, who may read them, and who asked. */
export async function viewPlace(session: Session, place: Place, signal: AbortSignal) {
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
  const readerName = async (reader: `0x${string}`) => personOf(file.people, reader)?.id ?? (await names.account(reader))
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
    (await names.organization(place.providerId))
  const lines = found.map((record) => lineOf(record, mail?.categoryKey))
  const words = [
    `${provider}  ${pseudonym}`,
    ...(lines.length === 0 ? ['  no records'] : [indent(table(lines), 2)]),
    ...(grants.length === 0 ? [] : ['  who may read:']),
    ...grants.map((grant) => `    ${grant.name}  ${consentWords(grant, mail?.categoryKey, chain.clock())}`),
    ...(asked.length === 0 ? [] : ['  who asked:']),
    ...asked.map(({ name, purpose, time, note = '' }) =>
      `    ${name}  ${purpose}  ${formatMoment(time)}  ${note.replaceAll('\n', ' ')}`.trimEnd(),
    ),
  ].join('\n')
  return { words, value: { provider, pseudonym, records: lines, consents: grants, requests: asked } }
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

function indent(text: string, by: number): string {
  return text.replaceAll(/^/gm, ' '.repeat(by))
}
