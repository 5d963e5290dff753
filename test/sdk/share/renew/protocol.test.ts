import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import {
  addPieces,
  beaconOf,
  createCheck,
  drawZeroWord,
  encodeTerms,
  judgeContribution,
  judgeWord,
  maskLength,
  planRepair,
  type RenewSession,
  type RenewTerms,
  readCheck,
  readPost,
  readTerms,
  signSaid,
  splitPiece,
  tableCode,
  vectorHash,
  verifyRenewed,
  xorRows,
} from '@sharewell/sdk/share'
import { expect } from 'chai'
import { shareRootOf } from '../../../../sdk/src/share/leaves.ts'
import { upTo } from '../../../helpers/renewals.ts'
import { carry, type Keeper, renewable, sessionFor, shareChunk } from '../../../helpers/renewing.ts'

type Bytes = Uint8Array<ArrayBuffer>
const policy = { n: 7, t: 3, r: 2 }
const contributors = [0, 2, 3, 6]
const [falseOne, liar] = [3, 5]
const off = 2

/** Rows of all chunks, the masks last, by contributor: what one node was given. */
type Vectors = Bytes[][]

/** What a contributor deals: rows of all nodes, for every chunk and for the masks. The false one would move the data. */
function dealt(c: number, lengths: readonly number[]): Bytes[][] {
  return [...lengths, maskLength].map((length) => {
    if (c !== falseOne) return drawZeroWord(policy, length)
    const rows = [new Uint8Array(length).fill(1), randomBytes(length), randomBytes(length)]
    return tableCode.encode(policy, rows)
  })
}

describe('a refresh between nodes, one of which deals falsely and one of which lies', () => {
  let made: Awaited<ReturnType<typeof renewable>>
  let session: RenewSession
  let vectors: Vectors[]
  let beacon: Bytes
  const keeper = (j: number) => made.keepers[j] as Keeper
  const chunks = () => [...made.record.parts.keys()]

  before(async () => {
    made = await renewable(policy)
    const receivers = made.operators as Bytes[]
    const terms: RenewTerms = { ...made.base, epoch: 1, kind: 'refresh', contributors, receivers, off }
    session = sessionFor(readTerms(encodeTerms(terms), policy))
  })

  it('1 to 3: vectors are dealt under seal, posted, and a beacon follows', async () => {
    const lengths = chunks().map((i) => shareChunk(made.record, 0, i).length)
    const words = contributors.map((c) => dealt(c, lengths))
    const given = upTo(policy.n).map(async (j) => {
      const each = contributors.map(async (c, at) => {
        const rows = (words[at] as Bytes[][]).map((word) => word[j] as Bytes)
        if (c === j) return rows
        const way = { from: keeper(c), to: keeper(j) }
        const sent = rows.map(async (row, i) => await carry(session, { stage: 'word', from: c, to: j, i }, row, way))
        return (await Promise.all(sent)).map(({ body }) => body)
      })
      return await Promise.all(each)
    })
    vectors = await Promise.all(given)
    expect(vectors.length).to.equal(policy.n)
    beacon = beaconOf(session.session, randomBytes(32))
  })

  const postOf = async (j: number) => {
    const hashes = await Promise.all((vectors[j] as Vectors).map((rows) => vectorHash(rows)))
    const { account } = keeper(j)
    const signed = await signSaid(session, { stage: 'post', from: j, vectors: hashes }, account)
    return readPost(session, signed, { from: j, account: account.address, contributors: contributors.length })
  }

  /** What node j publishes; the liar changes what it says of every contributor. */
  const checkOf = async (j: number) => {
    const values = (vectors[j] as Vectors).map(async (rows) => {
      const check = createCheck(policy, beacon)
      for (const [i, row] of rows.slice(0, -1).entries()) await check.add(i, row)
      const due = check.finish(rows.at(-1) as Bytes)
      return j === liar ? due.map((value) => value ^ 1) : due
    })
    const { account } = keeper(j)
    const said = { stage: 'check', from: j, beacon, values: await Promise.all(values) } as const
    const signed = await signSaid(session, said, account)
    return readCheck(session, signed, { from: j, account: account.address, contributors: contributors.length })
  }

  it('4 to 6: the false one is refused, the liar named and no honest one lost; the new shares are the record', async () => {
    const checks = await Promise.all(upTo(policy.n).map(checkOf))
    const verdicts = contributors.map((_, at) =>
      judgeContribution(
        policy,
        checks.map(({ values }) => values[at] ?? undefined),
        off,
      ),
    )
    expect(verdicts).to.deep.equal([[liar], [liar], undefined, [liar]])

    const accepted = [0, 1, 3]
    const shares = upTo(policy.n).map((j) =>
      chunks().map((i) => {
        const rows = accepted.map((at) => vectors[j]?.[at]?.[i] as Bytes)
        return xorRows([shareChunk(made.record, j, i), ...rows])
      }),
    )
    expect((await verified(shares)).T.length).to.equal(policy.n)
    // A liar that kept its old share is found, and helped to the new one by the others.
    const stale = shares.with(
      liar,
      chunks().map((i) => shareChunk(made.record, liar, i)),
    )
    expect(await verified(stale).catch((error: { culprits: number[] }) => error.culprits)).to.deep.equal([liar])
    const plan = planRepair(policy, [1, 4, 6], liar)
    const repaired = chunks().map((i) => {
      const pieces = plan.helpers.map((helper) => splitPiece(plan, helper, shares[helper]?.[i] as Bytes))
      const sums = plan.helpers.map((_, l) =>
        addPieces(
          plan,
          pieces.map((own) => own[l] as Bytes),
        ),
      )
      return addPieces(plan, sums)
    })
    expect(repaired).to.deep.equal(shares[liar])
  })

  it('the vector that the liar was given clears the contributor', async () => {
    const [post, check] = await Promise.all([postOf(liar), checkOf(liar)])
    const rows = (vectors[liar] as Vectors)[0] as Bytes[]
    const values = check.values[0] as number[]
    const shown = { rows: rows.slice(0, -1), masks: rows.at(-1) as Bytes, posted: post.vectors[0] as Bytes, values }
    const word = values.map((value) => value ^ 1)
    expect(await judgeWord(policy, beacon, { ...shown, word })).to.equal('node')
  })

  const verified = async (shares: Bytes[][]) =>
    await verifyRenewed({
      manifest: made.record.manifest,
      contentLeaves: made.record.contentLeaves,
      policy,
      roots: shares.map((own, j) => shareRootOf(j, new Uint8Array(own.flatMap((body) => [...sha256(body)])))),
      read: async (j, i) => shares[j]?.[i] as Bytes,
    })
})
