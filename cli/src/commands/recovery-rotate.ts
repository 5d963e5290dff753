import type { Hex } from '@sharewell/sdk/bytes'
import { connect, executePending, pendingOf, withAccount } from '@sharewell/sdk/chain'
import { type Rotation, rotationOf } from '@sharewell/sdk/flow/recovery'
import { command, flag, UsageError } from '../command.ts'
import { sendOption } from '../network/carry.ts'
import { ownVault } from '../network/guardians.ts'
import { createNames, shownAs } from '../network/names.ts'
import { readNetworkFile } from '../network/network-file.ts'
import {
  answersTo,
  askGuardians,
  openRotation,
  propose,
  type Rotating,
  standingRequests,
  type Turning,
  turnings,
} from '../network/rotation.ts'
import { providerOption } from '../network/scope.ts'
import { actorOptions } from '../network/session.ts'
import { review, yesOption } from '../review.ts'
import type { Terminal } from '../terminal.ts'
import { type Part, painted } from '../text.ts'
import { formatLocal } from '../time.ts'

const walletOption = flag('--to-key', 'the account of --key-file shall decide, not one that follows from the vault')

/** `sharewell recovery rotate`. */
export const recoveryRotate = command({
  name: 'recovery rotate',
  group: 'Looking after it:',
  summary: 'Take back what a lost account decides, with the help of your guardians. Run it again to go on.',
  usage: '<folder> [code...]',
  operands: { folder: 'where requests and approvals lie', code: 'files with the codes of guardians whom you ask' },
  about:
    'For patients, with a restored vault (`recovery restore`). It does the next step and says what is missing: writes a ' +
    'request for each guardian and code, to be handed over in secret; reads the approvals that you put into the folder, ' +
    'and names one that fits nothing; and once enough signed, proposes the new account on chain. Then seven days pass, ' +
    'in which who has the old account can veto, and `recovery finish` ends it. One provider a run: on different days ' +
    'nobody sees that you are one person. What it knows is in the folder and on chain, so it can be cut off anywhere.',
  examples: [
    [
      'sharewell recovery rotate back anna.code ben.code --key-file new.key --vault-file new.vault',
      'Ask Anna and Ben; run it again with their approvals in the folder.',
    ],
  ],
  options: { toKey: walletOption, provider: providerOption, send: sendOption, yes: yesOption, ...actorOptions },
  async run({ args: [folder = '', ...codes], options, terminal, signal }) {
    const { toKey, provider, yes, send } = options
    const rotating = await openRotation(options, { folder, codes, signal })
    const places = chosen(await turnings(rotating, toKey ? rotating.account : undefined), provider)
    const names = createNames(rotating.chain, signal)
    let proposed = false
    for (const place of places) {
      const at = shownAs(await names.organization(place.providerId), place.providerId)
      const before = await stepOf(rotating, place, terminal)
      if (!before.enough || proposed) {
        if (before.enough) terminal.note(`${at}: enough guardians signed; run this again, best on another day`)
        terminal.result(lineOf(place, before), rowOf(at, place.rotation, before))
        continue
      }
      await review(terminal, {
        title: `At ${at}, seven days from now, unless who has the old account vetoes:`,
        rows: [
          ['decides now', place.rotation.controller],
          ['will decide', place.to],
        ],
        yes,
        signal,
      })
      const transaction = await propose(rotating, place, { fits: before.fits, send })
      proposed = true
      const { pseudonym, to } = place
      const rotation = await rotationOf(rotating.chain, { pseudonym, to }, { signal })
      terminal.result({ ...lineOf({ ...place, rotation }, before), transaction }, rowOf(at, rotation, before))
    }
  },
})

type Step = Awaited<ReturnType<typeof answersTo>> & { readonly enough: boolean; readonly needed: number }

/** Asks whom one can ask, and counts what was answered. */
async function stepOf(rotating: Rotating, place: Turning, terminal: Terminal): Promise<Step> {
  const { rotation, pseudonym } = place
  const needed = rotation.circle?.needed ?? 0
  if (rotation.step !== 'ask') return { fits: [], misfits: [], needed, enough: false }
  const asked = await askGuardians(rotating, place)
  for (const { name } of asked) terminal.result({ type: 'asked', pseudonym, request: name }, name)
  if (asked.length > 0) terminal.note('hand each request to its guardian, in secret, and speak with each')
  const answers = await answersTo(rotating, place, [...standingRequests(rotating, place), ...asked])
  for (const name of answers.misfits)
    terminal.warn(
      `${name} answers no request that counts: it is for another account or time, or was signed by somebody else`,
    )
  return { ...answers, needed, enough: answers.fits.length >= needed }
}

const lineOf = ({ pseudonym, providerId, to, rotation }: Turning, { fits, needed }: Step) => ({
  type: 'rotation',
  pseudonym,
  providerId,
  to,
  step: rotation.step,
  approvals: fits.length,
  needed,
  ...(rotation.readyAt !== undefined && { readyAt: rotation.readyAt }),
  ...(rotation.lapsesAt !== undefined && { lapsesAt: rotation.lapsesAt }),
})

function rowOf(at: string, { step, readyAt = 0, lapsesAt = 0 }: Rotation, { fits, needed }: Step): Part[] {
  const words: Readonly<Record<Rotation['step'], Part>> = {
    yours: painted('good', 'it is yours'),
    unguarded: painted('bad', 'nobody guards: ask the provider for a new code'),
    ask: painted('careful', `${fits.length} of ${needed} approvals`),
    waits: painted('careful', `can be vetoed until ${formatLocal(readyAt)}; finish it then`),
    ready: painted('good', `ready: finish it before ${formatLocal(lapsesAt)}`),
  }
  return [at, '  ', words[step]]
}

/** `sharewell recovery finish`. */
export const recoveryFinish = command({
  name: 'recovery finish',
  group: 'Looking after it:',
  summary: 'Do what has waited its seven days: the new account decides, or the new guardians count.',
  usage: '',
  operands: {},
  about:
    'For patients. One provider a run, as with `recovery rotate`. It can be done until thirty days after it could be ' +
    'done first; later it is over, and guardians have to sign again. Grants stay: look at them afterwards with ' +
    '`sharewell grants`, because who had the old account may have given some.',
  examples: [['sharewell recovery finish --key-file new.key --vault-file new.vault', 'The seven days are over.']],
  options: { toKey: walletOption, provider: providerOption, ...actorOptions },
  async run({ options, terminal, signal }) {
    const { network } = options
    const file = await readNetworkFile(network, signal)
    const { account, vault } = await ownVault(options, file, signal)
    const chain = await connect(file.network, { account, signal })
    const places = chosen(
      await turnings({ chain, vault, signal }, options.toKey ? account : undefined),
      options.provider,
    )
    const now = chain.clock()
    const waiting = await Promise.all(
      places.map(async (place) => ({
        ...place,
        pending: await pendingOf(chain, { pseudonym: place.pseudonym }, { signal }),
      })),
    )
    // What another account wants is nothing that its patient would finish.
    const mine = waiting.filter(
      ({ pending, rotation }) =>
        rotation.step === 'waits' ||
        rotation.step === 'ready' ||
        (pending.kind === 'guardians' &&
          (rotation.step === 'yours' || sameAccount(rotation.controller, account.address))),
    )
    const [first, ...more] = mine.toSorted((a, b) => a.pending.readyAt - b.pending.readyAt)
    if (!first)
      throw new UsageError({ problem: 'nothing of yours waits', hints: ["'sharewell recovery' shows what waits"] })
    const { pseudonym, providerId, pending } = first
    if (first.rotation.step !== 'ready' && pending.readyAt > now)
      throw new UsageError({
        problem: `it can be done from ${formatLocal(pending.readyAt)}`,
        hints: ['run this again then; until then it can be vetoed'],
      })
    const { transactionHash } = await executePending(withAccount(chain, first.sender), { pseudonym }, { signal })
    if (more.length > 0) terminal.note(`${more.length} more wait; run this again, best on another day`)
    if (pending.kind === 'recovery') terminal.note('look at what is granted: sharewell grants')
    terminal.result(
      { type: 'finished', pseudonym, providerId, what: pending.kind, transaction: transactionHash },
      transactionHash,
    )
  },
})

const sameAccount = (a: Hex, b: Hex): boolean => a.toLowerCase() === b.toLowerCase()

/** All places, or the one at a provider. */
function chosen(places: readonly Turning[], provider: string | undefined): readonly Turning[] {
  if (provider === undefined) return places
  const found = places.filter(({ providerId }) => providerId === (provider.toLowerCase() as Hex))
  if (found.length > 0) return found
  throw new UsageError({
    problem: `you are no patient of ${provider.slice(0, 80)}`,
    hints: [`name one of these: ${places.map(({ providerId }) => providerId).join(', ')}`],
  })
}
