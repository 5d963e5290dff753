import { expect } from 'chai'
import { createBudgets, type Spender } from '../../../services/relayer/src/budgets.ts'
import { LimitError } from '../../../services/relayer/src/refusals.ts'

describe('the budgets of a relayer', () => {
  let now = 0
  const grant: Spender = { act: 'opening', subject: 'a' }
  const budgetsOf = (change: object = {}) => {
    now = 1_000
    const minute = { opening: 5, closing: 5, registration: 1, beginning: 5, ending: 5, asking: 5 }
    const limits = { patientMinute: 2, patientDay: 4, readerMinute: 3, readerDay: 9, minute }
    return createBudgets({ ...limits, ...change }, () => now)
  }
  const refusal = (act: () => void): [string, number] | undefined => {
    try {
      act()
      return undefined
    } catch (error) {
      return error instanceof LimitError ? [error.limit, error.seconds] : ['?', 0]
    }
  }

  it('slide: a place is free again a minute after it was taken, not earlier', () => {
    const budgets = budgetsOf()
    budgets.take(grant)
    now += 30
    budgets.take(grant)
    expect(refusal(() => budgets.take(grant))).to.deep.equal(['BUDGET_PATIENT', 30])
    now += 29
    expect(refusal(() => budgets.take(grant))).to.deep.equal(['BUDGET_PATIENT', 1])
    now += 1
    expect(refusal(() => budgets.take(grant))).to.equal(undefined)
    expect(refusal(() => budgets.check(grant))).to.deep.equal(['BUDGET_PATIENT', 30])
  })

  it('hold for a day as well', () => {
    const budgets = budgetsOf()
    for (let taken = 0; taken < 4; taken++) {
      budgets.take(grant)
      now += 60
    }
    expect(refusal(() => budgets.take(grant))).to.deep.equal(['BUDGET_PATIENT', 86_400 - 240])
    now += 86_400 - 240
    expect(refusal(() => budgets.take(grant))).to.equal(undefined)
  })

  it('are kept apart by pseudonym and by act, and add up in all', () => {
    const budgets = budgetsOf()
    for (const subject of ['a', 'b', 'c', 'd', 'e']) budgets.take({ act: 'opening', subject })
    expect(refusal(() => budgets.take({ act: 'opening', subject: 'f' }))).to.deep.equal(['BUDGET_TOTAL', 60])
    expect(refusal(() => budgets.take({ act: 'closing', subject: 'a' }))).to.equal(undefined)
    expect(refusal(() => budgets.take({ act: 'registration', subject: 'a' }))).to.equal(undefined)
  })

  it('of readers are their own: one who asks without end leaves the others theirs', () => {
    const budgets = budgetsOf()
    for (let asked = 0; asked < 3; asked++) budgets.take({ act: 'asking', subject: 'a' })
    expect(refusal(() => budgets.take({ act: 'asking', subject: 'a' }))).to.deep.equal(['BUDGET_READER', 60])
    expect(refusal(() => budgets.take({ act: 'asking', subject: 'b' }))).to.equal(undefined)
    expect(refusal(() => budgets.take({ act: 'ending', subject: 'a' }))).to.equal(undefined)
    expect(refusal(() => budgets.take(grant))).to.equal(undefined)
  })

  it('count only what is taken', () => {
    const budgets = budgetsOf()
    for (let looks = 0; looks < 9; looks++) budgets.check(grant)
    budgets.take(grant)
    budgets.take(grant)
    for (let refused = 0; refused < 9; refused++) refusal(() => budgets.take(grant))
    now += 60
    expect(refusal(() => budgets.take(grant))).to.equal(undefined)
  })
})
