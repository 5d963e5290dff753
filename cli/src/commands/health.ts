import type { Hex } from '@sharewell/sdk/bytes'
import { type AnchoredRecord, auditStandingOf, type Chain, standingOf } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { type Level, levels, type RecordHealth, recordHealth, type ShareHealth } from '@sharewell/sdk/flow/health'
import { atMost } from '../at-most.ts'
import { command, flag, integer } from '../command.ts'
import { examinerOptions, openExaminer } from '../network/examiner.ts'
import { createNames, shownAs } from '../network/names.ts'
import { counted, type Part, painted, type Style } from '../text.ts'

const recordsAtOnce = 3

/** `sharewell health`. */
export const health = command({
  name: 'health',
  group: 'Looking after it:',
  summary: 'Ask how many shares of a record are alive.',
  usage: '[record]',
  operands: { record: 'record id (0x and 64 hex digits); left away: all of your own, or of your hospital' },
  about:
    'For patients, for whom a record is open, and for a hospital with the key of a reconstructor. Each of the n nodes ' +
    'must give chunks of its share, drawn at random: a node that only answers is not alive. Any t living shares rebuild ' +
    'the record. The exit code is 1 where fewer than t + margin stay alive: then nodes should be brought back, or the ' +
    'record repaired.',
  examples: [
    ['sharewell health --as royal', 'Are my records well?'],
    ['sharewell health --key-file desk.key --worker-key-file worker.key', 'Those that our hospital deposited.'],
    ['sharewell health 0x1f... --full --margin 2 --key-file me.key --vault-file me.vault', 'One record, thoroughly.'],
  ],
  options: {
    margin: integer(
      '--margin <shares>',
      'how many living shares there must be beyond t (default: a quarter of n - t, at least 1)',
      undefined,
      { most: 65_535 },
    ),
    full: flag('--full', 'ask for every chunk, and not for a few'),
    ...examinerOptions,
  },
  async run({ args: [record], options, terminal, signal }) {
    const { session, records, chainFor, readerFor } = await openExaminer(record, options, signal)
    const shares = records.reduce((sum, { n }) => sum + n, 0)
    const bar = terminal.progress('asking', shares, 'count')
    const names = createNames(session.chain, signal)
    const marks = markCounter(session.chain, signal)
    const samples = options.full ? Number.POSITIVE_INFINITY : undefined
    const found = await atMost(recordsAtOnce, records, async (each) => {
      const read = await readerFor(each)
      const asked = { read, samples, spare: options.margin, onShare: () => bar.add(1), signal }
      const health = await recordHealth(chainFor(each), each, asked)
      const judged = await Promise.all(
        health.shares.map(async (share) => ({ ...share, ...(await marks(share.operator)) })),
      )
      const bad = await Promise.all(
        judged
          .filter(({ state, leaving, lies, misses }) => state !== 'valid' || leaving || lies + misses > 0)
          .map(async (share) => {
            const name = share.organization && (await names.organization(share.organization))
            return `\n  share ${share.index} at ${shownAs(name, share.operator)}: ${saidOf(share)}`
          }),
      )
      terminal.result({ type: 'health', ...health, shares: judged }, [...wordsOf(each, health), bad.join('')])
      return health.level
    })
    terminal.settle()
    terminal.note(records.length === 0 ? 'no records' : summaryOf(found))
    const low = found.filter((level) => level === 'endangered' || level === 'lost').length
    if (low > 0) throw new AtRiskError({ records: low })
  },
})

/** What the chain counts against an operator: lies that were proved, and audits in which it was silent. */
type Marks = { readonly lies: number; readonly misses: number }

/** Counts marks; each operator is looked up once, however many shares it has. */
export function markCounter(chain: Chain, signal: AbortSignal | undefined): (operator: Hex) => Promise<Marks> {
  const known = new Map<Hex, Promise<Marks>>()
  const count = async (operator: Hex) => {
    const [{ shares, frames }, { missed }] = await Promise.all([
      standingOf(chain, { operator }, { signal }),
      auditStandingOf(chain, { operator }, { signal }),
    ])
    return { lies: shares + frames, misses: missed }
  }
  return async (operator) => {
    const marks = known.get(operator) ?? count(operator)
    known.set(operator, marks)
    return await marks
  }
}

/** `silent, no answer; 1 proven lie, see 'sharewell fault'`. */
function saidOf({ state, reason, leaving, lies, misses }: ShareHealth & Marks): string {
  const said = [
    reason ? `${state}, ${reason}` : state,
    leaving && 'its node leaves',
    lies > 0 && `${counted(lies, 'proven lie')}, see 'sharewell fault'`,
    misses > 0 && `silent in ${counted(misses, 'audit')}, see 'sharewell audit list'`,
  ]
  return said.filter(Boolean).join('; ')
}

/** `3 records: 2 healthy, 1 weakened`. */
function summaryOf(found: readonly Level[]): string {
  const counts = levels.flatMap((name) => {
    const count = found.filter((level) => level === name).length
    return count === 0 ? [] : [`${count} ${name}`]
  })
  return `${counted(found.length, 'record')}: ${counts.join(', ')}`
}

const styles: Readonly<Record<Level, Style>> = { healthy: 'good', weakened: 'careful', endangered: 'bad', lost: 'bad' }

function wordsOf({ recordId }: AnchoredRecord, health: RecordHealth): Part[] {
  const { n, t, live, staying, level, organizations } = health
  const more = staying - t
  const said: Readonly<Record<Level, string>> = {
    healthy: 'healthy',
    weakened: `weakened; ${more} more may fail`,
    endangered:
      more > 0 ? `endangered: only ${more} more may fail` : 'endangered: one more loss, and it cannot be rebuilt',
    lost: 'cannot be rebuilt now',
  }
  return [
    `${recordId}\n  `,
    painted(styles[level], bar({ n, t, live })),
    `  ${live} of ${n} alive, any ${t} rebuild, at ${counted(organizations, 'organization')}: `,
    painted(styles[level], said[level]),
  ]
}

/** `[###|##..]`: a # for each living share, the mark after the t that rebuild. */
function bar({ n, t, live }: { n: number; t: number; live: number }): string {
  if (n > 40) return ''
  const shares = '#'.repeat(live) + '.'.repeat(n - live)
  return `[${shares.slice(0, t)}|${shares.slice(t)}]`
}

/** Thrown at the end where records have too few living shares. */
export class AtRiskError extends BaseError<'AT_RISK'> {
  override readonly name = 'AtRiskError'
  constructor({ records = 0 }: { records?: number }) {
    super('AT_RISK', `${records === 1 ? 'One record has' : `${records} records have`} too few living shares.`, {
      hints: ["have the nodes above brought back, or 'sharewell repair' the record"],
    })
  }
}
