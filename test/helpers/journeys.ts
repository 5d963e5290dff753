import { type Bytes, concat, type Hex } from '@sharewell/sdk/bytes'
import { grant, personId, type Terms, view } from '@sharewell/sdk/chain'
import {
  type DepositOptions,
  deposit,
  type Fault,
  type Progress,
  type Receipt,
  type RetrieveOptions,
  retrieve,
} from '@sharewell/sdk/flow'
import { randomBytes } from '@sharewell/sdk/primitives'
import type { WholeDoctor, WholeNetwork, WholeNode, WholePatient } from './whole-network.ts'

/** Bit of the category in which tests deposit. */
export const category = 3
export const treat = 0

/** Random bytes of any length; `randomBytes` gives at most 64 KiB at once in a browser. */
export const someBytes = (length: number): Bytes =>
  concat(
    ...Array.from({ length: Math.ceil(length / 65_536) }, (_, at) =>
      randomBytes(Math.min(65_536, length - at * 65_536)),
    ),
  )

/** Deposits as the provider's device. */
export const depositBytes = (
  whole: WholeNetwork,
  bytes: Bytes,
  { patient = whole.patient, ...options }: Partial<Omit<DepositOptions, 'patient'>> & { patient?: WholePatient } = {},
): Promise<Receipt> =>
  deposit([bytes], {
    chain: whole.uploader,
    patient,
    categoryBit: category,
    mime: 'application/octet-stream',
    size: bytes.length,
    ...options,
  })

/** The patient lets the doctor read one record. */
export async function permit(
  { patient, doctor }: Pick<WholeNetwork, 'patient' | 'doctor'>,
  recordId: Hex,
  change: Partial<Terms> = {},
): Promise<void> {
  const terms = {
    from: 0,
    until: Math.floor(Date.now() / 1000) + 3_000,
    purposes: 1 << treat,
    categories: 0,
    ...change,
  }
  const granteeId = personId(doctor.account.address)
  await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, recordId, terms })
}

/** The later one of both clocks, in seconds. */
export const laterClock = async ({ uploader }: WholeNetwork): Promise<number> => (await view(uploader)).later

/** Turns the chain's clock to one second after `time`. */
export async function passTime({ net, uploader }: WholeNetwork, time: number): Promise<void> {
  const { latest } = await view(uploader)
  await net.increaseTime(Math.max(1, time - latest.time + 1))
}

/** Opens as a reader under consent. */
export const byDoctor = ({ chain }: WholeDoctor, recordId: Hex, purpose = treat): RetrieveOptions => ({
  chain,
  recordId,
  as: { kind: 'reader', purpose },
})

/** Opens as the patient. */
export const byPatient = ({ chain, selfSeed }: WholePatient, recordId: Hex): RetrieveOptions => ({
  chain,
  recordId,
  as: { kind: 'patient', selfSeed },
})

/** A whole retrieval: what came out, who failed, what was told. */
export type Opened = {
  readonly bytes: Bytes
  readonly mime: string
  readonly size: number
  readonly faults: readonly Fault[]
  readonly told: readonly Progress[]
}

/** Retrieves and reads to the end. */
export async function open(options: RetrieveOptions): Promise<Opened> {
  const told: Progress[] = []
  const { bytes, trailer, faults } = await retrieve({ ...options, onProgress: (progress) => told.push(progress) })
  const pieces: Bytes[] = []
  for await (const piece of bytes) pieces.push(piece)
  return { bytes: concat(...pieces), ...(await trailer), faults, told }
}

/** The error of a retrieval that must fail. */
export async function failureOf(options: RetrieveOptions): Promise<Error & { readonly code: string }> {
  try {
    await open(options)
  } catch (error) {
    return error as Error & { code: string }
  }
  throw new Error('It opened.')
}

/** Who is blamed, and for what. */
export const blamed = (faults: readonly Fault[]): string[] =>
  [...new Set(faults.map(({ operator, role, code }) => `${role} ${operator} ${code}`))].sort()

export const operatorsOf = (nodes: readonly WholeNode[]): Hex[] => nodes.map(({ operator }) => operator)
