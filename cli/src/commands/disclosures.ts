import { type Hex, utf8 } from '@sharewell/sdk/bytes'
import { purposes } from '@sharewell/sdk/chain'
import { disclosuresCsv } from '@sharewell/sdk/flow/book'
import { auditBundle } from '@sharewell/sdk/record'
import { command, common, text } from '../command.ts'
import {
  accountEverywhere,
  disclosureLines,
  joinedNames,
  nodeLines,
  type PlaceAccounting,
} from '../network/accounting.ts'
import { placeTitle } from '../network/people.ts'
import { providerOption } from '../network/scope.ts'
import { actorOptions, openSession, type Session } from '../network/session.ts'
import { checkFree, commitAll, openOutput } from '../output.ts'
import type { Terminal } from '../terminal.ts'

/** `sharewell disclosures`. */
export const disclosures = command({
  name: 'disclosures',
  group: 'Records on a network:',
  summary: 'List who opened your records, what, when and for what.',
  usage: '',
  operands: {},
  about:
    'For patients. Every key node is asked what it released of yours; each opening counts only with the signature of ' +
    'its reader, and is compared with what the chain logged. One honest key node is enough for an opening to show. ' +
    'Nodes that keep something back, or make something up, are named. What you open yourself needs no key node and ' +
    'is not listed.',
  examples: [
    ['sharewell disclosures --as royal', 'Who saw what?'],
    ['sharewell disclosures --as royal --csv seen.csv', 'The same, for a spreadsheet.'],
    ['sharewell disclosures --as royal --fhir seen.json', 'The same as FHIR AuditEvents, by IHE BALP.'],
  ],
  options: {
    csv: text('--csv <file>', 'also write them as CSV; - is stdout'),
    fhir: text(
      '--fhir <file>',
      'also write them as a FHIR R4 Bundle of AuditEvent (IHE BALP PatientRead); - is stdout',
    ),
    provider: providerOption,
    force: common.force,
    ...actorOptions,
  },
  async run({ options, terminal, signal }) {
    const { csv, fhir, force } = options
    for (const file of [csv, fhir]) if (file !== undefined && file !== '-') await checkFree(file, force)
    const session = await openSession(options, signal)
    const found = await accountEverywhere(session, options.provider, signal)
    // A file that goes to stdout is alone there.
    const alone = [csv, fhir].includes('-')
    for (const one of found) {
      if (!alone) await showPlace(session, one, { terminal, signal })
      nodeLines(one, terminal, { alone })
    }
    await writeFiles({ csv, fhir, force }, found, session.chain.network.networkId)
    const dark = found.reduce((sum, { accounting }) => sum + accounting.unexplained.length, 0)
    if (fhir !== undefined && dark > 0) terminal.warn(`${dark} unexplained are not among the FHIR AuditEvents`)
  },
})

async function showPlace(
  session: Session,
  one: PlaceAccounting,
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
): Promise<void> {
  const lines = disclosureLines(one)
  terminal.line(await placeTitle(session, one.place, signal))
  if (lines.length === 0) terminal.line('  nobody but you')
  terminal.list(lines)
}

async function writeFiles(
  { csv, fhir, force }: { csv: string | undefined; fhir: string | undefined; force: boolean | undefined },
  found: readonly PlaceAccounting[],
  networkId: Hex,
): Promise<void> {
  const names = joinedNames(found)
  const all = found.flatMap(({ accounting }) => accounting.disclosures).sort((a, b) => b.at - a.at)
  const unexplained = found.flatMap(({ accounting }) => accounting.unexplained)
  const audited = all.map((one) => ({ ...one, purpose: purposes[one.purpose] ?? '' }))
  const files = [
    ...(csv === undefined ? [] : [{ file: csv, text: disclosuresCsv({ disclosures: all, unexplained }, names) }]),
    ...(fhir === undefined
      ? []
      : [{ file: fhir, text: `${JSON.stringify(auditBundle(audited, { networkId, names }), null, 2)}\n` }]),
  ]
  const outputs = await Promise.all(files.map(({ file }) => openOutput(file, { force, mode: 0o600 })))
  try {
    for (const [at, output] of outputs.entries()) await output.write(utf8(files[at]?.text ?? ''))
    await commitAll(outputs)
  } finally {
    for (const output of outputs) await output.discard()
  }
}
