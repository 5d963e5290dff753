import { mostRehearsed, rehearse } from '@sharewell/sdk/flow'
import { expect } from 'chai'
import { codeOf } from '../../helpers/code-of.ts'

describe('a rehearsal of a policy', () => {
  /** A clock that moves by one with every look at it. */
  const ticking = () => {
    let time = 0
    return () => time++
  }

  it('deposits and retrieves on nodes in this process, larger while the budget lasts', async () => {
    const parts: number[] = []
    const found = await rehearse(
      { n: 9, t: 6, r: 3 },
      { now: ticking(), budget: 12, onProgress: (part) => parts.push(part) },
    )
    // Four looks a record and one or two between: the budget is used up by the third.
    expect(found.bytes).to.equal(4 * 65_536)
    expect(found.stored).to.be.within(3 * found.bytes, 3.2 * found.bytes)
    expect([found.depositMs, found.retrieveMs]).to.deep.equal([1, 1])
    expect(parts.at(-1)).to.equal(1)
    expect(parts).to.deep.equal(parts.toSorted((a, b) => a - b))
  })

  it('keeps what all nodes hold at once below its limit, with as many nodes as it takes', async () => {
    const shamir = { n: mostRehearsed, t: 2, r: 1 }
    const found = await rehearse(shamir, { budget: 0 })
    expect(found.bytes).to.equal(65_536)
    expect(found.stored).to.be.below(64 << 20)
  })

  it('refuses more nodes than it takes, what is no policy, and ends when it is told to', async () => {
    expect(await codeOf(rehearse({ n: mostRehearsed + 1, t: 2, r: 0 }))).to.equal('REHEARSAL')
    expect(await codeOf(rehearse({ n: 3, t: 4, r: 0 }))).to.equal('POLICY')
    const stop = new AbortController()
    const running = rehearse(
      { n: 5, t: 3, r: 0 },
      { signal: stop.signal, budget: 60_000, onProgress: () => stop.abort() },
    )
    const how = await running.then(
      () => 'done',
      (error: Error) => error.name,
    )
    expect(how).to.equal('AbortError')
  })
})
