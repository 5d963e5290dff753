import type { Hex } from '../bytes.ts'
import type { ChangeFault, Odds } from './change-job.ts'

/**
 * Who is not asked again, of pairs of whom one could not read the other: whoever is at odds with more than the other is;
 * the sender, where it is the same. None of it is evidence against anybody.
 * @param odds of all attempts so far, so that who is at odds with one after another is found.
 */
export function givenUp(odds: readonly Odds[]): ChangeFault[] {
  const withOf = (operator: Hex): number => {
    const others = odds.flatMap(({ from, to }) => (from === operator ? [to] : to === operator ? [from] : []))
    return new Set(others).size
  }
  const faults = odds.map(({ from, to, role }): ChangeFault => {
    const isReceiver = withOf(to) > withOf(from)
    const [operator, other] = isReceiver ? [to, from] : [from, to]
    const reason = `it and ${other} could not read each other`
    return { role: isReceiver ? role : 'contributor', operator, reason, lied: false }
  })
  return faults.filter(
    ({ operator, role }, at) => faults.findIndex((one) => one.operator === operator && one.role === role) === at,
  )
}
