import type { ContractTransactionResponse } from 'ethers'
import { noRole } from './consent-world.ts'
import { buildRecord, ethers, none32, purpose } from './fixture.ts'
import { signUse, use } from './uses.ts'

/** What a counted release request may cost. */
export const useBars = {
  'count a use': 49_000,
  'count a use by signature': 49_000,
  'count a use as staff': 60_000,
} as const

type GasOf = (sent: Promise<ContractTransactionResponse>) => Promise<number>

/** Measures {@link useBars}, all slots and accounts cold. */
export async function measureUses(next: () => string, gasOf: GasOf): Promise<Record<keyof typeof useBars, number>> {
  const { consents, actors, log, patient, doctor, stranger, hospital, pseudonym, recordId } = await buildRecord(next)
  const mine = consents.connect(patient)
  const terms = { from: 1, until: 0x73737373, purposes: 1 << purpose.treat, categories: 0, useLimit: 9 }
  const person = await consents.personId(doctor, none32)
  const group = await consents.groupId(hospital, noRole, none32)
  for (const granteeId of [person, group]) await gasOf(mine.grant(pseudonym, granteeId, recordId, terms))
  const consentKey = await consents.keyOf(pseudonym, person, recordId)
  const carry = async (): Promise<number> => {
    const requestHash = next()
    const signature = await signUse(log, doctor, { requestHash, consentKey, number: 1, deadline: 0x73737373 })
    if (ethers.getBytes(signature).includes(0)) return await carry()
    const second = use({ pseudonym, recordId }, { number: 1 })
    const carrier = log.connect(stranger)
    return await gasOf(carrier.logCountedRequestBySignature(requestHash, second, doctor, 0x73737373, signature))
  }
  return {
    'count a use': await gasOf(log.connect(doctor).logCountedRequest(next(), use({ pseudonym, recordId }))),
    'count a use by signature': await carry(),
    'count a use as staff': await gasOf(
      log
        .connect(doctor)
        .logCountedRequest(
          next(),
          use({ pseudonym, recordId }, { credentialId: await actors.credentialId(doctor, hospital) }),
        ),
    ),
  }
}
