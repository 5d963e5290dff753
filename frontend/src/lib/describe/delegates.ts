import type { Hex } from 'viem'
import { list, moment } from '../format.ts'
import { purposesIn } from '../purposes.ts'
import { accountName, type Context, categoryNames, pseudonymName, type Words } from './described.ts'

/** Limits within which somebody acts for a patient. */
export type DelegateTerms = {
  readonly until: number
  readonly reads: number
  readonly grants: number
  readonly categories: number
}

/** What is said about who acts for a patient, in the words of a signed message and of a transaction alike. */
export const delegateWords = {
  delegate: (pseudonym: Hex, account: Hex, terms: DelegateTerms, context: Context): Words => {
    const who = accountName(account, context)
    const [until, reads, grants] = [Number(terms.until), Number(terms.reads), Number(terms.grants)]
    return {
      title: 'Let somebody act for you',
      sentence: `Until ${moment(until)}, ${who} may do for you what is listed here, and nothing else.`,
      facts: [
        { label: 'Who', value: `${who} (${account})` },
        ...(reads ? [{ label: 'May open', value: `These records, for ${purposeText(reads)}` }] : []),
        ...(grants ? [{ label: 'May decide', value: `Who else opens them, for ${purposeText(grants)}` }] : []),
        { label: 'What', value: categoryNames(pseudonym, Number(terms.categories), context) },
        { label: 'Until', value: moment(until) },
        { label: 'Records of', value: pseudonymName(pseudonym, context) },
      ],
      warning: grants
        ? 'Who decides for you can let anyone in, within these limits. You see it under “Who can see my data”, and can stop it there.'
        : 'You can end this at any time. What was read until then cannot be unread.',
    }
  },

  endDelegation: (pseudonym: Hex, account: Hex, context: Context): Words => {
    const who = accountName(account, context)
    return {
      title: 'End acting for you',
      sentence: `${who.slice(0, 1).toUpperCase()}${who.slice(1)} opens and decides nothing for you any more.`,
      facts: [
        { label: 'Who', value: `${who} (${account})` },
        { label: 'Records of', value: pseudonymName(pseudonym, context) },
      ],
      warning: 'Whom they let in stays, until you stop it under “Who can see my data”.',
    }
  },
} as const

const purposeText = (mask: number): string => list(purposesIn(mask).map(({ label }) => label.toLowerCase()))
