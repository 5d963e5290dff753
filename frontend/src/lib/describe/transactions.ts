import {
  accessLogAbi,
  actorRegistryAbi,
  breakGlassAbi,
  consentRegistryAbi,
  delegationsAbi,
  patientRegistryAbi,
  recordRegistryAbi,
} from '@sharewell/sdk/chain/abi'
import { type Abi, decodeFunctionData, type Hex } from 'viem'
import { date, moment } from '../format.ts'
import { short } from '../names.ts'
import { purposeLabel, shiftPurposes } from '../purposes.ts'
import { consentWords, isZero, type Permission } from './consents.ts'
import { type DelegateTerms, delegateWords } from './delegates.ts'
import {
  accountName,
  type Context,
  categoryNames,
  organizationName,
  pseudonymName,
  recordName,
  type Words,
} from './described.ts'
import { emergencyWords, type Opening } from './emergencies.ts'

const contracts = {
  consentRegistry: consentRegistryAbi,
  accessLog: accessLogAbi,
  patientRegistry: patientRegistryAbi,
  recordRegistry: recordRegistryAbi,
  actorRegistry: actorRegistryAbi,
  delegations: delegationsAbi,
  breakGlass: breakGlassAbi,
} as const satisfies Record<string, Abi>

type Terms = Pick<Permission, 'from' | 'until' | 'purposes' | 'categories' | 'useLimit'>
type Describer = (args: readonly unknown[], context: Context) => Words

/** A decision and, where somebody else carries it, the signature under it. */
const consentDescribers: Record<string, Describer> = {
  grant: ([pseudonym, granteeId, recordId, terms], context) =>
    consentWords.grant(pseudonym as Hex, { granteeId, recordId, ...(terms as Terms) } as Permission, context),
  grantMany: ([pseudonym, consents], context) =>
    consentWords.grantMany(pseudonym as Hex, (consents as readonly Packed[]).map(unpacked), context),
  revoke: ([pseudonym, granteeId, recordId], context) =>
    consentWords.revoke(pseudonym as Hex, { granteeId: granteeId as Hex, recordId: recordId as Hex }, context),
  revokeAll: ([pseudonym, granteeId], context) => consentWords.revokeAll(pseudonym as Hex, granteeId as Hex, context),
  deny: ([pseudonym, granteeId, recordId], context) =>
    consentWords.deny(pseudonym as Hex, { granteeId: granteeId as Hex, recordId: recordId as Hex }, context),
}

/** What is said about delegates. */
const delegateDescribers: Record<string, Describer> = {
  delegate: ([pseudonym, account, terms], context) =>
    delegateWords.delegate(pseudonym as Hex, account as Hex, terms as DelegateTerms, context),
  endDelegation: ([pseudonym, account], context) =>
    delegateWords.endDelegation(pseudonym as Hex, account as Hex, context),
}

type Packed = { readonly granteeId: Hex; readonly recordId: Hex; readonly terms: bigint }

/** A permission of a batch: its terms are the low bits of the slot's word (docs/spec/consent.md). */
function unpacked({ granteeId, recordId, terms }: Packed): Permission {
  const field = (shift: bigint, bits: number): number => Number(BigInt.asUintN(bits, terms >> shift))
  return {
    granteeId,
    recordId,
    from: field(0n, 40),
    until: field(40n, 40),
    purposes: field(80n, 16),
    categories: field(96n, 32),
    useLimit: field(128n, 16),
  }
}

const describers: Record<string, Describer> = {
  ...consentDescribers,
  ...delegateDescribers,
  ...Object.fromEntries(
    Object.entries({ ...consentDescribers, ...delegateDescribers }).map(([name, describer]) => [
      `${name}BySignature`,
      describer,
    ]),
  ),
  request: (args, context) => {
    const [pseudonym, record, purpose, categories] = args as [Hex, Hex, number, number, Hex]
    return {
      title: 'Ask the patient',
      sentence: 'The patient sees who asks, why, and your note. Nothing is opened by asking.',
      facts: [
        { label: 'Patient', value: pseudonymName(pseudonym, context) },
        {
          label: 'What',
          value: isZero(record) ? categoryNames(pseudonym, categories, context) : recordName(record, context),
        },
        { label: 'Why', value: purposeLabel(purpose) },
      ],
      warning:
        'Your account, the patient’s code and the purpose stand in the public ledger for everyone. The note does not.',
    }
  },
  logReleaseRequest: () => ({
    title: 'Log the opening',
    sentence:
      'Writes into the public ledger that an opening was asked for; the hospitals that keep the keys answer only what is logged.',
    facts: [],
  }),
  logCountedRequest: () => ({
    title: 'Log the opening and count it',
    sentence:
      'Writes into the public ledger that an opening was asked for, and counts it: the patient allowed only so many.',
    facts: [],
    warning:
      'Everyone can see that your account reads by this permission. The count stays, also if nothing was opened.',
  }),
  openBreakGlass: ([opening], context) => emergencyWords(opening as Opening, context),
  reviewBreakGlass: ([, , verdict]) => ({
    title: 'Review an emergency',
    sentence: `You looked at it, took no part in it, and find it ${verdict === 1 ? 'justified' : 'not justified'}.`,
    facts: [],
    warning: 'It stands for good, in your name, and everybody sees it. Why you find so, only a fingerprint shows.',
  }),
  closeBreakGlass: () => ({
    title: 'Close an emergency',
    sentence: 'From now on nothing is released in it.',
    facts: [],
    warning: 'What was read stays read.',
  }),
  supersede: ([recordId], context) => ({
    title: 'Give a record a new key',
    sentence: `${recordName(recordId as Hex, context)} was sealed anew. From now on that version counts, and the old one opens to nobody.`,
    facts: [{ label: 'Record', value: recordName(recordId as Hex, context) }],
    warning: 'Who kept the old key can still open an old copy until everyone has deleted theirs.',
  }),
  erase: ([recordId], context) => ({
    title: 'Erase a record for good',
    sentence: `Nobody opens ${recordName(recordId as Hex, context)} any more, you neither.`,
    facts: [{ label: 'Record', value: recordName(recordId as Hex, context) }],
    warning: 'It cannot be undone. What was read stays read.',
  }),
  register: (args, context) => {
    const [controller, , provider] = args as [Hex, Hex, Hex]
    return {
      title: 'Register a patient',
      sentence: `The code becomes a patient of ${organizationName(provider, context)}.`,
      facts: [
        { label: 'At', value: organizationName(provider, context) },
        { label: 'Decided by', value: accountName(controller, context) },
      ],
    }
  },
  authorizeUploader: (args, context) => {
    const [key, until] = args as [Hex, number]
    return {
      title: 'Let this device deposit',
      sentence: `A key kept on this device may deposit records for your organization until ${date(until)}.`,
      facts: [
        { label: 'Device key', value: accountName(key, context) },
        { label: 'Until', value: moment(until) },
      ],
      warning: 'It can add records. It can open none and grant nothing.',
    }
  },
  openSession: (args) => {
    const [key, purposes, until] = args as [Hex, number, number]
    return {
      title: 'Begin your shift',
      sentence: `Until ${moment(until)} this page opens records for you without asking each time: only what patients share with you.`,
      facts: [
        { label: 'For', value: shiftPurposes(purposes) },
        { label: 'Until', value: moment(until) },
        { label: 'Works only with', value: `a key that this page made and keeps to itself (${short(key)})` },
      ],
      warning: 'Whoever sits at this screen meanwhile opens records in your name. End the shift when you leave.',
    }
  },
  endSession: ([key]) => ({
    title: 'End your shift',
    sentence: 'From now on your wallet is asked at each opening again.',
    facts: [{ label: 'Key of the shift', value: short(key as Hex) }],
  }),
  nameGuardians: (args, context) => {
    const [pseudonym, circle] = args as [Hex, { needed: number; places: readonly Hex[] }]
    const { needed, places } = circle
    return {
      title: places.length === 0 ? 'Have no guardians' : 'Name your guardians',
      sentence:
        places.length === 0
          ? 'After seven days nobody can give this back to you any more.'
          : `Any ${needed} of ${places.length} guardians can put another account in your place, after seven days in which you can say no.`,
      facts: [{ label: 'Of', value: pseudonymName(pseudonym, context) }],
      warning: 'Everyone can see that this code is guarded, by how many, and how many act. Nobody can see by whom.',
    }
  },
  cancel: ([pseudonym], context) => ({
    title: 'Stop what waits',
    sentence: 'Whatever waits there ends: a takeover, a handover, or other guardians. What was signed for it is void.',
    facts: [{ label: 'Of', value: pseudonymName(pseudonym as Hex, context) }],
  }),
  execute: ([pseudonym], context) => ({
    title: 'Finish what waited',
    sentence: 'What waited its seven days is done: another account decides, or other guardians count.',
    facts: [{ label: 'Of', value: pseudonymName(pseudonym as Hex, context) }],
  }),
  proposeRecovery: (args, context) => {
    const [pseudonym, to] = args as [Hex, Hex]
    return {
      title: 'Begin the seven days',
      sentence: 'Your guardians signed: after seven days the new account decides, unless the old one says no.',
      facts: [
        { label: 'Of', value: pseudonymName(pseudonym, context) },
        { label: 'New account', value: accountName(to, context) },
      ],
    }
  },
  anchor: (args, context) => {
    const [deposit] = args as [{ pseudonym: Hex; n: number; t: number; r: number }]
    return {
      title: 'Deposit a record',
      sentence: 'Writes the fingerprints of the sealed record into the public ledger.',
      facts: [
        { label: 'Patient', value: pseudonymName(deposit.pseudonym, context) },
        { label: 'Shares', value: `${deposit.n}, any ${deposit.t} rebuild, any ${deposit.r} of them learn nothing` },
      ],
    }
  },
}

/** Says what a transaction does, where it calls a contract of this network. */
export function describeTransaction(transaction: { to?: Hex; data?: Hex }, context: Context): Words | undefined {
  const found = Object.entries(contracts).find(
    ([name]) => context.network.contracts[name as keyof typeof contracts] === transaction.to?.toLowerCase(),
  )
  if (!found || !transaction.data) return undefined
  try {
    const abi: Abi = found[1]
    const { functionName, args = [] } = decodeFunctionData({ abi, data: transaction.data })
    return Object.hasOwn(describers, functionName) ? describers[functionName]?.(args, context) : undefined
  } catch {
    return undefined
  }
}
