import { type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  anchor,
  type auditOf,
  auditRefusalOf,
  auditSeats,
  auditStandingOf,
  auditStateOf,
  challengeNode,
  challenges,
  drawAudit,
  enrollAuditor,
  hasAudits,
  openAudits,
  recordIdOf,
  testify,
  withdrawAuditor,
} from '@sharewell/sdk/chain'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import {
  drawnAudit,
  type House,
  promiseOf,
  registerHouses,
  registerParty,
  say,
  seatHouses,
  wordOf,
} from '../../helpers/audits.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { type Hospital, type Patient, registerHospitals, registerPatientAt } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { newParties, type Party } from '../../helpers/parties.ts'
import { sealedRecord } from '../../helpers/sealed-record.ts'

const spotless = { shown: 0, missed: 0, faults: 0, lastMissAt: undefined }
const day = 86_400
const refusalOf = async (work: Promise<unknown>) => await work.then(() => 'done', auditRefusalOf)

describe('audits of silent nodes', () => {
  let net: TestNetwork
  let hospital: Hospital
  let patient: Patient
  let node: Party
  let houses: House[]
  before(async () => {
    net = await startNetwork()
    const [asks, keeps] = (await registerHospitals(net, 2)) as [Hospital, Hospital]
    hospital = asks
    patient = await registerPatientAt(net, hospital)
    node = newParties(1)[0] as Party
    await registerParty(net, { ...node, id: keeps.id, kind: 'storage' })
  })
  after(async () => await net.close())

  /** A record of which the node holds share 1. */
  const promised = async () => {
    const salt = toHex(randomBytes(32))
    const recordId = recordIdOf(net.network.networkId, patient.pseudonym, salt)
    const operators = [...newParties(2), node].map(({ operator }) => operator)
    const policy = { n: 3, t: 2, r: 0 }
    const shape = { networkId: net.network.networkId, uploader: hospital.account, policy, operators, recordId }
    const record = await sealedRecord(shape)
    const { manifestHash, placementHash, manifest } = record
    const hashes = { manifestHash, placementHash, ptCommit: toHex(manifest.ptCommit), ...policy }
    await anchor(hospital.chain, { pseudonym: patient.pseudonym, salt, category: 3, ...hashes })
    return await promiseOf(net, { node, record, index: 1 })
  }

  it('name the auditor of each house, who may go again', async () => {
    expect(hasAudits(hospital.chain)).to.equal(true)
    expect(await auditSeats(hospital.chain)).to.deep.equal([])
    expect(await refusalOf(enrollAuditor(await net.as(node.account)))).to.equal('AuditsNotReconstructor')
    const [house] = (await registerHouses(net, 1)) as [House]
    await enrollAuditor(house.chain)
    expect(await auditSeats(hospital.chain)).to.deep.equal([{ house: house.id, operator: house.operator }])
    expect(await refusalOf(withdrawAuditor(hospital.chain, { house: house.id }))).to.equal('AuditsNotAuditor')
    await withdrawAuditor(house.chain, { house: house.id })
    expect(await auditSeats(hospital.chain)).to.deep.equal([])
    expect(await auditStandingOf(hospital.chain, node)).to.deep.equal(spotless)
  })

  it('refuse a question while too few can judge', async () => {
    expect(await refusalOf(challengeNode(hospital.chain, await promised()))).to.equal('AuditsTooFewAuditors')
    houses = await seatHouses(net, 4)
  })

  it('go from the question through the draw to two words for the node', async () => {
    const asked = await promised()
    const { audit, receipt } = await challengeNode(hospital.chain, asked)
    const [challenge] = await challenges(hospital.chain, { audit }, { fromBlock: receipt.blockNumber })
    expect(challenge).to.include({ audit, operator: node.operator, challenger: hospital.id, j: 1 })
    expect(challenge?.manifestHash).to.equal(asked.acknowledgement.manifestHash)
    const stateNow = async () => (await openAudits(hospital.chain, node)).find((one) => one.audit === audit)?.state
    expect(await refusalOf(challengeNode(hospital.chain, asked))).to.equal('AuditsTooSoon')
    await net.mine(3)
    expect(await stateNow()).to.equal('drawable')
    await drawAudit(hospital.chain, { audit })
    expect(await refusalOf(drawAudit(hospital.chain, { audit }))).to.equal('AuditsDrawnTwice')
    expect(await stateNow()).to.equal('asking')

    const [followed] = await openAudits(hospital.chain, node)
    const { drawn } = followed as NonNullable<typeof followed>
    expect(new Set(drawn?.auditors).size).to.equal(3)
    const named = { audit, ...(drawn as NonNullable<typeof drawn>) }
    const word = await wordOf(houses, named, { k: 2, shown: true })
    expect(await refusalOf(testify(hospital.chain, { ...word, k: 1 }))).to.equal('AuditsNotSigned')
    await testify(hospital.chain, word)
    expect(await refusalOf(testify(hospital.chain, word))).to.equal('AuditsSpokenTwice')
    await say(hospital.chain, houses, named, true, [0])
    expect(await stateNow()).to.equal(undefined)
    expect(await auditStandingOf(hospital.chain, node)).to.deep.equal({ ...spotless, shown: 1 })
  })

  it('count silence once the day is over, and not before', async () => {
    await net.increaseTime(day)
    const drawn = await drawnAudit(net, hospital.chain, await promised())
    const word = await wordOf(houses, drawn, { k: 0, shown: false })
    expect(await refusalOf(testify(hospital.chain, word))).to.equal('AuditsNotNow')
    await net.increaseTime(day)
    expect((await openAudits(hospital.chain)).map(({ state }) => state)).to.deep.equal(['settling'])
    await say(hospital.chain, houses, drawn, false)
    const standing = { shown: 1, missed: 1, faults: 0, lastMissAt: drawn.deadline }
    expect(await auditStandingOf(hospital.chain, node)).to.deep.equal(standing)
  })

  it('refuse what the node did not promise, and whoever may not ask', async () => {
    const asked = await promised()
    const forged = { ...asked, acknowledgement: { ...asked.acknowledgement, index: 0 } }
    expect(await refusalOf(challengeNode(hospital.chain, forged))).to.equal('AuditsNotPromised')
    expect(await refusalOf(challengeNode(patient.chain, asked))).to.equal('AuditsNotChallenger')
    const audit = toHex(randomBytes(32))
    expect(await refusalOf(drawAudit(hospital.chain, { audit }))).to.equal('AuditsUnknown')
  })

  it('are nothing in a network that began without the contract', async () => {
    const contracts = { ...net.network.contracts, audits: `0x${'00'.repeat(20)}` as Hex }
    const old = { ...hospital.chain, network: { ...net.network, contracts } }
    expect(hasAudits(old)).to.equal(false)
    expect(await auditSeats(old)).to.deep.equal([])
    expect(await openAudits(old)).to.deep.equal([])
    expect(await auditStandingOf(old, { operator: toHex(randomBytes(16)) })).to.deep.equal(spotless)
    expect(await codeOf(enrollAuditor(old))).to.equal('NO_AUDITS')
    expect(auditRefusalOf(new Error('something else'))).to.equal(undefined)
  })
})

describe('the state of an audit', () => {
  const [i, auditors, deadline] = [0, [], 1_000_000]
  type Facts = Pick<NonNullable<Awaited<ReturnType<typeof auditOf>>>, 'outcome' | 'drawn' | 'madeIn'>
  const asked: Facts = { outcome: 'open', drawn: undefined, madeIn: 100n }
  const drawn: Facts = { ...asked, drawn: { i, auditors, deadline } }
  const at = (number: bigint, time = 0) => ({ number, time })

  for (const [facts, head, state] of [
    [asked, at(102n), 'waiting'],
    [asked, at(103n), 'drawable'],
    [asked, at(357n), 'drawable'],
    [asked, at(358n), 'void'],
    [drawn, at(999n, deadline - 1), 'asking'],
    [drawn, at(999n, deadline), 'settling'],
    [drawn, at(999n, deadline + day - 1), 'settling'],
    [drawn, at(999n, deadline + day), 'undecided'],
    [{ ...drawn, outcome: 'shown' }, at(999n, deadline + day), 'shown'],
    [{ ...drawn, outcome: 'silent' }, at(999n, deadline), 'silent'],
  ] as const)
    it(`is ${state} in block ${head.number} at ${head.time}`, () => expect(auditStateOf(facts, head)).to.equal(state))
})
