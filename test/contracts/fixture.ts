import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { expect } from 'chai'
import type { BaseContract } from 'ethers'
import { network } from 'hardhat'
import Sharewell from '../../ignition/modules/Sharewell.ts'

export const { ethers, ignition, networkHelpers } = await network.create()
const genesis = await networkHelpers.takeSnapshot()

/** Takes the chain of these tests back to its first block: addresses, and so gas, are the same whatever ran before. */
export async function fromGenesis(): Promise<void> {
  await genesis.restore()
  networkHelpers.clearSnapshots()
}

const { hexlify, randomBytes, dataSlice } = ethers

export const random32 = () => hexlify(randomBytes(32))
export const random16 = () => hexlify(randomBytes(16))

export const none16 = `0x${'00'.repeat(16)}`
export const none32 = `0x${'00'.repeat(32)}`
export const days = (count: number) => count * 24 * 60 * 60

/** Indexes of OrganizationKind and OperatorKind. */
export const kind = { hospital: 0, laboratory: 1, pharmacy: 2, emergency: 3, department: 4, host: 5 } as const
export const node = { storage: 0, reconstructor: 1, key: 2 } as const

/** Indexes of Purposes. */
export const purpose = { treat: 0, emergencyTreat: 1, breakGlass: 2, research: 5 } as const

/** Decision, in order. */
const decisions = [
  'permit',
  'no consent',
  'other categories',
  'not yet valid',
  'expired',
  'wrong purpose',
  'not affiliated',
  'revoked',
  'denied',
  'unknown purpose',
  'wrong category',
  'wrong pseudonym',
  'erased',
  'unknown record',
  'unknown pseudonym',
  'used up',
] as const
export const nameOf = (code: bigint) => decisions[Number(code)]

/** The whole deployment, as `ignition/modules/Sharewell.ts` makes it, and nobody in it. */
export async function deploy(next: () => string) {
  const networkId = next()
  const modules = await ignition.deploy(Sharewell, { parameters: { Sharewell: { networkId } } })
  const at = (contract: { target: unknown }) => String(contract.target)
  return {
    networkId,
    manager: await ethers.getContractAt('AccessManager', at(modules.accessManager)),
    actors: await ethers.getContractAt('ActorRegistry', at(modules.actorRegistry)),
    patients: await ethers.getContractAt('PatientRegistry', at(modules.patientRegistry)),
    records: await ethers.getContractAt('RecordRegistry', at(modules.recordRegistry)),
    delegations: await ethers.getContractAt('Delegations', at(modules.delegations)),
    consents: await ethers.getContractAt('ConsentRegistry', at(modules.consentRegistry)),
    committee: await ethers.getContractAt('KeyCommittee', at(modules.keyCommittee)),
    log: await ethers.getContractAt('AccessLog', at(modules.accessLog)),
    glass: await ethers.getContractAt('BreakGlass', at(modules.breakGlass)),
    faults: await ethers.getContractAt('FaultReports', at(modules.faultReports)),
    audits: await ethers.getContractAt('Audits', at(modules.audits)),
  }
}

type Account = HardhatEthersSigner
type Accounts = readonly [...Ten<Account>, ...Account[]]
type Ten<T> = readonly [T, T, T, T, T, T, T, T, T, T]

/** Whether so many accounts follow that a test can name ten of them. */
const areTen = (accounts: readonly Account[]): accounts is Accounts => accounts.length >= 10

/** Two hospitals, a desk that deposits for the first, a doctor there, and a patient registered there. */
export async function buildHospitals(next: () => string) {
  const contracts = await deploy(next)
  const [admin, first, second, desk, doctor, patient, stranger, ...others] = await ethers.getSigners()
  if (!(admin && first && second && desk && doctor && patient && stranger && areTen(others)))
    throw new Error('too few accounts')
  const hospital = dataSlice(next(), 0, 16)
  const otherHospital = dataSlice(next(), 0, 16)
  const until = (await networkHelpers.time.latest()) + days(300)
  const { actors, patients } = contracts
  await actors.registerOrganization(hospital, kind.hospital, none16, first, next())
  await actors.registerOrganization(otherHospital, kind.hospital, none16, second, next())
  await actors.connect(first).authorizeUploader(desk, until)
  await actors.connect(first).attest(doctor, hospital, 1, until, next())
  const rho = next()
  const pseudonym = await patients.pseudonymOf(patient, rho)
  await patients.connect(patient).register(patient, rho, hospital, next(), '0x')
  const people = { admin, first, second, desk, doctor, patient, stranger, others }
  return { ...contracts, ...people, hospital, otherHospital, until, rho, pseudonym }
}

/** What a depositor would anchor: fresh words and the default policy. */
export function deposit(pseudonym: string, change: Partial<Deposit> = {}, next: () => string = random32): Deposit {
  const hashes = { salt: next(), manifestHash: next(), placementHash: next(), ptCommit: next() }
  return { pseudonym, ...hashes, category: 3, n: 5, t: 3, r: 0, ...change }
}

type Deposit = {
  pseudonym: string
  salt: string
  manifestHash: string
  placementHash: string
  ptCommit: string
  category: number
  n: number
  t: number
  r: number
}

/** {@link buildHospitals}, and one record in category 3. */
export async function buildRecord(next: () => string) {
  const world = await buildHospitals(next)
  const anchored = deposit(world.pseudonym, {}, next)
  const recordId = await world.records.recordIdOf(world.pseudonym, anchored.salt)
  await world.records.connect(world.desk).anchor(anchored)
  return { ...world, anchored, recordId }
}

// For `loadFixture`, which takes named functions and passes them its connection.
export async function deployed() {
  const contracts = await deploy(random32)
  const [admin] = await ethers.getSigners()
  if (!admin) throw new Error('no account')
  return { ...contracts, admin }
}
export async function hospitals() {
  return await buildHospitals(random32)
}
export async function oneRecord() {
  return await buildRecord(random32)
}

/** The named fields of a struct that a contract answered; TypeChain gives it no type for ethers' own method. */
export function fieldsOf(struct: object): Record<string, unknown> {
  return struct instanceof ethers.Result ? struct.toObject() : {}
}

/** Sends each attempt after the other and expects the contract's error from all of them. */
export async function expectRefusals(
  contract: BaseContract,
  error: string,
  attempts: readonly (() => Promise<unknown>)[],
): Promise<void> {
  for (const attempt of attempts) await expect(attempt()).to.be.revertedWithCustomError(contract, error)
}
