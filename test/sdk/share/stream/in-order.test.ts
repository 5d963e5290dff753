import { expect } from 'chai'
import { inOrder } from '../../../../sdk/src/share/stream/in-order.ts'

/** Numbers from 0 that say how many were taken, and whether somebody closed the source. */
function counter(end = Number.POSITIVE_INFINITY) {
  const seen = { taken: 0, closed: false }
  async function* numbers() {
    try {
      while (seen.taken < end) yield seen.taken++
    } finally {
      seen.closed = true
    }
  }
  return { seen, numbers }
}

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}

async function collect<item>(items: AsyncIterable<item>): Promise<item[]> {
  const all: item[] = []
  for await (const item of items) all.push(item)
  return all
}

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('work in order', () => {
  it('gives results in the order of the items, whichever is ready first', async () => {
    const { numbers, seen } = counter(20)
    const slowAtFirst = async (item: number, i: number) => {
      await turns((7 * (20 - i)) % 11)
      return [item, i]
    }
    const results = await collect(inOrder(numbers(), slowAtFirst, { ahead: 5 }))
    expect(results).to.deep.equal(Array.from({ length: 20 }, (_, i) => [i, i]))
    expect(seen.closed).to.equal(true)
    expect(await collect(inOrder([3, 4], async (item) => item))).to.deep.equal([3, 4])
    expect(await collect(inOrder([], async (item) => item))).to.deep.equal([])
  })

  it('takes from its source only what it may have under way, however long nobody takes a result', async () => {
    const { numbers, seen } = counter()
    const stream = inOrder(numbers(), async (item) => item, { ahead: 3 })
    await turns(3)
    expect(seen.taken).to.equal(0)
    for (let given = 0; given < 10; given++) {
      expect((await stream.next()).value).to.equal(given)
      await turns(5)
      expect(seen.taken - given).to.be.at.most(3)
    }
    await stream.return(undefined)
    expect(seen.closed).to.equal(true)
  })

  it('gives a result while its source waits', async () => {
    async function* once() {
      yield 1
      await new Promise(() => undefined)
    }
    const stop = new AbortController()
    const stream = inOrder(once(), async (item) => item, { signal: stop.signal })
    expect((await stream.next()).value).to.equal(1)
    const waiting = failure(stream.next())
    stop.abort(new Error('enough'))
    expect(await waiting).to.have.property('message', 'enough')
  })

  it('ends at once when it is cancelled, tells what is under way, and waits for it', async () => {
    const { numbers, seen } = counter()
    const stop = new AbortController()
    let running = 0
    const work = async (_: number, __: number, signal: AbortSignal) => {
      running += 1
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      await turns(3)
      running -= 1
    }
    const all = failure(collect(inOrder(numbers(), work, { signal: stop.signal, ahead: 4 })))
    await turns(20)
    expect([running, seen.taken]).to.deep.equal([4, 4])
    stop.abort(new Error('enough'))
    expect(await all).to.have.property('message', 'enough')
    expect([running, seen.closed]).to.deep.equal([0, true])
    const late = inOrder(numbers(), work, { signal: stop.signal })
    expect(await failure(collect(late))).to.have.property('message', 'enough')
  })

  it('closes its source when the caller leaves, when work fails, and when the source does', async () => {
    const left = counter()
    for await (const item of inOrder(left.numbers(), async (one) => one)) if (item === 5) break
    expect(left.seen.closed).to.equal(true)

    const failed = counter()
    const refuse = async (item: number) => {
      if (item === 4) throw new Error('no')
      return item
    }
    expect(await failure(collect(inOrder(failed.numbers(), refuse)))).to.have.property('message', 'no')
    expect(failed.seen.closed).to.equal(true)

    async function* broken() {
      yield 1
      throw new Error('torn')
    }
    expect(await failure(collect(inOrder(broken(), async (item) => item)))).to.have.property('message', 'torn')
  })
})
