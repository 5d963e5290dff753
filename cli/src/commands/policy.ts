import { BaseError } from '@sharewell/sdk/errors'
import type { Rehearsal } from '@sharewell/sdk/flow'
import {
  adviseOn,
  type Conditions,
  checkPolicy,
  type Policy,
  type ProfileName,
  profileNames,
  profileOf,
  prospectsOf,
} from '@sharewell/sdk/share'
import { InvalidArgumentError } from 'commander'
import { choice, command, flag, integer, type Option, text, UsageError } from '../command.ts'
import { keepPolicy, keptPolicy, undoPolicy } from '../kept-policy.ts'
import { policyWords } from '../policy-words.ts'
import type { Terminal } from '../terminal.ts'

// What needs the chain client is loaded when it is called: arithmetic does not wait for it.
const standardPolicy = profileOf('standard')
const counts = { least: 1, most: 65_535 }

/** A whole number that may be left away. */
const maybe = (flags: string, about: string, range: { least?: number; most: number }): Option<number | undefined> => ({
  ...integer(flags, about, 0, range),
  fallback: undefined,
})

/** `0.99` or `99%`. */
const chance = (flags: string, about: string, fallback: number): Option<number> => ({
  flags,
  about,
  fallback,
  parse: (words) => {
    const [, number = '', sign] = /^(\d{1,3}(?:\.\d{1,12})?)\s?(%?)$/.exec(words) ?? []
    const value = sign ? Number(number) / 100 : Number(number)
    if (number !== '' && value > 0 && value < 1) return value
    throw new InvalidArgumentError('It must lie between 0 and 1, such as 0.99 or 99%.')
  },
})

/** `sharewell policy`. */
export const policy = command({
  name: 'policy',
  group: 'Records on a network:',
  summary: 'Choose n, t and r: what they cost, survive and hide.',
  usage: '',
  operands: {},
  about:
    'How much is stored, how many nodes may fail, how many must collude, how surely a record opens and stays, and how ' +
    'long a deposit and a retrieval take on this machine, measured with nodes in this process. Nodes count as ' +
    'independent of one another, so chances are upper limits. Without numbers it tells of what deposits use now.',
  examples: [
    ['sharewell policy -n 9 -t 6 -r 3', 'Nine nodes, any six rebuild, and any three know nothing.'],
    ['sharewell policy --profile wide --availability 95% --repair 30', 'Poorer nodes, repaired every month.'],
    ['sharewell policy --profile paper -n 300 -t 150', "The paper's own, with 300 nodes in this process."],
    ['sharewell policy --profile longterm --use', 'For deposits from now on; --undo takes it back.'],
  ],
  options: {
    profile: choice('--profile <name>', 'numbers with a name; paper takes n and t', profileNames),
    shares: maybe('-n, --shares <n>', 'how many nodes hold a share', counts),
    threshold: maybe('-t, --threshold <t>', 'how many of them rebuild', counts),
    random: maybe('-r, --random <r>', 'how many of them together know nothing', { most: counts.most }),
    availability: chance('--availability <part>', 'how often a node is up', 0.99),
    yearlyLoss: chance('--yearly-loss <part>', 'chance that a node loses its share within a year', 0.05),
    repair: maybe('--repair <days>', 'lost shares are made anew after so many days (default: never)', {
      least: 1,
      most: 365,
    }),
    operators: maybe('--operators <n>', 'operators to choose from (default: those of the network)', counts),
    quick: flag('--quick', 'measure nothing'),
    use: flag('--use', 'use it for deposits from now on'),
    undo: flag('--undo', 'take the last --use back'),
    network: text('--network <file|url>', 'whose operators count (default: the nearest .sharewell/network.json)'),
  },
  async run({ options, terminal, signal }) {
    if (options.undo) return undo(terminal, options.use)
    const chosen = chosenPolicy(options)
    const { availability, yearlyLoss, repair: repairDays } = options
    const conditions: Conditions = { availability, yearlyLoss, repairDays }
    const prospects = prospectsOf(chosen, conditions)
    const operators = await operatorsOf(options, terminal, signal)
    const warnings = adviseOn({ policy: chosen, prospects, availability, operators })
    const measured = options.quick ? undefined : await measure(chosen, terminal, signal)
    const count = operators?.reduce((sum, nodes) => sum + nodes, 0)
    terminal.result(
      { type: 'policy', ...chosen, ...conditions, ...prospects, operators: count, warnings, measured },
      policyWords({ policy: chosen, conditions, prospects, measured, warnings }, terminal.width),
    )
    if (options.use) use(chosen, count, terminal)
  },
})

type Numbers = {
  readonly profile?: ProfileName | undefined
  readonly shares?: number | undefined
  readonly threshold?: number | undefined
  readonly random?: number | undefined
}

/** What was named; without numbers, what deposits use now. */
function chosenPolicy({ profile, shares, threshold, random }: Numbers): Policy {
  if (profile) {
    const named = namedPolicy(profile, { shares, threshold, random })
    checkPolicy(named)
    return named
  }
  const base = keptPolicy() ?? standardPolicy
  const chosen = { n: shares ?? base.n, t: threshold ?? base.t, r: random ?? base.r }
  checkPolicy(chosen)
  return chosen
}

function namedPolicy(profile: ProfileName, { shares, threshold, random }: Numbers): Policy {
  if (profile === 'paper') {
    if (random === undefined)
      return profileOf(profile, { ...(shares && { n: shares }), ...(threshold && { t: threshold }) })
    throw new UsageError({ problem: 'the profile paper has r = t - 1', hints: ['leave -r away'] })
  }
  if ((shares ?? threshold ?? random) === undefined) return profileOf(profile)
  throw new UsageError({
    problem: `the numbers of the profile ${profile} are fixed`,
    hints: ['leave -n, -t and -r away, or --profile'],
  })
}

/** So many as were named, each by itself; else those of the network. */
async function operatorsOf(
  { operators, network }: { operators?: number | undefined; network?: string | undefined },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<readonly number[] | undefined> {
  if (operators) return Array.from({ length: operators }, () => 1)
  const { operatorCounts } = await import('../network/operator-counts.ts')
  return operatorCounts(network, signal, (why) => terminal.note(`the network was not asked: ${why}`))
}

/** In this process, for a second and a half; more nodes than it keeps are told of without. */
async function measure(chosen: Policy, terminal: Terminal, signal: AbortSignal): Promise<Rehearsal | undefined> {
  const { mostRehearsed, rehearse } = await import('@sharewell/sdk/flow')
  if (chosen.n > mostRehearsed) {
    terminal.note(`not measured: more than ${mostRehearsed} nodes`)
    return undefined
  }
  const bar = terminal.progress('measuring', 100, 'count')
  const found = await rehearse(chosen, { signal, onProgress: (part) => bar.set(Math.floor(part * 100)) })
  terminal.settle()
  return found
}

function use(chosen: Policy, operators: number | undefined, terminal: Terminal): void {
  if (operators !== undefined && chosen.n > operators) throw new TooFewOperatorsError({ n: chosen.n, operators })
  keepPolicy(chosen)
  tell(terminal)
  if (operators === undefined) terminal.note(`a deposit needs a network with ${chosen.n} storage operators or more`)
}

function undo(terminal: Terminal, alsoUse: boolean): void {
  if (alsoUse) throw new UsageError({ problem: '--use and --undo contradict each other', hints: ['leave one away'] })
  if (!undoPolicy()) terminal.note('there was nothing to undo')
  tell(terminal)
}

/** What deposits use now. */
function tell(terminal: Terminal): void {
  const kept = keptPolicy()
  const { n, t, r } = kept ?? standardPolicy
  const words = kept === undefined ? ', as if nothing had been chosen' : '; sharewell policy --undo takes it back'
  terminal.result(
    { type: 'policy-used', n, t, r, chosen: kept !== undefined },
    `deposits use n = ${n}, t = ${t}, r = ${r} from now on${words}`,
  )
}

/** Thrown for a choice that no deposit on this network could use. */
export class TooFewOperatorsError extends BaseError<'TOO_FEW_OPERATORS'> {
  override readonly name = 'TooFewOperatorsError'
  constructor({ n = 0, operators = 0 }: { n?: number; operators?: number }) {
    super('TOO_FEW_OPERATORS', `A deposit under n = ${n} needs ${n} operators, and this network has ${operators}.`, {
      hints: [`choose n = ${operators} or fewer; more can be tried here without --use`],
    })
  }
}
