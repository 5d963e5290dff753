import {
  type Consent,
  type ConsentAct,
  ContractRefusalError,
  cancelNonce,
  carriedConsent,
  consentOf,
  consentsOf,
  decide,
  denyPerson,
  floorOf,
  freeNonce,
  type Grantee,
  granteeOf,
  grantMany,
  grantsTo,
  isNonceUsed,
  personId,
  revoke,
  type SignedConsent,
  signConsent,
  submitConsent,
  withAccount,
} from '@sharewell/sdk/chain'
import { consentRegistryAbi } from '@sharewell/sdk/chain/abi'
import { expect } from 'chai'
import { encodeAbiParameters, type Hex, keccak256, numberToHex, parseAbiParameters, zeroHash } from 'viem'
import { rpc } from '../../helpers/breakable-chain.ts'
import { codeOf } from '../../helpers/code-of.ts'
import {
  attestDoctor,
  type Hospital,
  newAccount,
  type Patient,
  registerHospitals,
  registerPatientAt,
} from '../../helpers/committee.ts'
import { randomHex } from '../../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { anHour, anybody, byHead, registerSmartPatient } from '../../helpers/relayer.ts'

const reasonOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'success',
    (error: unknown) => (error instanceof ContractRefusalError ? error.reason : String(error)),
  )

describe('a signed consent', () => {
  let net: TestNetwork
  let hospital: Hospital
  let patient: Patient
  before(async () => {
    net = await startNetwork()
    ;[hospital] = (await registerHospitals(net, 1)) as [Hospital]
    patient = await registerPatientAt(net, hospital)
  })
  after(() => net.close())

  const sign = (act: ConsentAct) => signConsent(byHead(patient.chain), act)
  /** As anybody may: an account that has nothing to do with the patient. */
  const carry = async (signed: SignedConsent) => await submitConsent(await net.as(newAccount()), signed)
  const slot = (granteeId: Hex): Promise<Consent> =>
    consentOf(patient.chain, { pseudonym: patient.pseudonym, granteeId })

  it('does what its transaction would do, whoever carries it', async () => {
    const { pseudonym, chain } = patient
    const [granteeId, second] = [anybody(), anybody()]
    const terms = anHour()
    await carry(await sign({ kind: 'Grant', pseudonym, granteeId, terms }))
    expect(await slot(granteeId)).to.include({ ...terms, state: 'permit' })
    await carry(await sign({ kind: 'Revoke', pseudonym, granteeId }))
    expect(await slot(granteeId)).to.include({ state: 'revoked' })
    const account = newAccount().address
    await carry(await sign({ kind: 'Deny', pseudonym, account }))
    expect(await slot(personId(account))).to.include({ state: 'denied' })
    await carry(
      await sign({
        kind: 'GrantMany',
        pseudonym,
        consents: [granteeId, second].map((id) => ({ granteeId: id, terms })),
      }),
    )
    for (const id of [granteeId, second]) expect(await slot(id)).to.include({ ...terms, state: 'permit' })
    const receipt = await carry(await sign({ kind: 'RevokeAll', pseudonym, granteeId: second }))
    const { timestamp } = await chain.client.getBlock({ blockNumber: receipt.blockNumber })
    expect(await floorOf(chain, { pseudonym, granteeId: second })).to.equal(Number(timestamp))
  })

  it('is dated by the earlier of both clocks, and holds for a quarter of an hour', async () => {
    const { pseudonym, chain } = patient
    const head = Number((await chain.client.getBlock()).timestamp)
    for (const [clock, latest] of [
      [() => head - 100, head - 100],
      [() => head + 30, head + 29],
    ] as const) {
      const signed = await signConsent({ ...chain, clock }, { kind: 'RevokeAll', pseudonym, granteeId: anybody() })
      const { signedAt, deadline } = signed.message
      // Blocks come in between, and no more than that.
      expect(signedAt).to.be.within(clock() < head ? head - 100 : head, latest)
      expect(deadline).to.equal(signedAt + 900)
      expect(await reasonOf(carry(signed))).to.equal('success')
    }
  })

  it('never undoes what was decided later, and the refusal says so in plain words', async () => {
    const { pseudonym, chain } = patient
    const granteeId = anybody()
    const signed = await sign({ kind: 'Grant', pseudonym, granteeId, terms: anHour() })
    await revoke(chain, { pseudonym, granteeId })
    const error = await carry(signed).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(ContractRefusalError).and.to.have.property('reason', 'ConsentOlder')
    expect((error as ContractRefusalError).hints[0]).to.contain('decided something newer')
  })

  it('may follow another decision at once: a grant waits for the next second', async () => {
    const { pseudonym, chain } = patient
    const [granteeId, recordId] = [anybody(), zeroHash]
    for (const act of [
      { kind: 'Grant', pseudonym, granteeId, terms: anHour() },
      { kind: 'GrantMany', pseudonym, consents: [{ granteeId, recordId, terms: anHour() }] },
    ] as const) {
      await revoke(chain, { pseudonym, granteeId })
      await carry(await sign(act))
      expect(await slot(granteeId)).to.include({ state: 'permit' })
    }
  })

  it('counts once; its nonce can be cancelled before', async () => {
    const { pseudonym, chain } = patient
    const signed = await sign({ kind: 'Revoke', pseudonym, granteeId: anybody() })
    expect(await isNonceUsed(chain, signed.message)).to.equal(false)
    expect(await carriedConsent(chain, signed)).to.equal(undefined)
    const { transactionHash, blockNumber } = await carry(signed)
    expect(await carriedConsent(chain, signed)).to.deep.equal({ transactionHash, blockNumber })
    expect(await reasonOf(carry(signed))).to.equal('ConsentNonceUsed')

    const withdrawn = await sign({ kind: 'Revoke', pseudonym, granteeId: anybody() })
    await cancelNonce(chain, withdrawn.message)
    expect(await isNonceUsed(chain, withdrawn.message)).to.equal(true)
    expect(await reasonOf(carry(withdrawn))).to.equal('ConsentNonceUsed')
    expect(await carriedConsent(chain, withdrawn)).to.equal(undefined)
    expect(await reasonOf(cancelNonce(await net.as(newAccount()), withdrawn.message))).to.equal('ConsentNotController')
  })

  it('is found among others about the same thing', async () => {
    const { pseudonym, chain } = patient
    const granteeId = anybody()
    const act = { kind: 'Grant', pseudonym, granteeId, terms: anHour() } as const
    const first = await sign(act)
    const { transactionHash } = await carry(first)
    await net.increaseTime(2)
    const second = await sign(act)
    const again = await carry(second)
    expect((await carriedConsent(chain, first))?.transactionHash).to.equal(transactionHash)
    expect((await carriedConsent(chain, second))?.transactionHash).to.equal(again.transactionHash)
  })

  it('is signed only by who decides for the pseudonym', async () => {
    const act = { kind: 'RevokeAll', pseudonym: patient.pseudonym } as const
    expect(await reasonOf(signConsent(await net.as(newAccount()), act))).to.equal('ConsentNotController')
    const unknown = { ...act, pseudonym: randomHex(32) }
    expect(await reasonOf(signConsent(patient.chain, unknown))).to.equal('ConsentNotController')
    const { wallet: _, ...nobody } = patient.chain
    expect(await codeOf(signConsent(nobody, act))).to.equal('SIGNER_MISSING')
  })

  it('of a contract account counts where the contract says that it does', async () => {
    const smart = await registerSmartPatient(net, hospital)
    const act = { kind: 'Grant', pseudonym: smart.pseudonym, granteeId: anybody(), terms: anHour() } as const
    await carry(await signConsent(smart.chain, act))
    const other = withAccount(smart.chain, newAccount())
    expect(await reasonOf(carry(await signConsent(other, act)))).to.equal('ConsentBadSignature')
  })

  describe('has a nonce that', () => {
    /** Sets a word of the contract's bitmap. */
    const setWord = async (word: number, bits: bigint) => {
      const inner = keccak256(encodeAbiParameters(parseAbiParameters('bytes32, uint256'), [patient.pseudonym, 2n]))
      const slot = keccak256(encodeAbiParameters(parseAbiParameters('uint256, bytes32'), [BigInt(word), inner]))
      const { consentRegistry } = net.network.contracts
      const value = numberToHex(bits, { size: 32 })
      await rpc(net.network.rpcUrls[0] ?? '', 'hardhat_setStorageAt', [consentRegistry, slot, value])
    }
    const all = 2n ** 256n - 2n ** 40n
    const draw = () => freeNonce(patient.chain, { pseudonym: patient.pseudonym })

    it('is free, and drawn among many', async () => {
      const drawn = await Promise.all(Array.from({ length: 20 }, draw))
      expect(new Set(drawn).size).to.be.greaterThan(10)
      for (const nonce of drawn) {
        expect(nonce >= 40n && nonce < 256n).to.equal(true)
        expect(await isNonceUsed(patient.chain, { pseudonym: patient.pseudonym, nonce })).to.equal(false)
      }
    })

    it('lies in the next word when few are left, and the contract takes it', async () => {
      await setWord(0, all - 0x7fffn * 2n ** 100n)
      await setWord(1, all - 0xffffn * 2n ** 100n)
      const drawn = await Promise.all(Array.from({ length: 10 }, draw))
      for (const nonce of drawn) expect(nonce >= 356n && nonce < 372n).to.equal(true)
      await setWord(1, all)
      const signed = await sign({ kind: 'Revoke', pseudonym: patient.pseudonym, granteeId: anybody() })
      expect(signed.message.nonce / 256n).to.equal(2n)
      expect(await reasonOf(carry(signed))).to.equal('success')
    })
  })
})

describe('who a consent names', () => {
  let net: TestNetwork
  let hospital: Hospital
  let patient: Patient
  let doctor: Awaited<ReturnType<typeof attestDoctor>>
  before(async () => {
    net = await startNetwork()
    ;[hospital] = (await registerHospitals(net, 1)) as [Hospital]
    patient = await registerPatientAt(net, hospital)
    doctor = await attestDoctor(net, hospital)
  })
  after(() => net.close())

  const question = (salt?: Hex) => ({
    pseudonym: patient.pseudonym,
    categoryBit: 3,
    reader: doctor.account.address,
    purpose: 0,
    salt,
  })

  it('has the id that the contract computes', async () => {
    const registry = { address: net.network.contracts.consentRegistry, abi: consentRegistryAbi } as const
    const { client } = patient.chain
    const [organization, salt] = [hospital.id, randomHex(32)]
    for (const used of [zeroHash, salt]) {
      const person = { kind: 'person', account: doctor.account.address } as const
      const personal = await client.readContract({
        ...registry,
        functionName: 'personId',
        args: [person.account, used],
      })
      expect(granteeOf(person, used)).to.equal(personal)
      for (const role of [255, 0, 7, 31]) {
        const args = [organization, role, used] as const
        const group: Grantee =
          role === 255 ? { kind: 'organization', organization } : { kind: 'role', organization, role }
        expect(granteeOf(group, used)).to.equal(
          await client.readContract({ ...registry, functionName: 'groupId', args }),
        )
      }
    }
  })

  it('can be a hospital, a role there, or nobody who can be seen; a denial to the person wins over all', async () => {
    const { chain, pseudonym } = patient
    const organization = hospital.id
    const salt = randomHex(32)
    const ids = [
      granteeOf({ kind: 'organization', organization }),
      granteeOf({ kind: 'role', organization, role: 0 }, salt),
    ] as const
    expect(await decide(chain, question())).to.include({ code: 'NO_CONSENT' })
    await grantMany(chain, { pseudonym, consents: ids.map((granteeId) => ({ granteeId, terms: anHour() })) })
    expect(await decide(chain, question())).to.include({ code: 'PERMIT' })
    expect((await consentsOf(chain, { pseudonym })).map(({ granteeId }) => granteeId)).to.have.members([...ids])
    const [given] = await grantsTo(chain, { granteeId: ids[0] })
    expect(given).to.include({ ...anHour(), until: given?.until, useLimit: 0, pseudonym, recordId: zeroHash })
    await revoke(chain, { pseudonym, granteeId: ids[0] })
    expect(await decide(chain, question())).to.include({ code: 'REVOKED' })
    expect(await decide(chain, question(salt))).to.include({ code: 'PERMIT' })
    await denyPerson(chain, { pseudonym, account: doctor.account.address })
    expect(await decide(chain, question(salt))).to.include({ code: 'DENIED' })
  })
})
