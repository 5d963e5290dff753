import { toHex } from '@sharewell/sdk/bytes'
import {
  activeEpoch,
  anchor,
  authorizeUploader,
  ContractRefusalError,
  consentOf,
  consentsOf,
  contractHints,
  controllerOf,
  credentialsOf,
  decide,
  depositsOf,
  grant,
  grantsTo,
  isCredentialLive,
  manifestHashOf,
  organizations,
  patientOf,
  personId,
  providerOf,
  recordIdOf,
  recordOf,
  recordsOf,
  registrations,
  relocate,
  requestAccess,
  requestsOf,
  revokeAll,
  rewrap,
  rewrapsOf,
  rotateController,
  setOrganizationActive,
  staffOf,
} from '@sharewell/sdk/chain'
import {
  accessLogAbi,
  actorRegistryAbi,
  consentRegistryAbi,
  councilAbi,
  keyCommitteeAbi,
  patientRegistryAbi,
  recordRegistryAbi,
} from '@sharewell/sdk/chain/abi'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import type { Hex } from 'viem'
import {
  attestDoctor,
  type Hospital,
  newAccount,
  type Patient,
  registerHospitals,
  registerPatientAt,
} from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const randomHex = (bytes: number): Hex => toHex(randomBytes(bytes))
const now = () => Math.floor(Date.now() / 1000)

describe('actions on the contracts', () => {
  let net: TestNetwork
  let hospital: Hospital
  let patient: Patient
  let doctor: Awaited<ReturnType<typeof attestDoctor>>
  let recordId: Hex

  const hashes = () => ({ manifestHash: randomHex(32), placementHash: randomHex(32), ptCommit: randomHex(32) })

  before(async () => {
    net = await startNetwork()
    ;[hospital] = (await registerHospitals(net, 1)) as [Hospital]
    patient = await registerPatientAt(net, hospital)
    doctor = await attestDoctor(net, hospital)
    const salt = randomHex(32)
    recordId = recordIdOf(net.network.networkId, patient.pseudonym, salt)
    const policy = { n: 5, t: 3, r: 0 }
    await anchor(hospital.chain, { pseudonym: patient.pseudonym, salt, category: 3, ...hashes(), ...policy })
  })
  after(() => net.close())

  it('tell who takes part', async () => {
    const { chain } = doctor
    expect(await organizations(chain)).to.have.length(1)
    expect(await staffOf(chain, { organization: hospital.id })).to.deep.equal([doctor.account.address])
    const [credential] = await credentialsOf(chain, { account: doctor.account.address })
    expect(credential).to.include({ id: doctor.credential, organization: hospital.id, roles: 1 })
    expect(await isCredentialLive(chain, { credential: doctor.credential, at: now() })).to.equal(true)
    expect(await activeEpoch(chain)).to.equal(undefined)
  })

  it('let a device key deposit for its hospital', async () => {
    const device = newAccount()
    expect(await providerOf(hospital.chain, { account: device.address })).to.equal(undefined)
    await authorizeUploader(hospital.chain, { key: device.address, until: now() + 3_600 })
    expect(await providerOf(hospital.chain, { account: device.address })).to.equal(hospital.id)
  })

  it('know a pseudonym by its controller', async () => {
    expect(await patientOf(doctor.chain, { pseudonym: patient.pseudonym })).to.include({
      controller: patient.account.address,
      provider: hospital.id,
    })
    const [own] = await registrations(doctor.chain, { controller: patient.account.address })
    expect(own).to.include({ pseudonym: patient.pseudonym })
    expect(await patientOf(doctor.chain, { pseudonym: randomHex(32) })).to.equal(undefined)
  })

  it('read records and their history', async () => {
    const record = await recordOf(doctor.chain, { recordId })
    expect(record).to.include({
      pseudonym: patient.pseudonym,
      version: 1,
      category: 3,
      n: 5,
      t: 3,
      r: 0,
      erased: false,
    })
    expect(await manifestHashOf(doctor.chain, { recordId, version: 1 })).to.equal(record?.manifestHash)
    expect(await recordOf(doctor.chain, { recordId: randomHex(32) })).to.equal(undefined)
    const [deposit] = await depositsOf(doctor.chain, { pseudonym: patient.pseudonym })
    expect(deposit).to.include({ recordId, version: 1 })
    expect(Math.abs((deposit?.time ?? 0) - now()) < 60).to.equal(true)
    expect(await recordsOf(doctor.chain, { pseudonym: patient.pseudonym })).to.have.length(1)
    const placementHash = randomHex(32)
    await relocate(hospital.chain, { recordId, version: 1, placementHash })
    const keyHeaderHash = randomHex(32)
    await rewrap(hospital.chain, { recordId, version: 1, keyHeaderHash })
    expect(await recordOf(doctor.chain, { recordId })).to.include({ placementHash })
    expect((await rewrapsOf(doctor.chain, { recordId })).map((one) => one.keyHeaderHash)).to.deep.equal([keyHeaderHash])
  })

  it('carry a question, its grant and its end', async () => {
    const noteHash = randomHex(32)
    await requestAccess(doctor.chain, { pseudonym: patient.pseudonym, purpose: 0, categories: 8, noteHash })
    const [question] = await requestsOf(patient.chain, { pseudonym: patient.pseudonym })
    expect(question).to.include({ reader: doctor.account.address, purpose: 0, categories: 8, noteHash })

    const query = { pseudonym: patient.pseudonym, recordId, categoryBit: 3, reader: doctor.account.address, purpose: 0 }
    expect(await decide(doctor.chain, query)).to.include({ permit: false, code: 'NO_CONSENT' })
    const granteeId = personId(doctor.account.address)
    const terms = { from: 0, until: now() + 3_600, purposes: 1, categories: 8 }
    await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, terms })
    const consent = await consentOf(patient.chain, { pseudonym: patient.pseudonym, granteeId })
    expect(consent).to.include({ state: 'permit', categories: 8 })
    expect(await decide(doctor.chain, query)).to.deep.equal({
      permit: true,
      gathers: true,
      code: 'PERMIT',
      key: consent.key,
    })
    expect(await grantsTo(doctor.chain, { granteeId })).to.have.length(1)

    await net.increaseTime(2)
    await revokeAll(patient.chain, { pseudonym: patient.pseudonym, granteeId })
    expect(await decide(doctor.chain, query)).to.include({ permit: false, code: 'REVOKED' })
    expect((await consentsOf(patient.chain, { pseudonym: patient.pseudonym })).map(({ state }) => state)).to.deep.equal(
      ['revoked'],
    )
  })

  it('name the contract error and what to do about it', async () => {
    const other = newAccount()
    const stranger = await net.as(other)
    const error = await failure(rotateController(stranger, { pseudonym: patient.pseudonym, controller: other.address }))
    expect(error).to.be.instanceOf(ContractRefusalError)
    expect(error).to.have.property('reason', 'PatientNotController')
    expect((error as ContractRefusalError).args).to.deep.equal([patient.pseudonym, other.address])
    const refused = await failure(setOrganizationActive(stranger, { organization: hospital.id, active: false }))
    expect(refused).to.have.property('reason', 'AccessManagedUnauthorized')
  })

  it('hand a pseudonym over to another account', async () => {
    const next = newAccount()
    await rotateController(patient.chain, { pseudonym: patient.pseudonym, controller: next.address })
    expect(await controllerOf(patient.chain, { pseudonym: patient.pseudonym })).to.equal(next.address)
  })

  it('have a hint for every custom error of our contracts', () => {
    const abis = [
      accessLogAbi,
      actorRegistryAbi,
      consentRegistryAbi,
      councilAbi,
      keyCommitteeAbi,
      patientRegistryAbi,
      recordRegistryAbi,
    ]
    const names = abis.flatMap((abi) => abi.flatMap((entry) => (entry.type === 'error' ? [entry.name] : [])))
    const ours = names.filter((name) => /^(?:Actor|Patient|Record|Consent|Council|KeyCommittee|AccessLog)/.test(name))
    expect(ours.filter((name) => !Object.hasOwn(contractHints, name))).to.deep.equal([])
  })
})
