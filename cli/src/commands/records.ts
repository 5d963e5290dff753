import { type Bytes, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type AnchoredRecord,
  type Consent,
  consentsOf,
  decide,
  grantsTo,
  personId,
  purposes,
  recordsOf,
  requestsOf,
} from '@sharewell/sdk/chain'
import { command, text } from '../command.ts'
import { readMail } from '../network/mailbox.ts'
import { findPatient, granteeName, providerName, readerName } from '../network/people.ts'
import { actorOptions, openSession, type Place, type Session } from '../network/session.ts'
import { categoryName, categoryNames, parsePurpose, purposeNames } from '../network/terms.ts'
import { formatMoment } from '../time.ts'

type Line = {
  readonly recordId: Hex
  readonly pseudonym: Hex
  readonly category: string
  readonly version: number
  readonly policy: string
  readonly depositedAt: number
  readonly access?: string
}

/** `sharewell records`. */
export const records = command({
  name: 'records',
  group: 'Records on a network:',
  summary: 'List records: your own, your patients’, or those you may open.',
  usage: '',
  operands: {},
  about:
    'A patient sees the own records, who may read them, and who asks. A provider sees what it deposited for its ' +
    'patients. Anybody else sees the records of one patient, or of all who ever granted something, and whether they ' +
    'open now for the purpose; if not, it says why.',
  examples: [
    ['sharewell records --as royal', 'My records.'],
    ['sharewell records --as okafor --patient royal', 'What may I open of this patient?'],
  ],
  options: {
    patient: text('--patient <who>', 'only of this patient: pseudonym, patient code, or a name of the demo'),
    purpose: text('--purpose <code>', 'for readers: what for (default: TREAT)'),
    ...actorOptions,
  },
  async run({ options, terminal, signal }) {
    const session = await openSession(options, signal)
    const purpose = parsePurpose(options.purpose ?? 'TREAT')
    if (session.places.length > 0) {
      const found = await Promise.all(session.places.map((place) => placeRecords(session, place, signal)))
      return terminal.result({ places: found.map(({ value }) => value) }, found.map(({ words }) => words).join('\n\n'))
    }
    const pseudonyms = await whose(session, options.patient, signal)
    const lines = (await Promise.all(pseudonyms.map((each) => readable(session, each, purpose, signal)))).flat()
    if (lines.length === 0) terminal.note('no records')
    terminal.result({ records: lines }, table(lines))
  },
})

type Whose = { readonly pseudonym: Hex; readonly categoryKey?: Bytes | undefined }

async function whose(session: Session, who: string | undefined, signal: AbortSignal): Promise<readonly Whose[]> {
  if (who !== undefined) return [await findPatient(session, who, signal)]
  if (session.patients.length > 0) return session.patients
  const grants = await grantsTo(session.chain, { granteeId: personId(session.account.address) }, { signal })
  return [...new Set(grants.map(({ pseudonym }) => pseudonym))].map((pseudonym) => ({ pseudonym }))
}

/** The records of one pseudonym, with what the one decision point says about the reader now. */
async function readable(
  session: Session,
  { pseudonym, categoryKey }: Whose,
  purpose: number,
  signal: AbortSignal,
): Promise<Line[]> {
  const { chain, account } = session
  const isProvider = session.patients.some((each) => each.pseudonym === pseudonym)
  const found = await recordsOf(chain, { pseudonym }, { signal })
  return Promise.all(
    found.map(async (record) => {
      const query = {
        pseudonym,
        recordId: record.recordId,
        categoryBit: record.category,
        reader: account.address,
        purpose,
      }
      const access = isProvider ? undefined : (await decide(chain, query, { signal })).code
      return { ...lineOf(record, categoryKey), ...(access && { access: access === 'PERMIT' ? 'opens' : access }) }
    }),
  )
}

/** All that a patient wants to know of one place. */
async function placeRecords(session: Session, place: Place, signal: AbortSignal) {
  const { chain } = session
  const pseudonym = toHex(place.keys.pseudonym)
  const [found, consents, requests, mail] = await Promise.all([
    recordsOf(chain, { pseudonym }, { signal }),
    consentsOf(chain, { pseudonym }, { signal }),
    requestsOf(chain, { pseudonym }, { signal }),
    // Without the key nodes there are no names of categories and no notes, and still the records.
    readMail(session, place, signal).catch(() => undefined),
  ])
  signal.throwIfAborted()
  const provider = providerName(session.file.people, place.providerId)
  const lines = found.map((record) => lineOf(record, mail?.categoryKey))
  const { people } = session.file
  const grants = consents.map(
    (consent) => `${granteeName(people, consent.granteeId)}  ${consentWords(consent, mail?.categoryKey)}`,
  )
  const asked = requests.map(({ reader, purpose, time, noteHash }) => ({
    reader,
    purpose: purposes[purpose],
    time,
    note: mail?.notes.get(noteHash),
  }))
  const words = [
    `${provider}  ${pseudonym}`,
    lines.length === 0 ? '  no records' : indent(table(lines)),
    ...(grants.length === 0 ? [] : ['  who may read:', ...grants.map((line) => `    ${line}`)]),
    ...(asked.length === 0
      ? []
      : [
          '  who asked:',
          ...asked.map(
            ({ reader, purpose, time, note }) =>
              `    ${readerName(people, reader)}  ${purpose}  ${formatMoment(time)}${note === undefined ? '' : `  ${note.replaceAll('\n', ' ')}`}`,
          ),
        ]),
  ].join('\n')
  return { words, value: { provider, pseudonym, records: lines, consents, requests: asked } }
}

function consentWords(
  { recordId, state, purposes, categories, until }: Consent,
  categoryKey: Bytes | undefined,
): string {
  const what = BigInt(recordId) === 0n ? categoryNames(categoryKey, categories) : recordId
  if (state !== 'permit') return `${what}  ${state}`
  return `${what}  ${purposeNames(purposes)}  until ${formatMoment(until)}`
}

function lineOf(
  { recordId, pseudonym, category, version, n, t, r, depositedAt }: AnchoredRecord & { readonly depositedAt: number },
  categoryKey: Bytes | undefined,
): Line {
  return {
    recordId,
    pseudonym,
    category: categoryName(categoryKey, category),
    version,
    policy: `${n},${t},${r}`,
    depositedAt,
  }
}

function table(lines: readonly Line[]): string {
  return lines
    .map(({ recordId, category, version, policy, depositedAt, access }) =>
      [recordId, category.padEnd(16), `v${version}`, policy, formatMoment(depositedAt), access ?? '']
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
