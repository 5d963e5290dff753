import { BaseError, firstLine } from '@sharewell/sdk/errors'
import { deposit as depositRecord, type Receipt, standardPolicy } from '@sharewell/sdk/flow'
import { type CategoryName, categoryBit, categoryOf } from '@sharewell/sdk/record'
import type { Policy } from '@sharewell/sdk/share'
import { command, common, flag, text } from '../command.ts'
import { InterruptedError } from '../interrupted.ts'
import type { Journal } from '../journal.ts'
import { keptPolicy } from '../kept-policy.ts'
import { keepAcknowledgements } from '../network/acknowledgements.ts'
import { journalOf } from '../network/deposit-journal.ts'
import { type Depositor, depositorOf } from '../network/depositor.ts'
import { watchJourney } from '../network/journey.ts'
import { type PlannedRecord, planDeposit } from '../network/plan.ts'
import { actorOptions, openSession } from '../network/session.ts'
import { parseCategories } from '../network/terms.ts'
import { checkFree, openOutput } from '../output.ts'
import { parsePolicy } from '../parse-policy.ts'
import type { Terminal } from '../terminal.ts'
import { formatMoment } from '../time.ts'

/** `sharewell deposit`. */
export const deposit = command({
  name: 'deposit',
  group: 'Records on a network:',
  summary: 'Seal a record, split it, place it, and anchor it.',
  usage: '<file>',
  operands: { file: 'the file, or - for stdin' },
  about:
    'For a provider, for one of its patients; or for a patient, for an own file. A FHIR R4 bundle becomes one record ' +
    'for each kind (laboratory, medications ...) and the identity goes into a record of its own; any other file, or ' +
    'one with --category, is one record as it is. The receipt is the signed word of every storage node. Cut off at any ' +
    'moment, the same command goes on where it stopped: nothing is deposited twice.',
  examples: [
    ['sharewell deposit visit.json --patient royal --as hospital-1', 'A FHIR bundle, in the demo.'],
    [
      'sharewell deposit scan.dcm --patient patient.json --key-file desk.key --policy 9,6,3 --post-quantum',
      'A scan, for decades.',
    ],
    ['sharewell deposit diary.pdf --as royal --at hospital-1', 'A patient deposits an own file.'],
  ],
  options: {
    patient: text('--patient <who>', 'whom it is about: a file with pseudonym and keys, or a name of the demo'),
    at: text('--at <provider>', 'for patients: at which provider'),
    category: text('--category <name>', 'kind of record (default: by the content)'),
    mime: text('--mime <type>', 'media type (default: by the name)'),
    policy: text(
      '--policy <n,t,r>',
      'n shares, any t rebuild, any r know nothing (default: as chosen with "sharewell policy --use", else 5,3,0)',
    ),
    withoutEmergency: flag('--without-emergency', 'a summary that nobody opens without you, in an emergency either'),
    postQuantum: flag('--post-quantum', 'for decades: what key nodes release stays closed to a quantum computer, too'),
    receipt: text('--receipt <file>', 'write the receipts there, as JSON'),
    force: common.force,
    restart: flag('--restart', 'begin anew, and give up what an interrupted run of this command left'),
    ...actorOptions,
  },
  async run({ args: [file = ''], options, terminal, signal }) {
    const [category] = options.category === undefined ? [] : parseCategories(options.category)
    const policy = policyOf(options.policy, terminal)
    if (options.receipt !== undefined) await checkFree(options.receipt, options.force)
    const plan = await planDeposit(file, { category, mime: options.mime, signal })
    const session = await openSession(options, signal)
    const depositor = await depositorOf(session, options, signal)
    const journal = await journalOf(depositor, { file, options, policy, records: plan.length })
    try {
      if (journal.since !== undefined) terminal.note(goingOn(journal, plan.length))
      const { postQuantum, withoutEmergency } = options
      const run = { depositor, journal, policy, postQuantum, withoutEmergency, terminal, signal }
      const receipts = await depositAll(plan, run)
      if (options.receipt !== undefined) await writeReceipts(options.receipt, receipts, options.force)
      journal.finish()
      const what = receipts.length === 1 ? 'one record on' : `${receipts.length} records, each on`
      terminal.note(`${what} ${policy.n} nodes, any ${policy.t} of which rebuild it`)
    } catch (error) {
      throw signal.aborted ? new InterruptedError({ hint: again }) : error
    } finally {
      journal.close()
    }
  },
})

const again = 'run the same command again to go on where it stopped; "sharewell deposits" lists what was interrupted'

type Deposited = Receipt & { readonly category: CategoryName }

/** One record after the other. What an earlier run anchored is compared and told again. */
async function depositAll(
  plan: readonly PlannedRecord[],
  { depositor, journal, policy, postQuantum, withoutEmergency, terminal, signal }: DepositRun,
): Promise<Deposited[]> {
  const { chain, patient, categoryKey } = depositor
  const receipts: Deposited[] = []
  for (const [at, record] of plan.entries()) {
    const name = categoryOf(record.category).name
    const label = plan.length === 1 ? 'depositing' : `${name} ${at + 1}/${plan.length}`
    const receipt = await depositRecord(record.bytes, {
      chain,
      patient,
      categoryBit: categoryBit(categoryKey, record.category),
      mime: record.mime,
      policy,
      postQuantum,
      emergency: name === 'summary' && !withoutEmergency,
      ...(record.size !== undefined && { size: record.size }),
      journal: journal.of(at),
      onProgress: watchJourney(terminal, label, record.size),
      signal,
    }).catch(tellHow)
    receipts.push({ ...receipt, category: name })
    keepAcknowledgements(chain.network.networkId, receipt)
    // At once, and not at the end: what was anchored stays, also when a later record fails.
    terminal.result({ type: 'deposited', ...receipt, category: name }, `${receipt.recordId}  ${name}`)
  }
  return receipts
}

type DepositRun = {
  readonly depositor: Depositor
  readonly journal: Journal
  readonly policy: Policy
  readonly postQuantum: boolean | undefined
  readonly withoutEmergency: boolean
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

const goingOn = ({ since = 0, anchored }: Journal, records: number): string =>
  `going on with the deposit of ${formatMoment(since)}${records > 1 ? `, of which ${anchored} of ${records} records are anchored` : ''}`

/** What cannot go on can begin anew, which only the command knows how to do. */
function tellHow(error: unknown): never {
  if (error instanceof BaseError && (error.code === 'JOURNAL' || error.code === 'SOURCE_CHANGED')) {
    const hint = '--restart gives the interrupted deposit up and begins anew; what it anchored stays'
    const message = firstLine(error.message)
    throw new BaseError(error.code, message, { hints: [hint], cause: error.cause })
  }
  throw error
}

/** What was named, else what was chosen for all deposits. */
function policyOf(words: string | undefined, terminal: Terminal): Policy {
  if (words !== undefined) return parsePolicy(words)
  const kept = keptPolicy()
  if (kept) terminal.note(`as chosen with "sharewell policy --use": n = ${kept.n}, t = ${kept.t}, r = ${kept.r}`)
  return kept ?? standardPolicy
}

async function writeReceipts(file: string, receipts: readonly Receipt[], force: boolean | undefined): Promise<void> {
  const output = await openOutput(file, { force })
  try {
    await output.write(new TextEncoder().encode(`${JSON.stringify(receipts, null, 2)}\n`))
    await output.commit()
  } finally {
    await output.discard()
  }
}
