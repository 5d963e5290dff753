import type { Hex } from '@sharewell/sdk/bytes'
import { expect } from 'chai'
import type { Odds } from '../../../sdk/src/flow/change-job.ts'
import { givenUp } from '../../../sdk/src/flow/change-odds.ts'

const [a, b, c, x, y] = ['0x0a', '0x0b', '0x0c', '0x01', '0x02'] as const satisfies Hex[]
const odd = (from: Hex, to: Hex, role: Odds['role'] = 'receiver'): Odds => ({ from, to, role })
const names = (odds: readonly Odds[]) => givenUp(odds).map(({ operator, role }) => `${operator} ${role}`)

describe('who is given up of two that could not read each other', () => {
  it('is the sender, where nothing else is known', () => {
    expect(names([odd(a, x)])).to.deep.equal(['0x0a contributor'])
    expect(names([odd(a, b, 'contributor')])).to.deep.equal(['0x0a contributor'])
  })

  it('is whoever is at odds with more, once', () => {
    expect(names([odd(a, x), odd(a, y)])).to.deep.equal(['0x0a contributor'])
    expect(names([odd(a, x), odd(b, x), odd(c, x)])).to.deep.equal(['0x01 receiver'])
    expect(names([odd(a, c, 'contributor'), odd(b, c, 'contributor')])).to.deep.equal(['0x0c contributor'])
  })

  it('is another one once more is known: who was taken for it is asked again', () => {
    expect(names([odd(a, x), odd(b, x)])).to.deep.equal(['0x01 receiver'])
    expect(names([odd(a, x), odd(a, x)]), 'the same pair again').to.deep.equal(['0x0a contributor'])
  })
})
