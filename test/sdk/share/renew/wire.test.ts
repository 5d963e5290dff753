import { randomBytes } from '@sharewell/sdk/primitives'
import {
  drawPieces,
  encodeRepairAnswer,
  encodeRepairAsk,
  maxRepairLength,
  planRepair,
  readRepairAnswer,
  readRepairAsk,
  splitPiece,
  xorRows,
} from '@sharewell/sdk/share'
import { expect } from 'chai'
import { codeOf } from '../../../helpers/code-of.ts'

/** What a call throws, as a promise. */
const soon = async (work: () => unknown): Promise<unknown> => work()

describe('steps of a repair between nodes', () => {
  const plan = planRepair({ n: 5, t: 3, r: 1 }, [0, 1, 2], 4)
  const secret = randomBytes(32)
  const session = randomBytes(32)
  const body = randomBytes(64)
  const pieces = async (more: { secret?: Uint8Array; session?: Uint8Array; i?: number } = {}) => {
    const { i = 0, ...keys } = more
    return splitPiece(plan, 0, body, {
      random: await drawPieces(plan, { secret, session, ...keys }, { i, length: 64 }),
    })
  }

  it('draw the same pieces again for a session and chunk, and others for every other', async () => {
    const first = await pieces()
    expect(await pieces()).to.deep.equal(first)
    const others = await Promise.all([pieces({ i: 1 }), pieces({ session: secret }), pieces({ secret: session })])
    for (const other of others) {
      expect(xorRows(other), 'the same share').to.deep.equal(xorRows(first))
      for (const [at, piece] of other.entries()) expect(piece).not.to.deep.equal(first[at])
    }
    expect(new Set(first.map(String)).size).to.equal(3)
  })

  it('draw for one chunk only', async () => {
    const random = await drawPieces(plan, { secret, session }, { i: 0, length: 64 })
    splitPiece(plan, 0, body, { random })
    expect(await codeOf(soon(() => splitPiece(plan, 0, body, { random })))).to.equal('RENEW')
  })

  it('are read as they were written, and nothing else is', async () => {
    const ask = { terms: body, first: 3, count: 2, keys: [randomBytes(1_216)], parts: [[body], []] }
    expect(readRepairAsk(encodeRepairAsk(ask))).to.deep.equal(ask)
    expect(readRepairAnswer(encodeRepairAnswer({ off: [7] }))).to.deep.equal({ parts: [], unread: [], off: [7] })
    const refused = [{ count: 0 }, { count: 1_025 }, { first: -1 }, { keys: [body] }]
    for (const more of refused)
      expect(await codeOf(soon(() => readRepairAsk(encodeRepairAsk({ ...ask, ...more }))))).to.equal('CBOR_FIELD')
    expect(await codeOf(soon(() => readRepairAnswer(encodeRepairAsk(ask))))).to.equal('CBOR_FIELD')
    const large = [[new Uint8Array(maxRepairLength)]]
    expect(await codeOf(soon(() => encodeRepairAsk({ ...ask, parts: large })))).to.equal('RENEW')
    expect(await codeOf(soon(() => encodeRepairAnswer({ parts: large })))).to.equal('RENEW')
  })
})
