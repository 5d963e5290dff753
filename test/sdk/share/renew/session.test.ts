import { toHex } from '@sharewell/sdk/bytes'
import { openFrom, sealTo } from '@sharewell/sdk/envelope'
import { randomBytes } from '@sharewell/sdk/primitives'
import {
  type Check,
  createCheck,
  drawZeroRows,
  drawZeroWord,
  encodeRenewAnswer,
  encodeRenewAsk,
  judgeChecks,
  maxRepairLength,
  readKey,
  readRenewAnswer,
  readRenewAsk,
  sessionKeyOf,
  signKey,
} from '@sharewell/sdk/share'
import { expect } from 'chai'
import { codeOf } from '../../../helpers/code-of.ts'
import { newAccount } from '../../../helpers/parties.ts'
import { upTo } from '../../../helpers/renewals.ts'

const soon = async (work: () => unknown): Promise<unknown> => work()

describe('a session of a refresh', () => {
  const [secret, session, networkId] = [randomBytes(32), randomBytes(32), randomBytes(32)] as const
  const policy = { n: 5, t: 3, r: 1 }

  it('has a key of its own, that its operator signs', async () => {
    const { seed, publicKey: key } = sessionKeyOf(secret, session)
    expect(sessionKeyOf(secret, session).publicKey).to.deep.equal(key)
    expect(sessionKeyOf(secret, networkId).publicKey).not.to.deep.equal(key)
    expect(sessionKeyOf(session, session).publicKey).not.to.deep.equal(key)
    const context = { purpose: ['share', 'part'], context: session } as const
    expect(await openFrom(seed, context, await sealTo(key, context, secret))).to.deep.equal(secret)
    const account = newAccount()
    const [operator, other] = [toHex(randomBytes(16)), toHex(randomBytes(16))]
    const within = { session, networkId }
    const said = await signKey(within, { operator, key }, account)
    const by = account.address
    expect(readKey(within, said, { operator, account: by })).to.deep.equal(key)
    for (const [inside, who] of [
      [within, { operator: other, account: by }],
      [within, { operator, account: newAccount().address }],
      [
        { session: secret, networkId },
        { operator, account: by },
      ],
    ] as const)
      expect(await codeOf(soon(() => readKey(inside, said, who)))).to.equal('RENEW')
    expect(await codeOf(soon(() => readKey({ session, networkId: secret }, said, { operator, account: by })))).to.equal(
      'SIGNED_OBJECT',
    )
  })

  it('draws the same zero words again, and others for every other chunk, session and secret', async () => {
    const word = async (more: { secret?: Uint8Array; session?: Uint8Array; i?: number } = {}) => {
      const { i = 0, ...from } = more
      const random = await drawZeroRows({ secret, session, ...from }, { i, r: policy.r, length: 64 })
      return drawZeroWord(policy, 64, { random })
    }
    const first = await word()
    expect(await word()).to.deep.equal(first)
    for (const other of [await word({ i: 1 }), await word({ session: secret }), await word({ secret: session })])
      for (const [j, row] of other.entries()) expect(row).not.to.deep.equal(first[j])
  })

  it('judges contributions by checks of one beacon, each with its number of values', async () => {
    const beacon = randomBytes(32)
    const [rows, masks] = [drawZeroWord(policy, 64), drawZeroWord(policy, 32)]
    const values = async (j: number) => {
      const check = createCheck(policy, beacon)
      await check.add(0, rows[j] as Uint8Array)
      return check.finish(masks[j] as Uint8Array)
    }
    const said = async (from: number): Promise<Check> => {
      return { stage: 'check', from, beacon, values: [await values(from), null] }
    }
    const checks: (Check | undefined)[] = await Promise.all(upTo(5).map(said))
    const judge = (some: (Check | undefined)[]) => judgeChecks(policy, some, { contributors: [0, 2], beacon, most: 1 })
    expect(judge(checks)).to.deep.equal([
      { share: 0, off: [] },
      { share: 2, off: undefined },
    ])
    const third = checks[3] as Check
    for (const other of [undefined, { ...third, beacon: secret }, { ...third, values: [[1], null] }])
      expect(judge(checks.with(3, other))[0]).to.deep.equal({ share: 0, off: [3] })
    expect(judge(checks.with(3, undefined).with(1, undefined))[0]).to.deep.equal({ share: 0, off: undefined })
  })

  it('reads steps as they were written, and nothing else', async () => {
    const [body, leaves] = [randomBytes(9), randomBytes(64)]
    const ask = {
      terms: body,
      first: 3,
      count: 2,
      block: 7,
      leaves,
      said: [body, new Uint8Array(0)],
      parts: [[body], []],
    }
    expect(readRenewAsk(encodeRenewAsk(ask))).to.deep.equal(ask)
    const answer = { block: 7, leaves, said: body, parts: [[body]], unread: [2] }
    expect(readRenewAnswer(encodeRenewAnswer(answer))).to.deep.equal(answer)
    for (const more of [{ count: 1_025 }, { first: -1 }, { block: -1 }])
      expect(await codeOf(soon(() => readRenewAsk(encodeRenewAsk({ ...ask, ...more }))))).to.equal('CBOR_FIELD')
    expect(await codeOf(soon(() => readRenewAnswer(encodeRenewAsk(ask))))).to.equal('CBOR_FIELD')
    const large = [[new Uint8Array(maxRepairLength)]]
    expect(await codeOf(soon(() => encodeRenewAsk({ ...ask, parts: large })))).to.equal('RENEW')
    expect(await codeOf(soon(() => encodeRenewAnswer({ parts: large })))).to.equal('RENEW')
  })
})
