import { createMemoryStore, fetchAny, NodeRefusedError } from '@sharewell/sdk/place'
import { cidOfBlock } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { randomHex } from '../../helpers/ids.ts'

const block = Uint8Array.of(1, 2, 3)
const cid = cidOfBlock(block)
const without = () => ({ operator: randomHex(16), store: createMemoryStore() })
const refusing = () => ({
  operator: randomHex(16),
  store: {
    get: async () => {
      throw new NodeRefusedError({ status: 403, reason: 'NO_CONSENT' })
    },
  },
})
const failure = (nodes: Parameters<typeof fetchAny>[1]) => fetchAny(cid, nodes).catch((error: unknown) => error)

describe('a block that all nodes of a record hold', () => {
  it('comes from the first node that gives it', async () => {
    const good = without()
    await good.store.put(cid, block)
    expect(await fetchAny(cid, [refusing(), without(), good])).to.deep.equal(block)
  })

  it('is not to be had, and the error tells a reader without a right from nodes that are away', async () => {
    const refused = await failure([refusing(), refusing()])
    expect(refused).to.have.property('code', 'BLOCKS_UNAVAILABLE')
    expect((refused as { hints: string[] }).hints.join()).to.include('a key that may read the record')
    for (const nodes of [[refusing(), without()], []])
      expect(((await failure(nodes)) as { hints: string[] }).hints.join()).to.include(
        'when the nodes of this record are up',
      )
  })
})
