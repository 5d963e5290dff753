import { fromHex, type Hex } from '@sharewell/sdk/bytes'
import {
  addPieces,
  attestRoot,
  beaconOf,
  blindRows,
  createCheck,
  drawZeroWord,
  encodeParts,
  judgeContribution,
  maskLength,
  type Policy,
  pairMask,
  planChange,
  planRepair,
  readTerms,
  sessionOf,
  splitPiece,
  vectorHash,
  xorRows,
} from '@sharewell/sdk/share'
import { privateKeyToAccount } from 'viem/accounts'
import { randomFrom } from './vector.ts'

type Bytes = Uint8Array<ArrayBuffer>
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

type Repair = Policy & {
  readonly helpers: number[]
  readonly share: number
  readonly bodies: Hex[]
  readonly random: Hex
}
type Refresh = Policy & {
  readonly nodes: number[]
  readonly beacon: Hex
  readonly lengths: number[]
  readonly random: Hex
}
type Judge = Policy & { readonly off: number; readonly values: (number[] | null)[] }
type Change = {
  readonly from: Policy
  readonly to: Policy
  readonly contributors: number[]
  readonly bodies: Hex[]
  readonly session: Hex
  readonly i: number
  /** Seed of a pair, by its two share numbers. */
  readonly seeds: { readonly [pair: string]: Hex }
  readonly random: Hex
}

/** What each operation gives; the test calls the same on the files. */
export const operations = {
  /** All pieces of one chunk, the sums, and the share-chunk that comes out. */
  repair({ helpers, share, bodies, random, ...policy }: Repair) {
    const plan = planRepair(policy, helpers, share)
    const source = randomFrom(fromHex(random))
    const pieces = helpers.map((helper, at) => splitPiece(plan, helper, fromHex(bodies[at] as Hex), { random: source }))
    const sums = helpers.map((_, l) =>
      addPieces(
        plan,
        pieces.map((own) => own[l] as Bytes),
      ),
    )
    return { pieces, sums, body: addPieces(plan, sums) }
  },

  /** A contribution: rows of the nodes named, hash of its vector, and what it publishes. */
  async refresh({ nodes, beacon, lengths, random, ...policy }: Refresh) {
    const source = randomFrom(fromHex(random))
    const words = lengths.map((length) => drawZeroWord(policy, length, { random: source }))
    const masks = drawZeroWord(policy, maskLength, { random: source })
    const each = nodes.map(async (j) => {
      const rows = words.map((word) => word[j] as Bytes)
      const check = createCheck(policy, fromHex(beacon))
      for (const [i, row] of rows.entries()) await check.add(i, row)
      const mask = masks[j] as Bytes
      return { rows, masks: mask, posted: await vectorHash([...rows, mask]), values: check.finish(mask) }
    })
    return await Promise.all(each)
  },

  /** Whether a contribution is accepted, and which nodes are off it. */
  judge({ off, values, ...policy }: Judge) {
    return (
      judgeContribution(
        policy,
        values.map((some) => some ?? undefined),
        off,
      ) ?? null
    )
  },

  /** Masks, blinded rows and parts of one chunk, and the new share-chunks. */
  async change({ from, to, contributors, bodies, session, i, seeds, random }: Change) {
    const plan = planChange(from, to, contributors)
    const source = randomFrom(fromHex(random))
    const each = contributors.map(async (contributor, at) => {
      const body = fromHex(bodies[at] as Hex)
      const size = { i, rows: from.t - from.r, length: body.length }
      const others = contributors.filter((other) => other !== contributor)
      const masks = others.map(async (other) => {
        const seed = fromHex(seeds[[contributor, other].sort((a, b) => a - b).join()] as Hex)
        return { with: other, rows: await pairMask({ seed, session: fromHex(session) }, size) }
      })
      return blindRows(plan, { contributor, body, masks: await Promise.all(masks) })
    })
    const blinded = await Promise.all(each)
    const parts = blinded.map((rows) => encodeParts(plan, rows, { random: source }))
    const shares = numbers(to.n).map((j) => xorRows(parts.map((own) => own[j] as Bytes)))
    return { blinded, parts, shares }
  },

  session: ({ terms, ...policy }: Policy & { readonly terms: Hex }) => sessionOf(readTerms(fromHex(terms), policy)),

  beacon: ({ session, blockHash }: { readonly session: Hex; readonly blockHash: Hex }) =>
    beaconOf(fromHex(session), fromHex(blockHash)),

  root: async ({ key, networkId, recordId, prev, root, ...more }: Root) =>
    await attestRoot(
      {
        ...more,
        networkId: fromHex(networkId),
        recordId: fromHex(recordId),
        prev: fromHex(prev),
        root: fromHex(root),
      },
      privateKeyToAccount(key),
    ),
}
type Root = {
  readonly key: Hex
  readonly networkId: Hex
  readonly recordId: Hex
  readonly version: number
  readonly prev: Hex
  readonly epoch: number
  readonly share: number
  readonly root: Hex
}
