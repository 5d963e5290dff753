import type { Bytes } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'
import { ChunkError, KeyMismatchError, OpenError, openAll, openBytes, TruncatedError } from '@sharewell/sdk/seal'
import { type ByteRange, parseByteRange } from '../byte-range.ts'
import { command, common, text, UsageError } from '../command.ts'
import { readKeyFile } from '../files/key-file.ts'
import { DamagedFileError, openSealedChunks, readSealedFile } from '../files/sealed-file.ts'
import { openInput } from '../input.ts'
import { type Output, openOutput } from '../output.ts'
import { formatBytes } from '../progress.ts'
import type { Terminal } from '../terminal.ts'
import { watched } from '../watched.ts'

type Opened = { readonly mime: string; readonly bytes: number }
type Job = {
  readonly file: string
  readonly dek: Bytes
  readonly target: Output
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** `sharewell open`. */
export const open = command({
  name: 'open',
  group: 'Files, without a network:',
  summary: 'Decrypt a sealed file with its key.',
  usage: '<sealed>',
  operands: { sealed: 'a sealed file, or - for stdin' },
  about:
    'Checks that the key is the right one, then every chunk, then that the whole is what was sealed. If a check ' +
    'fails, no output file is made; with -o - part of the content may have been printed, and the exit code is 1. ' +
    'A --range reads only its own chunks and checks those.',
  examples: [
    ['sharewell open labs.json.sealed --key labs.key', 'Open a file; makes labs.json.'],
    ['sharewell open scan.dcm.sealed --key scan.key --range 0-131 -o - | xxd', 'Look at the first 132 bytes.'],
  ],
  options: {
    key: text('-k, --key <file>', 'the key file; - reads it from stdin (required)'),
    output: text('-o, --output <file>', 'where the content goes (default: the name without .sealed; - is stdout)'),
    range: text('--range <first-last>', 'only these bytes, counted from 0, both ends included'),
    force: common.force,
  },
  async run({ args: [file = ''], options, terminal, signal }) {
    const { key, force } = options
    const range = options.range === undefined ? undefined : parseByteRange(options.range)
    if (key === undefined)
      throw new UsageError({
        problem: 'a sealed file opens only with its key',
        hints: ['name the key file with --key; - reads it from stdin'],
      })
    if (file === '-' && (key === '-' || range !== undefined))
      throw new UsageError({
        problem:
          key === '-'
            ? 'sealed file and key cannot both come from stdin'
            : 'a range needs a file that can be read in any order',
        hints: ['name the sealed file'],
      })
    const output = options.output ?? defaultOutput(file)
    const dek = await readKeyFile(key, signal)
    const target = await openOutput(output, { force })
    let opened: Opened
    try {
      opened = await (range === undefined
        ? openWhole({ file, dek, target, terminal, signal })
        : openPart({ file, dek, target, terminal, signal }, range))
      await target.commit()
    } catch (error) {
      throw named(error, file)
    } finally {
      await target.discard()
    }
    const name = file === '-' ? 'stdin' : file
    terminal.note(
      `opened ${name} into ${output === '-' ? 'stdout' : output} (${formatBytes(opened.bytes)}, ${opened.mime})`,
    )
    if (output !== '-') terminal.result({ type: 'opened', output, ...opened }, output)
  },
})

function defaultOutput(file: string): string {
  if (file === '-') return '-'
  if (file.endsWith('.sealed')) return file.slice(0, -'.sealed'.length)
  throw new UsageError({
    problem: `${file} does not end in .sealed, so its content has no name`,
    hints: ['say where it goes with -o; - is stdout'],
  })
}

async function openWhole({ file, dek, target, terminal, signal }: Job): Promise<Opened> {
  const input = await openInput(file, signal)
  const sealed = await readSealedFile(watched(input, terminal, 'opening'), input.name)
  const { bytes, trailer } = openAll({
    header: sealed.sealHeader,
    dek,
    chunks: sealed.chunks,
    // Read when the chunks have ended: in a file that comes through a pipe the commitment is the last thing to arrive.
    get ptCommit() {
      return sealed.footer().ptCommit
    },
  })
  let length = 0
  for await (const piece of bytes) {
    await target.write(piece)
    length += piece.length
  }
  return { mime: (await trailer).mime, bytes: length }
}

async function openPart({ file, dek, target, terminal, signal }: Job, range: ByteRange): Promise<Opened> {
  const sealed = await openSealedChunks(file)
  try {
    const { trailer, from, to, bytes } = await openBytes({ ...sealed, ...range, dek })
    const progress = terminal.progress('opening', to - from)
    for await (const piece of bytes) {
      signal.throwIfAborted()
      await target.write(piece)
      progress.add(piece.length)
    }
    return { mime: trailer.mime, bytes: to - from }
  } finally {
    await sealed.close()
  }
}

/** The reasons of a failed opening in terms of a file: its user has no manifest and no nodes to try. */
function named(error: unknown, name: string): unknown {
  if (!(error instanceof OpenError)) return error
  const { cause } = error
  if (cause instanceof KeyMismatchError) return new WrongKeyError({ name, cause })
  if (cause instanceof ChunkError)
    return new DamagedFileError({ name, how: `chunk ${cause.index} of it was altered`, cause })
  if (cause instanceof TruncatedError) return new DamagedFileError({ name, how: 'it was cut short', cause })
  return new DamagedFileError({ name, how: 'the whole is not what was sealed', cause })
}

/** Thrown when a key belongs to another sealed file. */
export class WrongKeyError extends BaseError<'WRONG_KEY'> {
  override readonly name = 'WrongKeyError'
  constructor({ name = '', cause }: { name?: string; cause?: unknown }) {
    super('WRONG_KEY', `This key does not open ${name}.`, {
      hints: ['every sealed file has a key of its own; the first line of a key file names the file it was made for'],
      cause: cause instanceof BaseError ? undefined : cause,
    })
  }
}
