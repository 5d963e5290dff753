import { createMemoryStore, fetchAny, NodeRefusedError } from '@sharewell/sdk/place'
import { cidOfBlock } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { randomHex } from '../../helpers/ids.ts'

const block = Uint8Array.of(1, 2, 3)
const cid = cidOfBlock(block)
const without = () => ({ operator: randomHex(16), store: createMemoryStore() })
const refusing = (why = { status: 403, reason: 'NO_CONSENT' }) => ({
  operator: randomHex(16),
  store: {
    get: async () => {
      throw new NodeRefusedError(why)
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
    const away = refusing({ status: 500, reason: 'INTERNAL' })
    // Who never had it says so to anybody.
    for (const nodes of [
      [refusing(), refusing()],
      [refusing(), refusing({ status: 401, reason: 'TICKET' }), without(), without(), away],
    ]) {
      const error = await failure(nodes)
      expect(error).to.include({ code: 'BLOCKS_UNAVAILABLE', refused: true })
      expect((error as { hints: string[] }).hints.join()).to.include('a key that may read the record')
    }
    for (const nodes of [[refusing(), away], [away, away], [without()], []]) {
      const error = await failure(nodes)
      expect(error).to.include({ code: 'BLOCKS_UNAVAILABLE', refused: false })
      expect((error as { hints: string[] }).hints.join()).to.include('when the nodes of this record are up')
    }
  })
})
