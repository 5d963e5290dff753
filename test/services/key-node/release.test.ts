import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  attest,
  denyPerson,
  grant,
  type Message,
  personId,
  releasesOf,
  retract,
  revoke,
  supersede,
  withAccount,
} from '@sharewell/sdk/chain'
import { keyNodesOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import { createReaderKey, ctHash, encodeCiphertext, encodeKeyHeader, readerProof } from '@sharewell/sdk/release'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { refusals } from '../../../services/key-node/src/refusals.ts'
import { asJson } from '../../helpers/as-json.ts'
import {
  anchorRecord,
  attestDoctor,
  type Hospital,
  newAccount,
  type Patient,
  registerPatientAt,
  startCommittee,
  type TestKeyNode,
  type TestRecord,
} from '../../helpers/committee.ts'
import { hearLog } from '../../helpers/heard-log.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { type SignedRequest, signRequest } from '../../helpers/requests.ts'
import { turnedClock } from '../../helpers/turned-clock.ts'

const randomHex = (bytes: number): Hex => toHex(randomBytes(bytes))
const treat = 0
const hresch = 5

describe('a key node answers a reader', () => {
  const time = turnedClock()
  const { clock } = time
  const log = hearLog()
  /** What was sent, signed or is secret: none of it may be logged. */
  const unspoken = new Set<string>()
  let net: TestNetwork
  let committee: Awaited<ReturnType<typeof startCommittee>>
  let hospital: Hospital
  let node: TestKeyNode
  let patient: Patient
  let doctor: Awaited<ReturnType<typeof attestDoctor>>
  let record: TestRecord

  before(async () => {
    net = await startNetwork()
    committee = await startCommittee(net, { h: 3, k: 2, clock, log })
    ;[hospital] = committee.hospitals as [Hospital]
    ;[node] = committee.nodes as [TestKeyNode]
    patient = await registerPatientAt(net, hospital)
    doctor = await attestDoctor(net, hospital)
    record = await newRecord()
    await permit(record)
  })
  after(async () => {
    await committee.close()
    await net.close()
  })

  async function newRecord(): Promise<TestRecord> {
    const made = await anchorRecord(net, { hospital, patient, groupKey: committee.epoch.groupKey })
    await putHeader(await keyNodesOf(doctor.chain), { header: made.headerBytes })
    return made
  }

  async function permit({ recordId }: TestRecord, change: { from?: number; until?: number; purposes?: number } = {}) {
    const terms = { from: 0, until: clock() + 3_000, purposes: 1 << treat, categories: 0, ...change }
    await grant(patient.chain, {
      pseudonym: patient.pseudonym,
      granteeId: personId(doctor.account.address),
      recordId,
      terms,
    })
  }

  /** A request as the doctor's device makes it; `change` alters it before it is signed. */
  const request = (
    of: TestRecord = record,
    change: Partial<Message<'KeyRequest'>> = {},
    { signer = doctor, log = true } = {},
  ): Promise<SignedRequest> =>
    signRequest(
      net.network,
      { doctor, pseudonym: patient.pseudonym, record: of },
      { change, signer: signer.chain, log, now: clock() },
    )

  async function ask(body: unknown, of: TestKeyNode = node): Promise<{ status: number; text: string; code?: string }> {
    const response = await fetch(`${of.url}/v1/release`, {
      method: 'POST',
      headers: asJson,
      body: JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, text, ...(response.ok ? {} : { code: JSON.parse(text).code }) }
  }

  /** The code of a refusal, which the node has logged and counted under that code. */
  async function refusal(body: unknown, of: TestKeyNode = node): Promise<string | undefined> {
    const heard = log.lines.length
    const { status, code } = await ask(body, of)
    for (const text of JSON.stringify(body).match(/0x[0-9a-f]{16,}|[\w-]{100,}/gi) ?? [])
      unspoken.add(text.toLowerCase())
    if (code === undefined) return undefined
    expect(status).to.equal(refusals[code as keyof typeof refusals].status)
    const line = { level: 'info', fields: { code }, message: 'release refused' }
    expect(log.lines.slice(heard)).to.deep.include(line)
    const metrics = await (await fetch(`${of.url}/metrics`)).text()
    expect(metrics).to.match(new RegExp(`release_refusals_total\\{code="${code}"\\} [1-9]`))
    return code
  }

  it('with a partial, where everything holds', async () => {
    const { body } = await request()
    const { status, text } = await ask(body)
    expect(status).to.equal(200)
    expect(JSON.parse(text)).to.include({ keyEpoch: 1, i: 1 })
  })

  it('the same bytes to the same request, also after a restart', async () => {
    const { body } = await request()
    const { text } = await ask(body)
    expect((await ask(body)).text).to.equal(text)
    await node.restart()
    expect((await ask(body)).text).to.equal(text)
  })

  it('and says so on chain', async () => {
    const { body, requestHash } = await request()
    await ask(body)
    await node.stop()
    await node.restart()
    const deadline = Date.now() + 5_000
    let released = await releasesOf(doctor.chain, { requestHash })
    while (released.length === 0 && Date.now() < deadline) released = await releasesOf(doctor.chain, { requestHash })
    expect(released.map(({ operator }) => operator)).to.deep.equal([committee.operators[0]?.id])
  })

  describe('not, when the request', () => {
    it('is malformed', async () => {
      expect(await refusal({})).to.equal('BAD_REQUEST')
      const { body } = await request()
      expect(await refusal({ ...body, request: { ...body.request, extra: 1 } })).to.equal('BAD_REQUEST')
    })
    it('is for another network', async () => {
      expect(await refusal((await request(record, { networkId: randomHex(32) })).body)).to.equal('OTHER_NETWORK')
    })
    it('is over', async () => {
      expect(await refusal((await request(record, { notAfter: clock() - 70 })).body)).to.equal('REQUEST_EXPIRED')
    })
    it('runs too far ahead', async () => {
      expect(await refusal((await request(record, { notAfter: clock() + 400 })).body)).to.equal('REQUEST_TOO_LONG')
    })
    it('was altered after signing', async () => {
      const { body } = await request()
      expect(await refusal({ ...body, request: { ...body.request, purpose: hresch } })).to.equal('BAD_SIGNATURE')
    })
    it('was signed by somebody else', async () => {
      const account = newAccount()
      const signer = { ...doctor, chain: withAccount(doctor.chain, account) }
      expect(await refusal((await request(record, {}, { signer })).body)).to.equal('BAD_SIGNATURE')
    })
    it('comes with another reader key', async () => {
      const { body } = await request()
      const { Yr } = createReaderKey()
      expect(await refusal({ ...body, reader: { ...body.reader, Yr: toHex(Yr) } })).to.equal('BAD_READER_KEY')
    })
    it('comes without a proof that the reader holds its key', async () => {
      const { body, reader } = await request()
      const pok = toHex(readerProof(reader, randomBytes(32)))
      expect(await refusal({ ...body, reader: { ...body.reader, pok } })).to.equal('BAD_PROOF')
    })
    it('was not logged', async () => {
      expect(await refusal((await request(record, {}, { log: false })).body)).to.equal('NOT_LOGGED')
    })
    it('names a manifest that is not the anchored one', async () => {
      expect(await refusal((await request(record, { manifestHash: randomHex(32) })).body)).to.equal('OTHER_MANIFEST')
    })
    it('names a record that nobody anchored', async () => {
      expect(await refusal((await request(record, { recordId: randomHex(32) })).body)).to.equal('UNKNOWN_RECORD')
    })
    it('names another version', async () => {
      expect(await refusal((await request(record, { version: 2 })).body)).to.equal('SUPERSEDED')
    })
    it('names another consent than the one that permits', async () => {
      expect(await refusal((await request(record, { consentKey: randomHex(32) })).body)).to.equal('OTHER_CONSENT')
    })
    it('asks for a wrap that nodes do not answer for', async () => {
      expect(await refusal((await request(record, { wrap: 'W0' })).body)).to.equal('UNKNOWN_WRAP')
    })
    it('names another ciphertext than the header carries', async () => {
      expect(await refusal((await request(record, { ctHash: randomHex(32) })).body)).to.equal('OTHER_CIPHERTEXT')
    })
    it('names a header that the node does not keep', async () => {
      const { body } = await request()
      expect(await refusal({ ...body, headerHash: randomHex(32) })).to.equal('UNKNOWN_HEADER')
    })
    it('names the header of another record', async () => {
      const other = await newRecord()
      const { body } = await request()
      expect(await refusal({ ...body, headerHash: other.headerHash })).to.equal('OTHER_HEADER')
    })
  })

  describe('not, when the consent', () => {
    it('was never given', async () => {
      expect(await refusal((await request(await newRecord())).body)).to.equal('NO_CONSENT')
    })
    it('is for another reader', async () => {
      const other = await attestDoctor(net, hospital, clock)
      const change = { reader: other.account.address.toLowerCase() as Hex, credentialId: other.credential }
      expect(await refusal((await request(record, change, { signer: other })).body)).to.equal('NO_CONSENT')
    })
    it('is for another purpose', async () => {
      expect(await refusal((await request(record, { purpose: hresch })).body)).to.equal('WRONG_PURPOSE')
    })
    it('is asked for break-glass, which no consent covers', async () => {
      expect(await refusal((await request(record, { purpose: 2 })).body)).to.equal('UNKNOWN_PURPOSE')
    })
    it('begins later', async () => {
      const later = await newRecord()
      await permit(later, { from: clock() + 1_000 })
      expect(await refusal((await request(later)).body)).to.equal('NOT_YET_VALID')
    })
    it('was revoked, also when the request was answered before', async () => {
      const stopped = await newRecord()
      await permit(stopped)
      const { body } = await request(stopped)
      expect((await ask(body)).status).to.equal(200)
      const granteeId = personId(doctor.account.address)
      await revoke(patient.chain, { pseudonym: patient.pseudonym, granteeId, recordId: stopped.recordId })
      expect(await refusal(body)).to.equal('REVOKED')
    })
    it('was denied', async () => {
      const denied = await newRecord()
      await permit(denied)
      const { pseudonym } = patient
      await denyPerson(patient.chain, { pseudonym, account: doctor.account.address, recordId: denied.recordId })
      expect(await refusal((await request(denied)).body)).to.equal('DENIED')
    })
  })

  describe('not, when the record or the affiliation', () => {
    it('is another version now', async () => {
      const old = await newRecord()
      await permit(old)
      const hashes = {
        manifestHash: randomHex(32),
        placementHash: randomHex(32),
        ptCommit: randomHex(32),
        n: 5,
        t: 3,
        r: 0,
      }
      await supersede(hospital.chain, { recordId: old.recordId, version: 2, ...hashes })
      expect(await refusal((await request(old)).body)).to.equal('SUPERSEDED')
    })
    it('was withdrawn at this node', async () => {
      const withdrawn = await newRecord()
      await permit(withdrawn)
      await node.restart({ withdrawn: [withdrawn.recordId] })
      expect(await refusal((await request(withdrawn)).body)).to.equal('REFUSED_RECORD')
      await node.restart()
    })
    it('is somebody else’s', async () => {
      const other = await attestDoctor(net, hospital, clock)
      expect(await refusal((await request(record, { credentialId: other.credential })).body)).to.equal(
        'NOT_YOUR_CREDENTIAL',
      )
      expect(await refusal((await request(record, { credentialId: randomHex(32) })).body)).to.equal(
        'NOT_YOUR_CREDENTIAL',
      )
    })
    it('was ended by the hospital', async () => {
      const { body } = await request()
      await retract(hospital.chain, { account: doctor.account.address, organization: hospital.id })
      expect(await refusal(body)).to.equal('CREDENTIAL_DEAD')
      const until = clock() + 3_600
      const directoryHash = randomHex(32)
      await attest(hospital.chain, {
        account: doctor.account.address,
        organization: hospital.id,
        roles: 1,
        until,
        directoryHash,
      })
      expect((await ask(body)).status).to.equal(200)
    })
  })

  describe('not, when the ciphertext', () => {
    it('was made by somebody who does not know its key', async () => {
      const forged = await newRecord()
      await permit(forged)
      const { W1 } = forged.header.wraps
      if (!W1) throw new Error('no W1')
      const ct = { ...forged.ct, f: record.ct.f }
      const header = { ...forged.header, wraps: { ...forged.header.wraps, W1: { ...W1, enc: encodeCiphertext(ct) } } }
      const networkId = fromHex(net.network.networkId, 32)
      const bytes = await signObject('key header', encodeKeyHeader(header), networkId, hospital.account)
      await putHeader(await keyNodesOf(doctor.chain), { header: bytes })
      const { body } = await request({ ...forged, ctHash: toHex(ctHash(ct)), headerHash: toHex(sha256(bytes)) })
      expect(await refusal(body)).to.equal('BAD_CIPHERTEXT')
    })
    it('was made to another group key', async () => {
      const { hpkePublicKey: _, Yr } = createReaderKey()
      const foreign = await anchorRecord(net, { hospital, patient, groupKey: toHex(Yr) })
      await putHeader(await keyNodesOf(doctor.chain), { header: foreign.headerBytes })
      await permit(foreign)
      expect(await refusal((await request(foreign)).body)).to.equal('OTHER_GROUP_KEY')
    })
  })

  describe('not beyond its budgets', () => {
    afterEach(() => node.restart())

    it('of one minute', async () => {
      await node.restart({ budgets: { minute: 1, day: 500, patient: 500 } })
      time.ahead += 120
      await net.increaseTime(120)
      expect(await refusal((await request()).body)).to.equal(undefined)
      expect(await refusal((await request()).body)).to.equal('BUDGET_MINUTE')
    })
    it('of one day', async () => {
      await node.restart({ budgets: { minute: 500, day: 1, patient: 500 } })
      expect(await refusal((await request()).body)).to.equal('BUDGET_DAY')
    })
    it('of one patient and day', async () => {
      await node.restart({ budgets: { minute: 500, day: 500, patient: 1 } })
      expect(await refusal((await request()).body)).to.equal('BUDGET_PATIENT')
    })
  })

  describe('not, when time has passed:', () => {
    it('the request was logged more than ten minutes ago', async () => {
      const { body } = await request(record, { notAfter: clock() + 650 + 200 })
      time.ahead += 650
      await net.increaseTime(650)
      expect(await refusal(body)).to.equal('LOG_TOO_OLD')
    })
    it('a request that was answered is over', async () => {
      const { body } = await request()
      expect((await ask(body)).status).to.equal(200)
      time.ahead += 280
      await net.increaseTime(280)
      expect(await refusal(body)).to.equal('REQUEST_EXPIRED')
    })
    it('the consent has expired', async () => {
      const short = await newRecord()
      await permit(short, { until: clock() + 100 })
      expect((await ask((await request(short)).body)).status).to.equal(200)
      time.ahead += 150
      await net.increaseTime(150)
      expect(await refusal((await request(short)).body)).to.equal('EXPIRED')
    })
    it('the chain stands still', async () => {
      const { body } = await request()
      time.ahead += 90
      expect(await refusal(body)).to.equal('STALE_HEAD')
      time.ahead -= 90
    })
  })

  describe('and its log', () => {
    it('says codes alone: nothing that was sent, no account, no record and no key', () => {
      const { wraps } = record.header
      for (const bytes of [record.dek, patient.selfSeed, wraps.W0.wrap]) unspoken.add(toHex(bytes).slice(2))
      const said = log.lines.map((line) => JSON.stringify(line).toLowerCase())
      expect(said.filter((line) => line.includes('release refused')).length).to.be.greaterThan(30)
      expect(unspoken.size).to.be.greaterThan(100)
      expect([...unspoken].filter((text) => said.some((line) => line.includes(text)))).to.deep.equal([])
    })
  })
})
