import type { Policy } from '../policy.ts'
import { atLeast } from './binomial.ts'
import type { Prospects } from './prospects.ts'

/** Something that speaks against a policy, and what to do about it. */
export type Warning = {
  readonly code: WarningCode
  /** `unwise` should be changed, `careful` should be known. */
  readonly level: 'unwise' | 'careful'
  readonly problem: string
  readonly cure: string
}

/** Codes of docs/spec/policy.md, warnings. */
export type WarningCode =
  | 'NO_SPARE'
  | 'COPIES'
  | 'FULL_SHARES'
  | 'SEEN_EARLY'
  | 'FEW_READ'
  | 'AGAINST_THE_ODDS'
  | 'TOO_LITTLE_SPARE'
  | 'TOO_FEW_OPERATORS'
  | 'ONE_OPERATOR'

/** What a policy is judged by. */
export type Judged = {
  readonly policy: Policy
  readonly prospects: Prospects
  /** The same that the prospects were computed with. */
  readonly availability: number
  /** Storage nodes of each organization of the network, where it is known. */
  readonly operators?: readonly number[] | undefined
}

/**
 * What speaks against a policy, the worst first.
 * @example
 * adviseOn({ policy, prospects: prospectsOf(policy, conditions), availability: 0.99, operators: [3, 2] })
 */
export function adviseOn(judged: Judged): Warning[] {
  const found = [...onNetwork(judged), ...onNumbers(judged.policy, judged.prospects), ...onOdds(judged)]
  return found.toSorted((a, b) => Number(a.level === 'careful') - Number(b.level === 'careful'))
}

function* onNumbers({ n, t, r }: Policy, { storageFactor, almost }: Prospects): Generator<Warning> {
  if (t === n && n > 1)
    yield {
      code: 'NO_SPARE',
      level: 'unwise',
      problem: 'No node may fail: the first one that is gone takes the record with it.',
      cure: `Lower t, or raise n above ${t}.`,
    }
  if (t === 1)
    yield {
      code: 'COPIES',
      level: 'careful',
      problem: 'Every node holds all of the sealed bytes: these are copies, and the seal alone protects them.',
      cure: 'Take t = 2 or more, so that no node holds a whole.',
    }
  if (r === t - 1 && r > 0)
    yield {
      code: 'FULL_SHARES',
      level: 'careful',
      problem: `Each share is as long as the record: ${rounded(storageFactor)} times its size in all.`,
      cure: 'Lower r where the seal is enough, or where it need not hold for decades.',
    }
  if (almost >= 0.9)
    yield {
      code: 'SEEN_EARLY',
      level: 'careful',
      problem: `${t - 1} nodes, one fewer than rebuild, already hold ${Math.floor(almost * 100)} % of the sealed bytes.`,
      cure: 'Raise r, or rely on the seal knowingly.',
    }
  if (t > 1 && 2 * t <= n)
    yield {
      code: 'FEW_READ',
      level: 'careful',
      problem: `${t} of ${n} nodes, no more than half, rebuild the sealed bytes together.`,
      cure: `Take t = ${Math.floor(n / 2) + 1} or more.`,
    }
}

function* onOdds({ policy: { n, t }, prospects: { opens }, availability }: Judged): Generator<Warning> {
  if (t === n) return
  if (availability <= t / n) {
    yield {
      code: 'AGAINST_THE_ODDS',
      level: 'unwise',
      problem: `${t} of ${n} nodes must be up, and a node is up ${percent(availability)} of the time: more nodes in this ratio make it worse.`,
      cure: 'Lower t, or find nodes that are up more often.',
    }
    return
  }
  if (opens.nines >= 3) return
  const enough = enoughNodes(n, t, availability)
  yield {
    code: 'TOO_LITTLE_SPARE',
    level: opens.nines < 2 ? 'unwise' : 'careful',
    problem: `At one moment in ${Math.max(2, Math.round(1 / opens.failure))} fewer than ${t} nodes are up.`,
    cure: enough ? `Take n = ${enough} with this t, or lower t.` : 'Lower t, or find nodes that are up more often.',
  }
}

/** Least n that opens with three nines; undefined where a thousand nodes are not enough. */
function enoughNodes(n: number, t: number, availability: number): number | undefined {
  for (let more = n + 1; more <= n + 1000; more++) if (atLeast(more, t, availability).nines >= 3) return more
  return undefined
}

function* onNetwork({ policy: { n, t }, operators }: Judged): Generator<Warning> {
  if (operators === undefined) return
  const count = operators.reduce((sum, nodes) => sum + nodes, 0)
  if (n > count)
    yield {
      code: 'TOO_FEW_OPERATORS',
      level: 'unwise',
      problem: `A deposit needs ${n} operators, this network has ${count}.`,
      cure: `Take n = ${count} or fewer.`,
    }
  const largest = Math.max(0, ...operators)
  if (n > 1 && n <= count && largest >= t)
    yield {
      code: 'ONE_OPERATOR',
      level: 'unwise',
      problem: `One organization runs ${largest} of ${count} nodes: alone it may hold the ${t} shares that rebuild.`,
      cure: largest < count ? `Take t above ${largest}, or find other operators.` : 'Find operators that are separate.',
    }
}

const rounded = (value: number): string => String(Number(value.toPrecision(3)))
const percent = (value: number): string => `${rounded(100 * value)} %`
