import { fromHex } from '@sharewell/sdk/bytes'
import { closeGlass, glassWindow, glassWindows, reviewGlass, verdicts } from '@sharewell/sdk/chain'
import {
  askForGlass,
  breakGlass,
  checkAsk,
  encodeGlassAsk,
  encodeGlassParts,
  type GlassAsk,
  handOnParts,
  openGlassPart,
  parseGlassAsk,
  parseGlassParts,
  retrieve,
} from '@sharewell/sdk/flow'
import { choice, command, common, text, UsageError } from '../command.ts'
import { proofKeeper } from '../network/fault-files.ts'
import { credentialIn, emergencyFileText, emergencyRoles, readEmergencyFile, standing } from '../network/glass.ts'
import { readText, writePrivate } from '../network/guardians.ts'
import { watchJourney } from '../network/journey.ts'
import { createNames, type Names, shownAs } from '../network/names.ts'
import { findPatient, findReader, parseId } from '../network/people.ts'
import { actorOptions, openSession, openView, readPrivateKey } from '../network/session.ts'
import { checkFree, openOutput } from '../output.ts'
import { review, yesOption } from '../review.ts'
import { columns } from '../text.ts'
import { formatMoment } from '../time.ts'

const group = 'Records on a network:'
const breakGlassPurpose = 2
/** Characters of a reason: it travels in a QR code, and the officer's device reads no longer one. */
const longestReason = 300

/** `sharewell break-glass ask`. */
export const breakGlassAsk = command({
  name: 'break-glass ask',
  group,
  summary: 'Emergency: ask an officer to open a patient’s emergency summary with you.',
  usage: '<patient>',
  operands: { patient: 'a code, a file or a pseudonym' },
  about:
    'For emergency clinicians, where the patient cannot be asked. Everybody will see that you broke the glass, the ' +
    'patient first, and it will be reviewed. Nothing happens before an emergency officer of the institution that keeps ' +
    'the patient agrees: hand over the line that is printed. It holds your reason in clear, and counts for ten minutes.',
  examples: [
    [
      'sharewell break-glass ask patient.code --reason "unconscious, allergies unknown" -o now.emergency --key-file doctor.key',
      'In the emergency room.',
    ],
  ],
  options: {
    reason: text('--reason <text>', 'why, in a few words; patient and reviewers will read it (required)'),
    output: text('-o, --output <file>', 'where your key of this emergency goes, mode 0600 (required)'),
    officer: text('--officer <account>', 'whom you ask (default: the first officer of the institution)'),
    force: common.force,
    yes: yesOption,
    ...actorOptions,
  },
  async run({ args: [who = ''], options, terminal, signal }) {
    const { reason, output, force, yes } = options
    if (reason === undefined || reason.trim() === '')
      throw new UsageError({ problem: 'breaking the glass needs a reason', hints: ['give it with --reason'] })
    if (reason.length > longestReason)
      throw new UsageError({
        problem: `the reason has more than ${longestReason} characters`,
        hints: ['say it in a few words; what else there is to say belongs to the review'],
      })
    if (output === undefined) throw new UsageError({ problem: 'your key needs a file', hints: ['name it with -o'] })
    await checkFree(output, force)
    const session = await openSession(options, signal)
    const { chain, account } = session
    const { pseudonym } = await findPatient(session, who, signal)
    const named = 'an emergency clinician'
    const credentialId = await credentialIn(
      chain,
      { account: account.address, role: emergencyRoles.clinician, named },
      signal,
    )
    const rows = [
      ['of code', pseudonym],
      ['reason', reason],
      ['seen by', 'everybody, the patient first; reviewed within 72 hours'],
    ] as const
    await review(terminal, { title: 'you break the glass for', rows, yes, signal })
    const guardian = options.officer === undefined ? undefined : findReader(session, options.officer)
    const { ask, partSeed } = await askForGlass({ chain, pseudonym, credentialId, guardian, reason }, { signal })
    await writePrivate(output, emergencyFileText({ ask, partSeed }), force)
    const line = encodeGlassAsk(ask)
    terminal.note('hand this line to the officer; nothing is open yet')
    terminal.result({ type: 'glass-ask', output, pseudonym, officer: ask.opening.guardian, ask: line }, line)
  },
})

/** `sharewell break-glass open`. */
export const breakGlassOpen = command({
  name: 'break-glass open',
  group,
  summary: 'Emergency: open a window with a clinician, as the officer who was asked.',
  usage: '<ask>',
  operands: { ask: 'the file with the line that you were handed, or - for stdin' },
  about:
    'For emergency officers. Make sure who asks, and why. The window lasts 24 hours, everybody sees it, and the ' +
    'institution of the clinician owes a review. Hand the line that is written back to the clinician: it holds your part ' +
    'of the emergency summary, for this clinician alone. Given again while the window is open, it writes the line anew.',
  examples: [
    ['sharewell break-glass open ask.txt --officer-key officer.key -o parts.txt --key-file anna.key', 'You agree.'],
  ],
  options: {
    officerKey: text('--officer-key <file>', "your key, made by 'break-glass key' (required)"),
    output: text('-o, --output <file>', 'where the line for the clinician goes (default: stdout)'),
    force: common.force,
    yes: yesOption,
    ...actorOptions,
  },
  async run({ args: [file = ''], options, terminal, signal }) {
    const { officerKey, output, force, yes } = options
    if (officerKey === undefined)
      throw new UsageError({ problem: 'your part needs your key', hints: ['name it with --officer-key'] })
    if (output !== undefined) await checkFree(output, force)
    const ask = parseGlassAsk(await readText(file, signal))
    const seed = fromHex(await readPrivateKey(officerKey, signal), 32)
    const { chain } = await openSession(options, signal)
    const windowId = await checkAsk(chain, ask)
    if (!(await glassWindow(chain, { windowId }, { signal }))) {
      const rows = await rowsOf(ask, createNames(chain, signal))
      await review(terminal, {
        title: 'you break the glass with',
        rows,
        yes,
        signal,
        question: 'Did you make sure who asks, and do you agree? [y/N] ',
      })
      await breakGlass({ chain, ask }, { signal })
    }
    const parts = await handOnParts({ chain, ask, seed }, { signal })
    const line = encodeGlassParts(parts)
    if (output !== undefined) await writePrivate(output, line, force)
    terminal.note('the glass is broken; hand this back to the clinician')
    const records = parts.parts.map(({ recordId }) => recordId)
    const shown = output === undefined ? { parts: line } : { output }
    terminal.result({ type: 'glass-open', windowId, records, ...shown }, output ?? line)
  },
})

async function rowsOf({ opening, reason }: GlassAsk, names: Names) {
  return [
    ['clinician', shownAs(await names.account(opening.clinician), opening.clinician)],
    ['of code', opening.pseudonym],
    ['reason', reason],
    ['lasts', '24 hours, in view of everybody'],
  ] as const
}

/** `sharewell break-glass retrieve`. */
export const breakGlassRetrieve = command({
  name: 'break-glass retrieve',
  group,
  summary: 'Emergency: open an emergency summary in a window that is open.',
  usage: '[record]',
  operands: { record: 'record id; the one that the officer handed on where there is one' },
  about:
    'For the clinician of the window. Key nodes and the officer each give their part; neither opens anything alone. ' +
    'What you read, and when, is logged.',
  examples: [
    [
      'sharewell break-glass retrieve --emergency now.emergency --parts parts.txt -o summary.json --key-file doctor.key',
      'Read it.',
    ],
  ],
  options: {
    emergency: text('--emergency <file>', "your key, made by 'break-glass ask' (required)"),
    parts: text('--parts <file>', 'what the officer handed back, or - for stdin (required)'),
    output: text('-o, --output <file>', 'where the record goes; - is stdout (required)'),
    force: common.force,
    ...actorOptions,
  },
  async run({ args: [record], options, terminal, signal }) {
    const { emergency, output, force } = options
    if (emergency === undefined || options.parts === undefined || output === undefined)
      throw new UsageError({
        problem: 'say with what it opens, and where it goes',
        hints: ['--emergency, --parts, -o'],
      })
    const { ask, partSeed } = await readEmergencyFile(emergency, signal)
    const handed = parseGlassParts(await readText(options.parts, signal))
    const [only, another] = handed.parts
    if (record === undefined && another)
      throw new UsageError({
        problem: `the officer handed on ${handed.parts.length} records`,
        hints: handed.parts.slice(0, 5).map(({ recordId }) => recordId),
      })
    const recordId = record === undefined ? (only?.recordId ?? '0x') : parseId(record, 'record id')
    const officersPart = await openGlassPart(handed, { recordId, partSeed })
    const { chain } = await openSession(options, signal)
    const { credentialId } = ask.opening
    const as = { kind: 'reader', purpose: breakGlassPurpose, credentialId, officersPart } as const
    const target = await openOutput(output, { force })
    try {
      const told = { onProof: proofKeeper(terminal), onProgress: watchJourney(terminal, 'retrieving') }
      const opened = await retrieve({ chain, recordId, as, ...told, signal })
      for await (const piece of opened.bytes) await target.write(piece)
      const { mime, size } = await opened.trailer
      await target.commit()
      if (output !== '-') terminal.result({ type: 'retrieved', output, recordId, mime, size, bytes: size }, output)
    } finally {
      await target.discard()
    }
  },
})

/** `sharewell break-glass close`. */
export const breakGlassClose = command({
  name: 'break-glass close',
  group,
  summary: 'Close a window before its 24 hours are over.',
  usage: '<window>',
  operands: { window: 'its id (0x and 64 hex digits)' },
  about: 'For its clinician, its officer, and the patient. From then on nothing is released in it.',
  examples: [['sharewell break-glass close 0x1f... --key-file doctor.key', 'The emergency is over.']],
  options: actorOptions,
  async run({ args: [window = ''], options, terminal, signal }) {
    const windowId = parseId(window, 'window')
    const session = await openSession(options, signal)
    const { transactionHash: transaction } = await closeGlass(session.chain, { windowId }, { signal })
    terminal.result({ type: 'glass-closed', transaction, windowId }, transaction)
  },
})

/** `sharewell break-glass review`. */
export const breakGlassReview = command({
  name: 'break-glass review',
  group,
  summary: 'Say of a window whether it was justified.',
  usage: '<window>',
  operands: { window: 'its id (0x and 64 hex digits)' },
  about:
    'For reviewers who took no part in it, of the clinician’s institution or of the one that keeps the patient, once it ' +
    'is closed or over. It stands for good, and everybody sees it. Until an overdue one is reviewed, the institution ' +
    'opens no other.',
  examples: [['sharewell break-glass review 0x1f... --verdict justified --key-file reviewer.key', 'It was right.']],
  options: {
    verdict: choice('--verdict <word>', 'what you found: justified or unjustified (required)', verdicts),
    yes: yesOption,
    ...actorOptions,
  },
  async run({ args: [window = ''], options, terminal, signal }) {
    const { verdict, yes } = options
    if (verdict === undefined)
      throw new UsageError({ problem: 'say what you found', hints: [`--verdict ${verdicts.join(' or ')}`] })
    const windowId = parseId(window, 'window')
    const { chain, account } = await openSession(options, signal)
    const entry = await glassWindow(chain, { windowId }, { signal })
    if (!entry) throw new UsageError({ problem: 'there is no such window', hints: ["'sharewell break-glass list'"] })
    const named = 'a reviewer'
    const credentialId = await credentialIn(
      chain,
      { account: account.address, role: emergencyRoles.reviewer, named },
      signal,
    )
    const names = createNames(chain, signal)
    const rows = [
      ['clinician', shownAs(await names.account(entry.clinician), entry.clinician)],
      ['officer', shownAs(await names.account(entry.guardian), entry.guardian)],
      ['opened', formatMoment(entry.openedAt)],
      ['you found', verdict],
    ] as const
    await review(terminal, { title: 'you review', rows, yes, signal })
    const sent = await reviewGlass(chain, { windowId, credentialId, verdict }, { signal })
    const line = { type: 'glass-reviewed', transaction: sent.transactionHash, windowId, verdict }
    terminal.result(line, sent.transactionHash)
  },
})

/** `sharewell break-glass list`. */
export const breakGlassList = command({
  name: 'break-glass list',
  group,
  summary: 'List the windows in which the glass was broken, and which were reviewed.',
  usage: '[pseudonym]',
  operands: { pseudonym: 'of whom; everybody where none is named' },
  about: 'The chain shows to anyone who broke the glass, with whom and when; why, it does not show.',
  examples: [['sharewell break-glass list', 'What has to be reviewed?']],
  options: { network: actorOptions.network },
  async run({ args: [who], options, terminal, signal }) {
    const pseudonym = who === undefined ? undefined : parseId(who, 'pseudonym')
    const { chain } = await openView(options, signal)
    const names = createNames(chain, signal)
    const all = (await glassWindows(chain, { pseudonym }, { signal })).reverse()
    if (all.length === 0) terminal.note('nobody broke the glass')
    const shown = await Promise.all(
      all.map(async (one) => {
        const clinician = shownAs(await names.account(one.clinician), one.clinician)
        return [one.windowId, formatMoment(one.openedAt), standing(one, chain.clock()), clinician]
      }),
    )
    const rows = columns(shown)
    for (const [at, { block: _, time: __, ...window }] of all.entries())
      terminal.result({ type: 'glass', ...window }, rows[at] ?? [])
  },
})
