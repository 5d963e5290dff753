import { type Bytes, type Hex, toHex } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'
import type { RetrieveOptions } from '@sharewell/sdk/flow'
import { sha256 } from '@sharewell/sdk/primitives'
import type { Policy } from '@sharewell/sdk/share'
import { createDisk } from '../../test/helpers/interrupted.ts'
import { byDoctor, byPatient, depositBytes, open, permit, someBytes } from '../../test/helpers/journeys.ts'
import type { WholeDoctor, WholeNetwork, WholePatient } from '../../test/helpers/whole-network.ts'
import type { Random } from '../../test/kills/random.ts'
import { type Books, type Deposited, note } from './books.ts'

/** What everybody in a soak knows. */
export type Life = {
  readonly whole: WholeNetwork
  readonly books: Books
  readonly random: Random
  readonly until: () => boolean
}

const policies: readonly [Policy, Policy] = [
  { n: 5, t: 3, r: 0 },
  { n: 5, t: 3, r: 1 },
]
/** Tries of one deposit; each goes on where the last one ended. */
const mostTries = 200

const codeOf = (error: unknown): string => (error instanceof BaseError ? error.code : String(error).slice(0, 200))

/** Deposits records one after the other, each until it is acknowledged, also after the others have gone home. */
export async function depositing(life: Life, patient: WholePatient): Promise<void> {
  const { books, random, until } = life
  while (!until()) {
    const bytes = someBytes(1 + random.below(random.pick([2_000, 100_000, 400_000])))
    const disk = createDisk()
    const policy = random.pick(policies)
    const deposited = await untilDone(books, 'deposit', () =>
      depositBytes(life.whole, bytes, { patient, policy, journal: disk.open() }),
    )
    if (!deposited) return
    const { recordId, transaction } = deposited
    books.deposited.push({ recordId, transaction, patient, digest: toHex(sha256(bytes)) })
  }
}

async function untilDone<result>(books: Books, what: string, act: () => Promise<result>): Promise<result | undefined> {
  for (let tries = 0; tries < mostTries; tries++)
    try {
      const result = await act()
      note(books, `${what}: done`)
      return result
    } catch (error) {
      note(books, `${what}: ${codeOf(error)}`)
      if (!(error instanceof BaseError)) books.wrong.push(`${what}: ${codeOf(error)}`)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  books.wrong.push(`${what}: not done after ${mostTries} tries`)
  return undefined
}

/** Reads records drawn at random, as their patient and as a doctor whom the patient lets. */
export async function reading(life: Life, doctor: WholeDoctor): Promise<void> {
  const { books, random, until } = life
  const permitted = new Set<Hex>()
  while (!until()) {
    const one = books.deposited[random.below(Math.max(1, books.deposited.length))]
    if (!one) {
      await new Promise((resolve) => setTimeout(resolve, 200))
      continue
    }
    if (random.below(2) === 0) {
      await readOnce(books, one, byPatient(one.patient, one.recordId))
      continue
    }
    if (!permitted.has(one.recordId)) await permit({ patient: one.patient, doctor }, one.recordId)
    permitted.add(one.recordId)
    books.reads.asked += 1
    if (await readOnce(books, one, byDoctor(doctor, one.recordId))) books.reads.opened += 1
  }
}

/** Whether it opened. In bad weather it need not; never may other bytes come out, or somebody honest be convicted. */
async function readOnce(books: Books, { recordId, digest }: Deposited, options: RetrieveOptions): Promise<boolean> {
  const what = `read by ${options.as.kind}`
  try {
    const { bytes, faults } = await open(options)
    note(books, `${what}: opened`)
    if (toHex(sha256(bytes as Bytes)) !== digest) books.wrong.push(`${recordId} opened as other bytes`)
    for (const { operator, evidence } of faults)
      if (evidence) {
        note(books, 'a lie was proved')
        if (!books.liars.has(operator)) books.wrong.push(`${operator} is convicted and never lied`)
      }
    return true
  } catch (error) {
    note(books, `${what}: ${codeOf(error)}`)
    if (!(error instanceof BaseError)) books.wrong.push(`${what}: ${codeOf(error)}`)
    return false
  }
}
