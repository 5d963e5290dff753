import { rmdir } from 'node:fs/promises'
import path from 'node:path'
import { toHex } from '@sharewell/sdk/bytes'
import { firstLine } from '@sharewell/sdk/errors'
import { checkPolicy, type Policy, PolicyError } from '@sharewell/sdk/share'
import { command, common, flag, integer, text, UsageError } from '../command.ts'
import { type SplitSource, splitSource } from '../files/split-source.ts'
import { writeShares } from '../files/write-shares.ts'
import { openInput } from '../input.ts'
import { checkFree, commitAll, makeFolder, type Output, openOutput } from '../output.ts'
import { formatBytes } from '../progress.ts'
import { watched } from '../watched.ts'

const shareNumbers = { least: 1, most: 65_535 }

/** `sharewell split`. */
export const split = command({
  name: 'split',
  group: 'Files, without a network:',
  summary: 'Split a sealed file into n shares; any t rebuild it.',
  usage: '<sealed>',
  operands: { sealed: 'a sealed file, or - for stdin' },
  about:
    'Any t shares rebuild the file, fewer never do. Every share has 1/(t - r) of its size. Any r shares hold no ' +
    'information about it at all, not even for someone who has the key: r = 0 is Reed-Solomon, r = t - 1 is Shamir. ' +
    'Between r and t secrecy rests on the seal, so a file that is not sealed is refused there unless you say ' +
    '--plain. Share files know their set and their own digests: combine names the one that was damaged or belongs ' +
    'elsewhere.',
  examples: [
    ['sharewell split labs.json.sealed -n 5 -t 3 -o shares', 'Five shares, any three rebuild, 1.67 times the size.'],
    [
      'sharewell split genome.sealed -n 9 -t 6 -r 3',
      'Nine shares, any six rebuild, and any three know nothing for ever.',
    ],
    ['sharewell split seed.txt -n 5 -t 3 -r 2', 'Shamir: no sealing needed, each share as large as the file.'],
  ],
  options: {
    shares: integer('-n, --shares <n>', 'how many shares to make', 5, shareNumbers),
    threshold: integer('-t, --threshold <t>', 'how many of them rebuild the file', 3, shareNumbers),
    random: integer('-r, --random <r>', 'how many of them together know nothing', 0),
    output: text('-o, --output <folder>', 'folder for the shares, made if missing (default: where the file is)'),
    plain: flag('--plain', 'split an unsealed file although fewer than t shares show parts of it'),
    force: common.force,
  },
  async run({ args: [file = ''], options, terminal, signal }) {
    const policy = { n: options.shares, t: options.threshold, r: options.random }
    checkNumbers(policy)
    const input = await openInput(file, signal)
    const folder = options.output ?? (file === '-' ? '.' : path.dirname(file))
    const files = shareNames(folder, file, policy.n)
    const source = await splitSource(watched(input, terminal, 'splitting'), { ...input, policy })
    checkSecrecy(source, policy, input.name, options.plain)
    const made = await makeFolder(folder)
    const outputs: Output[] = []
    try {
      for (const each of files) await checkFree(each, options.force)
      for (const each of files) outputs.push(await openOutput(each, { force: options.force }))
      const info = await writeShares(source, policy, outputs, { signal })
      await commitAll(outputs)
      const { n, t, r } = policy
      terminal.result(
        { type: 'split', set: toHex(info.set), content: info.content, n, t, r, bytes: info.length, shares: files },
        files.join('\n'),
      )
      terminal.note(`any ${t} of these ${n} files rebuild ${input.name} (${formatBytes(info.length)})`)
    } catch (error) {
      for (const output of outputs) await output.discard()
      if (made !== undefined) await rmdir(folder).catch(() => undefined)
      throw error
    }
  },
})

/** `FOLDER/NAME.0.share` ..., with as many digits as the largest number needs, so that they list in order. */
function shareNames(folder: string, file: string, n: number): string[] {
  const base = file === '-' ? 'stdin' : path.basename(file)
  const digits = String(n - 1).length
  return Array.from({ length: n }, (_, j) => path.join(folder, `${base}.${String(j).padStart(digits, '0')}.share`))
}

function checkNumbers(policy: Policy): void {
  const { n, t, r } = policy
  if (t < 1 || n < 1)
    throw new UsageError({
      problem: 'a file needs at least one share, and at least one to rebuild it',
      hints: ['try -n 5 -t 3'],
    })
  if (t > n)
    throw new UsageError({
      problem: `${t} shares cannot be needed where only ${n} are made`,
      hints: [`choose -t at most ${n}, or a larger -n`],
    })
  if (r >= t)
    throw new UsageError({
      problem: `${r} shares cannot know nothing where ${t} rebuild the file`,
      hints: [`choose -r at most ${t - 1}; ${t - 1} is Shamir`],
    })
  try {
    checkPolicy(policy)
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause
    throw new UsageError({ problem: firstLine(cause.message), hints: cause.hints })
  }
}

function checkSecrecy({ content, chunkLog2 }: SplitSource, { t, r }: Policy, name: string, plain: boolean): void {
  if (content === 'plain' && r !== t - 1 && !plain)
    throw new UsageError({
      problem: `${name} is not sealed, and each share would show a part of it`,
      hints: [`seal it first: sharewell seal ${name}`, `or use -r ${t - 1} (Shamir), or --plain if it is no secret`],
    })
  if (2 ** chunkLog2 < 1024 * (t - r))
    throw new UsageError({
      problem: `${name} was sealed in chunks too small for ${t - r} data rows`,
      hints: ['seal it again with --chunk 1M, or choose a smaller t - r'],
    })
}
