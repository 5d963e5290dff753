import {
  accessLogAbi,
  actorRegistryAbi,
  consentRegistryAbi,
  patientRegistryAbi,
  recordRegistryAbi,
} from '@sharewell/sdk/chain/abi'
import { type Abi, decodeFunctionData, type Hex } from 'viem'
import { date, list, moment } from '../format.ts'
import { purposeLabel, purposesIn } from '../purposes.ts'
import {
  accountName,
  type Context,
  categoryNames,
  granteeName,
  organizationName,
  pseudonymName,
  recordName,
  type Words,
} from './described.ts'

const contracts = {
  consentRegistry: consentRegistryAbi,
  accessLog: accessLogAbi,
  patientRegistry: patientRegistryAbi,
  recordRegistry: recordRegistryAbi,
  actorRegistry: actorRegistryAbi,
} as const satisfies Record<string, Abi>

type Terms = { from: number; until: number; purposes: number; categories: number; useLimit: number }
type Describer = (args: readonly unknown[], context: Context) => Words

const isZero = (hex: Hex): boolean => /^0x0*$/.test(hex)

const describers: Record<string, Describer> = {
  grant: (args, context) => {
    const [pseudonym, grantee, record, terms] = args as [Hex, Hex, Hex, Terms]
    const who = granteeName(grantee, context)
    return {
      title: 'Give access',
      sentence: `${who} may open what is listed here until ${moment(terms.until)}.`,
      facts: [
        { label: 'Who', value: who },
        {
          label: 'What',
          value: isZero(record) ? categoryNames(pseudonym, terms.categories, context) : recordName(record, context),
        },
        { label: 'Why', value: list(purposesIn(terms.purposes).map(({ label }) => label)) },
        { label: 'From', value: moment(terms.from) },
        { label: 'Until', value: moment(terms.until) },
        { label: 'Records of', value: pseudonymName(pseudonym, context) },
      ],
      warning: 'You can stop this at any time. What was read until then cannot be unread.',
    }
  },
  revoke: (args, context) => {
    const [pseudonym, grantee, record] = args as [Hex, Hex, Hex]
    const who = granteeName(grantee, context)
    return {
      title: 'Stop sharing',
      sentence: `${who} can open nothing more under this permission, from the next block on.`,
      facts: [
        { label: 'Who', value: who },
        { label: 'What', value: isZero(record) ? 'All kinds granted together' : recordName(record, context) },
        { label: 'Records of', value: pseudonymName(pseudonym, context) },
      ],
    }
  },
  revokeAll: (args, context) => {
    const [pseudonym, grantee] = args as [Hex, Hex]
    const who = granteeName(grantee, context)
    return {
      title: 'Stop sharing everything',
      sentence: `Every permission for ${who} ends, from the next block on.`,
      facts: [
        { label: 'Who', value: who },
        { label: 'Records of', value: pseudonymName(pseudonym, context) },
      ],
    }
  },
  deny: (args, context) => {
    const [pseudonym, grantee] = args as [Hex, Hex, Hex]
    const who = granteeName(grantee, context)
    return {
      title: 'Say no',
      sentence: `${who} is refused, whatever other permissions say.`,
      facts: [
        { label: 'Who', value: who },
        { label: 'Records of', value: pseudonymName(pseudonym, context) },
      ],
    }
  },
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
      warning: 'Your account, the patient’s code and the purpose stand on the chain for everyone. The note does not.',
    }
  },
  logReleaseRequest: () => ({
    title: 'Log the opening',
    sentence: 'Writes on the chain that an opening was asked for; the key nodes answer only what is logged.',
    facts: [],
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
  anchor: (args, context) => {
    const [deposit] = args as [{ pseudonym: Hex; n: number; t: number; r: number }]
    return {
      title: 'Deposit a record',
      sentence: 'Writes the fingerprints of the sealed record on the chain.',
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
