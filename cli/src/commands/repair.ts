import type { AnchoredRecord } from '@sharewell/sdk/chain'
import { BaseError, firstLine } from '@sharewell/sdk/errors'
import { type Repaired, type RepairOptions, repairRecord, type ShareHealth } from '@sharewell/sdk/flow/health'
import { command, flag } from '../command.ts'
import { examinerOptions, openExaminer } from '../network/examiner.ts'
import type { Terminal } from '../terminal.ts'
import { counted } from '../text.ts'

/** `sharewell repair`. */
export const repair = command({
  name: 'repair',
  group: 'Looking after it:',
  summary: 'Make lost shares of a record again, without its key.',
  usage: '[record]',
  operands: { record: 'record id (0x and 64 hex digits); left away: all of your own, or of your hospital' },
  about:
    'For patients, and for a hospital with the key of a reconstructor. Shares are made again from any t that are alive ' +
    'and compared with what the chain fixes; nobody opens the record. A node that lost its share gets it back; shares ' +
    'of operators that leave, are switched off or send wrong bytes go to new ones, and the chain is told where they lie ' +
    'now. Safe to repeat at any moment. Where some nodes together must learn nothing (r > 0), nodes make a share again ' +
    'between them, and shares move one after another.',
  examples: [
    ['sharewell repair --as royal', 'All of my records that need it.'],
    ['sharewell repair 0x1f... --move-silent --as royal', 'One record; nodes that do not answer will not come back.'],
    ['sharewell repair --key-file desk.key --worker-key-file worker.key', 'Those that our hospital deposited.'],
  ],
  options: {
    full: flag('--full', 'ask every node for every chunk first, and not for a few'),
    moveSilent: flag('--move-silent', 'also move the shares of nodes that do not answer'),
    ...examinerOptions,
  },
  async run({ args: [record], options, terminal, signal }) {
    const { records, chainFor, readerFor } = await openExaminer(record, options, signal)
    const samples = options.full ? Number.POSITIVE_INFINITY : undefined
    let left = 0
    for (const each of records) {
      const watched = watchRepair(terminal, each)
      try {
        const isGone = ({ state }: ShareHealth) => options.moveSilent && state === 'silent'
        const asked = { read: await readerFor(each), samples, isGone, ...watched, signal }
        const done = await repairRecord(chainFor(each), each, asked).finally(() => terminal.settle())
        const { before, failed, ...said } = done
        const refused = [...failed].map(([operator, reason]) => ({ operator, reason }))
        terminal.result(
          { type: 'repair', ...said, level: before.level, failed: refused },
          `${each.recordId}  ${wordsOf(done)}`,
        )
        for (const operator of done.liars) terminal.note(`${operator} lied: its part does not follow from its share`)
        if (isLeft(done)) left += 1
      } catch (error) {
        signal.throwIfAborted()
        if (records.length === 1 || !(error instanceof BaseError)) throw error
        terminal.note(`${each.recordId}: ${firstLine(error.message)}`)
        left += 1
      }
    }
    if (records.length === 0) terminal.note('no records')
    if (left > 0) throw new RepairLeftError({ records: left })
  },
})

/** Shares that were asked for, and then chunks that were made again. */
function watchRepair(terminal: Terminal, { n }: AnchoredRecord): Pick<RepairOptions, 'onShare' | 'onChunk'> {
  const asking = terminal.progress('asking', n, 'count')
  let making: ReturnType<Terminal['progress']> | undefined
  return {
    onShare: () => asking.add(1),
    onChunk() {
      making ??= terminal.progress('chunks made again', undefined, 'count')
      making.add(1)
    },
  }
}

/** What was not whole before and is not now. */
function isLeft({ before, refilled, moved }: Repaired): boolean {
  const bad = before.shares.filter(({ state, leaving }) => state !== 'valid' || leaving)
  return before.shares.length < before.n || refilled.length + moved.length < bad.length
}

function wordsOf({ before, refilled, moved, bytes }: Repaired): string {
  if (before.level === 'healthy') return 'healthy, nothing to do'
  const parts = [
    ...(refilled.length > 0 ? [`${counted(refilled.length, 'share')} made again`] : []),
    ...(moved.length > 0 ? [`${counted(moved.length, 'share')} moved to new operators`] : []),
  ]
  return parts.length > 0 ? `${before.level}: ${parts.join(', ')}, ${bytes} bytes` : `${before.level}: nothing was done`
}

/** Thrown at the end where records still lack shares. */
export class RepairLeftError extends BaseError<'REPAIR_LEFT'> {
  override readonly name = 'RepairLeftError'
  constructor({ records = 0 }: { records?: number }) {
    super('REPAIR_LEFT', `${records === 1 ? 'One record still lacks' : `${records} records still lack`} shares.`, {
      hints: ["'sharewell health' names them; nodes that will not come back are given up with --move-silent"],
    })
  }
}
