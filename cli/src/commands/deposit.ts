import { toHex } from '@sharewell/sdk/bytes'
import { deposit as depositRecord, type Receipt } from '@sharewell/sdk/flow'
import { type CategoryName, categoryBit, categoryOf } from '@sharewell/sdk/record'
import { checkPolicy, type Policy } from '@sharewell/sdk/share'
import { command, common, text, UsageError } from '../command.ts'
import { watchJourney } from '../network/journey.ts'
import { readMail } from '../network/mailbox.ts'
import { choosePlace, findPatient, type PatientRef } from '../network/people.ts'
import { planDeposit } from '../network/plan.ts'
import { actingAt, actorOptions, openSession, type Session } from '../network/session.ts'
import { parseCategories } from '../network/terms.ts'
import { checkFree, openOutput } from '../output.ts'

/** `sharewell deposit`. */
export const deposit = command({
  name: 'deposit',
  group: 'Records on a network:',
  summary: 'Seal a file, split it, place the shares, anchor it on the chain.',
  usage: '<file>',
  operands: { file: 'the file, or - for stdin' },
  about:
    'For a provider, for one of its patients; or for a patient, for an own file. A FHIR R4 bundle becomes one record ' +
    'for each kind (laboratory, medications ...) and the identity goes into a record of its own; any other file, or ' +
    'one with --category, is one record as it is. The receipt is the signed word of every storage node.',
  examples: [
    ['sharewell deposit visit.json --patient royal --as hospital-1', 'A FHIR bundle, in the demo.'],
    [
      'sharewell deposit scan.dcm --patient patient.json --key-file desk.key --policy 9,6,3 --receipt scan.receipt',
      'A scan, for decades.',
    ],
    ['sharewell deposit diary.pdf --as royal --at hospital-1', 'A patient deposits an own file.'],
  ],
  options: {
    patient: text('--patient <who>', 'whom it is about: a file with pseudonym and keys, or a name of the demo'),
    at: text('--at <provider>', 'for patients: at which provider'),
    category: text('--category <name>', 'kind of record (default: by the content)'),
    mime: text('--mime <type>', 'media type (default: by the name)'),
    policy: text('--policy <n,t,r>', 'n shares, any t rebuild, any r know nothing (default: 5,3,0)'),
    receipt: text('--receipt <file>', 'write the receipts there, as JSON'),
    force: common.force,
    ...actorOptions,
  },
  async run({ args: [file = ''], options, terminal, signal }) {
    const [category] = options.category === undefined ? [] : parseCategories(options.category)
    const policy = parsePolicy(options.policy ?? '5,3,0')
    if (options.receipt !== undefined) await checkFree(options.receipt, options.force)
    const plan = await planDeposit(file, { category, mime: options.mime, signal })
    const session = await openSession(options, signal)
    const { chain, patient, categoryKey } = await depositorOf(session, options, signal)
    const receipts: (Receipt & { readonly category: CategoryName })[] = []
    for (const [at, record] of plan.entries()) {
      const name = categoryOf(record.category).name
      const label = plan.length === 1 ? 'depositing' : `${name} ${at + 1}/${plan.length}`
      const receipt = await depositRecord(record.bytes, {
        chain,
        patient,
        categoryBit: categoryBit(categoryKey, record.category),
        mime: record.mime,
        policy,
        ...(record.size !== undefined && { size: record.size }),
        onProgress: watchJourney(terminal, label, record.size),
        signal,
      })
      receipts.push({ ...receipt, category: name })
      // At once, and not at the end: what was anchored stays, also when a later record fails.
      terminal.result({ type: 'deposited', ...receipt, category: name }, `${receipt.recordId}  ${name}`)
    }
    if (options.receipt !== undefined) await writeReceipts(options.receipt, receipts, options.force)
    const what = receipts.length === 1 ? 'one record on' : `${receipts.length} records, each on`
    terminal.note(`${what} ${policy.n} nodes, any ${policy.t} of which rebuild it`)
  },
})

function parsePolicy(words: string): Policy {
  const [, n, t, r] = /^(\d{1,5}),(\d{1,5}),(\d{1,5})$/.exec(words) ?? []
  if (n === undefined)
    throw new UsageError({ problem: `${words} is no policy`, hints: ['write n,t,r, such as 5,3,0 or 9,6,3'] })
  const policy = { n: Number(n), t: Number(t), r: Number(r) }
  checkPolicy(policy)
  return policy
}

type Depositor = Pick<Session, 'chain'> & {
  readonly patient: {
    readonly pseudonym: PatientRef['pseudonym']
    readonly selfPublicKey: NonNullable<PatientRef['selfPublicKey']>
  }
  readonly categoryKey: NonNullable<PatientRef['categoryKey']>
}

/** A provider deposits for one of its patients, a patient at one of the own places. */
async function depositorOf(
  session: Session,
  { patient: who, at }: { patient?: string | undefined; at?: string | undefined },
  signal: AbortSignal,
): Promise<Depositor> {
  if (who === undefined) {
    const place = choosePlace(session, at)
    const { categoryKey } = await readMail(session, place, signal)
    if (categoryKey === undefined)
      throw new UsageError({
        problem: 'the provider has not sent the key to your categories yet',
        hints: ['ask the provider to register you again'],
      })
    const patient = { pseudonym: toHex(place.keys.pseudonym), selfPublicKey: place.keys.self.publicKey }
    return { chain: actingAt(session, place), patient, categoryKey }
  }
  const { pseudonym, selfPublicKey, categoryKey } = await findPatient(session, who, signal)
  if (selfPublicKey === undefined || categoryKey === undefined)
    throw new UsageError({
      problem: `the keys for ${who.slice(0, 80)} are not known here`,
      hints: [
        'name a patient whom this provider registered, or a JSON file with pseudonym, selfPublicKey and categoryKey',
      ],
    })
  return { chain: session.chain, patient: { pseudonym, selfPublicKey }, categoryKey }
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
