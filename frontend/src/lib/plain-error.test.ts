import { describe, expect, it } from 'vitest'
import { errorFrom, plainError } from './plain-error.ts'
import { explain } from './problems.ts'

describe('an error that comes from a worker', () => {
  const refused = Object.assign(new Error('no'), {
    name: 'QuorumError',
    code: 'QUORUM',
    refusals: [{ code: 'REVOKED', node: 'a' }],
    hints: ['Ask again.'],
  })
  const copied = (error: unknown): Error => errorFrom(structuredClone(plainError(error)))

  it('is explained as the one that was thrown', () => {
    const error = new Error('the deposit failed', { cause: refused })
    expect(explain(copied(error))).toEqual(explain(error))
    expect(explain(copied(error)).code).toBe('REVOKED')
  })

  it('keeps what a copy of it would lose', () => {
    expect(copied(refused)).toMatchObject({ name: 'QuorumError', code: 'QUORUM', hints: ['Ask again.'] })
  })

  it('comes through whatever was thrown', () => {
    const circle = new Error('circle')
    circle.cause = circle
    expect(copied(circle).message).toBe('circle')
    expect(copied('text').message).toBe('text')
  })
})
