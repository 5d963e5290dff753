import type { Bytes, Hex } from '../bytes.ts'
import { type StorageClient, trouble } from '../place/index.ts'
import { encodeRepairAsk, RenewError, type RepairAnswer, type RepairAsk, readRepairAnswer } from '../share/index.ts'

/** A node that takes part in a repair. */
export type Helper = {
  readonly share: number
  readonly operator: Hex
  readonly key: Bytes
  readonly client: StorageClient
}

/** Chunks of one session that go through its three steps together. */
export type Window = {
  readonly terms: Bytes
  /** The signed placement that the terms name as a draft. */
  readonly draft?: Bytes | undefined
  readonly set: readonly Helper[]
  readonly target: Helper
  readonly first: number
  readonly count: number
}

/** Helpers to go on without, and whether the sums were not the share. Both empty: the target has the chunks. */
export type WindowEnd = {
  readonly drop: readonly { readonly operator: Hex; readonly reason: string }[]
  readonly off: boolean
  /** Whether it is the target's word alone that drops them: another target may read them. */
  readonly here?: boolean | undefined
  readonly evidence?: Evidence | undefined
}

/** What was carried for one chunk whose sums were not the share. */
export type Evidence = {
  /** The chunk, counted from the window's first. */
  readonly at: number
  /** By sender, its sealed pieces for the others; and each helper's sealed sum. */
  readonly pieces: readonly (readonly Bytes[])[]
  readonly sums: readonly Bytes[]
}

type Options = { readonly stepTimeout?: number | undefined; readonly signal?: AbortSignal | undefined }

/** Carries sealed parts from helper to helper and to the target. Errors: whatever the target answers instead of taking. */
export async function repairWindow(window: Window, options: Options): Promise<WindowEnd> {
  const { terms, draft, set, target, first, count } = window
  const common = { terms, draft, first, count }
  const keys = set.map(({ key }) => key)
  // Who hands its share over alone has nobody to give pieces to.
  const alone = set.length === 1
  const pieces = alone
    ? []
    : await askAll(window, options, 'pieces', set.length - 1, () => ({ ...common, keys, parts: [] }))
  if ('drop' in pieces) return { ...pieces, off: false }
  const sums = await askAll(window, options, 'sums', 1, (l) => ({
    ...common,
    keys: [target.key],
    parts: rowsOf(count, (at) => others(set.length, l).map((i) => pieces[i]?.parts[at]?.[l > i ? l - 1 : l] as Bytes)),
  }))
  if ('drop' in sums) return { ...sums, off: false }
  const parts = rowsOf(count, (at) => sums.map((sum) => sum.parts[at]?.[0] as Bytes))
  const { unread, off } = await ask(target, 'take', { ...common, keys: [], parts }, options)
  const drop = set
    .filter(({ share }) => unread.includes(share))
    .map(({ operator }) => ({ operator, reason: unreadable }))
  const at = (off[0] ?? -1) - first
  const said = (answers: readonly RepairAnswer[]) => answers.map((answer) => answer.parts[at] ?? [])
  const evidence = parts[at] && !alone ? { at, pieces: said(pieces), sums: parts[at] } : undefined
  // A target that names nobody of these has taken nothing either.
  const here = drop.length > 0 && { here: true }
  return {
    ...(evidence && { evidence }),
    ...here,
    drop,
    off: off.length > 0 || (unread.length > 0 && drop.length === 0),
  }
}

const unreadable = 'another node could not read what it sent, or did not want to'

/** Asks all helpers for one step. Who does not answer as it should is dropped, and who is at odds with most others. */
async function askAll(
  { set, count }: Window,
  options: Options,
  step: 'pieces' | 'sums',
  width: number,
  askOf: (at: number) => RepairAsk,
): Promise<RepairAnswer[] | Pick<WindowEnd, 'drop'>> {
  const drop = new Map<Hex, string>()
  const answers: RepairAnswer[] = []
  const odds: Odds[] = []
  const asked = set.map(async (helper, at) => {
    const problem = await trouble(
      (async () => {
        const answer = await ask(helper, step, askOf(at), options)
        const unread = set.filter((other) => other !== helper && answer.unread.includes(other.share))
        for (const other of unread) odds.push([helper.operator, other.operator])
        if (unread.length > 0) return
        if (answer.parts.length !== count || answer.parts.some(({ length }) => length !== width))
          throw new RenewError({ reason: 'it sent other parts than it was asked for' })
        answers[at] = answer
      })(),
      options.signal,
    )
    if (problem !== undefined) drop.set(helper.operator, problem)
  })
  await Promise.all(asked)
  // Whoever is dropped anyway is at odds with nobody any more.
  for (const operator of mostAtOdds(odds.filter((pair) => !pair.some((one) => drop.has(one)))))
    drop.set(operator, unreadable)
  return drop.size > 0 ? { drop: [...drop].map(([operator, reason]) => ({ operator, reason })) } : answers
}

/** Who cannot read whom. */
type Odds = readonly [Hex, Hex]

/** Of two at odds one is wrong, and nobody here can tell which: both go, unless one of them is at odds with more than
 * others are. So who sends junk to all, or complains about all, takes nobody along. */
function mostAtOdds(odds: readonly Odds[]): Hex[] {
  const others = new Map<Hex, Set<Hex>>()
  const note = (one: Hex, other: Hex) => others.set(one, (others.get(one) ?? new Set()).add(other))
  for (const [one, other] of odds) {
    note(one, other)
    note(other, one)
  }
  const most = Math.max(0, ...[...others.values()].map(({ size }) => size))
  return [...others].filter(([, { size }]) => size === most).map(([one]) => one)
}

async function ask(
  { client }: Helper,
  step: 'pieces' | 'sums' | 'take',
  asked: RepairAsk,
  { stepTimeout, signal }: Options,
): Promise<RepairAnswer> {
  return readRepairAnswer(await client.repair(step, encodeRepairAsk(asked), { timeout: stepTimeout, signal }))
}

const rowsOf = (count: number, row: (at: number) => Bytes[]): Bytes[][] =>
  Array.from({ length: count }, (_, at) => row(at))

const others = (count: number, own: number): number[] =>
  Array.from({ length: count }, (_, at) => at).filter((at) => at !== own)
