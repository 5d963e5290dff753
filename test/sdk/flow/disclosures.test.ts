import type { Hex } from '@sharewell/sdk/bytes'
import { countedUsesOf, logCountedRequest, logReleaseRequest, purposes, releasesOf } from '@sharewell/sdk/chain'
import { type Accounting, accountOfDisclosures } from '@sharewell/sdk/flow/book'
import { readPass } from '@sharewell/sdk/flow/key-nodes'
import { expect } from 'chai'
import { asJson } from '../../helpers/as-json.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { type KnownRecord, knownRecord } from '../../helpers/described.ts'
import { altersOpenings, type Told } from '../../helpers/flow-liars.ts'
import { randomHex } from '../../helpers/ids.ts'
import { depositBytes, permit, someBytes } from '../../helpers/journeys.ts'
import { newAccount } from '../../helpers/parties.ts'
import { type SignedRequest, signRequest } from '../../helpers/requests.ts'
import { startWholeNetwork, type WholeNetwork, type WholeNode, type WholePatient } from '../../helpers/whole-network.ts'

const patientPurpose = purposes.indexOf('PATRQT')

describe("a patient's accounting of disclosures", function () {
  this.timeout(180_000)
  let whole: WholeNetwork
  let nodes: readonly [WholeNode, WholeNode, WholeNode]
  let recordId: Hex
  let known: KnownRecord
  let opened: SignedRequest

  before(async () => {
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2, workers: 1 })
    nodes = whole.keys as unknown as typeof nodes
    ;({ recordId } = await depositBytes(whole, someBytes(1_000)))
    known = await knownRecord(whole.patient, recordId)
    await permit(whole, recordId)
    opened = await openEverywhere(whole.patient, known)
  })
  afterEach(async () => {
    for (const node of nodes) await node.heal()
  })
  after(async () => await whole?.close())

  /** Every node releases, and writes that it did. */
  async function openEverywhere(patient: WholePatient, record: KnownRecord): Promise<SignedRequest> {
    const { pseudonym } = patient
    const signed = await signRequest(whole.net.network, { doctor: whole.doctor, pseudonym, record })
    const init = { method: 'POST', body: JSON.stringify(signed.body), headers: asJson }
    const answers = await Promise.all(nodes.map(({ url }) => fetch(`${url}/v1/release`, init)))
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200])
    const { requestHash } = signed
    await eventually(async () => (await releasesOf(patient.chain, { requestHash })).length === nodes.length)
    return signed
  }
  async function accounted({ chain, pseudonym } = whole.patient): Promise<Accounting> {
    return await accountOfDisclosures(chain, { pass: await readPass(chain, { pseudonym, purpose: patientPurpose }) })
  }
  const faultsOf = ({ faults }: Accounting) => faults.map(({ operator, code }) => `${operator} ${code}`).sort()
  const names = (some: readonly WholeNode[]) => some.map(({ operator }) => operator).sort()

  it('says who opened which record, for what, for whom and when, as the reader signed and the chain logged', async () => {
    const { disclosures, unexplained, faults, silent, asked } = await accounted()
    const [one, ...more] = disclosures
    expect(more).to.deep.equal([])
    const { request, requestHash } = opened
    expect(one).to.deep.include({
      requestHash,
      recordId,
      pseudonym: whole.patient.pseudonym,
      reader: request.reader,
      purpose: 0,
      version: 1,
      consentKey: request.consentKey,
      organization: whole.hospital.id,
    })
    expect(one?.logged?.sender.toLowerCase()).to.equal(whole.doctor.account.address.toLowerCase())
    expect([...(one?.released ?? [])].sort()).to.deep.equal(names(nodes))
    expect([...(one?.shownBy ?? [])].sort()).to.deep.equal(names(nodes))
    expect({ unexplained, faults, silent, asked }).to.deep.equal({ unexplained: [], faults: [], silent: [], asked: 3 })
  })

  it('shows it where one honest node is left, and names those that keep back what they wrote that they released', async () => {
    for (const node of nodes.slice(0, 2)) await node.start(altersOpenings(() => []))
    const account = await accounted()
    expect(account.disclosures.map(({ requestHash, shownBy }) => ({ requestHash, shownBy }))).to.deep.equal([
      { requestHash: opened.requestHash, shownBy: [nodes[2].operator] },
    ])
    expect(faultsOf(account)).to.deep.equal(names(nodes.slice(0, 2)).map((one) => `${one} WITHHELD`))
  })

  it('shows it where others are away, and says which told nothing', async () => {
    await nodes[0].stop()
    const { disclosures, silent, asked, faults } = await accounted()
    expect(disclosures).to.have.length(1)
    expect(silent).to.deep.equal([{ operator: nodes[0].operator, code: 'UNREACHABLE' }])
    expect({ asked, faults }).to.deep.equal({ asked: 2, faults: [] })
    for (const node of nodes) await node.stop()
    expect(await codeOf(accounted())).to.equal('KEY_NODES')
  })

  it('cannot be spoilt by nodes that show the same request with another signature or time', async () => {
    const spoilt = (change: (one: Told) => Told) => altersOpenings((all) => all.map(change))
    // Whatever order nodes are asked in, two of three lie.
    for (const honest of nodes) {
      const liars = nodes.filter((one) => one !== honest)
      await liars[0]?.start(spoilt((one) => ({ ...one, signature: `${one.signature.slice(0, -4)}001b` })))
      await liars[1]?.start(spoilt((one) => ({ ...one, at: one.at - 100_000 })))
      const account = await accounted()
      expect(account.disclosures.map(({ requestHash }) => requestHash)).to.deep.equal([opened.requestHash])
      expect(account.disclosures[0]?.shownBy).to.deep.equal([honest.operator])
      expect(faultsOf(account).filter((one) => one.includes(honest.operator))).to.deep.equal([])
      expect(account.faults.map(({ code }) => code)).to.include.members(['NOT_SIGNED', 'UNTIMELY', 'WITHHELD'])
      for (const node of nodes) await node.heal()
    }
  })

  it('takes nothing that a node makes up, and names the node', async () => {
    const other = await whole.newPatient()
    const theirs = await depositBytes(whole, someBytes(100), { patient: other })
    await permit({ ...whole, patient: other }, theirs.recordId)
    const foreign = await openEverywhere(other, await knownRecord(other, theirs.recordId))
    const shownForeign = { at: Math.floor(Date.now() / 1000), ...foreign.body, signature: foreign.signature }
    await nodes[1].start(
      altersOpenings((all) => [
        ...all,
        'nothing',
        ...all.map((one) => ({ ...one, request: { ...one.request, networkId: randomHex(32) } })),
        ...all.map((one) => ({ ...one, request: { ...one.request, reader: newAccount().address.toLowerCase() } })),
        shownForeign,
      ]),
    )
    const account = await accounted()
    expect(account.disclosures.map(({ requestHash }) => requestHash)).to.deep.equal([opened.requestHash])
    expect(faultsOf(account)).to.deep.equal(
      ['MALFORMED', 'NOT_SIGNED', 'OTHER_NETWORK', 'OTHER_PATIENT'].map((code) => `${nodes[1].operator} ${code}`),
    )
  })

  it('names a node that shows what nobody had logged, or what it never wrote', async () => {
    const { doctor, patient } = whole
    const asked = { doctor, pseudonym: patient.pseudonym, record: known }
    const secret = await signRequest(whole.net.network, asked, { log: false })
    // Over for longer than a node may take to write it.
    const change = { notAfter: Math.floor(Date.now() / 1000) - 4_000 }
    const late = await signRequest(whole.net.network, asked, { change, log: false })
    await logReleaseRequest(doctor.chain, { requestHash: late.requestHash })
    const told = [secret, late].map(({ request, body }) => ({ ...body, at: request.notAfter - 10 }))
    await nodes[0].start(altersOpenings((all) => [...told, ...all]))
    const account = await accounted()
    expect(faultsOf(account)).to.deep.equal([`${nodes[0].operator} UNLOGGED`, `${nodes[0].operator} UNREQUESTED`])
    const found = account.disclosures.find(({ requestHash }) => requestHash === secret.requestHash)
    expect(found?.logged).to.equal(undefined)
    expect(found?.at).to.equal(secret.request.notAfter - 10)
  })

  it('lists a use that the chain counts under an own consent and that no node explains', async () => {
    const { doctor, patient } = whole
    const { recordId: limited } = await depositBytes(whole, someBytes(100))
    await permit(whole, limited, { useLimit: 3 })
    const record = await knownRecord(patient, limited)
    const asked = { doctor, pseudonym: patient.pseudonym, record }
    const { request, requestHash } = await signRequest(whole.net.network, asked, { log: false })
    const { consentKey, reader } = request
    await logCountedRequest(doctor.chain, {
      requestHash,
      pseudonym: patient.pseudonym,
      recordId: limited,
      reader: reader as Hex,
      consentKey,
    })
    const [use] = await countedUsesOf(patient.chain, { requestHash })
    const { unexplained } = await accounted()
    expect(unexplained).to.deep.equal([
      {
        requestHash,
        consentKey,
        pseudonym: patient.pseudonym,
        at: use?.time,
        transaction: use?.transaction,
        released: [],
      },
    ])
  })

  it('tells nobody but the controller', async () => {
    const { chain } = whole.doctor
    const pass = await readPass(chain, { pseudonym: whole.patient.pseudonym, purpose: patientPurpose })
    expect(await codeOf(accountOfDisclosures(chain, { pass }))).to.equal('KEY_NODES')
  })

  async function eventually(holds: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + 30_000
    while (!(await holds())) {
      if (Date.now() > end) throw new Error('it never did')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
})
