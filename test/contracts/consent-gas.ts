import { expect } from 'chai'
import type { ContractTransactionResponse } from 'ethers'
import { noRole, pack } from './consent-world.ts'
import { buildRecord, days, ethers, kind, networkHelpers, none32, purpose } from './fixture.ts'
import type { Kind } from './messages.ts'
import { type Authorization, authorize } from './signing.ts'

const { time } = networkHelpers

/** What consents may cost beside the plain ones: by signature, in batches, and decided inside a transaction. */
export const consentBars = {
  'grant a record by signature, first nonce of a word': 95_000,
  'grant a record by signature': 78_000,
  'revoke by signature': 55_000,
  'one of ten grants': 30_000,
  'a further grant in a batch': 27_000,
  'one of 64 grants': 27_000,
  'one of 64 grants by signature': 32_000,
  'decide along a path, as a person': 27_000,
  'decide along a path, as staff': 45_000,
  'decide along a path, as staff four levels down': 60_000,
} as const

/** No zero byte in any time either, so that each run pays the same for its calldata. */
const start = 0x71717171
const terms = { from: start, until: 0x73737373, purposes: 1 << purpose.treat, categories: 0, useLimit: 0 }
const wide = { ...terms, categories: 0xa5a5a5a5 }

type Next = () => string
type GasOf = (sent: Promise<ContractTransactionResponse>) => Promise<number>

/** Measures {@link consentBars}, in worlds of their own. */
export async function measureConsents(next: Next, gasOf: GasOf): Promise<Record<keyof typeof consentBars, number>> {
  const before = await networkHelpers.takeSnapshot()
  const signed = await measureSigned(next, gasOf)
  // Other tests are not to wake up years later.
  await before.restore()
  return { ...signed, ...(await measureBatches(next, gasOf)), ...(await measurePaths(next, gasOf)) }
}

/** Signed, and carried by somebody else. */
async function measureSigned(next: Next, gasOf: GasOf) {
  const { consents, patient, stranger, pseudonym, recordId } = await buildRecord(next)
  await time.increaseTo(start + 1)
  const carrier = consents.connect(stranger)
  let nonce = 40n
  /** Signs with the next nonce that gives a signature without a zero byte, which would be cheaper by chance. */
  const sign = async (kind: Kind, what: object): Promise<Authorization> => {
    const body = { pseudonym, controller: patient.address, ...what }
    const once = { nonce: ++nonce, signedAt: start, deadline: start + 900 }
    const by = await authorize(consents, patient, kind, body, once)
    return ethers.getBytes(by.signature).includes(0) ? await sign(kind, what) : by
  }
  const grant = async (granteeId: string) => {
    const by = await sign('Grant', { granteeId, recordId, ...terms })
    return await gasOf(carrier.grantBySignature(pseudonym, granteeId, recordId, terms, by))
  }
  const whom = next()
  const granted = { first: await grant(next()), second: await grant(whom) }
  const revocation = await sign('Revoke', { granteeId: whom, recordId })
  const many = Array.from({ length: 64 }, () => ({ granteeId: next(), recordId: none32 }))
  const by = await sign('GrantMany', { consents: many.map((consent) => ({ ...consent, ...wide })) })
  const packed = many.map((consent) => ({ ...consent, terms: pack(wide) }))
  return {
    'grant a record by signature, first nonce of a word': granted.first,
    'grant a record by signature': granted.second,
    'revoke by signature': await gasOf(carrier.revokeBySignature(pseudonym, whom, recordId, revocation)),
    'one of 64 grants by signature': Math.ceil(
      (await gasOf(carrier.grantManyBySignature(pseudonym, packed, by))) / packed.length,
    ),
  }
}

/** One pseudonym's grants of categories to different people. */
async function measureBatches(next: Next, gasOf: GasOf) {
  const { consents, patient, pseudonym } = await buildRecord(next)
  const batch = async (count: number) => {
    const many = Array.from({ length: count }, () => ({ granteeId: next(), recordId: none32, terms: pack(wide) }))
    return await gasOf(consents.connect(patient).grantMany(pseudonym, many))
  }
  const [one, ten] = [await batch(1), await batch(10)]
  return {
    'one of ten grants': Math.ceil(ten / 10),
    'a further grant in a batch': Math.ceil((ten - one) / 9),
    'one of 64 grants': Math.ceil((await batch(64)) / 64),
  }
}

/** Asked by a contract in a transaction, all slots and accounts cold; what every transaction costs is not in it. */
async function measurePaths(next: Next, gasOf: GasOf) {
  const world = await buildRecord(next)
  const { consents, actors, patient, doctor, others, until, pseudonym, recordId, hospital } = world
  const gate = await ethers.deployContract('Gatekeeper', [consents])
  const nurse = others[9]
  let ward = hospital
  for (const account of others.slice(0, 3)) {
    const id = ethers.dataSlice(next(), 0, 16)
    await gasOf(actors.registerOrganization(id, kind.department, ward, account, next()))
    ward = id
  }
  await gasOf(actors.connect(others[2]).attest(nurse, ward, 3, until, next()))
  const mine = consents.connect(patient)
  const lasting = { ...terms, from: 1 }
  await gasOf(mine.grant(pseudonym, await consents.personId(doctor, none32), recordId, lasting))
  await gasOf(mine.grant(pseudonym, await consents.groupId(hospital, noRole, none32), recordId, lasting))
  const at = (await time.latest()) + days(1)
  const ask = async (reader: string, credentialId: string, level = 0) => {
    const question = { pseudonym, recordId, categoryBit: 3, salt: none32, purpose: purpose.treat, at, reader }
    const sent = await gate.ask(question, { credentialId, level, role: noRole, wide: false })
    const [answer] = await gate.queryFilter(gate.filters.Answered, (await sent.wait())?.blockNumber)
    expect(answer?.args.code).to.equal(0)
    return Number(answer?.args.gas)
  }
  return {
    'decide along a path, as a person': await ask(doctor.address, none32),
    'decide along a path, as staff': await ask(doctor.address, await actors.credentialId(doctor, hospital)),
    'decide along a path, as staff four levels down': await ask(
      nurse.address,
      await actors.credentialId(nurse, ward),
      3,
    ),
  }
}
