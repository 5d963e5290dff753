import path from 'node:path'
import { randomBytes } from '@sharewell/sdk/primitives'
import { seal as sealRecord } from '@sharewell/sdk/seal'
import { chunkLog2For } from '@sharewell/sdk/share'
import { choice, command, common, text, UsageError } from '../command.ts'
import { formatKey, keyFileBytes } from '../files/key-file.ts'
import { writeSealedFile } from '../files/sealed-file.ts'
import { openInput } from '../input.ts'
import { mimeOf } from '../mime.ts'
import { checkFree, commitAll, openOutput } from '../output.ts'
import { formatBytes } from '../progress.ts'
import { watched } from '../watched.ts'

const chunkLog2s = { '64K': 16, '256K': 18, '1M': 20 } as const

/** The policy that sizes chunks where none is named: any with t - r up to 64 fits 64 KiB chunks. */
const usualPolicy = { n: 5, t: 3, r: 0 }

/** `sharewell seal`. */
export const seal = command({
  name: 'seal',
  group: 'Files, without a network:',
  summary: 'Encrypt a file under a fresh key.',
  usage: '<file>',
  operands: { file: 'the file to seal, or - for stdin' },
  about:
    'The sealed file tells nothing but its rounded size. The key is new for each call and is written apart: to ' +
    '--key-out with mode 0600, or as one line to stdout. Whoever holds both can read; whoever loses the key has ' +
    'lost the file. Chunks of AES-256-GCM with key commitment; docs/spec/sealed-file.md gives the format.',
  examples: [
    ['sharewell seal labs.json --key-out labs.key', 'Seal a file; makes labs.json.sealed and labs.key.'],
    ['pg_dump clinic | sharewell seal - -o clinic.sealed --key-out clinic.key', 'Seal what another program writes.'],
  ],
  options: {
    output: text('-o, --output <file>', 'where the sealed file goes (default: FILE.sealed; - is stdout)'),
    keyOut: text('-k, --key-out <file>', 'where the key goes, mode 0600 (default: stdout)'),
    mime: text('--mime <type>', 'media type, sealed with the file (default: by the name)'),
    chunk: choice('--chunk <size>', 'chunk size: 64K, 256K or 1M (default: by the size)', ['64K', '256K', '1M']),
    force: common.force,
  },
  async run({ args: [file = ''], options, terminal, signal }) {
    const { keyOut, force } = options
    const output = options.output ?? (file === '-' ? undefined : `${file}.sealed`)
    checkPlaces(output, keyOut)
    const input = await openInput(file, signal)
    if (output === '-' && terminal.outputIsTerminal)
      throw new UsageError({
        problem: 'a sealed file is no text for a terminal',
        hints: ['name a file with -o, or send it into a pipe'],
      })
    if (keyOut !== undefined) await checkFree(keyOut, force)
    const sealed = sealRecord(watched(input, terminal, 'sealing'), {
      recordId: randomBytes(32),
      version: 1,
      mime: options.mime ?? mimeOf(file),
      chunkLog2: options.chunk === undefined ? chunkLog2For(usualPolicy, input.size) : chunkLog2s[options.chunk],
    })
    const target = await openOutput(output, { force })
    const keyTarget = keyOut === undefined ? undefined : await openOutput(keyOut, { force, mode: 0o600 })
    let length = 0
    try {
      for await (const bytes of writeSealedFile(sealed)) {
        await target.write(bytes)
        length += bytes.length
      }
      await keyTarget?.write(keyFileBytes(sealed.dek, path.basename(output)))
      // The key first: a sealed file without its key is lost, a key without its file is harmless.
      await commitAll(keyTarget ? [keyTarget, target] : [target])
    } finally {
      await target.discard()
      await keyTarget?.discard()
    }
    terminal.note(`sealed ${input.name} into ${output === '-' ? 'stdout' : output} (${formatBytes(length)})`)
    if (output === '-') return
    const key = keyOut === undefined ? { key: formatKey(sealed.dek) } : { keyFile: keyOut }
    terminal.result(
      { type: 'sealed', sealed: output, bytes: length, ...key },
      keyOut === undefined ? formatKey(sealed.dek) : output,
    )
  },
})

function checkPlaces(output: string | undefined, keyOut: string | undefined): asserts output is string {
  if (output === undefined)
    throw new UsageError({
      problem: 'what comes from stdin has no name to make one of',
      hints: ['say where it goes with -o'],
    })
  if (output === '-' && keyOut === undefined)
    throw new UsageError({
      problem: 'sealed file and key cannot both go to stdout',
      hints: ['say where the key goes with --key-out'],
    })
  if (keyOut === '-')
    throw new UsageError({
      problem: 'the key cannot go to a file named -',
      hints: ['leave --key-out away: then the key goes to stdout'],
    })
  if (output === keyOut)
    throw new UsageError({
      problem: 'sealed file and key cannot be one file',
      hints: ['choose another name with --key-out'],
    })
}
