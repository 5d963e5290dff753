import { type Bytes, fromBase64url, fromHex, toHex } from '@sharewell/sdk/bytes'
import { grant, personId } from '@sharewell/sdk/chain'
import { type KeyNodesError, keyNodesOf, memberKeysOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { sha256 } from '@sharewell/sdk/primitives'
import {
  consentCiphertext,
  ctHash,
  encodeKeyHeader,
  type KeyHeader,
  openAnswer,
  secondKeyOf,
  secondShareHash,
  wrapDek,
} from '@sharewell/sdk/release'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { asJson } from '../../helpers/as-json.ts'
import {
  anchorRecord,
  attestDoctor,
  type Hospital,
  type Patient,
  registerPatientAt,
  startCommittee,
  type TestKeyNode,
  type TestRecord,
} from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { type SignedRequest, signRequest } from '../../helpers/requests.ts'

describe('a key node and the second key of a record', () => {
  let net: TestNetwork
  let committee: Awaited<ReturnType<typeof startCommittee>>
  let hospital: Hospital
  let node: TestKeyNode
  let patient: Patient
  let doctor: Awaited<ReturnType<typeof attestDoctor>>
  let record: TestRecord
  let publicKeys: Bytes[]

  before(async () => {
    net = await startNetwork()
    committee = await startCommittee(net, { h: 3, k: 2 })
    ;[hospital] = committee.hospitals as [Hospital]
    ;[node] = committee.nodes as [TestKeyNode]
    patient = await registerPatientAt(net, hospital)
    doctor = await attestDoctor(net, hospital)
    record = await anchorRecord(net, { hospital, patient, groupKey: committee.epoch.groupKey })
    const terms = { from: 0, until: Math.floor(Date.now() / 1000) + 3_000, purposes: 1, categories: 0 }
    const granteeId = personId(doctor.account.address)
    await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, recordId: record.recordId, terms })
    publicKeys = await memberKeysOf(await keyNodesOf(doctor.chain))
  })
  after(async () => {
    await committee.close()
    await net.close()
  })

  const hybrid = (dealtTo: readonly Bytes[]): Promise<KeyHeader> =>
    wrapDek({
      record: record.header,
      dek: record.dek,
      patientKey: patient.selfPublicKey,
      groupKey: fromHex(committee.epoch.groupKey, 32),
      second: { k: 2, publicKeys: dealtTo },
    })
  const sign = (header: KeyHeader): Promise<Bytes> =>
    signObject('key header', encodeKeyHeader(header), header.networkId, hospital.account)
  async function put(header: KeyHeader): Promise<string[]> {
    const committeeNow = await keyNodesOf(doctor.chain)
    const done = await putHeader(committeeNow, { header: await sign(header) }).catch((error: KeyNodesError) => error)
    return done.failed.map(({ code }) => code)
  }
  async function request(header: KeyHeader): Promise<SignedRequest> {
    const { ct } = consentCiphertext(header)
    const headerHash = toHex(sha256(await sign(header)))
    const asked = { ...record, ctHash: toHex(ctHash(ct)), headerHash }
    return await signRequest(net.network, { doctor, pseudonym: patient.pseudonym, record: asked })
  }
  async function ask({ body }: SignedRequest, { url } = node): Promise<{ code?: string; enc?: string; ct?: string }> {
    const init = { method: 'POST', headers: asJson, body: JSON.stringify(body) }
    return (await (await fetch(`${url}/v1/release`, init)).json()) as { code?: string; enc?: string; ct?: string }
  }

  it('gives its share with its partial, the one committed to, again and again the same', async () => {
    const header = await hybrid(publicKeys)
    expect(await put(header)).to.deep.equal([])
    const asked = await request(header)
    const answer = await ask(asked)
    expect(await ask(asked)).to.deep.equal(answer)
    const sealed = { enc: fromBase64url(answer.enc ?? ''), ct: fromBase64url(answer.ct ?? '') }
    const { second } = await openAnswer(sealed, asked.reader, { requestHash: fromHex(asked.requestHash, 32), i: 1 })
    if (!second) throw new Error('no share')
    expect(secondShareHash(second)).to.deep.equal(secondKeyOf(header)?.pq.shares[0]?.commit)
  })

  it('refuses a record whose second key was dealt to others: NO_SECOND_SHARE', async () => {
    const header = await hybrid(publicKeys.slice(1))
    expect(await put(header)).to.deep.equal([])
    const asked = await request(header)
    expect(await ask(asked)).to.include({ code: 'NO_SECOND_SHARE' })
    expect(await ask(asked, committee.nodes[1])).to.have.property('ct')
  })

  it('keeps no header that deals it another share than was committed to, and tells the dealer: BAD_SECOND_SHARE', async () => {
    const header = await hybrid(publicKeys)
    const [first, ...others] = header.pq?.shares ?? []
    if (!header.pq || !first) throw new Error('no second key')
    const wrong = { ...first, commit: others[0]?.commit as Bytes }
    const cheated = { ...header, pq: { ...header.pq, shares: [wrong, ...others] } }
    expect(await put(cheated)).to.deep.equal(['BAD_SECOND_SHARE'])
    // Nor where another member passed the header on.
    const { code } = await ask(await request(cheated))
    expect(code).to.be.oneOf(['UNKNOWN_HEADER', 'BAD_SECOND_SHARE'])
  })
})
