import { decisions } from '@sharewell/sdk/chain'
import { describe, expect, it } from 'vitest'
import { decisionWords, explain, problemWords } from './problems.ts'
import { RefusedError } from './prompts.ts'
import { relayerProblems } from './relayer-problems.ts'

const coded = (code: string, cause?: unknown) => Object.assign(new Error(`${code} happened`, { cause }), { code })

describe('what a refusal says', () => {
  const codes = [
    'NO_CONSENT',
    'OTHER_CATEGORIES',
    'NOT_YET_VALID',
    'EXPIRED',
    'WRONG_PURPOSE',
    'NOT_AFFILIATED',
    'REVOKED',
    'DENIED',
    'QUORUM',
    'TOO_FEW_SHARES',
  ]

  it('has a message of its own for every refusal a doctor meets', () => {
    const titles = codes.map((code) => explain(coded(code)).title)
    expect(new Set(titles).size).toBe(codes.length)
  })

  it('has words of its own for everything that the registry can decide', () => {
    const refusals = decisions.filter((code) => code !== 'PERMIT')
    const titles = refusals.map((code) => decisionWords(code).title)
    expect(new Set(titles).size).toBe(refusals.length)
    expect(titles).not.toContain(decisionWords('SOMETHING_ELSE').title)
  })

  it('says what to do about each', () => {
    for (const code of codes) expect(explain(coded(code)).todo).toBeTruthy()
  })

  it('looks through the errors in between', () => {
    expect(explain(coded('SOMETHING', coded('REVOKED'))).code).toBe('REVOKED')
  })

  it('says why the key nodes refused rather than that too few answered', () => {
    const refusals = [{ code: 'UNREACHABLE' }, { code: 'REVOKED' }, { code: 'REVOKED' }]
    expect(explain(Object.assign(coded('QUORUM'), { refusals })).code).toBe('REVOKED')
    expect(explain(Object.assign(coded('QUORUM'), { refusals: [{ code: 'UNREACHABLE' }] })).code).toBe('QUORUM')
  })

  it('takes the decision of the registry for the refusal', () => {
    expect(explain(Object.assign(coded('CONSENT_REFUSED'), { reason: 'EXPIRED' })).title).toBe(
      'Your permission has ended',
    )
  })

  it('takes no for an answer', () => {
    expect(explain(new Error('wrapped', { cause: new RefusedError() }))).toMatchObject({ code: 'REFUSED', mild: true })
  })

  it('passes on the hint of an error it does not know', () => {
    const hints = ['Sign with the account of the organization.']
    expect(explain(Object.assign(coded('NEW'), { hints }))).toMatchObject({ what: 'NEW happened', todo: hints[0] })
    expect(explain(Object.assign(coded('CONTRACT_REFUSAL'), { hints })).todo).toBe(hints[0])
  })

  it('never shows a bare code on a chip', () => {
    expect(problemWords('E_STALE_HEAD')).toBe('the public ledger stands still')
    expect(problemWords('SOME_NEW_THING')).toBe('some new thing')
  })
})

describe('what keeps a decision from being sent on', () => {
  const refused = (...codes: string[]) =>
    explain(
      new Error('not sent', {
        cause: Object.assign(coded('RELAYER'), { refusals: codes.map((code) => ({ code, url: 'http://relayer' })) }),
      }),
    )

  it('is said for every answer of a carrier, with what to do', () => {
    for (const code of Object.keys(relayerProblems)) {
      const { title, what, todo } = refused(code)
      expect(title).toBe(relayerProblems[code]?.title)
      expect(what.length).toBeGreaterThan(20)
      expect(todo).toBeTruthy()
    }
  })

  it('is not taken for what key nodes mean by the same code', () => {
    expect(refused('BUDGET_PATIENT').title).not.toBe(explain(coded('BUDGET_PATIENT')).title)
  })

  it('is what the carrier said that answered, not the one that was silent', () => {
    expect(refused('UNREACHABLE', 'NO_FUNDS', 'SILENT').code).toBe('RELAYER_NO_FUNDS')
  })

  it('is that there is no carrier, where there is none', () => {
    expect(refused().code).toBe('RELAYER_NONE')
  })

  it('is not the carrier where the contract itself refuses', () => {
    expect(explain(Object.assign(coded('CONTRACT_REFUSAL'), { reason: 'ConsentOlder' }))).toMatchObject({
      title: 'You decided something newer',
      mild: true,
    })
  })
})
