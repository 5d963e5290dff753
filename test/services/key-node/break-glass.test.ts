import path from 'node:path'
import { fromHex, type Hex } from '@sharewell/sdk/bytes'
import {
  attest,
  closeGlass,
  emergencyKeyOf,
  grant,
  type Message,
  nameOfficers,
  personId,
  view,
} from '@sharewell/sdk/chain'
import { emergencyRecipients, generateEmergencyKey } from '@sharewell/sdk/flow'
import { keyNodesOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { labelText } from '@sharewell/sdk/labels'
import type { EmergencyRecipients } from '@sharewell/sdk/release'
import { expect } from 'chai'
import { openKeyStore } from '../../../services/key-node/src/keystore.ts'
import { asJson } from '../../helpers/as-json.ts'
import { codeOf } from '../../helpers/code-of.ts'
import {
  anchorRecord,
  asOperator,
  type Hospital,
  type Patient,
  registerPatientAt,
  startCommittee,
  type TestKeyNode,
} from '../../helpers/committee.ts'
import {
  anchorSummary,
  type Broken,
  breakFor,
  newOfficers,
  newStaff,
  roles,
  type Staff,
  type StaffOfficer,
  type TestSummary,
} from '../../helpers/glass.ts'
import { randomHex } from '../../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { signRequest } from '../../helpers/requests.ts'

const depth = 2
const breakGlassPurpose = 2

describe('a key node in an emergency', function () {
  this.timeout(400_000)
  let turned = 0
  const clock = () => Math.floor(Date.now() / 1000) + turned
  let net: TestNetwork
  let committee: Awaited<ReturnType<typeof startCommittee>>
  let hospital: Hospital
  let node: TestKeyNode
  let patient: Patient
  let clinician: Staff
  let officer: StaffOfficer
  let recipients: EmergencyRecipients
  let summary: TestSummary

  const settle = () => net.mine(depth)

  before(async () => {
    net = await startNetwork({ finality: { mode: 'depth', depth } })
    committee = await startCommittee(net, { h: 3, k: 2, clock })
    ;[hospital] = committee.hospitals as [Hospital]
    ;[node] = committee.nodes as [TestKeyNode]
    await settle()
    patient = await registerPatientAt(net, hospital)
    await generateEmergencyKey({ chain: await asOperator(net, node) })
    ;[officer] = (await newOfficers(net, hospital, 1)) as [StaffOfficer]
    clinician = await newStaff(net, hospital, roles.clinician)
    recipients = (await emergencyRecipients(hospital.chain, patient)) as EmergencyRecipients
    await settle()
    summary = await newSummary()
  })
  after(async () => {
    await committee?.close()
    await net?.close()
  })

  const newSummary = async (of = patient) => {
    const made = await anchorSummary(net, { hospital, patient: of, groupKey: committee.epoch.groupKey, recipients })
    await settle()
    return made
  }
  const window = async (change: Partial<Parameters<typeof breakFor>[0]> = {}): Promise<Broken> => {
    const broken = await breakFor({ clinician, officer, pseudonym: patient.pseudonym, ...change })
    await settle()
    return broken
  }
  const end = async ({ windowId }: Broken) => {
    await closeGlass(clinician.chain, { windowId })
    await settle()
  }

  type Asked = { readonly by?: Staff; readonly record?: TestSummary; readonly change?: Partial<Message<'KeyRequest'>> }

  async function body(
    { windowId }: Pick<Broken, 'windowId'>,
    { by = clinician, record = summary, change = {} }: Asked = {},
  ) {
    const fields = { wrap: 'W3', purpose: breakGlassPurpose, consentKey: windowId, ...change }
    const asked = { doctor: by, pseudonym: patient.pseudonym, record }
    const signed = await signRequest(net.network, asked, { change: fields, now: clock() })
    await settle()
    return signed.body
  }
  async function send(json: unknown): Promise<string> {
    const init = { method: 'POST', headers: asJson, body: JSON.stringify(json) }
    const response = await fetch(`${node.url}/v1/release`, init)
    return response.ok ? 'RELEASED' : ((await response.json()) as { code: string }).code
  }
  const ask = async (broken: Pick<Broken, 'windowId'>, asked?: Asked) => await send(await body(broken, asked))

  it('answers the clinician of an open window, the same way again, and nothing once it is closed', async () => {
    const broken = await window()
    const json = await body(broken)
    expect(await send(json)).to.equal('RELEASED')
    expect(await send(json)).to.equal('RELEASED')
    await closeGlass(clinician.chain, { windowId: broken.windowId })
    // Closed at the head, and still open in the final block.
    expect(await send(json)).to.equal('WINDOW_CLOSED')
    await settle()
    expect(await ask(broken)).to.equal('WINDOW_CLOSED')
  })

  it('waits until the window stands in a final block', async () => {
    const waiting = await body({ windowId: randomHex(32) })
    const broken = await breakFor({ clinician, officer, pseudonym: patient.pseudonym })
    const early = await signRequest(
      net.network,
      { doctor: clinician, pseudonym: patient.pseudonym, record: summary },
      { change: { wrap: 'W3', purpose: breakGlassPurpose, consentKey: broken.windowId }, now: clock() },
    )
    expect(await send(waiting)).to.be.oneOf(['OTHER_CONSENT', 'WINDOW_CLOSED', 'NO_WINDOW'])
    expect(await send(early.body)).to.be.oneOf(['NOT_LOGGED', 'WINDOW_CLOSED', 'NO_WINDOW'])
    await settle()
    expect(await send(early.body)).to.equal('RELEASED')
    await end(broken)
  })

  it('refuses who has no window, the officer, and the affiliation of another', async () => {
    const broken = await window()
    const colleague = await newStaff(net, hospital, roles.clinician)
    expect(await ask(broken, { by: colleague })).to.equal('NO_WINDOW')
    expect(await ask(broken, { by: officer })).to.equal('NOT_THE_CLINICIAN')
    expect(await ask(broken, { change: { credentialId: colleague.credential } })).to.equal('NOT_YOUR_CREDENTIAL')
    expect(await ask({ windowId: randomHex(32) })).to.equal('OTHER_CONSENT')
    await end(broken)
  })

  it('refuses a record of another patient, and one that the window is not for', async () => {
    const other = await registerPatientAt(net, hospital)
    const [theirs, second] = [await newSummary(other), await newSummary()]
    const broken = await window({ recordId: second.recordId })
    expect(await ask(broken, { record: theirs })).to.equal('NO_WINDOW')
    expect(await ask(broken)).to.equal('OTHER_WINDOW')
    expect(await ask(broken, { record: second })).to.equal('RELEASED')
    await end(broken)
  })

  it('refuses every other wrap for break-glass, and an emergency wrap for every other purpose', async () => {
    const broken = await window()
    const { groupKey } = committee.epoch
    const plain = await anchorRecord(net, { hospital, patient, groupKey })
    await settle()
    expect(await ask(broken, { record: plain, change: { wrap: 'W1' } })).to.equal('UNKNOWN_PURPOSE')
    expect(await ask(broken, { change: { wrap: 'W1' } })).to.equal('UNKNOWN_PURPOSE')
    expect(await ask(broken, { change: { purpose: 0 } })).to.equal('EMERGENCY_ONLY')
    const terms = { from: 0, until: clock() + 3_000, purposes: 1 << breakGlassPurpose, categories: 0 }
    const granteeId = personId(clinician.account.address)
    const given = grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, recordId: summary.recordId, terms })
    expect(await given.catch((error) => error)).to.include({ reason: 'ConsentBreakGlass' })
    await end(broken)
  })

  it('refuses a header without the wrap, another ciphertext, and a wrap to another key', async () => {
    const broken = await window()
    expect(await ask(broken, { change: { ctHash: randomHex(32) } })).to.equal('OTHER_CIPHERTEXT')
    const foreign = { ...recipients, nodesKey: fromHex(committee.epoch.groupKey, 32) }
    const groupKey = committee.epoch.groupKey
    const misdirected = await anchorSummary(net, { hospital, patient, groupKey, recipients: foreign })
    await settle()
    expect(await ask(broken, { record: misdirected })).to.equal('OTHER_GROUP_KEY')
    const bare = await anchorRecord(net, { hospital, patient, groupKey })
    await putHeader(await keyNodesOf(hospital.chain), { header: bare.headerBytes })
    await settle()
    expect(await ask(broken, { record: bare })).to.equal('UNKNOWN_WRAP')
    await end(broken)
  })

  it('refuses where the clinician’s affiliation ended meanwhile', async () => {
    const leaver = await newStaff(net, hospital, roles.clinician)
    const broken = await window({ clinician: leaver })
    const entry = { account: leaver.account.address, organization: hospital.id, directoryHash: randomHex(32) }
    // The chain may be ahead of the clock: each block takes a second of its own.
    const { latest } = await view(hospital.chain)
    await attest(hospital.chain, { ...entry, roles: roles.clinician, until: Math.max(clock(), latest.time) + 30 })
    turned += 60
    await net.increaseTime(60)
    await settle()
    expect(await ask(broken, { by: leaver })).to.equal('CREDENTIAL_DEAD')
    await closeGlass(leaver.chain, { windowId: broken.windowId })
  })

  it('refuses where the institution has other officers since', async () => {
    const broken = await window()
    const mine = { account: officer.account.address, publicKey: officer.publicKey }
    const added = await newStaff(net, hospital, roles.officer)
    const other = { account: added.account.address, publicKey: `0x${'02'.repeat(1216)}` as Hex }
    await nameOfficers(hospital.chain, { institution: hospital.id, officers: [mine, other] })
    expect(await ask(broken)).to.equal('OTHER_OFFICERS')
    await nameOfficers(hospital.chain, { institution: hospital.id, officers: [mine] })
    expect(await ask(broken)).to.equal('RELEASED')
    await end(broken)
  })

  it('refuses after 24 hours', async () => {
    const broken = await window()
    turned += 24 * 3_600
    await net.increaseTime(24 * 3_600)
    await settle()
    expect(await ask(broken)).to.equal('WINDOW_OVER')
  })

  it('gives its share of the emergency key to no other protocol', async () => {
    const key = await emergencyKeyOf(hospital.chain)
    const keys = openKeyStore(path.join(node.config.folder, 'keys'), fromHex(node.config.secret as Hex, 32))
    const name = `w3 nodes-${key?.transcriptHash.slice(2)}`
    expect(await keys.names()).to.include(name)
    expect(await keys.get(name, labelText('release', 'dkg w3 nodes'))).to.be.instanceOf(Uint8Array)
    for (const use of ['dkg w1', 'dkg log', 'reshare'] as const)
      expect(await codeOf(keys.get(name, labelText('release', use)))).to.equal('KEY_STORE')
    const w1 = (await keys.names()).find((one) => one.startsWith('w1-')) ?? ''
    expect(await codeOf(keys.get(w1, labelText('release', 'dkg w3 nodes')))).to.equal('KEY_STORE')
    expect(key?.groupKey).to.not.equal(committee.epoch.groupKey)
  })

  it('confirms one key for each epoch, however often it is asked', async () => {
    for (const k of [2, 3])
      expect(await codeOf(generateEmergencyKey({ chain: await asOperator(net, node), k }))).to.equal('COMMITTEE')
    expect(await emergencyKeyOf(hospital.chain)).to.include({ number: 1, k: 2 })
  })

  it('confirms no key that it did not help to make', async () => {
    const confirm = { method: 'POST', headers: asJson, body: JSON.stringify({ transcriptHash: randomHex(32) }) }
    const response = await fetch(`${node.url}/v1/emergency/confirm`, confirm)
    expect(((await response.json()) as { code: string }).code).to.equal('DKG_STATE')
  })
})
