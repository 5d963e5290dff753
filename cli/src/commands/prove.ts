import type { Hex } from '@sharewell/sdk/bytes'
import { connect, logKeysOf } from '@sharewell/sdk/chain'
import { type ProvenRecord, proveRecord, verifyRecordProof } from '@sharewell/sdk/flow/book'
import { command, common, text, UsageError } from '../command.ts'
import { readSmall } from '../input.ts'
import { parseCheckpointKey } from '../network/checkpoint-key.ts'
import { readNetworkFile } from '../network/network-file.ts'
import { parseId } from '../network/people.ts'
import { networkOptions } from '../network/session.ts'
import { checkFree, openOutput } from '../output.ts'
import type { Line } from '../terminal.ts'
import { counted, painted } from '../text.ts'
import { formatMoment } from '../time.ts'

const maxLength = 16 << 20

/** `sharewell prove`. */
export const prove = command({
  name: 'prove',
  group: 'Records on a network:',
  summary: 'Write a file that proves what was recorded, and when.',
  usage: '<record>',
  operands: { record: 'record id (0x and 64 hex digits)' },
  about:
    'Takes from the chain everything that was recorded of the record, and the checkpoints that the hospitals signed ' +
    'together. The file holds no health data. Whoever has it and the checkpoint key checks it without any network. A ' +
    'record can be proved once a checkpoint covers it: after the next full hour.',
  examples: [['sharewell prove 0x1f... -o record.proof', 'Keep a proof of a record.']],
  options: { output: text('-o, --output <file>', 'where to write the proof'), ...common, ...networkOptions },
  async run({ args: [record = ''], options, terminal, signal }) {
    const { output, force } = options
    if (output === undefined) throw new UsageError({ problem: 'name the file to write', hints: ['add -o FILE'] })
    const recordId = parseId(record, 'record id')
    await checkFree(output, force)
    const { network } = await readNetworkFile(options.network, signal)
    const chain = await connect(network, { signal })
    const bytes = await proveRecord(chain, { recordId }, { signal })
    const file = await openOutput(output, { force })
    try {
      await file.write(bytes)
      await file.commit()
    } finally {
      await file.discard()
    }
    const keys = (await logKeysOf(chain, { signal })).map(({ groupKey }) => groupKey)
    const proven = verifyRecordProof(bytes, { keys })
    terminal.list(linesOf(proven))
  },
})

/** `sharewell verify-proof`. */
export const verifyProof = command({
  name: 'verify-proof',
  group: 'Records on a network:',
  summary: 'Check a file that proves what was recorded.',
  usage: '<file>',
  operands: { file: 'what `sharewell prove` wrote' },
  about:
    'With --key it asks nobody: signatures, order and completeness follow from the file and the checkpoint key, which ' +
    'must come from the network itself, not from whoever brought the file. Without --key it asks the chain for the ' +
    'keys that all members of the committee confirmed. A proof says nothing of what came after its last checkpoint.',
  examples: [
    ['sharewell verify-proof record.proof --key 0x5c...', 'Check it offline.'],
    ['sharewell verify-proof record.proof', 'Check it against the keys on the chain.'],
  ],
  options: { key: text('--key <hex>', 'the checkpoint key, or several with commas between them'), ...networkOptions },
  async run({ args: [file = ''], options, terminal, signal }) {
    const bytes = await readSmall(file, maxLength, signal)
    const keys =
      options.key === undefined
        ? await keysOnChain(options.network, signal)
        : options.key.split(',').map(parseCheckpointKey)
    terminal.list(linesOf(verifyRecordProof(bytes, { keys })))
  },
})

async function keysOnChain(network: string | undefined, signal: AbortSignal): Promise<Hex[]> {
  const file = await readNetworkFile(network, signal)
  const chain = await connect(file.network, { signal })
  return (await logKeysOf(chain, { signal })).map(({ groupKey }) => groupKey)
}

/** What a proof proves, in words. */
function linesOf({ recordId, pseudonym, versions, changes, checkpoint }: ProvenRecord): Line[] {
  const { time, size, groupKey } = checkpoint
  return [
    { text: [painted('good', 'proved'), `  record ${recordId}`] },
    { text: `  of pseudonym ${pseudonym}` },
    ...versions.map(({ version, author, manifestHash, time: at, signedAt }) => ({
      value: { type: 'version', recordId, version, author, manifestHash, time: at, signedAt },
      text:
        `  version ${version}, by ${/^0x0*$/.test(author) ? 'the patient' : `provider ${author}`}, ${formatMoment(at)}; ` +
        `signed for by ${formatMoment(signedAt)}\n    content ${manifestHash}`,
    })),
    ...changes.map(({ kind, time: at }) => ({
      value: { type: 'change', recordId, kind, time: at },
      text: `  ${changed[kind]}, ${formatMoment(at)}`,
    })),
    {
      value: { type: 'checkpoint', time, size, groupKey },
      text: `  nothing of it was replaced, among the first ${counted(size, 'event')} until ${formatMoment(time)}`,
    },
    { text: `  signed by the hospitals together with the key ${groupKey}` },
  ]
}

const changed = {
  Relocated: 'its shares moved',
  Rewrapped: 'its key was wrapped anew',
  Erased: 'erased',
} as const
