import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { nameOfficers } from '@sharewell/sdk/chain'
import { publicKeyLength, publicKeyOf } from '@sharewell/sdk/envelope'
import { generateEmergencyKey } from '@sharewell/sdk/flow'
import { randomBytes } from '@sharewell/sdk/primitives'
import { command, UsageError } from '../command.ts'
import { readText, writePrivate } from '../network/guardians.ts'
import { shownAs } from '../network/names.ts'
import { speaker } from '../network/organizations.ts'
import { findReader } from '../network/people.ts'
import { actorOptions, openSession, type Session } from '../network/session.ts'
import { review, yesOption } from '../review.ts'
import { counted } from '../text.ts'

const group = 'Organizations and staff:'

/** `sharewell break-glass key`. */
export const breakGlassKey = command({
  name: 'break-glass key',
  group,
  summary: 'Make the key of an emergency officer.',
  usage: '<file>',
  operands: { file: 'where the secret key goes, mode 0600' },
  about:
    'For emergency officers, once. Give the line that is printed, the public key, to your institution, which names you ' +
    'with it. Keep the file where you can reach it in an emergency, and a copy in a safe.',
  examples: [['sharewell break-glass key officer.key > officer.pub', 'Your key, and what you hand on.']],
  options: {},
  async run({ args: [file = ''], terminal }) {
    const seed = randomBytes(32)
    await writePrivate(file, toHex(seed))
    const publicKey = toHex(publicKeyOf(seed))
    terminal.result({ type: 'officer-key', output: file, publicKey }, publicKey)
  },
})

/** `sharewell break-glass officers`. */
export const breakGlassOfficers = command({
  name: 'break-glass officers',
  group,
  summary: 'Name the emergency officers of your institution, all of them at once.',
  usage: '<officer...>',
  operands: { officer: 'account=file, the file with the public key; at most eight' },
  about:
    'By the institution’s own account. Each must also be attested with the role emergency. Naming others ends what was ' +
    'wrapped to those before: those summaries open in no emergency until their patients wrap them anew.',
  examples: [
    [
      'sharewell break-glass officers 0x5290...9EE7=anna.pub 0x11aa...02bc=ben.pub --key-file hospital.key',
      'Two officers; either of them suffices.',
    ],
  ],
  options: { yes: yesOption, ...actorOptions },
  async run({ args, options, terminal, signal }) {
    const session = await openSession(options, signal)
    const institution = await speaker(session, signal)
    const officers: { account: Hex; publicKey: Hex }[] = []
    for (const given of args) officers.push(await officerOf(session, given, signal))
    await review(terminal, {
      title: `${shownAs(institution.name, institution.id)} will have as emergency officers`,
      rows: officers.map(({ account, publicKey }) => [account, `key ${publicKey.slice(0, 18)}...`] as const),
      yes: options.yes,
      signal,
    })
    const sent = await nameOfficers(session.chain, { institution: institution.id, officers }, { signal })
    const accounts = officers.map(({ account }) => account)
    const line = { type: 'officers', transaction: sent.transactionHash, institution: institution.id, accounts }
    terminal.result(line, `${counted(accounts.length, 'officer')}  ${sent.transactionHash}`)
  },
})

async function officerOf(session: Session, given: string, signal: AbortSignal) {
  const at = given.indexOf('=')
  const problem = `${given.slice(0, 60)} is no officer`
  if (at < 0) throw new UsageError({ problem, hints: ['write account=file, the file with the public key'] })
  const account = findReader(session, given.slice(0, at))
  const text = (await readText(given.slice(at + 1), signal)).trim()
  const publicKey = keyIn(text)
  if (publicKey?.length !== publicKeyLength)
    throw new UsageError({ problem, hints: [`${given.slice(at + 1)} holds no public key of 'break-glass key'`] })
  return { account, publicKey: toHex(publicKey) }
}

const keyIn = (text: string): Bytes | undefined =>
  /^0x(?:[0-9a-f]{2})+$/.test(text) ? fromHex(text, (text.length - 2) / 2) : undefined

/** `sharewell break-glass prepare`. */
export const breakGlassPrepare = command({
  name: 'break-glass prepare',
  group,
  summary: 'Have the key nodes make their key for emergencies.',
  usage: '',
  operands: {},
  about:
    'Once, after the committee was made, and again after it changed, with the key of one of its nodes. Whoever calls it ' +
    'relays and decides nothing: every key node confirms the key on chain. Records deposited from then on are wrapped to it.',
  examples: [['sharewell break-glass prepare --key-file node.key', 'The network learns what to do in an emergency.']],
  options: actorOptions,
  async run({ options, terminal, signal }) {
    const { chain } = await openSession(options, signal)
    const { number, k, groupKey, members } = await generateEmergencyKey({ chain }, { signal })
    const value = { type: 'emergency-key', number, k, of: members.length, groupKey }
    terminal.result(value, `emergency key ${number}: ${k} of ${members.length} key nodes`)
  },
})
