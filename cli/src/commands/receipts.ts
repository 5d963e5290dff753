import { connect, purposes } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { type JudgedReceipt, judgeReceipts } from '@sharewell/sdk/flow/book'
import { command, flag, text } from '../command.ts'
import { parseCheckpointKey } from '../network/checkpoint-key.ts'
import { readNetworkFile } from '../network/network-file.ts'
import { forgetReceipts, type KeptReceipts, keptReceipts, readReceipts } from '../network/release-receipts.ts'
import { networkOptions } from '../network/session.ts'
import type { Line } from '../terminal.ts'
import { counted, type Part, painted } from '../text.ts'
import { formatMoment } from '../time.ts'

/** `sharewell receipts`. */
export const receipts = command({
  name: 'receipts',
  group: 'Records on a network:',
  summary: 'List what key nodes signed when they released keys to you.',
  usage: '',
  operands: {},
  about:
    'Every `retrieve` under a grant keeps on this machine what each key node signed. A node that released and kept it ' +
    "out of the public log is caught with it: 'sharewell receipts judge'.",
  examples: [['sharewell receipts', 'What is kept here?']],
  options: { ...networkOptions },
  async run({ options, terminal, signal }) {
    const { network } = await readNetworkFile(options.network, signal)
    const kept = await keptReceipts(network.networkId, signal)
    if (kept.length === 0) terminal.note('nothing is kept here')
    terminal.list(kept.map(lineOf))
  },
})

/** `sharewell receipts judge`. */
export const receiptsJudge = command({
  name: 'receipts judge',
  group: 'Records on a network:',
  summary: 'Say which key nodes released a key and kept it out of the log.',
  usage: '[file...]',
  operands: { file: 'files of receipts (default: all that are kept here)' },
  about:
    'Compares receipts with everything that the chain logged until the newest checkpoint that the hospitals signed ' +
    'together. A node has an hour to write what it released; before that it is too early to say. Fails where a node is ' +
    'caught: the file is then evidence for the council.',
  examples: [
    ['sharewell receipts judge', 'Did every node write what it released to me?'],
    ['sharewell receipts judge --forget', 'And remove what is in order.'],
    ['sharewell receipts judge theirs.receipts.json', "Judge somebody else's."],
  ],
  options: {
    forget: flag('--forget', 'remove the files in which everything was logged'),
    key: text('--key <hex>', 'the checkpoint key to trust, or several with commas (default: those on the chain)'),
    ...networkOptions,
  },
  async run({ args, options, terminal, signal }) {
    const keys = options.key?.split(',').map(parseCheckpointKey)
    const { network } = await readNetworkFile(options.network, signal)
    const { networkId } = network
    const files =
      args.length === 0
        ? await keptReceipts(networkId, signal)
        : await Promise.all(args.map((file) => readReceipts(file, networkId, signal)))
    if (files.length === 0) return terminal.note('nothing is kept here')
    const chain = await connect(network, { signal })
    const all = files.flatMap((file) => file.receipts)
    const { judged, until } = await judgeReceipts(chain, { receipts: all, keys }, { signal })
    terminal.note(`by what the hospitals signed until ${formatMoment(until)}`)
    terminal.list(judged.map(verdictLine))
    const logged = new Set(judged.filter(({ verdict }) => verdict === 'LOGGED').map(({ receipt }) => receipt))
    const done = files.filter((file) => file.receipts.every((one) => logged.has(one)))
    if (options.forget) for (const file of done) forgetReceipts(file)
    if (options.forget) terminal.note(`removed ${counted(done.length, 'file')}`)
    const caught = judged.filter(({ verdict }) => isCaught(verdict))
    if (caught.length > 0) throw new UnloggedReleaseError({ releases: caught.length })
  },
})

function lineOf({ file, receipts: all }: KeptReceipts): Line {
  const [first] = all
  const { recordId, reader, purpose, notAfter } = first?.request ?? {}
  const nodes = all.map(({ operator }) => operator)
  const code = purpose === undefined ? '' : purposes[purpose]
  return {
    value: {
      type: 'receipt',
      requestHash: first?.message.requestHash,
      recordId,
      reader,
      purpose: code,
      notAfter,
      nodes,
      file,
    },
    text: `${recordId}  ${code}  before ${formatMoment(notAfter ?? 0)}  ${counted(nodes.length, 'key node')}\n  ${file}`,
  }
}

const isCaught = (verdict: JudgedReceipt['verdict']): boolean => verdict === 'UNLOGGED' || verdict === 'UNREQUESTED'

const words: Readonly<Record<JudgedReceipt['verdict'], Part>> = {
  LOGGED: painted('good', 'it stands in the log'),
  TOO_EARLY: painted('careful', 'too early to say'),
  UNLOGGED: painted('bad', 'it released and never wrote that it did'),
  UNREQUESTED: painted('bad', 'it released what nobody had logged'),
  NO_EVIDENCE: painted('careful', 'the node that it names did not sign it'),
}

function verdictLine({ receipt: { operator, message }, verdict }: JudgedReceipt): Line {
  const { requestHash } = message
  return {
    value: { type: 'judged', requestHash, operator, verdict },
    text: [`${requestHash.slice(0, 12)}...  key node ${operator}: `, words[verdict]],
  }
}

/** Thrown when a receipt shows that a key node released a key and kept it out of the log. */
export class UnloggedReleaseError extends BaseError<'UNLOGGED_RELEASE'> {
  override readonly name = 'UnloggedReleaseError'
  constructor({ releases = 0 }: { releases?: number }) {
    super('UNLOGGED_RELEASE', `${counted(releases, 'release')} kept out of the log.`, {
      hints: ["keep the file ('sharewell receipts' says where it is) and hand it to the council: anyone can judge it"],
      docs: 'book.md#receipts',
    })
  }
}
