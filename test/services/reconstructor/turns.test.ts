import type { Hex } from '@sharewell/sdk/bytes'
import { expect } from 'chai'
import { createTurns } from '../../../services/reconstructor/src/turns.ts'
import { codeOf } from '../../helpers/code-of.ts'

const reader = (number: number): Hex => `0x${String(number).padStart(40, '0')}`
const [ada, ben, cyd] = [reader(1), reader(2), reader(3)]
const limits = { jobs: 8, each: 3, bytes: 100, patience: 60_000 }

describe('the turns of a reconstructor', () => {
  it('leave room for others, however many one reader asks for', async () => {
    const turns = createTurns(limits)
    const got: (() => void)[] = []
    const asked = Array.from({ length: 6 }, async () => void got.push(await turns.take(ada, 1)))
    expect(await codeOf(turns.take(ada, 1))).to.equal('BUSY')
    await Promise.all(asked.slice(0, 3))
    expect(turns.running).to.equal(3)
    await Promise.all([turns.take(ben, 1), turns.take(cyd, 1)])
    expect(turns.running).to.equal(5)
    expect(got).to.have.length(3)
    for (const end of got) end()
    await Promise.all(asked)
    expect(turns.running).to.equal(5)
  })

  it('give the next one to who has the fewest, not to who came first', async () => {
    const turns = createTurns({ ...limits, jobs: 3, each: 3 })
    const ends = await Promise.all([turns.take(ada, 1), turns.take(ada, 1), turns.take(ben, 1)])
    const order: string[] = []
    const waiting = [
      turns.take(ada, 1).then((end) => [order.push('ada'), end] as const),
      turns.take(ben, 1).then((end) => [order.push('ben'), end] as const),
      turns.take(cyd, 1).then((end) => [order.push('cyd'), end] as const),
    ]
    ends[0]?.()
    await waiting[2]
    expect(order).to.deep.equal(['cyd'])
    ends[1]?.()
    // Ada has none now, Ben one.
    await waiting[0]
    expect(order).to.deep.equal(['cyd', 'ada'])
    ends[2]?.()
    await waiting[1]
    expect(order).to.deep.equal(['cyd', 'ada', 'ben'])
    expect(turns.running).to.equal(3)
  })

  it('bound the bytes of one reader, and let a job that is larger run alone', async () => {
    const turns = createTurns(limits)
    const [large] = await Promise.all([turns.take(ada, 500), turns.take(ben, 60)])
    let more = false
    const second = turns.take(ada, 1).then(() => {
      more = true
    })
    await turns.take(ben, 40)
    expect([more, turns.running]).to.deep.equal([false, 3])
    large()
    await second
    expect(turns.running).to.equal(3)
  })

  it('end once, and are not given to who went', async () => {
    const turns = createTurns({ ...limits, jobs: 1 })
    const end = await turns.take(ada, 1)
    const gone = new AbortController()
    const left = turns.take(ben, 1, { signal: gone.signal }).catch((error: unknown) => error)
    const reason = new Error('gone')
    gone.abort(reason)
    expect(await left).to.equal(reason)
    end()
    end()
    expect(turns.running).to.equal(0)
    await turns.take(cyd, 1)
    expect(turns.running).to.equal(1)
  })

  it('are refused to who would wait too long', async () => {
    const turns = createTurns({ ...limits, jobs: 0, patience: 1 })
    expect(await codeOf(turns.take(ada, 1))).to.equal('BUSY')
    expect(turns.running).to.equal(0)
  })

  it('never exceed a bound, and give everybody a turn, whatever comes in whichever order', async () => {
    let seed = 7
    const below = (most: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed % most
    }
    const turns = createTurns({ ...limits, jobs: 4, each: 2, bytes: 10 })
    const own = new Map<Hex, number[]>()
    const ends: (() => void)[] = []
    let refused = 0
    let served = 0
    const all = Array.from({ length: 300 }, async () => {
      const [who, bytes] = [reader(below(5)), 1 + below(12)]
      const end = await turns.take(who, bytes).catch(() => undefined)
      if (!end) return void refused++
      served += 1
      const mine = [...(own.get(who) ?? []), bytes]
      own.set(who, mine)
      expect(turns.running).to.be.at.most(4)
      expect(mine.length).to.be.at.most(2)
      if (mine.length > 1) expect(mine.reduce((a, b) => a + b)).to.be.at.most(10)
      ends.push(() => {
        const left = own.get(who) ?? []
        left.splice(left.indexOf(bytes), 1)
        end()
      })
    })
    const finished = Promise.all(all)
    for (let idle = 0; idle < 50; ) {
      await new Promise((resolve) => setImmediate(resolve))
      const end = ends.splice(below(Math.max(1, ends.length)), 1)[0]
      idle = end ? 0 : idle + 1
      end?.()
    }
    await finished
    expect(served + refused).to.equal(300)
    expect(served).to.be.above(4)
    expect(turns.running).to.equal(0)
  })
})
