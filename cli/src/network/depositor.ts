import { toHex } from '@sharewell/sdk/bytes'
import type { PrivateKeyAccount } from 'viem/accounts'
import { UsageError } from '../command.ts'
import { readMail } from './mailbox.ts'
import { choosePlace, findPatient, type PatientRef } from './people.ts'
import { actingAt, type Session } from './session.ts'

/** Who deposits, and whose record it becomes. */
export type Depositor = Pick<Session, 'chain'> & {
  readonly account: PrivateKeyAccount
  readonly patient: {
    readonly pseudonym: PatientRef['pseudonym']
    readonly selfPublicKey: NonNullable<PatientRef['selfPublicKey']>
  }
  readonly categoryKey: NonNullable<PatientRef['categoryKey']>
}

/** A provider deposits for one of its patients, a patient at one of the own places. */
export async function depositorOf(
  session: Session,
  { patient: who, at }: { patient?: string | undefined; at?: string | undefined },
  signal: AbortSignal,
): Promise<Depositor> {
  if (who === undefined) {
    const place = choosePlace(session, at, '--at')
    const { categoryKey } = await readMail(session, place, signal)
    if (categoryKey === undefined)
      throw new UsageError({
        problem: 'the provider has not sent the key to your categories yet',
        hints: ['ask the provider to register you again'],
      })
    const patient = { pseudonym: toHex(place.keys.pseudonym), selfPublicKey: place.keys.self.publicKey }
    return { chain: actingAt(session, place), account: place.account, patient, categoryKey }
  }
  const { pseudonym, selfPublicKey, categoryKey } = await findPatient(session, who, signal)
  if (selfPublicKey === undefined || categoryKey === undefined)
    throw new UsageError({
      problem: `the keys for ${who.slice(0, 80)} are not known here`,
      hints: [
        'name a patient whom this provider registered, or a JSON file with pseudonym, selfPublicKey and categoryKey',
      ],
    })
  const { chain, account } = session
  return { chain, account, patient: { pseudonym, selfPublicKey }, categoryKey }
}
