import { randomBytes } from 'node:crypto'
import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { connect } from '@sharewell/sdk/chain'
import { approveRequest } from '@sharewell/sdk/flow/recovery'
import {
  guardianApproval,
  guardianCode,
  guardianLetter,
  guardianOf,
  guardianRequest,
  openGuardianShare,
  shareFacts,
} from '@sharewell/sdk/person'
import { command, common, flag, text, UsageError } from '../command.ts'
import { type GuardianOptions, guardianOptions, guardianSeed, readText, writePrivate } from '../network/guardians.ts'
import { writeSheet } from '../network/kit.ts'
import { readNetworkFile } from '../network/network-file.ts'
import { checkFree } from '../output.ts'
import { review, yesOption } from '../review.ts'
import { formatLocal } from '../time.ts'

/** `sharewell recovery code`. */
export const recoveryCode = command({
  name: 'recovery code',
  group: 'Looking after it:',
  summary: 'Print your guardian code, for somebody whom you will guard.',
  usage: '',
  operands: {},
  about:
    'For guardians. The code holds two public keys and no name: hand it to the patient where you know each other. It is ' +
    'always the same one, and nobody can tell from the chain whom you guard. Without a vault of your own, --new makes ' +
    'a secret in --guardian-file: print it, and keep it as long as you guard.',
  examples: [
    ['sharewell recovery code -o anna.code --key-file anna.key --vault-file anna.vault', 'For a friend.'],
    ['sharewell recovery code --new --guardian-file ben.secret', 'Without a vault.'],
  ],
  options: {
    output: text('-o, --output <file>', 'write it there (default: stdout)'),
    new: flag('--new', 'make the secret of --guardian-file'),
    force: common.force,
    ...guardianOptions,
  },
  async run({ options, terminal, signal }) {
    const { output, force, guardianFile } = options
    if (output !== undefined) await checkFree(output, force)
    const file = await readNetworkFile(options.network, signal)
    if (options.new) {
      if (guardianFile === undefined)
        throw new UsageError({ problem: 'a new secret needs a file', hints: ['name it with --guardian-file'] })
      // Never over another secret: with it everything that it guards would be lost.
      await writePrivate(guardianFile, randomBytes(32).toString('hex'))
    }
    const seed = await guardianSeed(options, file, signal)
    const code = guardianCode.write({ networkId: fromHex(file.network.networkId, 32), ...guardianOf(seed) })
    if (output !== undefined) await writePrivate(output, code, force)
    terminal.result({ type: 'guardian', ...(output === undefined ? { code } : { output }) }, output ?? code)
  },
})

/** `sharewell recovery words`. */
export const recoveryWords = command({
  name: 'recovery words',
  group: 'Looking after it:',
  summary: 'Open the letter that a patient gave you, when the patient needs the words in it.',
  usage: '<letter>',
  operands: { letter: 'the file with the letter, or - for stdin' },
  about:
    'For guardians. Only when you see the patient or know the voice: nobody else has a reason to ask. Writes a sheet as ' +
    '`recovery kit` does, for `recovery restore` on the device of the patient. Without -o it says whether the letter ' +
    'opens, and shows no word.',
  examples: [
    ['sharewell recovery words me.letter --key-file anna.key --vault-file anna.vault', 'Does it open?'],
    ['sharewell recovery words me.letter -o sheet.txt --key-file anna.key --vault-file anna.vault', 'For my friend.'],
  ],
  options: {
    output: text('-o, --output <file>', 'write the sheet there, mode 0600'),
    force: common.force,
    ...guardianOptions,
  },
  async run({ args: [letter = ''], options, terminal, signal }) {
    const { output, force } = options
    if (output !== undefined) await checkFree(output, force)
    const file = await readNetworkFile(options.network, signal)
    const networkId = fromHex(file.network.networkId, 32)
    const sealed = guardianLetter.read(await readText(letter, signal), { networkId })
    const words = await openGuardianShare(await guardianSeed(options, file, signal), sealed, { networkId })
    const { set, needed, at } = shareFacts(words)
    if (output !== undefined) await writePrivate(output, writeSheet({ words, needed, at }), force)
    else terminal.note('it opens; with -o FILE its words are written, for the patient alone')
    const line = { type: 'words', set, needed, at, ...(output !== undefined && { output }) }
    terminal.result(line, output ?? `share ${at} of a set of which ${needed} are needed`)
  },
})

/** `sharewell recovery approve`. */
export const recoveryApprove = command({
  name: 'recovery approve',
  group: 'Looking after it:',
  summary: 'Sign what a patient asks you as a guardian, after you made sure that it is the patient.',
  usage: '<request>',
  operands: { request: 'the file with the request, or - for stdin' },
  about:
    'For guardians. First speak with the patient, face to face or by voice, and compare the account: whoever talks ' +
    'enough guardians into signing takes over what the patient decides, if the patient does not veto within seven days. ' +
    'Give the approval back to the patient. It counts for this one request, until the time that it names.',
  examples: [
    [
      'sharewell recovery approve 3fa2c1d0-anna.request -o anna.approval --key-file anna.key --vault-file anna.vault',
      'Yes, she called me.',
    ],
  ],
  options: {
    output: text('-o, --output <file>', 'write the approval there (default: stdout)'),
    force: common.force,
    yes: yesOption,
    ...guardianOptions,
  },
  async run({ args: [request = ''], options, terminal, signal }) {
    const { output, force, yes } = options
    if (output !== undefined) await checkFree(output, force)
    const { chain, seed, networkId } = await openGuardian(options, signal)
    const asked = guardianRequest.read(await readText(request, signal), { networkId })
    const [pseudonym, from, to]: Hex[] = [toHex(asked.pseudonym), toHex(asked.from), toHex(asked.to)]
    const ends = asked.act === 'withdraw'
    await review(terminal, {
      title: ends ? 'You say that what waits shall end:' : 'You say that this is your friend, who lost an account:',
      rows: [
        ['of code', pseudonym ?? ''],
        ...(ends
          ? []
          : ([
              ['decides now', from ?? ''],
              ['shall decide', to ?? ''],
            ] as const)),
        ['counts until', formatLocal(asked.deadline)],
      ],
      yes,
      signal,
      question: 'Did you see or hear your friend, and do you sign this? [y/N] ',
    })
    const approval = guardianApproval.write(await approveRequest(chain, seed, asked))
    if (output !== undefined) await writePrivate(output, approval, force)
    const { act, deadline } = asked
    const line = { type: 'approval', act, pseudonym, from, to, deadline }
    terminal.result({ ...line, ...(output === undefined ? { approval } : { output }) }, output ?? approval)
  },
})

async function openGuardian(options: GuardianOptions, signal: AbortSignal) {
  const file = await readNetworkFile(options.network, signal)
  const seed = await guardianSeed(options, file, signal)
  return { chain: await connect(file.network, { signal }), seed, networkId: fromHex(file.network.networkId, 32) }
}
