import type { Hex } from 'viem'
import { moment } from '../format.ts'
import { accountName, type Context, pseudonymName, type Words } from './described.ts'

/** What clinician and officer sign, as far as a person reads it. */
export type Opening = {
  readonly pseudonym: Hex
  readonly clinician: Hex
  readonly guardian: Hex
  readonly deadline: number
}

/** An emergency, the same to the clinician who asks, to the officer who agrees, and to whoever sends it. */
export const emergencyWords = ({ pseudonym, clinician, guardian, deadline }: Opening, context: Context): Words => ({
  title: 'Break the glass',
  sentence: `${accountName(clinician, context)} and ${accountName(guardian, context)} open the emergency summary together, for 24 hours, without asking the patient. Nothing opens before both have signed.`,
  facts: [
    { label: 'Reads', value: accountName(clinician, context) },
    { label: 'Agrees', value: accountName(guardian, context) },
    { label: 'Patient', value: pseudonymName(pseudonym, context) },
    { label: 'Signed by both until', value: moment(Number(deadline)) },
  ],
  warning:
    'The patient is told at once, with both names, and everyone can see it. Somebody who took no part in it reviews it within 72 hours.',
})
