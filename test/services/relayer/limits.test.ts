import { type Chain, messageToJson, type SignedConsent, signConsent } from '@sharewell/sdk/chain'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Hex } from 'viem'
import { startBreakableChain } from '../../helpers/breakable-chain.ts'
import {
  type Hospital,
  newAccount,
  type Patient,
  registerHospitals,
  registerPatientAt,
} from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { dial, firstAnswer } from '../../helpers/raw-http.ts'
import { anHour, anybody, post, postConsent, startRelayer, type TestRelayer } from '../../helpers/relayer.ts'

describe('a relayer under load', () => {
  let net: TestNetwork
  let hospital: Hospital
  let [one, two]: Patient[] = []
  const started: TestRelayer[] = []

  before(async () => {
    net = await startNetwork()
    ;[hospital] = (await registerHospitals(net, 1)) as [Hospital]
    one = await registerPatientAt(net, hospital)
    two = await registerPatientAt(net, hospital)
  })
  after(async () => {
    await Promise.all(started.map((relayer) => relayer.stop()))
    await net.close()
  })

  const start = async (...[change]: [Parameters<typeof startRelayer>[1]?]) => {
    const relayer = await startRelayer(net, change)
    started.push(relayer)
    return relayer.url
  }
  const signGrant = ({ chain, pseudonym }: { chain: Chain; pseudonym: Hex }) =>
    signConsent(chain, { kind: 'Grant', pseudonym, granteeId: anybody(), terms: anHour() })
  const signRevocation = ({ chain, pseudonym }: { chain: Chain; pseudonym: Hex }) =>
    signConsent(chain, { kind: 'RevokeAll', pseudonym, granteeId: anybody() })
  const patients = () => [one, two] as [Patient, Patient]

  it('carries so much for one pseudonym, and says when it goes on; others and revocations get through', async () => {
    const url = await start({ limits: { patientMinute: 2 } })
    const [flood, other] = patients()
    for (const _ of [1, 2]) expect((await postConsent(url, await signGrant(flood))).status).to.equal(200)
    const refused = await postConsent(url, await signGrant(flood))
    expect([refused.status, refused.body.code]).to.deep.equal([429, 'BUDGET_PATIENT'])
    expect(Number(refused.retryAfter)).to.be.within(1, 60)
    expect((await postConsent(url, await signGrant(other))).status).to.equal(200)
    const stop = await signRevocation(flood)
    expect((await postConsent(url, stop)).status).to.equal(200)
  })

  it('counts nothing that others send in a patient’s name', async () => {
    const url = await start({ limits: { patientMinute: 1 } })
    const [victim] = patients()
    const signed = await signGrant(victim)
    const forged = { ...signed, signature: (await signGrant(victim)).signature } as SignedConsent
    for (const _ of [1, 2, 3]) expect((await postConsent(url, forged)).status).to.equal(409)
    expect((await postConsent(url, signed)).status).to.equal(200)
    expect((await postConsent(url, signed)).status).to.equal(429)
  })

  it('carries so much in all, and keeps room for revocations', async () => {
    const url = await start({ limits: { openings: 2 } })
    const [first, second] = patients()
    for (const patient of [first, second])
      expect((await postConsent(url, await signGrant(patient))).status).to.equal(200)
    const refused = await postConsent(url, await signGrant(await registerPatientAt(net, hospital)))
    expect([refused.status, refused.body.code]).to.deep.equal([429, 'BUDGET_TOTAL'])
    expect(Number(refused.retryAfter)).to.be.within(1, 60)
    const stop = await signRevocation(first)
    expect((await postConsent(url, stop)).status).to.equal(200)
  })

  it('looks at so many at once, lets so many wait, and refuses the rest', async () => {
    const proxy = await startBreakableChain(net.network.rpcUrls[0] ?? '')
    const url = await start({
      network: { ...net.network, rpcUrls: [proxy.url] },
      limits: { atOnce: 1, requests: 2 },
    })
    const signed = await Promise.all([1, 2, 3].map(() => signGrant(patients()[0])))
    const release = proxy.hold('eth_call')
    const answers = signed.map((each) => postConsent(url, each))
    const refused = await Promise.race(answers)
    expect([refused.status, refused.body.code, refused.retryAfter]).to.deep.equal([503, 'BUSY', '1'])
    release()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(statuses.sort()).to.deep.equal([200, 200, 503])
    await proxy.close()
  })

  it('pays for no more gas than it said', async () => {
    const url = await start({ limits: { gas: 100_000 } })
    const [{ chain, pseudonym }] = patients()
    const consents = Array.from({ length: 5 }, () => ({ granteeId: anybody(), terms: anHour() }))
    const batch = await signConsent(chain, { kind: 'GrantMany', pseudonym, consents })
    const refused = await postConsent(url, batch)
    expect([refused.status, refused.body.code], refused.body.detail).to.deep.equal([422, 'TOO_MUCH_GAS'])
    const full = Array.from({ length: 64 }, () => ({ granteeId: anybody(), terms: anHour() }))
    const most = await signConsent(chain, { kind: 'GrantMany', pseudonym, consents: full })
    expect((await postConsent(await start(), most)).status).to.equal(200)
  })
})

describe('a relayer that is sent something else', () => {
  let net: TestNetwork
  let patient: Patient
  let relayer: TestRelayer
  let signed: SignedConsent

  before(async () => {
    net = await startNetwork()
    const [hospital] = (await registerHospitals(net, 1)) as [Hospital]
    patient = await registerPatientAt(net, hospital)
    relayer = await startRelayer(net, { bodyTimeout: 300 })
    const { chain, pseudonym } = patient
    signed = await signConsent(chain, { kind: 'Grant', pseudonym, granteeId: anybody(), terms: anHour() })
  })
  after(async () => {
    await relayer.stop()
    await net.close()
  })

  const send = async (body: string, type = 'application/json') => {
    const response = await fetch(`${relayer.url}/v1/consents`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    const { code, hint } = (await response.json()) as { code: string; hint: string }
    expect(response.headers.get('content-type')).to.equal('application/problem+json')
    expect(hint).to.be.a('string').and.not.equal('')
    return [response.status, code]
  }
  const consent = (change: object) => {
    const { kind, message, signature } = signed
    return JSON.stringify({ kind, message: messageToJson(message), signature, ...change })
  }

  it('says what is wrong with it', async () => {
    expect(await send('{"kind":')).to.deep.equal([400, 'BAD_REQUEST'])
    expect(await send('[]')).to.deep.equal([400, 'BAD_REQUEST'])
    expect(await send(consent({ more: 1 }))).to.deep.equal([400, 'BAD_REQUEST'])
    expect(await send(consent({ kind: 'Register' }))).to.deep.equal([400, 'BAD_REQUEST'])
    expect(await send(consent({ signature: '0x12' }))).to.deep.equal([400, 'BAD_REQUEST'])
    expect(await send(consent({ message: null }))).to.deep.equal([400, 'MESSAGE'])
    expect(await send(consent({ kind: 'GrantMany' }))).to.deep.equal([400, 'MESSAGE'])
    expect(await send(' '.repeat(40_000))).to.deep.equal([413, 'TOO_LARGE'])
    expect(await send(consent({}), 'text/plain')).to.deep.equal([415, 'MEDIA_TYPE'])
    const get = await fetch(`${relayer.url}/v1/consents`)
    expect([get.status, get.headers.get('allow')]).to.deep.equal([405, 'POST'])
  })

  it('cuts off a body that does not come, and goes on', async () => {
    const client = await dial(relayer.url)
    client.socket.write('POST /v1/consents HTTP/1.1\r\nhost: x\r\ncontent-length: 900\r\n\r\n{"kind"')
    expect(firstAnswer(await client.heard(/\}/)).problem).to.include({ status: 408, code: 'BODY_TIMEOUT' })
    client.socket.destroy()
    expect((await fetch(`${relayer.url}/readyz`)).status).to.equal(200)
  })

  it('answers any JSON with a code, and does not fail', async () => {
    const strange = fc.oneof(
      fc.jsonValue(),
      fc.record({
        kind: fc.constantFrom('Grant', 'Revoke', 'GrantMany'),
        message: fc.jsonValue(),
        signature: fc.jsonValue(),
      }),
      fc.dictionary(fc.constantFrom(...Object.keys(messageToJson(signed.message))), fc.jsonValue()).map((change) => ({
        ...signed,
        message: { ...messageToJson(signed.message), ...change },
      })),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('/v1/consents', '/v1/registrations'), strange, async (route, body) => {
        const { status, body: answer } = await post(relayer.url, route, body)
        // Nothing changed at all is a consent.
        if (status !== 200)
          expect([status, answer.code]).to.satisfy(([s]: [number]) => s === 400 || s === 409 || s === 429)
      }),
      { numRuns: 200 },
    )
  })

  it('may be asked by a page, which sees when to ask again', async () => {
    const headers = {
      origin: 'http://127.0.0.1:3000',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    }
    const allowed = await fetch(`${relayer.url}/v1/consents`, { method: 'OPTIONS', headers })
    expect(allowed.headers.get('access-control-allow-origin')).to.equal('*')
    expect(allowed.headers.get('access-control-allow-headers')).to.contain('content-type')
    const refused = await fetch(`${relayer.url}/v1/consents`, { method: 'POST', headers, body: '{' })
    expect(refused.headers.get('access-control-expose-headers')).to.contain('retry-after')
  })

  it('tells what it is, and counts what it does', async () => {
    const carried = await postConsent(relayer.url, signed)
    expect(carried.status, carried.body.detail).to.equal(200)
    const status = await (await fetch(`${relayer.url}/v1/status`)).json()
    expect(status).to.include({ networkId: net.network.networkId, chainId: net.network.chainId, underWay: 0 })
    const metrics = await (await fetch(`${relayer.url}/metrics`)).text()
    expect(metrics).to.contain('carried_total{kind="Grant"}').and.to.contain('carry_refusals_total{code="MESSAGE"}')
    expect(metrics).not.to.contain(patient.pseudonym.slice(2, 20)).and.not.to.contain(newAccount().address)
  })
})
