import {
  type Chain,
  countedUsesOf,
  type DelegationTerms,
  decide,
  delegate,
  delegationOf,
  endDelegation,
  grant,
  logCountedRequest,
  messageToJson,
  personId,
  type ReaderSession,
  readerOf,
  relay,
  relayCountedRequest,
  relayDelegation,
  releaseRequestsOf,
  revoke,
  rotateController,
  type SignedDelegation,
  signConsent,
  signDelegation,
  submitDelegation,
  usesOf,
} from '@sharewell/sdk/chain'
import { expect } from 'chai'
import type { Hex } from 'viem'
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
import { anHour, anybody, post, startRelayer, type TestRelayer } from '../../helpers/relayer.ts'
import { beginShift, bySession } from '../../helpers/shifts.ts'

const treat = 0

describe('a relayer and the terms of consents', () => {
  let net: TestNetwork
  let hospital: Hospital
  let relayer: TestRelayer
  let patient: Patient

  before(async () => {
    net = await startNetwork()
    ;[hospital] = (await registerHospitals(net, 1)) as [Hospital]
    relayer = await startRelayer(net, { limits: { patientMinute: 20, readerMinute: 12 } })
    patient = await newPatient()
  })
  after(async () => {
    await relayer.stop()
    await net.close()
  })

  const relayed = (chain: Chain): Chain => ({ ...chain, network: { ...chain.network, relayerUrls: [relayer.url] } })
  const newPatient = async () => {
    const made = await registerPatientAt(net, hospital)
    return { ...made, chain: relayed(made.chain) }
  }
  const sentBy = (chain: Chain) => chain.client.getTransactionCount({ address: readerOf(chain) })

  describe('counts uses:', () => {
    let doctor: Chain
    let session: ReaderSession
    before(async () => {
      doctor = relayed((await attestDoctor(net, hospital)).chain)
      session = await beginShift(doctor)
    })

    async function permit(reader: Hex, useLimit: number) {
      const { chain, pseudonym } = patient
      const granteeId = personId(reader)
      await grant(chain, { pseudonym, granteeId, terms: { ...anHour(), useLimit } })
      const query = { pseudonym, recordId: `0x${'00'.repeat(32)}` as Hex, categoryBit: 3, reader, purpose: treat }
      const { key: consentKey } = await decide(chain, query)
      return { pseudonym, recordId: query.recordId, reader, consentKey }
    }

    type Body = { readonly message: object; readonly place: object; readonly reader: Hex }
    /** Stands between the client and the relayer while it acts. */
    async function intercepting<T>(
      between: (send: () => Promise<Response>, body: Body) => Promise<Response>,
      act: () => Promise<T>,
    ): Promise<T> {
      const honest = globalThis.fetch
      globalThis.fetch = async (url, init) => {
        const send = () => honest(url, init)
        return String(url).endsWith('/v1/uses') ? await between(send, JSON.parse(String(init?.body))) : await send()
      }
      try {
        return await act()
      } finally {
        globalThis.fetch = honest
      }
    }

    it('one for a request, by the key of a shift: the doctor sends nothing', async () => {
      const scope = await permit(readerOf(doctor), 2)
      const by = bySession(doctor, session)
      const [requestHash, next] = [randomHex(32), randomHex(32)]
      const sent = await sentBy(doctor)
      const { transactionHash } = await relayCountedRequest(by, { requestHash, purpose: treat, ...scope })
      const [logged] = await releaseRequestsOf(doctor, { requestHash })
      expect(logged?.transaction).to.equal(transactionHash)
      expect(await countedUsesOf(doctor, { requestHash })).to.have.length(1)
      await relayCountedRequest(by, { requestHash: next, purpose: treat, ...scope })
      expect(await usesOf(doctor, { key: scope.consentKey })).to.include({ used: 2, useLimit: 2 })
      const refused = relayCountedRequest(by, { requestHash: randomHex(32), purpose: treat, ...scope })
      expect(await refused.catch((error) => error)).to.include({ reason: 'ConsentUsedUp' })
      expect(await sentBy(doctor)).to.equal(sent)
    })

    it('on, where another request took the number meanwhile', async () => {
      const scope = await permit(readerOf(doctor), 3)
      const by = bySession(doctor, session)
      const requestHash = randomHex(32)
      let asked = 0
      await intercepting(
        async (send) => {
          asked += 1
          // Somebody else is faster, once.
          if (asked === 1) await logCountedRequest(doctor, { requestHash: randomHex(32), ...scope })
          return await send()
        },
        () => relayCountedRequest(by, { requestHash, purpose: treat, ...scope }),
      )
      expect(asked).to.equal(2)
      expect(await countedUsesOf(doctor, { requestHash })).to.have.length(1)
      expect((await usesOf(doctor, { key: scope.consentKey })).used).to.equal(2)
    })

    it('none for a stranger, an altered message, what runs far ahead, or whom nobody attests', async () => {
      const scope = await permit(readerOf(doctor), 1)
      const by = bySession(doctor, session)
      let body: Body | undefined
      const asking = () => codeOf(relayCountedRequest(by, { requestHash: randomHex(32), purpose: treat, ...scope }))
      await intercepting(async (_, sent) => {
        body = sent
        return Response.json({}, { status: 503 })
      }, asking)
      if (!body) throw new Error('nothing was asked')
      const { message, place } = body
      const other = (await attestDoctor(net, hospital)).account.address
      const changes = {
        'another reader': { ...body, reader: other },
        'another request': { ...body, message: { ...message, requestHash: randomHex(32) } },
        'another place': { ...body, place: { ...place, recordId: randomHex(32) } },
        'far ahead': { ...body, message: { ...message, deadline: doctor.clock() + 1_000 } },
        over: { ...body, message: { ...message, deadline: doctor.clock() - 100 } },
        beside: { ...body, more: 1 },
      }
      const said = Object.entries(changes).map(async ([name, changed]) => [
        name,
        (await post(relayer.url, '/v1/uses', changed)).body.code,
      ])
      expect(Object.fromEntries(await Promise.all(said))).to.deep.equal({
        'another reader': 'CONTRACT_REFUSAL',
        'another request': 'CONTRACT_REFUSAL',
        'another place': 'CONTRACT_REFUSAL',
        'far ahead': 'REQUEST_TOO_LONG',
        over: 'REQUEST_OVER',
        beside: 'BAD_REQUEST',
      })
      expect((await usesOf(doctor, { key: scope.consentKey })).used).to.equal(0)
      const unknown = relayed(await net.as(newAccount()))
      const own = await permit(readerOf(unknown), 1)
      const asked = relayCountedRequest(unknown, { requestHash: randomHex(32), purpose: treat, ...own })
      expect(String(await asked.catch((error) => error))).to.contain('NOT_ATTESTED')
    })

    it('for so many openings of one reader in a minute, whatever sessions sign them', async () => {
      const busy = relayed((await attestDoctor(net, hospital)).chain)
      const scope = await permit(readerOf(busy), 100)
      const [first, second] = [await beginShift(busy), await beginShift(busy)]
      const said: string[] = []
      for (let asked = 0; asked < 14; asked++) {
        const by = bySession(busy, asked % 2 ? first : second)
        const asking = relayCountedRequest(by, { requestHash: randomHex(32), purpose: treat, ...scope })
        said.push(await asking.then(() => 'counted', String))
      }
      expect(said.filter((one) => one === 'counted')).to.have.length(12)
      expect(said.at(-1)).to.contain('BUDGET_READER')
      const { used } = await usesOf(busy, { key: scope.consentKey })
      expect(used).to.equal(12)
    })
  })

  describe('carries what is said about delegates:', () => {
    const terms = (): DelegationTerms => ({
      until: patient.chain.clock() + 3_000,
      reads: 1,
      grants: 1,
      categories: 0xff,
    })
    const carry = ({ kind, message, signature }: SignedDelegation, change: object = {}) =>
      post(relayer.url, '/v1/delegations', { kind, message: { ...messageToJson(message), ...change }, signature })

    it('named, changed and ended without a transaction of the patient', async () => {
      const { chain, pseudonym } = patient
      const account = newAccount().address
      const sent = await sentBy(chain)
      const named = await signDelegation(chain, { kind: 'Delegate', pseudonym, account, terms: terms() })
      const { transactionHash } = await relayDelegation(chain, named)
      expect(await delegationOf(chain, { pseudonym, account })).to.include({ state: 'live', reads: 1 })
      expect((await relayDelegation(chain, named)).transactionHash, 'asked again').to.equal(transactionHash)

      const fewer = { ...terms(), grants: 0 }
      await relayDelegation(chain, await signDelegation(chain, { kind: 'Delegate', pseudonym, account, terms: fewer }))
      expect(await delegationOf(chain, { pseudonym, account })).to.include({ state: 'live', grants: 0 })

      const end = await signDelegation(chain, { kind: 'EndDelegation', pseudonym, account })
      const ended = await relayDelegation(chain, end)
      expect((await delegationOf(chain, { pseudonym, account })).state).to.equal('ended')
      expect((await chain.client.getTransactionReceipt({ hash: ended.transactionHash })).status).to.equal('success')
      expect(await sentBy(chain)).to.equal(sent)
    })

    it('but nothing that was held back until after the end, altered, or signed by another', async () => {
      const { chain, pseudonym } = patient
      const account = newAccount().address
      const held = await signDelegation(chain, { kind: 'Delegate', pseudonym, account, terms: terms() })
      await endDelegation(chain, { pseudonym, account })
      expect((await carry(held)).body.detail).to.contain('DelegationOlder')
      const other = newAccount().address
      const signed = await signDelegation(chain, { kind: 'Delegate', pseudonym, account: other, terms: terms() })
      expect((await carry(signed, { categories: 0xffff })).body.detail).to.contain('DelegationBadSignature')
      expect((await carry(signed, { more: 1 })).body.code).to.equal('MESSAGE')
      const stranger = relayed(await net.as(newAccount()))
      const forged = signDelegation(stranger, { kind: 'Delegate', pseudonym, account: other, terms: terms() })
      expect(await forged.catch((error) => error)).to.include({ reason: 'DelegationNotController' })
      expect((await delegationOf(chain, { pseudonym, account: other })).state).to.equal('none')
    })

    it('not after its time, and not once the controller changed', async () => {
      const { chain, pseudonym } = await newPatient()
      const account = newAccount().address
      const old: Chain = { ...chain, clock: () => Math.floor(Date.now() / 1000) - 1_000 }
      const late = await signDelegation(old, { kind: 'Delegate', pseudonym, account, terms: terms() })
      expect((await carry(late)).body.code).to.equal('DEADLINE_OVER')
      const signed = await signDelegation(chain, { kind: 'Delegate', pseudonym, account, terms: terms() })
      await rotateController(chain, { pseudonym, controller: newAccount().address })
      expect((await carry(signed)).body.detail).to.contain('DelegationBadSignature')
    })

    it('by any account, where no relayer does', async () => {
      const { chain, pseudonym } = patient
      const account = newAccount().address
      const alone = { ...chain, network: { ...chain.network, relayerUrls: [] } }
      const signed = await signDelegation(alone, { kind: 'Delegate', pseudonym, account, terms: terms() })
      expect(await codeOf(relayDelegation(alone, signed))).to.equal('RELAYER')
      await submitDelegation(await net.as(newAccount()), signed)
      expect((await delegationOf(chain, { pseudonym, account })).state).to.equal('live')
    })

    it('and what a delegate consents, within its limits and not beyond', async () => {
      const { chain, pseudonym } = patient
      const carer = newAccount()
      const by = relayed(await net.as(carer))
      const granteeId = anybody()
      const act = { kind: 'Grant', pseudonym, granteeId, terms: { ...anHour(), categories: 1 } } as const
      expect(await signConsent(by, act).catch((error) => error)).to.include({ reason: 'ConsentNotController' })
      const until = anHour().until + 600
      await delegate(chain, { pseudonym, account: carer.address, terms: { ...terms(), until } })
      await relay(by, await signConsent(by, act))
      const beyond = { ...act, granteeId: anybody(), terms: { ...anHour(), categories: 0x100 } }
      const refused = relay(by, await signConsent(by, beyond))
      expect(await refused.catch((error) => error)).to.include({ reason: 'ConsentBeyondDelegation' })
      const all = signConsent(by, { kind: 'RevokeAll', pseudonym })
      expect(await all.catch((error) => error)).to.include({ reason: 'ConsentNotController' })
      await relay(by, await signConsent(by, { kind: 'Revoke', pseudonym, granteeId }))
      const gone = { kind: 'Revoke', pseudonym, granteeId: anybody() } as const
      await endDelegation(chain, { pseudonym, account: carer.address })
      expect(await signConsent(by, gone).catch((error) => error)).to.include({ reason: 'ConsentNotController' })
      await revoke(chain, { pseudonym, granteeId })
    })
  })
})
