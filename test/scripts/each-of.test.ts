import { expect } from 'chai'
import { bothOf, eachOf } from '../../scripts/network/each-of.ts'

describe('the pieces of a start', () => {
  it('are begun in order, and no more at once than allowed', async () => {
    const begun: number[] = []
    let running = 0
    let most = 0
    const piece = (at: number) => async () => {
      begun.push(at)
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    }
    await eachOf([0, 1, 2, 3, 4, 5, 6].map(piece), { atOnce: 3 })
    expect(begun).to.deep.equal([0, 1, 2, 3, 4, 5, 6])
    expect(most).to.equal(3)
  })

  it('end before the failure of one is told, and none is begun after it', async () => {
    const ended: string[] = []
    const slow = Promise.withResolvers<void>()
    const work = [
      async () => {
        await slow.promise
        ended.push('slow')
      },
      async () => {
        setImmediate(slow.resolve)
        throw new Error('no disk')
      },
      async () => {
        ended.push('never')
      },
    ]
    const outcome = await eachOf(work, { atOnce: 2 }).catch((error: unknown) => error)
    expect(outcome).to.have.property('message', 'no disk')
    expect(ended).to.deep.equal(['slow'])
  })

  it('are both waited for when one of two fails', async () => {
    const slow = Promise.withResolvers<string>()
    const outcome = bothOf(Promise.reject(new Error('no port')), slow.promise).catch((error: unknown) => error)
    slow.resolve('pages')
    expect(await outcome).to.have.property('message', 'no port')
    expect(await bothOf(Promise.resolve(1), slow.promise)).to.deep.equal([1, 'pages'])
  })
})
