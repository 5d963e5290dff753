import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import { type ConsentReceipt, decide, recordsOf } from '@sharewell/sdk/chain'
import { atMost } from '../at-most.ts'
import { command, text } from '../command.ts'
import { findPatient } from '../network/people.ts'
import { viewPlace } from '../network/place-view.ts'
import { givenReceipt, grantorsOf, receiptOption } from '../network/reader-grants.ts'
import { lineOf, type RecordLine, table } from '../network/record-lines.ts'
import { actorOptions, openSession, type Session } from '../network/session.ts'
import { parsePurpose } from '../network/terms.ts'

/** `sharewell records`. */
export const records = command({
  name: 'records',
  group: 'Records on a network:',
  summary: 'List records: your own, or those that you may open.',
  usage: '',
  operands: {},
  about:
    'A patient sees the own records, who may read them, and who asks. A provider sees what it deposited for its ' +
    'patients. Anybody else sees the records of one patient, or of all who ever granted something to the person, an ' +
    'organization or a role there, and whether they open now for the purpose; if not, it says why.',
  examples: [
    ['sharewell records --as royal', 'My records.'],
    ['sharewell records --as okafor --patient royal', 'What may I open of this patient?'],
  ],
  options: {
    patient: text('--patient <who>', 'only of this patient: pseudonym, patient code, or a name of the demo'),
    purpose: text('--purpose <code>', 'for readers: what for (default: TREAT)'),
    receipt: receiptOption,
    ...actorOptions,
  },
  async run({ options, terminal, signal }) {
    const session = await openSession(options, signal)
    const purpose = parsePurpose(options.purpose ?? 'TREAT')
    if (session.places.length > 0) {
      const found = await Promise.all(session.places.map((place) => viewPlace(session, place, terminal.width, signal)))
      return terminal.list(found.flatMap((lines, at) => (at === 0 ? lines : [{ text: '' }, ...lines])))
    }
    const receipt = await givenReceipt(session, options.receipt, signal)
    const pseudonyms = await whose(session, { who: options.patient, receipt }, signal)
    const found = await atMost(4, pseudonyms, (each) => readable(session, each, { purpose, receipt }, signal))
    const lines = found.flat()
    if (lines.length === 0) terminal.note('no records')
    const rows = table(lines, terminal)
    terminal.list(lines.map((line, at) => ({ value: { type: 'record', ...line }, text: rows[at] ?? '' })))
  },
})

type Whose = { readonly pseudonym: Hex; readonly categoryKey?: Bytes | undefined }

type Asked = { readonly who: string | undefined; readonly receipt: ConsentReceipt | undefined }

async function whose(session: Session, { who, receipt }: Asked, signal: AbortSignal): Promise<readonly Whose[]> {
  if (who !== undefined) return [await findPatient(session, who, signal)]
  if (session.patients.length > 0) return session.patients
  return (await grantorsOf(session, receipt, signal)).map((pseudonym) => ({ pseudonym }))
}

/** The records of one pseudonym, with what the one decision point says about the reader now. */
async function readable(
  session: Session,
  { pseudonym, categoryKey }: Whose,
  { purpose, receipt }: { readonly purpose: number; readonly receipt: ConsentReceipt | undefined },
  signal: AbortSignal,
): Promise<RecordLine[]> {
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
        salt: receipt?.pseudonym === pseudonym ? receipt.salt : undefined,
      }
      const access = isProvider ? undefined : (await decide(chain, query, { signal })).code
      return { ...lineOf(record, categoryKey), ...(access && { access: access === 'PERMIT' ? 'opens' : access }) }
    }),
  )
}
