import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { type Circle, guardiansOf, nameGuardians, noGuardians, pendingOf } from '@sharewell/sdk/chain'
import { guardianCircle, guardianLetter, sealGuardianShare, splitWords } from '@sharewell/sdk/person'
import { command, common, flag, integer, UsageError } from '../command.ts'
import { ownVault, readGuardians, writePrivate } from '../network/guardians.ts'
import { readNetworkFile } from '../network/network-file.ts'
import { choosePlace, placeTitle } from '../network/people.ts'
import { providerOption } from '../network/scope.ts'
import { actingAt, actorOptions, openSession } from '../network/session.ts'
import { checkFree } from '../output.ts'
import { review, yesOption } from '../review.ts'
import { formatLocal } from '../time.ts'

const neededOption = integer('--needed <guardians>', 'how many of them act together', 2, { least: 2, most: 16 })
const codes = { code: 'files with the codes of your guardians, as `recovery code` printed them' }

/** `sharewell recovery split`. */
export const recoverySplit = command({
  name: 'recovery split',
  group: 'Looking after it:',
  summary: 'Split the seed of your vault for your guardians: one sealed letter each.',
  usage: '<code...>',
  operands: codes,
  about:
    'For patients. Any --needed of the letters give the vault back (SLIP-39), fewer say nothing. ANNA.code becomes ' +
    'ANNA.letter, which only Anna can open: give each guardian the own letter, and delete the files. Those guardians ' +
    'together could read what you can read: choose people who would not conspire. It needs no network.',
  examples: [
    [
      'sharewell recovery split anna.code ben.code chris.code --key-file me.key --vault-file me.vault',
      'Any two of three.',
    ],
  ],
  options: { needed: neededOption, force: common.force, yes: yesOption, ...actorOptions },
  async run({ args, options, terminal, signal }) {
    const { needed, force, yes } = options
    const file = await readNetworkFile(options.network, signal)
    const guardians = await readGuardians(args, file, signal)
    checkCount(guardians.length, needed)
    const letters = args.map((code) => `${code.replace(/\.[^./\\]*$/, '')}.letter`)
    for (const letter of letters) await checkFree(letter, force)
    const { vault } = await ownVault(options, file, signal)
    await review(terminal, {
      title: `Any ${needed} of these ${guardians.length} will be able to bring your vault back, and to read what you read:`,
      rows: guardians.map(({ name }, at) => [name, letters[at] ?? ''] as const),
      yes,
      signal,
      question: 'Write these letters? [y/N] ',
    })
    const [shares = []] = splitWords(vault.seed, { groups: [{ needed, of: guardians.length }] })
    for (const [at, { name, key, publicKey }] of guardians.entries()) {
      const { networkId } = vault
      const sealed = await sealGuardianShare({ key, publicKey }, shares[at] ?? '', { networkId })
      const output = letters[at] ?? ''
      await writePrivate(output, guardianLetter.write({ networkId, ...sealed }), force)
      terminal.result({ type: 'letter', output, guardian: name, needed, of: guardians.length }, output)
    }
    terminal.note('give each guardian the own letter, see that it opens, delete the files')
  },
})

/** `sharewell recovery guardians`. */
export const recoveryGuardians = command({
  name: 'recovery guardians',
  group: 'Looking after it:',
  summary: 'Name the guardians of your code at one provider, on chain.',
  usage: '[code...]',
  operands: codes,
  about:
    'For patients, with the key that decides now. Any --needed of them can put another account in your place after ' +
    'seven days, unless you veto. The first guardians count at once; other ones, or none with --none, after seven ' +
    'days, and until then `recovery veto` takes it back. The chain shows how many there are and not who. At several ' +
    'providers do it on different days, or the chain shows that you are one person.',
  examples: [
    ['sharewell recovery guardians anna.code ben.code chris.code --as royal', 'Any two of three.'],
    ['sharewell recovery guardians --none --as royal', 'Nobody guards, seven days from now.'],
  ],
  options: {
    needed: neededOption,
    none: flag('--none', 'nobody guards any more'),
    yes: yesOption,
    provider: providerOption,
    ...actorOptions,
  },
  async run({ args, options, terminal, signal }) {
    const { needed, none, yes, provider } = options
    if (none !== (args.length === 0))
      throw new UsageError({
        problem: none ? '--none and guardians exclude each other' : 'no guardian is named',
        hints: ['name the files with their codes, or say --none'],
      })
    const session = await openSession(options, signal)
    const { chain, file } = session
    const guardians = await readGuardians(args, file, signal)
    if (!none) checkCount(guardians.length, needed)
    const place = choosePlace(session, provider)
    const pseudonym = toHex(place.keys.pseudonym)
    const { vault } = await ownVault(options, file, signal)
    const keys = guardians.map(({ key }) => key)
    const circle: Circle = none ? noGuardians : guardianCircle(vault, keys, fromHex(pseudonym, 32), needed).circle
    const before = await guardiansOf(chain, { pseudonym }, { signal })
    await review(terminal, {
      title: `At ${await placeTitle(session, place, signal)}, ${before ? 'in seven days' : 'at once'}:`,
      rows: none
        ? [['guardians', 'nobody']]
        : [
            ['guardians', guardians.map(({ name }) => name).join(', ')],
            ['needed', `any ${needed} of ${guardians.length}`],
          ],
      yes,
      signal,
    })
    const { transactionHash } = await nameGuardians(actingAt(session, place), { pseudonym, circle }, { signal })
    const { kind, readyAt } = await pendingOf(chain, { pseudonym }, { signal })
    const waits = before && kind === 'guardians' ? { readyAt } : {}
    if (waits.readyAt === undefined) terminal.note('they guard from now on')
    else
      terminal.note(
        `it can be done from ${formatLocal(waits.readyAt)}, with recovery finish; recovery veto takes it back until then`,
      )
    const counts = { needed: circle.needed, guardians: circle.places.length }
    terminal.result({ type: 'named', pseudonym, ...counts, ...waits, transaction: transactionHash }, transactionHash)
  },
})

function checkCount(count: number, needed: number): void {
  if (count > 16) throw new UsageError({ problem: 'nobody has more than 16 guardians', hints: ['leave some out'] })
  if (needed <= count) return
  throw new UsageError({
    problem: `${needed} of ${count} guardians can never act together`,
    hints: ['name more guardians, or lower --needed; two is the least'],
  })
}
