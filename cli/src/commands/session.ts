import { unlink } from 'node:fs/promises'
import { type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  createSession,
  endSession,
  type ReaderSession,
  RelayerError,
  relayEnding,
  relayOpening,
  openSession as sendOpening,
  sessionFinal,
  sessionsOf,
  signEnding,
  signOpening,
} from '@sharewell/sdk/chain'
import { randomBytes } from '@sharewell/sdk/primitives'
import { command, common, integer, list, text, UsageError } from '../command.ts'
import { actorOptions, openSession, openView } from '../network/session.ts'
import { readSessionFile, sessionFileBytes } from '../network/shift-file.ts'
import { namedPurposes, parsePurposes, purposeWords } from '../network/terms.ts'
import { openOutput } from '../output.ts'
import { review, yesOption } from '../review.ts'
import { columns } from '../text.ts'
import { formatMoment } from '../time.ts'

const group = 'Records on a network:'

/** `sharewell session begin`. */
export const sessionBegin = command({
  name: 'session begin',
  group,
  summary: 'Let a key open records in your name for some hours.',
  usage: '',
  operands: {},
  about:
    'For those who read for others: sign once, then retrieve with --session opens records without your key, and ' +
    'without funds where the network has relayers. It opens only what patients share with you, for the purposes you ' +
    'name, until it ends. Whoever has the file can do the same: it is written so that only you can read it.',
  examples: [['sharewell session begin -o shift.json --as okafor', 'For treatment, for eight hours.']],
  options: {
    output: text('-o, --output <file>', 'where the key of the session goes (required)'),
    purpose: list('--purpose <codes>', 'what you will read for (default: TREAT)', namedPurposes),
    hours: integer('--hours <n>', 'how long it lasts', 8, { least: 1, most: 12 }),
    force: common.force,
    yes: yesOption,
    ...actorOptions,
  },
  async run({ options, terminal, signal }) {
    const { output, hours, force, yes } = options
    if (output === undefined || output === '-')
      throw new UsageError({ problem: 'the key of the session needs a file', hints: ['say where it goes with -o'] })
    const purposes = parsePurposes(options.purpose ?? 'TREAT')
    const { chain } = await openSession(options, signal)
    // A chain whose clock is behind would find twelve hours too long.
    const until = chain.clock() + hours * 3_600 - 60
    const secret = toHex(randomBytes(32))
    const session = createSession(chain, { purposes, until, secret })
    const rows = [
      ['for', purposeWords(purposes)],
      ['until', formatMoment(until)],
      ['by the key', session.key.address],
    ] as const
    await review(terminal, { title: 'a session opens records in your name', rows, yes, signal })
    const target = await openOutput(output, { force, mode: 0o600 })
    try {
      await target.write(sessionFileBytes(chain.network, session, secret))
      await open(chain, session, signal)
      // Before it is final, those who check it would refuse its key.
      await sessionFinal(chain, session, { signal })
      await target.commit()
    } finally {
      await target.discard()
    }
    terminal.note(`begun; end it with 'sharewell session end ${output}'`)
    terminal.result({ type: 'session', output, key: session.key.address, purposes, until }, output)
  },
})

async function open(chain: Chain, session: ReaderSession, signal: AbortSignal): Promise<void> {
  if (chain.network.relayerUrls.length === 0) return void (await sendOpening(chain, session, { signal }))
  await relayOpening(chain, await signOpening(chain, session), { signal }).catch(async (error: unknown) => {
    if (!(error instanceof RelayerError)) throw error
    await sendOpening(chain, session, { signal })
  })
}

/** `sharewell session end`. */
export const sessionEnd = command({
  name: 'session end',
  group,
  summary: 'End a session at once.',
  usage: '<session>',
  operands: { session: 'its file, or the address of its key' },
  about:
    'With the file no key of yours is needed, and the file is deleted. Where the file is lost, name the address of the ' +
    'key, which session show tells, and act as yourself with --as or --key-file.',
  examples: [
    ['sharewell session end shift.json', 'The shift is over.'],
    ['sharewell session end 0x1f... --key-file doctor.key', 'The laptop is gone.'],
  ],
  options: actorOptions,
  async run({ args: [which = ''], options, terminal, signal }) {
    const key = /^0x[0-9a-f]{40}$/i.test(which)
      ? await endByReader(which as Hex, options, signal)
      : await endByFile(which, options, signal)
    terminal.note('ended; the key opens nothing any more')
    terminal.result({ type: 'session-ended', key }, key)
  },
})

type Acting = Parameters<typeof openSession>[0]

async function endByReader(key: Hex, options: Acting, signal: AbortSignal): Promise<Hex> {
  const { chain } = await openSession(options, signal)
  await endSession(chain, { key }, { signal })
  return key
}

async function endByFile(file: string, options: Acting, signal: AbortSignal): Promise<Hex> {
  const { chain } = await openView(options, signal)
  const session = await readSessionFile(file, chain.network, signal)
  const { address } = session.key
  const acts = options.as !== undefined || options.keyFile !== undefined
  if (acts) await endByReader(address, options, signal)
  else await relayEnding(chain, await signEnding(chain, session), { signal })
  await unlink(file)
  return address
}

/** `sharewell session show`. */
export const sessionShow = command({
  name: 'session show',
  group,
  summary: 'List the sessions that open records in your name.',
  usage: '[account]',
  operands: { account: 'whose (0x and 40 hex digits); you where none is named' },
  about: 'What lives now, the newest first. A session that you did not begin: end it, and ask who has your key.',
  examples: [['sharewell session show --as okafor', 'Is anything of mine still open?']],
  options: actorOptions,
  async run({ args: [account], options, terminal, signal }) {
    const named = account !== undefined && /^0x[0-9a-f]{40}$/i.test(account)
    if (account !== undefined && !named) throw new UsageError({ problem: `${account} is no account` })
    const { chain, reader } = named
      ? { ...(await openView({ network: options.network }, signal)), reader: account as Hex }
      : await asOneself(options, signal)
    const all = await sessionsOf(chain, { reader }, { signal })
    const live = all.filter(({ until }) => until > chain.clock())
    if (live.length === 0) terminal.note('no session is open')
    const rows = columns(live.map(({ key, until, purposes }) => [key, formatMoment(until), purposeWords(purposes)]))
    for (const [at, session] of live.entries()) terminal.result({ type: 'session', ...session }, rows[at] ?? [])
  },
})

async function asOneself(options: Acting, signal: AbortSignal): Promise<{ chain: Chain; reader: Hex }> {
  const { chain, account } = await openSession(options, signal)
  return { chain, reader: account.address }
}
