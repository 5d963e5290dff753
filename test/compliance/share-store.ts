import type { Bytes } from '@sharewell/sdk/bytes'
import type { ShareStore } from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import { cidOfBlock } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { codeOf } from '../helpers/code-of.ts'

/** What every {@link ShareStore} promises. `corrupt` changes the bytes that lie under a CID, behind the store's back. */
export function shareStoreCompliance(name: string, setup: () => Promise<StoreUnderTest>): void {
  describe(`share store: ${name}`, () => {
    let store: ShareStore
    let under: StoreUnderTest
    before(async () => {
      under = await setup()
      store = under.store
    })
    after(() => under.close())

    it('gives back the bytes of a block, of one byte and of 1 MiB', async () => {
      for (const size of [1, 1024, 1_048_576]) {
        const block = randomBytes(size)
        await store.put(cidOfBlock(block), block)
        expect(await store.get(cidOfBlock(block))).to.deep.equal(block)
      }
    })

    it('leaves the array to the caller once it keeps the block', async () => {
      const block = randomBytes(5_000)
      const given = block.slice()
      await store.put(cidOfBlock(block), given)
      given.fill(0)
      expect(await store.get(cidOfBlock(block))).to.deep.equal(block)
    })

    it('says whether it holds a block', async () => {
      const block = randomBytes(100)
      expect(await store.has(cidOfBlock(block))).to.equal(false)
      await store.put(cidOfBlock(block), block)
      expect(await store.has(cidOfBlock(block))).to.equal(true)
    })

    it('takes a block twice, and from two writers at once', async () => {
      const block = randomBytes(200_000)
      const cid = cidOfBlock(block)
      await Promise.all([store.put(cid, block), store.put(cid, block)])
      await store.put(cid, block)
      expect(await store.get(cid)).to.deep.equal(block)
    })

    it('refuses bytes that are not those of the CID, and keeps nothing', async () => {
      const cid = cidOfBlock(randomBytes(64))
      expect(await codeOf(store.put(cid, randomBytes(64)))).to.equal('CID_MISMATCH')
      expect(await store.has(cid)).to.equal(false)
    })

    it('refuses a block that is too long', async () => {
      const block = randomBytes(1_048_576 + 4_097)
      expect(await codeOf(store.put(cidOfBlock(block), block))).to.equal('BLOCK_SIZE')
    })

    it('answers a missing block with an error of its own', async () => {
      expect(await codeOf(store.get(cidOfBlock(randomBytes(32))))).to.equal('BLOCK_NOT_FOUND')
    })

    it('never gives bytes that changed where they lie', async () => {
      const block = randomBytes(5_000)
      const cid = cidOfBlock(block)
      await store.put(cid, block)
      await under.corrupt(cid)
      expect(await codeOf(store.get(cid))).to.be.oneOf(['BLOCK_NOT_FOUND', 'CID_MISMATCH'])
    })

    it('takes a block again after it changed where it lay', async () => {
      const block = randomBytes(5_000)
      const cid = cidOfBlock(block)
      await store.put(cid, block)
      await under.corrupt(cid)
      await store.put(cid, block)
      expect(await store.get(cid)).to.deep.equal(block)
    })

    it('stops at once when it is told to', async () => {
      const block = randomBytes(64)
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      for (const act of [store.put(cidOfBlock(block), block, { signal }), store.get(cidOfBlock(block), { signal })])
        expect(await act.catch((error: unknown) => error)).to.equal(reason)
    })
  })
}

/** A store with the means to spoil it. */
export type StoreUnderTest = {
  readonly store: ShareStore
  corrupt(cid: string): Promise<void>
  close(): Promise<void>
}

/** The same bytes with one bit turned. */
export function flipped(bytes: Bytes, at = 0): Bytes {
  const copy = bytes.slice()
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}
