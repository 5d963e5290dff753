import { createHttpStore, type StorageClient } from '@sharewell/sdk/place'
import { encodeRepairAnswer, type RepairAnswer } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { type Helper, repairWindow } from '../../../sdk/src/flow/repair-window.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { randomHex } from '../../helpers/ids.ts'

type Step = Parameters<StorageClient['repair']>[0]

/** A node that answers one chunk at once, as it is told. */
function nodeOf(share: number, says: (step: Step) => Partial<RepairAnswer> | Uint8Array<ArrayBuffer>): Helper {
  const client = createHttpStore({ url: 'http://node.test', authorize: async () => '' })
  const repair: StorageClient['repair'] = async (step) => {
    const said = says(step)
    return said instanceof Uint8Array ? said : encodeRepairAnswer(said)
  }
  return { share, operator: randomHex(16), key: new Uint8Array(1_216), client: { ...client, repair } }
}

const part = Uint8Array.of(1)
const helpful = (step: Step): Partial<RepairAnswer> => ({ parts: step === 'pieces' ? [[part, part]] : [[part]] })

/** A node that takes a request and says nothing, ever. */
function silent(share: number): Helper {
  const fetch = (_: string, { signal }: RequestInit) =>
    new Promise<never>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  const client = createHttpStore({ url: 'http://silent.test', authorize: async () => '', fetch })
  return { ...nodeOf(share, helpful), client }
}

describe('a coordinator of a repair', () => {
  const set = () => [nodeOf(0, helpful), nodeOf(1, helpful), nodeOf(2, helpful)]
  const takes = (answer: Partial<RepairAnswer> = {}) => nodeOf(4, () => answer)
  const run = (helpers: readonly Helper[], target = takes(), options: Parameters<typeof repairWindow>[1] = {}) =>
    repairWindow({ terms: part, set: helpers, target, first: 0, count: 1 }, options)
  const dropped = async (helpers: readonly Helper[], target?: Helper): Promise<number[]> => {
    const { drop } = await run(helpers, target, { stepTimeout: 50 })
    return helpers.filter(({ operator }) => drop.some((one) => one.operator === operator)).map(({ share }) => share)
  }

  it('is done when the target took what it carried', async () => {
    expect(await run(set())).to.deep.equal({ drop: [], off: false })
  })

  it('goes on without a helper that is silent, or sends something else', async () => {
    expect(await dropped(set().with(1, silent(1)))).to.deep.equal([1])
    const odd: (Partial<RepairAnswer> | Uint8Array<ArrayBuffer>)[] = [
      {},
      { parts: [[part]] },
      {
        parts: [
          [part, part],
          [part, part],
        ],
      },
      { parts: [[part, part, part]] },
      Uint8Array.of(0xff),
      new Uint8Array(),
    ]
    for (const answer of odd)
      expect(
        await dropped(
          set().with(
            2,
            nodeOf(2, (step) => (step === 'pieces' ? answer : helpful(step))),
          ),
        ),
      ).to.deep.equal([2])
  })

  it('goes on without both of whom one cannot read the other, as either may lie', async () => {
    const blind = nodeOf(2, (step) => (step === 'sums' ? { unread: [0] } : helpful(step)))
    expect(await dropped(set().with(2, blind))).to.deep.equal([0, 2])
    expect(await dropped(set(), takes({ unread: [1] }))).to.deep.equal([1])
    expect((await run(set(), takes({ unread: [1] }))).here, 'for this target').to.equal(true)
    expect((await run(set().with(2, blind))).here).to.equal(undefined)
  })

  it('goes on with all but one who sends junk to all, complains about all, or does not answer then', async () => {
    const complains = (share: number, unread: number[]) =>
      nodeOf(share, (step) => (step === 'sums' ? { unread } : helpful(step)))
    expect(await dropped([complains(0, [1]), nodeOf(1, helpful), complains(2, [1])]), 'junk').to.deep.equal([1])
    expect(await dropped([complains(0, [1]), complains(1, [0, 2]), complains(2, [1])]), 'and says so').to.deep.equal([
      1,
    ])
    expect(await dropped([complains(0, [1]), complains(1, [2]), nodeOf(2, helpful)]), 'each one').to.deep.equal([1])
    expect(await dropped([nodeOf(0, helpful), complains(1, [0, 2]), nodeOf(2, helpful)]), 'all').to.deep.equal([1])
    const junk = nodeOf(1, (step) => (step === 'sums' ? {} : helpful(step)))
    expect(await dropped([complains(0, [1]), junk, nodeOf(2, helpful)]), 'no answer').to.deep.equal([1])
    expect(await dropped([nodeOf(0, helpful), complains(1, [1, 7]), nodeOf(2, helpful)]), 'nobody').to.deep.equal([1])
  })

  it('tries others where the sums are off, or the target names nobody of these', async () => {
    expect(await run(set(), takes({ off: [0] }))).to.deep.include({ drop: [], off: true })
    expect(await run(set(), takes({ unread: [9] }))).to.deep.equal({ drop: [], off: true })
  })

  it('waits for a silent target no longer than it says, and for nobody once it is called off', async () => {
    expect(await codeOf(run(set(), silent(4), { stepTimeout: 50 }))).to.equal('PLACE_TIMEOUT')
    const stop = new AbortController()
    const running = run(set().with(0, silent(0)), takes(), { signal: stop.signal })
    stop.abort(new Error('called off'))
    expect(await codeOf(running)).to.contain('called off')
  })
})
