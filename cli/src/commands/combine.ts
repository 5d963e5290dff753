import { toHex } from '@sharewell/sdk/bytes'
import { command, common, text, UsageError } from '../command.ts'
import { decodeShares, openShareSet, type Rejected } from '../files/share-set.ts'
import { openOutput } from '../output.ts'
import { formatBytes } from '../progress.ts'

/** `sharewell combine`. */
export const combine = command({
  name: 'combine',
  group: 'Files, without a network:',
  summary: 'Rebuild a file from any t of its shares.',
  usage: '<share...>',
  operands: { share: 'share files, in any order; more than t are welcome' },
  about:
    'Every row of every share is checked against the digests that the share files carry. A damaged, cut, doubled or ' +
    'foreign share is named and left out, and another takes its place while there are enough. What comes out is the ' +
    'very file that was split, or nothing.',
  examples: [
    ['sharewell combine shares/*.share -o labs.json.sealed', 'Rebuild from whatever shares are at hand.'],
    [
      'sharewell combine a.share b.share c.share -o - | sharewell open - --key labs.key -o labs.json',
      'Rebuild and open in one go.',
    ],
  ],
  options: {
    output: text('-o, --output <file>', 'where the file goes; - is stdout (required)'),
    force: common.force,
  },
  async run({ args, options, terminal, signal }) {
    const { output, force } = options
    if (output === undefined)
      throw new UsageError({
        problem: 'the rebuilt file needs a name',
        hints: ['say where it goes with -o; - is stdout'],
      })
    if (output === '-' && terminal.outputIsTerminal)
      throw new UsageError({
        problem: 'a sealed file is no text for a terminal',
        hints: ['name a file with -o, or send it into a pipe'],
      })
    const set = await openShareSet(args)
    const rejected = [...set.rejected]
    const reject = ({ file, why }: Rejected) => terminal.warn(`${file}: ${why}; left out`)
    rejected.forEach(reject)
    const { info } = set
    const progress = terminal.progress('combining', info.length)
    try {
      const target = await openOutput(output, { force })
      try {
        if (info.sealed) await target.write(info.sealed.head)
        for await (const chunk of decodeShares(set, (bad) => {
          rejected.push(bad)
          reject(bad)
        })) {
          signal.throwIfAborted()
          await target.write(chunk)
          progress.add(chunk.length)
        }
        if (info.sealed) await target.write(info.sealed.foot)
        await target.commit()
      } finally {
        await target.discard()
      }
    } finally {
      await Promise.all(set.shares.map((share) => share.close()))
    }
    const bytes = info.length + (info.sealed ? info.sealed.head.length + info.sealed.foot.length : 0)
    terminal.note(
      `rebuilt ${formatBytes(bytes)} from ${info.t} of ${info.n} shares${info.content === 'sealed' ? '; sharewell open reads it' : ''}`,
    )
    if (output !== '-')
      terminal.result(
        { type: 'combined', output, bytes, set: toHex(info.set), content: info.content, rejected },
        output,
      )
  },
})
