import { createHash } from 'node:crypto'
import { fromUtf8 } from '@sharewell/sdk/bytes'
import { type CouncilCall, councilActs, councilOf, parseCouncilCall, proposeToCouncil } from '@sharewell/sdk/chain'
import { command, text, UsageError } from '../command.ts'
import { openInput, readSmall } from '../input.ts'
import { actingMember, explainCalls, namesOf } from '../network/council.ts'
import { createNames } from '../network/names.ts'
import { actorOptions, openSession, type Session } from '../network/session.ts'
import { review, yesOption } from '../review.ts'

/** `sharewell council propose`. */
export const councilPropose = command({
  name: 'council propose',
  group: 'Organizations and staff:',
  summary: 'Propose something to the council, and confirm it for your organization.',
  usage: '[act] [value...]',
  operands: {
    act: `what should happen: ${Object.keys(councilActs).join(', ')}`,
    value: 'its values in order; @FILE stands for the SHA-256 of a file',
  },
  operandWords: { act: Object.keys(councilActs) },
  about:
    'By the account of a member. Nothing happens until enough members confirm, within 30 days. Several acts that ' +
    'happen together or not at all come from a file: a JSON list of {"function", "args"}, with args as a list or by ' +
    'name. A new hospital is registerOrganization, registerOperator and addMember in one proposal; docs/spec/council.md ' +
    'says what each act takes.',
  examples: [
    ['sharewell council propose setOperatorActive 0x5a...91 false --key-file hospital.key', 'Switch a node off.'],
    [
      'sharewell council propose penalize 0x5a...91 @fault.json --key-file hospital.key',
      'Switch it off for a proven fault.',
    ],
    ['sharewell council propose --file new-hospital.json --key-file hospital.key', 'Several acts as one.'],
  ],
  options: {
    file: text('--file <file>', 'the acts as JSON, - for stdin'),
    yes: yesOption,
    ...actorOptions,
  },
  async run({ args: [act, ...values], options, terminal, signal }) {
    if ((act === undefined) === (options.file === undefined))
      throw new UsageError({
        problem: act === undefined ? 'say what should happen' : '--file and an act were both given',
        hints: ["name an act with its values, or --file; 'sharewell help council propose' lists the acts"],
      })
    const session = await openSession(options, signal)
    const calls =
      options.file === undefined
        ? [await callFrom(session, act ?? '', values, signal)]
        : await callsIn(session, options.file, signal)
    const { chain } = session
    const names = createNames(chain, signal)
    const member = await actingMember(session, signal)
    const [organization = ''] = await namesOf([member], names)
    const { threshold } = await councilOf(chain, { signal })
    const explained = await explainCalls(chain, calls, signal, names)
    if (explained.some(({ grave }) => grave)) terminal.warn('this changes who administers the network')
    await review(terminal, {
      title: `${organization} proposes, for ${threshold} members to confirm within 30 days`,
      rows: explained.map(({ words }, at) => [`act ${at + 1}`, words] as const),
      yes: options.yes,
      signal,
    })
    const { proposal, receipt } = await proposeToCouncil(chain, { calls }, { signal })
    terminal.note('the others confirm with: sharewell council confirm and this id')
    terminal.result({ type: 'proposed', transaction: receipt.transactionHash, proposal, member }, proposal)
  },
})

const longestFile = 1 << 20
const mostCalls = 64

async function callFrom({ chain }: Session, act: string, values: readonly string[], signal: AbortSignal) {
  const args = await Promise.all(
    values.map((value) => (value.startsWith('@') ? hashOf(value.slice(1), signal) : value)),
  )
  return parseCouncilCall(chain.network, { function: act, args })
}

async function callsIn({ chain }: Session, file: string, signal: AbortSignal): Promise<CouncilCall[]> {
  const acts = parse(fromUtf8(await readSmall(file, longestFile, signal)))
  if (!Array.isArray(acts) || acts.length === 0 || acts.length > mostCalls)
    throw new UsageError({
      problem: `${file} lists no acts`,
      hints: [`it must be a JSON list of 1 to ${mostCalls} objects with "function" and "args"`],
    })
  return acts.map((act: unknown) => parseCouncilCall(chain.network, act))
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

async function hashOf(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of (await openInput(file, signal)).bytes) hash.update(piece)
  return `0x${hash.digest('hex')}`
}
