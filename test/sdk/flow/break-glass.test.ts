import type { Hex } from '@sharewell/sdk/bytes'
import { closeGlass, glassStateOf, glassWindows, purposes, reviewGlass } from '@sharewell/sdk/chain'
import {
  checkAsk,
  encodeGlassAsk,
  encodeGlassParts,
  generateEmergencyKey,
  handOnParts,
  openGlassPart,
  parseGlassAsk,
  parseGlassParts,
  type RetrieveOptions,
} from '@sharewell/sdk/flow'
import {
  accessesOf,
  accountOfDisclosures,
  defaultAlertRules,
  evaluateAlerts,
  type ReleaseReceipt,
} from '@sharewell/sdk/flow/book'
import { readPass } from '@sharewell/sdk/flow/key-nodes'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import type { LocalAccount } from 'viem'
import { codeOf } from '../../helpers/code-of.ts'
import {
  type Broken,
  breakFor,
  newOfficers,
  newStaff,
  partFrom,
  roles,
  type Staff,
  type StaffOfficer,
} from '../../helpers/glass.ts'
import { byDoctor, byPatient, depositBytes, failureOf, open, permit, someBytes } from '../../helpers/journeys.ts'
import { startWholeNetwork, type WholeNetwork } from '../../helpers/whole-network.ts'

const breakGlassPurpose = 2

describe('Break-glass', function () {
  this.timeout(400_000)
  let whole: WholeNetwork
  let clinician: Staff
  let officers: StaffOfficer[]
  let officer: StaffOfficer
  let reviewer: Staff
  const bytes = someBytes(5_000)
  let summary: Hex
  let other: Hex

  before(async () => {
    whole = await startWholeNetwork({ storage: 5, workers: 1 })
    const { net, hospital } = whole
    await generateEmergencyKey({ chain: await net.as(whole.keys[0]?.account as LocalAccount), k: 4 })
    officers = await newOfficers(net, hospital, 2)
    officer = officers[1] as StaffOfficer
    clinician = await newStaff(net, hospital, roles.physician | roles.clinician)
    reviewer = await newStaff(net, hospital, roles.reviewer)
    summary = (await depositBytes(whole, bytes, { emergency: true })).recordId
    other = (await depositBytes(whole, bytes)).recordId
  })
  after(() => whole.close())

  const emergency = (recordId: Hex, officersPart: Uint8Array<ArrayBuffer>, by = clinician): RetrieveOptions => ({
    chain: by.chain,
    recordId,
    as: { kind: 'reader', purpose: breakGlassPurpose, credentialId: by.credential, officersPart },
  })
  const window = (change: Partial<Parameters<typeof breakFor>[0]> = {}): Promise<Broken> =>
    breakFor({ clinician, officer, pseudonym: whole.patient.pseudonym, ...change })
  const end = async ({ windowId }: Broken) => await closeGlass(clinician.chain, { windowId })

  it('opens an emergency summary for the clinician, and tells the patient', async () => {
    const broken = await window()
    const parts = await handOnParts({ chain: officer.chain, ask: broken.ask, seed: officer.seed })
    expect(parts.parts.map(({ recordId }) => recordId)).to.deep.equal([summary])
    const officersPart = await openGlassPart(parts, { recordId: summary, partSeed: broken.partSeed })
    const receipts: ReleaseReceipt[] = []
    const opened = await open({
      ...emergency(summary, officersPart),
      onReceipts: (signed) => receipts.push(...signed),
    })
    expect(receipts).to.have.length.of.at.least(4)
    expect(opened.bytes).to.deep.equal(bytes)
    expect(opened.faults).to.deep.equal([])
    const { pseudonym } = whole.patient
    const [seen] = await glassWindows(whole.patient.chain, { pseudonym })
    expect(seen).to.include({ windowId: broken.windowId, clinician: clinician.account.address })
    expect(seen && glassStateOf(seen, Math.floor(Date.now() / 1000))).to.equal('open')
    await end(broken)
    const { credential: credentialId } = reviewer
    await reviewGlass(reviewer.chain, { windowId: broken.windowId, credentialId, verdict: 'justified' })
    const [reviewed] = await glassWindows(whole.patient.chain, { pseudonym })
    expect(reviewed?.review).to.include({ verdict: 'justified', reviewer: reviewer.account.address })
  })

  it('stands in the patient’s accounting of disclosures, and alerts', async () => {
    const { chain, pseudonym } = whole.patient
    const pass = await readPass(chain, { pseudonym, purpose: purposes.indexOf('PATRQT') })
    const accounting = await accountOfDisclosures(chain, { pass })
    const [opened] = accounting.disclosures
    const reader = clinician.account.address.toLowerCase()
    expect(opened).to.deep.include({ recordId: summary, reader, purpose: breakGlassPurpose })
    expect(accounting.emergencies.map((one) => one.clinician.toLowerCase())).to.deep.equal([reader])
    const alerts = evaluateAlerts(defaultAlertRules, accessesOf(accounting)).filter(
      ({ kind }) => kind === 'break-glass',
    )
    expect(alerts.map(({ access }) => access.requestHash)).to.have.members([
      opened?.requestHash,
      accounting.emergencies[0]?.windowId,
    ])
  })

  it('leaves the patient’s own way and the one of consent as they were', async () => {
    expect((await open(byPatient(whole.patient, summary))).bytes).to.deep.equal(bytes)
    await permit(whole, summary)
    expect((await open(byDoctor(whole.doctor, summary))).bytes).to.deep.equal(bytes)
  })

  it('gives nothing to the key nodes and a clinician without an officer’s part', async () => {
    const broken = await window()
    expect(await failureOf(emergency(summary, randomBytes(32)))).to.have.property('code', 'WRAP')
    await end(broken)
  })

  it('opens no record without an emergency wrap', async () => {
    const broken = await window()
    const part = await partFrom(officer, broken, summary)
    expect(await failureOf(emergency(other, part))).to.have.property('code', 'KEY_HEADER')
    expect(await codeOf(partFrom(officer, broken, other))).to.equal('BREAK_GLASS')
    await end(broken)
  })

  it('opens nothing for the officer, nor for anybody without a window', async () => {
    const broken = await window()
    const part = await partFrom(officer, broken, summary)
    const asOfficer = await failureOf(emergency(summary, part, officer))
    expect(asOfficer).to.include({ code: 'CONSENT_REFUSED', reason: 'NOT_THE_CLINICIAN' })
    const colleague = await newStaff(whole.net, whole.hospital, roles.clinician)
    const asOther = await failureOf(emergency(summary, part, colleague))
    expect(asOther).to.include({ code: 'CONSENT_REFUSED', reason: 'NO_WINDOW' })
    await end(broken)
    const late = await failureOf(emergency(summary, part))
    expect(late).to.include({ code: 'CONSENT_REFUSED', reason: 'WINDOW_CLOSED' })
  })

  it('hands a part on for one window, one key and one record', async () => {
    const first = await window()
    const parts = await handOnParts({ chain: officer.chain, ask: first.ask, seed: officer.seed })
    const wrongKey = openGlassPart(parts, { recordId: summary, partSeed: randomBytes(32) })
    expect(await codeOf(wrongKey)).to.equal('ENVELOPE')
    const moved = { ...parts, windowId: `0x${'11'.repeat(32)}` as const }
    expect(await codeOf(openGlassPart(moved, { recordId: summary, partSeed: first.partSeed }))).to.equal('ENVELOPE')
    const others = officers[0] as StaffOfficer
    const foreign = handOnParts({ chain: officer.chain, ask: first.ask, seed: randomBytes(32) })
    expect(await codeOf(foreign)).to.equal('BREAK_GLASS')
    // Any officer's key opens the part, but only the one who opened the window reads the header.
    expect(await codeOf(handOnParts({ chain: others.chain, ask: first.ask, seed: others.seed }))).to.equal(
      'BREAK_GLASS',
    )
    await end(first)
  })

  it('travels as one line, and is refused where anything in it was changed', async () => {
    const { ask, partSeed, windowId } = await window()
    expect(parseGlassAsk(encodeGlassAsk(ask))).to.deep.equal(ask)
    expect(parseGlassAsk(encodeGlassAsk(ask).replace(/.{60}/g, '$&\n'))).to.deep.equal(ask)
    expect(await checkAsk(officer.chain, ask)).to.equal(windowId)
    const changed = [
      { ...ask, reason: 'curious' },
      { ...ask, partKey: officer.publicKey },
      { ...ask, opening: { ...ask.opening, deadline: ask.opening.deadline + 1 } },
    ]
    for (const one of changed) expect(await codeOf(checkAsk(officer.chain, one))).to.equal('BREAK_GLASS')
    const parts = await handOnParts({ chain: officer.chain, ask, seed: officer.seed })
    expect(parseGlassParts(encodeGlassParts(parts))).to.deep.equal(parts)
    // A QR code takes 2,953 bytes.
    expect(encodeGlassAsk({ ...ask, reason: 'a'.repeat(300) }).length).to.be.below(2_900)
    expect(encodeGlassParts(parts).length).to.be.below(2_000)
    expect(() => parseGlassAsk('what'))
      .to.throw()
      .with.property('code', 'BREAK_GLASS')
    expect(() => parseGlassParts(encodeGlassAsk(ask)))
      .to.throw()
      .with.property('code', 'BREAK_GLASS')
    await end({ ask, partSeed, windowId })
  })

  it('asks an officer whom the institution of the patient named, and nobody else', async () => {
    expect(await codeOf(window({ officer: reviewer }))).to.equal('BREAK_GLASS')
    const { ask } = await window()
    await end(await Promise.resolve({ windowId: await checkAsk(officer.chain, ask), ask, partSeed: randomBytes(32) }))
  })
})
