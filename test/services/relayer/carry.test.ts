import {
  type Chain,
  type ConsentAct,
  cancelNonce,
  consentOf,
  controllerOf,
  grant,
  type Message,
  messageToJson,
  pseudonymOf,
  revoke,
  revokeAll,
  rotateController,
  type SignedConsent,
  signConsent,
  signMessage,
  submitConsent,
  typedData,
} from '@sharewell/sdk/chain'
import { consentRegistryAbi } from '@sharewell/sdk/chain/abi'
import { expect } from 'chai'
import type { AbiEvent, Hex } from 'viem'
import {
  type Hospital,
  newAccount,
  type Patient,
  registerHospitals,
  registerPatientAt,
} from '../../helpers/committee.ts'
import { randomHex } from '../../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import {
  anHour,
  anybody,
  byHead,
  post,
  postConsent,
  registerSmartPatient,
  startRelayer,
  type TestRelayer,
} from '../../helpers/relayer.ts'

describe('a relayer', () => {
  let net: TestNetwork
  let hospital: Hospital
  let patient: Patient
  let relayer: TestRelayer

  before(async () => {
    net = await startNetwork()
    ;[hospital] = (await registerHospitals(net, 1)) as [Hospital]
    patient = await registerPatientAt(net, hospital)
    relayer = await startRelayer(net)
  })
  after(async () => {
    await relayer.stop()
    await net.close()
  })

  const signGrant = (chain: Chain, pseudonym: Hex, granteeId = anybody()) =>
    signConsent(chain, { kind: 'Grant', pseudonym, granteeId, terms: anHour() })
  const stateOf = async (granteeId: Hex) =>
    (await consentOf(patient.chain, { pseudonym: patient.pseudonym, granteeId })).state

  it('carries every kind of consent, and answers with the transaction', async () => {
    const { chain, pseudonym } = patient
    const [granteeId, other, third] = [anybody(), anybody(), newAccount().address]
    const first = await postConsent(relayer.url, await signGrant(chain, pseudonym, granteeId))
    expect(first.status).to.equal(200)
    const receipt = await chain.client.getTransactionReceipt({ hash: first.body.transactionHash ?? '0x' })
    expect(receipt).to.include({ status: 'success', blockNumber: BigInt(first.body.blockNumber ?? 0) })
    expect(await stateOf(granteeId)).to.equal('permit')

    const acts = [
      { kind: 'Revoke', pseudonym, granteeId },
      { kind: 'Deny', pseudonym, account: third },
      { kind: 'GrantMany', pseudonym, consents: [{ granteeId: other, terms: anHour() }] },
      { kind: 'RevokeAll', pseudonym, granteeId: other },
    ] as const
    for (const act of acts) {
      const { status, body } = await postConsent(relayer.url, await signConsent(chain, act))
      expect(status, `${act.kind} ${body.detail}`).to.equal(200)
    }
    expect(await stateOf(granteeId)).to.equal('revoked')
    expect(await stateOf(other)).to.equal('permit')
  })

  it('answers the same message with the same transaction, at once, later and after a restart', async () => {
    const { chain, pseudonym } = patient
    const granteeId = anybody()
    const signed = await signGrant(chain, pseudonym, granteeId)
    const { account } = (await (await fetch(`${relayer.url}/v1/status`)).json()) as { account: Hex }
    const sent = await chain.client.getTransactionCount({ address: account })
    const answers = await Promise.all(Array.from({ length: 5 }, () => postConsent(relayer.url, signed)))
    answers.push(await postConsent(relayer.url, signed))
    const other = await startRelayer(net)
    answers.push(await postConsent(other.url, signed))
    await other.stop()
    const [first] = answers
    for (const { status, body } of answers) expect({ status, body }).to.deep.equal({ status: 200, body: first?.body })
    expect(await chain.client.getTransactionCount({ address: account })).to.equal(sent + 1)
    const query = { address: net.network.contracts.consentRegistry, event: granted, args: { granteeId } }
    expect(await chain.client.getLogs({ ...query, fromBlock: 0n })).to.have.length(1)
  })

  it('also names the transaction that somebody else carried a message in, once its time is over', async () => {
    const { chain, pseudonym } = patient
    const late = { ...chain, clock: () => Math.floor(Date.now() / 1000) - 700 }
    const signed = await signGrant(late, pseudonym)
    const receipt = await submitConsent(await net.as(newAccount()), signed)
    const slow = await startRelayer(net, { clock: () => Math.floor(Date.now() / 1000) + 600 })
    const { status, body } = await postConsent(slow.url, signed)
    expect(body).to.deep.equal({ transactionHash: receipt.transactionHash, blockNumber: Number(receipt.blockNumber) })
    expect(status).to.equal(200)
    const over = await postConsent(slow.url, await signGrant(late, pseudonym))
    expect([over.status, over.body.code]).to.deep.equal([410, 'DEADLINE_OVER'])
    await slow.stop()
  })

  it('cannot alter anything: every field is refused once it differs', async () => {
    const { chain, pseudonym } = patient
    const acts: ConsentAct[] = [
      { kind: 'Grant', pseudonym, granteeId: anybody(), terms: { ...anHour(), until: anHour().until - 60 } },
      { kind: 'Revoke', pseudonym, granteeId: anybody() },
      { kind: 'Deny', pseudonym, account: newAccount().address },
      { kind: 'RevokeAll', pseudonym, granteeId: anybody() },
      { kind: 'GrantMany', pseudonym, consents: [{ granteeId: anybody(), terms: anHour() }] },
    ]
    const other = await registerPatientAt(net, hospital)
    for (const act of acts) {
      const signed = await signConsent(chain, act)
      for (const [field, value] of Object.entries(messageToJson(signed.message))) {
        // The contract reads the controller from the registry; what travels beside it is never looked at.
        if (field === 'controller') continue
        const changed = field === 'pseudonym' ? other.pseudonym : altered(value)
        const { status, body } = await postConsent(relayer.url, signed, { [field]: changed })
        expect(status, `${act.kind}.${field} ${body.detail}`).to.equal(409)
        expect(body.code).to.equal('CONTRACT_REFUSAL')
      }
      expect((await postConsent(relayer.url, signed)).status).to.equal(200)
    }
  })

  it('cannot turn one kind of consent into another', async () => {
    const { chain, pseudonym } = patient
    const deny = await signConsent(chain, { kind: 'Deny', pseudonym, account: newAccount().address })
    const { body } = await postConsent(relayer.url, { ...deny, kind: 'Revoke' } as SignedConsent)
    expect(body.detail).to.contain('ConsentBadSignature')
  })

  const later: Readonly<Record<string, (granteeId: Hex) => Promise<unknown>>> = {
    'stopped sharing this': (granteeId) => revoke(patient.chain, { pseudonym: patient.pseudonym, granteeId }),
    'stopped sharing with this reader': (granteeId) =>
      revokeAll(patient.chain, { pseudonym: patient.pseudonym, granteeId }),
    'stopped sharing with everyone': () => revokeAll(patient.chain, { pseudonym: patient.pseudonym }),
    'withdrew it': async () => undefined,
  }
  for (const [what, act] of Object.entries(later))
    it(`cannot hold a grant back until the patient ${what}, and deliver it then`, async () => {
      const { chain, pseudonym } = patient
      // Everything earlier in this file lies in earlier seconds.
      await net.increaseTime(2)
      const granteeId = anybody()
      const signed = await signGrant(byHead(chain), pseudonym, granteeId)
      await (what === 'withdrew it' ? cancelNonce(chain, signed.message) : act(granteeId))
      const { status, body } = await postConsent(relayer.url, signed)
      expect(status).to.equal(409)
      expect(body.detail).to.contain(what === 'withdrew it' ? 'ConsentNonceUsed' : 'ConsentOlder')
      expect(body.hint).to.be.a('string')
      expect(await stateOf(granteeId)).not.to.equal('permit')
    })

  it('cannot turn the order of two grants round', async () => {
    const { chain, pseudonym } = patient
    const granteeId = anybody()
    const wide = await signGrant(byHead(chain), pseudonym, granteeId)
    await net.increaseTime(2)
    const narrow = { ...anHour(), categories: 1 }
    const later = await signConsent(byHead(chain), { kind: 'Grant', pseudonym, granteeId, terms: narrow })
    expect((await postConsent(relayer.url, later)).status).to.equal(200)
    expect((await postConsent(relayer.url, wide)).body.detail).to.contain('ConsentOlder')
    expect((await consentOf(chain, { pseudonym, granteeId })).categories).to.equal(1)
  })

  it('delivers a revocation that it held back, whatever was decided since', async () => {
    const { chain, pseudonym } = patient
    const granteeId = anybody()
    const signed = await signConsent(chain, { kind: 'Revoke', pseudonym, granteeId })
    await grant(chain, { pseudonym, granteeId, terms: anHour() })
    expect((await postConsent(relayer.url, signed)).status).to.equal(200)
    expect(await stateOf(granteeId)).to.equal('revoked')
  })

  it('cannot use a signature of an account that decides no longer', async () => {
    const old = await registerPatientAt(net, hospital)
    const signed = await signGrant(old.chain, old.pseudonym)
    await rotateController(old.chain, { pseudonym: old.pseudonym, controller: newAccount().address })
    expect((await postConsent(relayer.url, signed)).body.detail).to.contain('ConsentBadSignature')
  })

  it('cannot use a signature for another chain, or for another contract', async () => {
    const { chain, pseudonym } = patient
    const elsewhere = { ...chain, network: { ...net.network, chainId: 1 } }
    const contracts = { ...net.network.contracts, consentRegistry: net.network.contracts.recordRegistry }
    const granteeId = anybody()
    const domain = typedData({ ...net.network, contracts }, 'Revoke', await message(chain, pseudonym, granteeId))
    const signature = await patient.account.signTypedData(domain)
    const wrong = [
      await signGrant(elsewhere, pseudonym),
      { kind: 'Revoke', message: domain.message, signature } as unknown as SignedConsent,
    ]
    for (const signed of wrong)
      expect((await postConsent(relayer.url, signed)).body.detail).to.contain('ConsentBadSignature')
  })

  it('carries what the contract account of a patient takes, and nothing else', async () => {
    const smart = await registerSmartPatient(net, hospital)
    const granteeId = anybody()
    const signed = await signGrant(smart.chain, smart.pseudonym, granteeId)
    expect(signed.message.controller.toLowerCase()).to.equal(smart.account)
    const stranger = newAccount()
    const forged = await stranger.signTypedData(typedData(net.network, 'Grant', signed.message as Message<'Grant'>))
    const refused = await postConsent(relayer.url, { ...signed, signature: forged })
    expect(refused.body.detail).to.contain('ConsentBadSignature')
    expect((await postConsent(relayer.url, signed)).status).to.equal(200)
    const consent = await consentOf(smart.chain, { pseudonym: smart.pseudonym, granteeId })
    expect(consent.state).to.equal('permit')
  })

  it('registers a patient who signed for it, once, and tells it again', async () => {
    const account = newAccount()
    const chain = await net.as(account)
    const [rho, selfKeyHash] = [randomHex(32), randomHex(32)]
    const pseudonym = pseudonymOf(net.network.networkId, account.address, rho)
    const signature = await signMessage(chain, 'Register', { pseudonym, provider: hospital.id, selfKeyHash })
    const registration = { controller: account.address, rho, provider: hospital.id, selfKeyHash, signature }
    const register = (change: object = {}) => post(relayer.url, '/v1/registrations', { ...registration, ...change })

    for (const change of [{ selfKeyHash: randomHex(32) }, { rho: randomHex(32) }, { controller: newAccount().address }])
      expect((await register(change)).body.detail).to.contain('PatientBadSignature')
    expect((await register({ provider: randomHex(16) })).body.detail).to.contain('PatientNotAtProvider')
    const first = await register()
    expect(first.status).to.equal(200)
    expect(await controllerOf(chain, { pseudonym })).to.equal(account.address)
    expect(await register()).to.deep.equal(first)
    expect((await register({ selfKeyHash: randomHex(32) })).body.detail).to.contain('PatientAlreadyRegistered')
  })
})

const granted = consentRegistryAbi.find((entry) => entry.type === 'event' && entry.name === 'Granted') as AbiEvent

/** Another value of the same form. */
function altered(value: unknown): unknown {
  if (typeof value === 'number') return value === 0 ? 1 : value - 1
  if (Array.isArray(value)) return value.map((one) => ({ ...one, purposes: 3 }))
  const text = String(value)
  const last = text.endsWith('1') ? '2' : '1'
  return text.slice(0, -1) + last
}

async function message(chain: Chain, pseudonym: Hex, granteeId: Hex): Promise<Message<'Revoke'>> {
  const { message } = await signConsent(chain, { kind: 'Revoke', pseudonym, granteeId })
  return message as Message<'Revoke'>
}
