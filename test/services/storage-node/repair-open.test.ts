import { toHex } from '@sharewell/sdk/bytes'
import { publicKeyOf } from '@sharewell/sdk/envelope'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import { encodeRepairAsk, encodeTerms, repairPlanOf, sealPart, shareChunkLength } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { createApp } from '../../../services/storage-node/src/app.ts'
import type { Components } from '../../../services/storage-node/src/components.ts'
import { giveSums, openParts } from '../../../services/storage-node/src/repair-share.ts'
import type { RepairStep } from '../../../services/storage-node/src/repair-step.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { randomHex } from '../../helpers/ids.ts'
import { newParties, type Party, paperNetwork } from '../../helpers/parties.ts'
import { termsOf } from '../../helpers/repairing.ts'
import { hpkePair, openNode, paperAuthority, type TestNode } from '../../helpers/storage.ts'

describe('what a storage node shows of a repair', () => {
  let node: TestNode
  let parts: Components
  let stood: string[]
  const hash = () => randomHex(32)
  const scope = { manifestHash: hash(), index: 0, chunk: 0 }
  before(async () => {
    const authority: Components['authority'] = {
      ...paperAuthority,
      read: async (header, records) => (header === 'audit' ? scope : await paperAuthority.read(header, records)),
      current: async (recordId) => {
        stood.push(recordId)
        return await paperAuthority.current(recordId)
      },
    }
    const wrap = (components: Components) => {
      parts = components
      return createApp(components)
    }
    node = await openNode(paperNetwork(), newParties(1)[0] as Party, { authority, wrap })
  })
  after(() => node?.close())
  beforeEach(() => {
    stood = []
  })

  const recordId = hash()
  const terms = termsOf(
    { recordId, manifestHash: hash(), placementHash: hash() },
    { networkId: randomBytes(32), receivers: [randomBytes(16)] },
  )
  const body = encodeRepairAsk({ terms: encodeTerms(terms), first: 0, count: 1, keys: [], parts: [] })
  const open = async (ticket: string): Promise<number> => {
    const headers = { authorization: ticket }
    return (await node.app.request('/v1/repair/open', { method: 'POST', body, headers })).status
  }

  it('is for who may read the record, and for no auditor', async () => {
    await open(`read ${recordId} 0`)
    expect(stood, 'a reader').to.deep.equal([recordId])
    expect(await open(`read ${hash()} 0`), 'a reader of another record').to.equal(403)
    expect(await open('audit'), 'an auditor').to.equal(403)
    expect(stood).to.deep.equal([recordId])
  })

  it('is no share whole while its keeper stays', async () => {
    const plan = repairPlanOf({ n: 5, t: 3, r: 1 }, { contributors: [4], share: 4, draft: randomBytes(32) })
    const ask = { terms: body, first: 0, count: 1, keys: [], parts: [[]] }
    const step = { plan, own: 4, isTarget: false, operators: [], ask } as unknown as RepairStep
    const failure = await openParts({ ...parts, leaving: false }, step, {}).catch((error: Error) => error)
    expect(await codeOf(Promise.reject(failure))).to.equal('RENEW')
    expect(String(failure)).to.contain('not leaving')
  })

  it('names a helper whose piece has another length, and no other', async () => {
    const shape = { n: 5, t: 3, r: 1, sealedLen: 1_000, chunkLog2: 18 } as const
    const plan = repairPlanOf(shape, { contributors: [0, 1, 2], share: 4 })
    const others = newParties(3)
    const target = hpkePair().publicKey
    const session = { session: randomBytes(32), networkId: randomBytes(32) }
    const length = shareChunkLength(shape, 0)
    const sealed = async (from: number, size: number) =>
      await sealPart(session, { stage: 'piece', from, to: 0, i: 0 }, randomBytes(size), {
        signer: (others[from] as Party).account,
        publicKey: publicKeyOf(parts.hpke.seed),
      })
    const keeper: Components['authority']['keeper'] = async (id) => ({
      account: others.find(({ operator }) => operator === id)?.account.address ?? node.account.address,
      hpkeKeyHash: toHex(sha256(target)),
    })
    const knowing = { ...parts, authority: { ...parts.authority, keeper } }
    const operators = others.map(({ operator }) => operator)
    const here = { plan, session, operators, own: 0, isTarget: false, manifest: shape, receiver: randomHex(16) }
    for (const size of [length - 1, length + 1, 0]) {
      const ask = { first: 0, count: 1, keys: [target], parts: [[await sealed(1, length), await sealed(2, size)]] }
      expect(await giveSums(knowing, { ...here, ask } as unknown as RepairStep, {})).to.deep.equal({ unread: [2] })
    }
  })
})
