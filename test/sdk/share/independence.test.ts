import type { Bytes } from '@sharewell/sdk/bytes'
import { randomBytes } from '@sharewell/sdk/primitives'
import { createSharePool, type Policy, splitChunks } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { warm } from '../../helpers/share-pool.ts'
import { type Splitter, splitterWith, suspicion } from '../../helpers/share-statistics.ts'

const policies: readonly Policy[] = [
  { n: 3, t: 2, r: 1 },
  { n: 4, t: 3, r: 2 },
  { n: 5, t: 4, r: 2 },
]

/** A source that gives what `byteAt` says of how many bytes it gave before. */
function sourceOf(byteAt: (at: number) => number): (length: number) => Bytes {
  let given = 0
  return (length) => Uint8Array.from({ length }, () => byteAt(given++))
}

const once = randomBytes(2 ** 16)
const block = randomBytes(509)

/** Randomness as it must not be. Each makes a new source. */
const broken: Record<string, () => (length: number) => Bytes> = {
  'a constant': () => sourceOf(() => 0x5a),
  zeros: () => sourceOf(() => 0),
  'the same rows for every chunk': () => (length) => once.slice(0, length),
  'the same row twice in a chunk': () => {
    let row: Bytes | undefined
    return (length) => {
      const again = row
      row = again ? undefined : randomBytes(length)
      return again ?? row ?? randomBytes(length)
    }
  },
  'a period of 509 bytes': () => sourceOf((at) => block[at % 509] ?? 0),
  'a counter': () => sourceOf((at) => at & 255),
  'one bit that is never set': () => (length) => randomBytes(length).map((byte) => byte & 0xfe),
  'one bit that is set in 5 of 8': () => (length) => {
    const luck = randomBytes(length)
    return randomBytes(length).map((byte, i) => ((luck[i] ?? 0) < 64 ? byte | 1 : byte))
  },
  'bytes of which some never come': () => (length) => randomBytes(length).map((byte) => (byte < 16 ? byte + 16 : byte)),
  'half of the rows zero': () => {
    let count = 0
    return (length) => (count++ % 2 ? new Uint8Array(length) : randomBytes(length))
  },
}

describe('any r shares', function () {
  this.timeout(120_000)

  for (const policy of policies)
    it(`are independent of the data as far as statistics see, over ${Object.values(policy)}`, async () => {
      expect(await suspicion(splitterWith(randomBytes), policy)).to.equal(undefined)
    })

  it('are so too where several threads draw', async () => {
    const pool = createSharePool({ threads: 2 })
    const threads: Splitter = async (policy, chunks) => {
      await warm(pool)
      const cut = []
      for await (const { shares } of splitChunks(policy, chunks, { pool })) cut.push(shares)
      return cut
    }
    expect(await suspicion(threads, policies[1] as Policy)).to.equal(undefined)
    await pool.close()
  })

  for (const [name, source] of Object.entries(broken))
    it(`are seen not to be with ${name}`, async () => {
      const found = await Promise.all(policies.map((policy) => suspicion(splitterWith(source()), policy)))
      // What two rows of one chunk share shows where a chunk has two.
      const some = name.includes('twice') ? found.slice(1) : found
      for (const each of some) expect(each, `${some}`).to.be.a('string')
    })
})
