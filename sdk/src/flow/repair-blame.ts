import { type Bytes, equal, type Hex } from '../bytes.ts'
import { type LeafLoader, type LoadedRecord, type StorageClient, trouble } from '../place/index.ts'
import {
  blameRepair,
  cidOf,
  encodeRepairAsk,
  leafAt,
  RenewError,
  type RenewSession,
  type RepairAsk,
  readRepairAnswer,
  readSigned,
  readTerms,
  repairPlanOf,
  sessionOf,
} from '../share/index.ts'
import type { Evidence, Helper, Window } from './repair-window.ts'

/** A node whose messages are opened: how it is asked as a reader, and whose signature its word must have. */
export type Witness = { readonly reader: StorageClient; readonly account: Hex }

/** Whom the opened messages name. */
export type Verdict = {
  /** Helpers whose sum does not follow from their share and the pieces: only a lie does that. */
  readonly liars: readonly Helper[]
  /** Helpers that are not asked again, and why. It convicts nobody. */
  readonly drop: readonly { readonly operator: Hex; readonly reason: string }[]
  /** Whether the target's word counts for that: another target may say otherwise. */
  readonly here?: boolean | undefined
}

/** What the judge knows of the record. */
export type Case = {
  readonly loaded: LoadedRecord & { readonly leaves: LeafLoader }
  /** By operator. */
  readonly witnesses: ReadonlyMap<Hex, Witness>
}

type Options = { readonly stepTimeout?: number | undefined; readonly signal?: AbortSignal | undefined }

/**
 * Finds who lied in a session whose sums missed the leaf, as somebody who may read the record's shares: helpers show the
 * pieces that came to them, as their senders signed them, and their own sum. An honest one is never named, whatever the
 * others show: it draws the same pieces again, and its sum follows from them.
 */
export async function blameWindow(known: Case, window: Window, evidence: Evidence, options: Options): Promise<Verdict> {
  const { set, target, first } = window
  const i = first + evidence.at
  const { manifest } = known.loaded
  const terms = readTerms(window.terms, manifest)
  const plan = repairPlanOf(manifest, terms)
  const within = { session: sessionOf(terms), networkId: terms.networkId }
  const pieces: Bytes[][] = set.map(() => [])
  const sums: Bytes[] = []
  const bodies: Bytes[] = []
  const drop: { operator: Hex; reason: string }[] = []
  const hear = async (helper: Helper, l: number): Promise<void> => {
    const { reader, account } = witnessOf(known, helper)
    const shown = await ask(reader, askOf(window, evidence, l), options)
    const others = set.filter((_, at) => at !== l)
    if (shown.length !== set.length) throw new RenewError({ reason: 'it showed other messages' })
    for (const [nth, { share }] of others.entries()) {
      const from = set.findIndex((one) => one.share === share)
      const place = { stage: 'piece', from: share, to: helper.share, i } as const
      const sender = witnessOf(known, set[from] as Helper).account
      ;(pieces[from] as Bytes[])[l] = readSigned(within, place, shown[nth] as Bytes, sender)
    }
    const place = { stage: 'sum', from: helper.share, to: target.share, i } as const
    sums[l] = readSigned(within, place, shown[set.length - 1] as Bytes, account)
    const leaf = leafAt(await known.loaded.leaves(helper.share, options), i) ?? new Uint8Array(32)
    bodies[l] = await reader.get(cidOf(leaf), options)
  }
  const asked = set.map(async (helper, l) => {
    const problem = await trouble(hear(helper, l), options.signal)
    if (problem !== undefined)
      drop.push({ operator: helper.operator, reason: `it did not open what was said: ${problem}` })
  })
  await Promise.all(asked)
  // Where nobody shows anything, it is this reader who is refused.
  if (drop.length === set.length) throw new RenewError({ reason: 'no helper opened what was said' })
  if (drop.length > 0) return { liars: [], drop }
  const wrong = blameRepair(plan, { bodies, pieces, sums })
  const liars = set.filter(({ share }) => wrong.includes(share))
  if (liars.length > 0) return { liars, drop: [] }
  return { liars, drop: await differing(known, window, { evidence, within, sums, i }, options), here: true }
}

type Said = {
  readonly evidence: Evidence
  readonly within: RenewSession
  readonly sums: readonly Bytes[]
  readonly i: number
}

/** What helpers say now adds up. Whoever's sum the target shows as another one signed both, or the target asked for the
 * other one: which of the two cannot be told. */
async function differing(
  known: Case,
  { set, target, ...window }: Window,
  { evidence, within, sums, i }: Said,
  options: Options,
): Promise<Verdict['drop']> {
  const { reader } = witnessOf(known, target)
  const all = { terms: window.terms, draft: window.draft, first: i, count: 1, keys: [] }
  const shown = await ask(reader, { ...all, parts: [[...evidence.sums]] }, options)
  return set.flatMap((helper, l) => {
    const place = { stage: 'sum', from: helper.share, to: target.share, i } as const
    const body = readSigned(within, place, shown[l] ?? new Uint8Array(), witnessOf(known, helper).account)
    const reason = 'it says another sum than the target shows: one of the two lies'
    return equal(body, sums[l] as Bytes) ? [] : [{ operator: helper.operator, reason }]
  })
}

function witnessOf({ witnesses }: Case, { operator }: Helper): Witness {
  const found = witnesses.get(operator)
  if (!found) throw new RenewError({ reason: 'it cannot be asked as a reader' })
  return found
}

/** The request for sums, for one chunk. */
function askOf({ terms, draft, set, target, first }: Window, { at, pieces }: Evidence, l: number): RepairAsk {
  const parts = [set.flatMap((_, i) => (i === l ? [] : [pieces[i]?.[l > i ? l - 1 : l] as Bytes]))]
  return { terms, draft, first: first + at, count: 1, keys: [target.key], parts }
}

async function ask(reader: StorageClient, asked: RepairAsk, { stepTimeout, signal }: Options): Promise<Bytes[]> {
  const answer = readRepairAnswer(await reader.repair('open', encodeRepairAsk(asked), { timeout: stepTimeout, signal }))
  const [shown] = answer.parts
  if (!shown || answer.unread.length > 0) throw new RenewError({ reason: 'it could not open what came' })
  return shown
}
