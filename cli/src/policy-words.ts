/**
 * A policy's prospects as lines of a terminal.
 * @module
 */
import type { Rehearsal } from '@sharewell/sdk/flow'
import {
  atLeast,
  type Conditions,
  chanceWords,
  nineWords,
  type Policy,
  type Prospects,
  type Warning,
} from '@sharewell/sdk/share'
import { formatBytes } from './progress.ts'
import { columns, counted, type Part, painted, wrapped } from './text.ts'

/** What is told of a policy. */
export type Told = {
  readonly policy: Policy
  readonly conditions: Conditions
  readonly prospects: Prospects
  readonly measured: Rehearsal | undefined
  readonly warnings: readonly Warning[]
}

/** The facts, the picture, and what speaks against it. */
export function policyWords(told: Told, width = 80): Part[] {
  const { policy, conditions, warnings } = told
  const facts = columns(factsOf(told), { indent: 2 })
  const picture = columns(curve(policy, conditions.availability), { indent: 2 })
  const heading = [painted('strong', `n = ${policy.n}, t = ${policy.t}, r = ${policy.r}`)]
  const blocks = [heading, ...facts, [''], ['  opens, by how often a node is up'], ...picture]
  const lines = [...blocks, ...warnings.flatMap((warning) => [[''], ...warningWords(warning, width)])]
  return lines.flatMap((line, at): Part[] => (at === 0 ? line : ['\n', ...line]))
}

function factsOf({ policy, conditions, prospects, measured }: Told): Part[][] {
  const { n, t } = policy
  const { availability, yearlyLoss, repairDays } = conditions
  const { storageFactor, mayFail, rebuild, learn, almost, opens, kept } = prospects
  const repair = repairDays === undefined ? 'nothing is repaired' : `repaired every ${counted(repairDays, 'day')}`
  const nearly = t > 1 && almost > 0 ? `; ${t - 1} hold ${Math.floor(almost * 100)} %` : ''
  return [
    ['stores', `${rounded(storageFactor)} times the sealed record, on ${counted(n, 'node')}`],
    ['may fail', `${counted(mayFail, 'node')}${shares(policy)}`],
    ['must collude', `${rebuild} to rebuild the sealed bytes, ${learn} to learn anything of them${nearly}`],
    ['opens', `${chanceWords(opens)} of the time, ${nineWords(opens)}: nodes are up ${percent(availability)}`],
    ['kept a year', `${chanceWords(kept)}, ${nineWords(kept)}: a node is lost with ${percent(yearlyLoss)}, ${repair}`],
    ...(measured ? measuredWords(measured) : []),
  ]
}

/** On this device, and what that means for a scan. */
function measuredWords({ bytes, depositMs, retrieveMs }: Rehearsal): Part[][] {
  const words = (ms: number) =>
    `${formatBytes(bytes)} in ${duration(ms)}, ${formatBytes((bytes / ms) * 1000)}/s: 100 MB in ${duration((ms * 1e8) / bytes)}`
  return [
    ['deposit', `${words(depositMs)} (here, without the network)`],
    ['retrieve', `${words(retrieveMs)} (the first n - t nodes gone)`],
  ]
}

/** ` [###|##]`: the t that rebuild, and the others. */
const shares = ({ n, t }: Policy): string => (n > 40 ? '' : `  [${'#'.repeat(t)}|${'.'.repeat(n - t)}]`)

const levels = [0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999] as const
const longestBar = 24

/** One # for each third of a nine. */
function curve({ n, t }: Policy, availability: number): Part[][] {
  const all = [...new Set([...levels, availability])].toSorted((a, b) => a - b)
  return all.map((level) => {
    const chance = atLeast(n, t, level)
    const length = Math.min(longestBar, Math.round(chance.nines * 3))
    const bar = `${'#'.repeat(length)}${'.'.repeat(longestBar - length)}`
    const here = level === availability
    return [
      `${percent(level).padStart(8)}${here ? ' >' : '  '}`,
      painted(here ? 'strong' : 'faint', bar),
      chanceWords(chance),
      nineWords(chance),
    ]
  })
}

function warningWords({ level, problem, cure }: Warning, width: number): Part[][] {
  const [first = '', ...rest] = wrapped(`${problem} ${cure}`, width - 11)
  return [
    ['  ', painted(level === 'unwise' ? 'bad' : 'careful', level.padEnd(9)), first],
    ...rest.map((line) => [`${' '.repeat(11)}${line}`]),
  ]
}

const rounded = (value: number): string => String(Number(value.toPrecision(3)))
const percent = (value: number): string => `${Number((100 * value).toPrecision(6))} %`

function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(1, Math.round(ms))} ms`
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`
}
