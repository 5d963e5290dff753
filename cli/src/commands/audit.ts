import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type AuditState,
  auditRefusalOf,
  auditSeats,
  auditStandingOf,
  type Chain,
  challengeNode,
  drawAudit,
  type FollowedAudit,
  openAudits,
  operators,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { fetchAny } from '@sharewell/sdk/place'
import { cidOf } from '@sharewell/sdk/share'
import { command, integer, text, UsageError } from '../command.ts'
import { type Acknowledged, acknowledgedOf, NoAcknowledgementError, questionOf } from '../network/acknowledgements.ts'
import { auditWords } from '../network/audit-words.ts'
import { type Examiner, examinerOptions, openExaminer } from '../network/examiner.ts'
import { createNames, shownAs } from '../network/names.ts'
import { parseId } from '../network/people.ts'
import { actorOptions, networkOptions, openSession, openView } from '../network/session.ts'
import { counted, type Part, painted, type Style } from '../text.ts'
import { formatMoment } from '../time.ts'

const group = 'Looking after it:'

/** `sharewell audit ask`. */
export const auditAsk = command({
  name: 'audit ask',
  group,
  summary: 'Ask nodes on the chain for what they acknowledged of a record.',
  usage: '<record>',
  operands: { record: 'record id (0x and 64 hex digits)' },
  about:
    'For whoever deposited the record: it takes what the nodes signed then, which is kept on the machine that ' +
    'deposited, and in the receipts. Chunk and auditors are drawn; the node has a day to show the chunk to auditors of ' +
    'other organizations. Three misses within 30 days are a fault that the council may act on. An organization asks ' +
    'one node once a day. The question is public, with who asked and the manifest.',
  examples: [
    ['sharewell audit ask 0x1f... --key-file desk.key --worker-key-file worker.key', 'Every node of the record.'],
    ['sharewell audit ask 0x1f... --share 2 --receipts receipts.json --key-file desk.key', 'One of them.'],
  ],
  options: {
    share: integer('--share <j>', 'only the node of this share (default: all of them)', undefined, { most: 65_535 }),
    receipts: text('--receipts <file>', 'what the nodes signed, as `sharewell deposit --receipt` wrote it'),
    ...examinerOptions,
  },
  async run({ args: [named = ''], options, terminal, signal }) {
    const recordId = parseId(named, 'record id')
    const examiner = await openExaminer(recordId, options, signal)
    const { chain } = examiner.session
    const placementHash = examiner.records[0]?.placementHash ?? '0x'
    const known = { networkId: chain.network.networkId, recordId, placementHash }
    const acknowledged = await acknowledgedOf(known, options.receipts, signal)
    const wanted = acknowledged.acknowledgements.filter(({ index }) => (options.share ?? index) === index)
    if (wanted.length === 0) throw new NoAcknowledgementError({ reason: `nobody signed for share ${options.share}` })
    const manifest = await manifestOf(examiner, acknowledged, signal).catch((cause: unknown) => {
      signal.throwIfAborted()
      throw options.workerKeyFile === undefined ? new ManifestRefusedError({ cause }) : cause
    })
    const nameOf = await namesOf(chain, signal)
    let asked = 0
    let tooSoon: unknown
    for (const one of wanted) {
      const { operator, index } = one
      const at = `share ${index} at ${await nameOf(operator)}`
      try {
        const { audit } = await challengeNode(chain, questionOf(acknowledged, one, manifest), { signal })
        asked += 1
        terminal.result({ type: 'challenge', audit, operator, index }, `${audit}  ${at}`)
      } catch (error) {
        // Another record of this organization was asked about; the other nodes may still be asked.
        if (auditRefusalOf(error) !== 'AuditsTooSoon') throw error
        tooSoon = error
        if (wanted.length > 1) terminal.note(`${at} was not asked: this organization did within the last day`)
      }
    }
    if (asked === 0) throw tooSoon
    terminal.note(`asked ${counted(asked, 'node')}; auditors draw, or 'sharewell audit draw' does`)
  },
})

/** `sharewell audit list`. */
export const auditList = command({
  name: 'audit list',
  group,
  summary: 'List audits that are open, and how nodes did when they were asked.',
  usage: '',
  operands: {},
  about:
    'It needs no identity. A node has until the deadline to show its chunk; in the day after it, auditors say whether ' +
    'it was silent, and two of three decide.',
  examples: [['sharewell audit list', 'Which nodes are being asked, and which were silent?']],
  options: networkOptions,
  async run({ options, terminal, signal }) {
    const { chain } = await openView(options, signal)
    const nodes = await operators(chain, { kind: 'storage' }, { signal })
    const nameOf = await namesOf(chain, signal)
    const open = await openAudits(chain, {}, { signal })
    for (const one of open) terminal.result(lineOf(one), wordsOf(one, await nameOf(one.operator)))
    for (const { id: operator } of nodes) {
      const standing = await auditStandingOf(chain, { operator }, { signal })
      if (standing.shown + standing.missed === 0) continue
      const words: Part = painted(standing.missed === 0 ? 'good' : 'bad', auditWords(standing))
      terminal.result({ type: 'standing', operator, ...standing }, [`${await nameOf(operator)}: `, words])
    }
    const seats = await auditSeats(chain, { signal })
    terminal.note(`${counted(open.length, 'open audit')}, ${counted(seats.length, 'house')} with an auditor`)
  },
})

/** `sharewell audit draw`. */
export const auditDraw = command({
  name: 'audit draw',
  group,
  summary: 'Draw chunk and auditors of audits that wait for it.',
  usage: '[audit]',
  operands: { audit: 'its id, as `sharewell audit list` shows it; left away: all that wait' },
  about:
    'Anybody may, from the third block after the question on and within 256; later than that, an audit is void. ' +
    'Auditors do it by themselves.',
  examples: [['sharewell audit draw --key-file me.key', 'Draw what is due.']],
  options: actorOptions,
  async run({ args: [named], options, terminal, signal }) {
    const audit = named === undefined ? undefined : parseAudit(named)
    const { chain } = await openSession(options, signal)
    const due = audit ? [audit] : await dueOf(chain, signal)
    const nameOf = await namesOf(chain, signal)
    for (const one of due) {
      await drawAudit(chain, { audit: one }, { signal })
      const drawn = (await openAudits(chain, {}, { signal })).find((each) => each.audit === one)
      if (drawn) terminal.result(lineOf(drawn), wordsOf(drawn, await nameOf(drawn.operator)))
    }
    terminal.note(due.length === 0 ? 'nothing waits for a draw' : `drew ${counted(due.length, 'audit')}`)
  },
})

/** What nodes are called: by the name of the organization that answers for them. */
async function namesOf(chain: Chain, signal: AbortSignal): Promise<(operator: Hex) => Promise<string>> {
  const names = createNames(chain, signal)
  const nodes = await operators(chain, { kind: 'storage' }, { signal })
  return async (operator) => {
    const organization = nodes.find(({ id }) => id === operator)?.organization
    return organization === undefined ? operator : shownAs(await names.organization(organization), operator)
  }
}

function parseAudit(given: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(given)) return given.toLowerCase() as Hex
  throw new UsageError({
    problem: `${given} is no audit id`,
    hints: ["an audit id is 0x and 64 hex digits; 'sharewell audit list' shows them"],
  })
}

async function dueOf(chain: Chain, signal: AbortSignal): Promise<readonly Hex[]> {
  const open = await openAudits(chain, {}, { signal })
  return open.filter(({ state }) => state === 'drawable').map(({ audit }) => audit)
}

/** The signed manifest that the nodes acknowledged, from any of them. */
async function manifestOf(
  { session: { chain }, records, readerFor }: Examiner,
  { manifestHash }: Acknowledged,
  signal: AbortSignal,
): Promise<Hex> {
  const [record] = records
  if (!record) throw new NoAcknowledgementError({ reason: 'there is no such record' })
  const read = await readerFor(record)
  const active = (await operators(chain, { kind: 'storage' }, { signal })).filter((one) => one.active)
  const nodes = active.map((one) => ({ operator: one.id, store: read(one) }))
  return toHex(await fetchAny(cidOf(fromHex(manifestHash, 32)), nodes, { signal }))
}

const lineOf = ({ audit, state, operator, recordId, j, challenger, drawn, words }: FollowedAudit) => ({
  ...{ type: 'audit', audit, state, operator, recordId, index: j, challenger, words, ...drawn },
})

const styles: Readonly<Partial<Record<AuditState, Style>>> = { asking: 'careful', settling: 'bad' }

function wordsOf({ audit, state, j, drawn, words }: FollowedAudit, name: string): Part[] {
  const said = `${counted(words.shown, 'word')} for it, ${words.silent} against`
  const until = drawn ? `chunk ${drawn.i}, by ${formatMoment(drawn.deadline)}; ${said}` : 'not drawn yet'
  return [audit, '  ', painted(styles[state] ?? 'faint', state), `\n  share ${j} at ${name}: ${until}`]
}

/** Thrown when nodes do not show whoever asks what the question is about. */
export class ManifestRefusedError extends BaseError<'MANIFEST_REFUSED'> {
  override readonly name = 'ManifestRefusedError'
  constructor({ cause }: { cause?: unknown }) {
    super('MANIFEST_REFUSED', 'No node of this record shows its manifest to you.', {
      cause,
      hints: ["name the key of a reconstructor with --worker-key-file: a hospital's own key reads nothing"],
    })
  }
}
