import type { Hex } from '@sharewell/sdk/bytes'
import { toHex } from '@sharewell/sdk/bytes'
import {
  checkRebuild,
  createReplyKey,
  encodeTicket,
  grant,
  hashMessage,
  logReleaseRequest,
  type Message,
  messageToJson,
  personId,
  revoke,
  signMessage,
} from '@sharewell/sdk/chain'
import { createHttpStore, type RebuildBody, rebuild } from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { asJson } from '../../helpers/as-json.ts'
import {
  attestDoctor,
  type Hospital,
  type Patient,
  registerHospitals,
  registerPatientAt,
} from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { verifierFor } from '../../helpers/parties.ts'
import type { SealedRecord } from '../../helpers/sealed-record.ts'
import { depositRecord, type RunningService, soon, startStorageNetwork } from '../../helpers/storage-network.ts'

const zero: Hex = `0x${'00'.repeat(32)}`
type Reader = { readonly chain: Patient['chain'] }

describe('reconstructor on a chain', () => {
  let net: TestNetwork
  let patient: Patient
  let doctor: Awaited<ReturnType<typeof attestDoctor>>
  let storage: Awaited<ReturnType<typeof startStorageNetwork>>
  let record: SealedRecord
  let worker: RunningService
  before(async () => {
    net = await startNetwork()
    const hospital = (await registerHospitals(net, 1))[0] as Hospital
    patient = await registerPatientAt(net, hospital)
    doctor = await attestDoctor(net, hospital)
    storage = await startStorageNetwork(net, hospital, { nodes: 3, workers: 1 })
    worker = storage.workers[0] as RunningService
    record = await depositRecord(net, { hospital, patient, nodes: storage.nodes })
  })
  after(async () => {
    await storage.close()
    await net.close()
  })

  const keyRequest = async (reader: Reader, more: Partial<Message<'KeyRequest'>> = {}) => {
    const message: Message<'KeyRequest'> = {
      networkId: net.network.networkId,
      recordId: record.recordId,
      version: 1,
      manifestHash: record.manifestHash,
      wrap: 'W1',
      ctHash: zero,
      consentKey: zero,
      reader: reader.chain.wallet?.account.address ?? '0x',
      credentialId: zero,
      purpose: 0,
      readerKeyHash: zero,
      salt: toHex(randomBytes(32)),
      notAfter: soon() - 400,
      ...more,
    }
    const signature = await signMessage(reader.chain, 'KeyRequest', message)
    return { message, signature, requestHash: hashMessage(net.network, 'KeyRequest', message) }
  }
  type Release = Awaited<ReturnType<typeof keyRequest>>
  const bodyOf = async (
    reader: Reader,
    release?: Release,
    { node = worker.operator, ...more }: Partial<Message<'RebuildRequest'>> & { readonly node?: Hex } = {},
  ) => {
    const key = createReplyKey(reader.chain)
    const request: Message<'RebuildRequest'> = {
      manifestHash: record.manifestHash,
      first: 0,
      count: record.sealed.length,
      releaseRequest: release?.requestHash ?? zero,
      nonce: toHex(randomBytes(32)),
      replyKeyHash: key.hash,
      notAfter: soon() - 300,
      ...more,
    }
    const possession = await key.prove(hashMessage(net.network, 'RebuildRequest', request), node)
    const signature = await signMessage(reader.chain, 'RebuildRequest', request)
    const releaseRequest = release && { message: release.message, signature: release.signature }
    const named = { recordId: record.recordId }
    return { request, signature, possession, record: named, ...(releaseRequest && { releaseRequest }) }
  }
  const codeOf = async (body: RebuildBody): Promise<string> => {
    const answer = await fetch(`${worker.url}/v1/rebuild`, {
      method: 'POST',
      headers: asJson,
      body: JSON.stringify(body),
    })
    if (answer.status === 200) return 'success'
    const { code, detail } = (await answer.json()) as { code: string; detail: string }
    return `${code} ${/: ([A-Z_]+)\.?$/.exec(detail)?.[1] ?? ''}`.trim()
  }
  const scope = () => ({
    pseudonym: patient.pseudonym,
    granteeId: personId(doctor.account.address),
    recordId: record.recordId,
  })
  const permit = () =>
    grant(patient.chain, { ...scope(), terms: { from: 0, until: soon(), purposes: 1, categories: 0 } })
  const logged = async (reader: Reader, more: Partial<Message<'KeyRequest'>> = {}) => {
    const release = await keyRequest(reader, more)
    await logReleaseRequest(reader.chain, { requestHash: release.requestHash })
    return release
  }

  it('rebuilds for the patient without a release request, and for nobody else', async () => {
    const chunks = rebuild(worker, await bodyOf(patient), {
      manifest: record.manifest,
      contentLeaves: async () => record.contentLeaves,
      verifyFrame: verifierFor(net.network, 'Frame', storage.workers),
      verifyReceipt: verifierFor(net.network, 'WorkReceipt', storage.workers),
    })
    const sealed = []
    for await (const chunk of chunks) sealed.push(chunk.sealed)
    expect(sealed).to.deep.equal(record.sealed)
    expect(await codeOf(await bodyOf(doctor))).to.equal('REBUILD_REFUSED NOT_CONTROLLER')
  })

  it('rebuilds for a reader whose logged request stands under a grant', async () => {
    expect(await codeOf(await bodyOf(doctor, await logged(doctor)))).to.equal('REBUILD_REFUSED NO_CONSENT')
    await permit()
    expect(await codeOf(await bodyOf(doctor, await logged(doctor)))).to.equal('success')
  })

  it('refuses a request that was not logged, is of another record or reader, or was altered', async () => {
    await permit()
    expect(await codeOf(await bodyOf(doctor, await keyRequest(doctor)))).to.equal('REBUILD_REFUSED NOT_LOGGED')
    const other = await logged(doctor, { recordId: toHex(randomBytes(32)) })
    expect(await codeOf(await bodyOf(doctor, other))).to.equal('REBUILD_REFUSED OTHER_REQUEST')
    expect(await codeOf(await bodyOf(patient, await logged(doctor)))).to.equal('REBUILD_REFUSED OTHER_REQUEST')
    const release = await logged(doctor)
    const altered = { ...release, message: { ...release.message, purpose: 7 } }
    expect(await codeOf(await bodyOf(doctor, altered))).to.equal('REBUILD_REFUSED OTHER_REQUEST')
    const { releaseRequest: _, ...bare } = await bodyOf(doctor, release)
    expect(await codeOf(bare)).to.equal('REBUILD_REFUSED NO_RELEASE_REQUEST')
    const forged = { ...release, signature: (await keyRequest(patient)).signature }
    expect(await codeOf(await bodyOf(doctor, forged))).to.include('SIGNATURE')
    expect(await codeOf(await bodyOf(doctor, release, { manifestHash: zero }))).to.equal(
      'REBUILD_REFUSED OTHER_MANIFEST',
    )
  })

  it('refuses a wrong purpose, an expired request, and one replayed', async () => {
    await permit()
    expect(await codeOf(await bodyOf(doctor, await logged(doctor, { purpose: 5 })))).to.equal(
      'REBUILD_REFUSED WRONG_PURPOSE',
    )
    const release = await logged(doctor)
    expect(await codeOf(await bodyOf(doctor, release, { notAfter: soon() - 700 }))).to.include('TICKET')
    const body = await bodyOf(doctor, release)
    expect(await codeOf(body)).to.equal('success')
    expect(await codeOf(body)).to.equal('REPLAY')
    const swapped = { ...body, request: { ...body.request, nonce: toHex(randomBytes(32)) } }
    expect(await codeOf(swapped)).to.not.equal('success')
  })

  it('lets the same request gather directly from the storage nodes', async () => {
    await permit()
    const node = storage.nodes[1]?.operator ?? '0x'
    const { record: named, releaseRequest, ...signed } = await bodyOf(doctor, await logged(doctor), { node })
    const { request: message, signature, possession } = signed
    const extra = {
      record: named,
      releaseRequest: releaseRequest && { ...releaseRequest, message: messageToJson(releaseRequest.message) },
    }
    const ticket = encodeTicket({ kind: 'RebuildRequest', message, signature, possession, extra })
    const part = record.parts[0]?.[1]
    const store = createHttpStore({ url: storage.nodes[1]?.url ?? '', authorize: async () => ticket })
    expect(await store.get(part?.cid ?? '')).to.deep.equal(part?.body)
  })

  it('refuses after the patient stopped sharing', async () => {
    await permit()
    const release = await logged(doctor)
    await revoke(patient.chain, scope())
    expect(await codeOf(await bodyOf(doctor, release))).to.equal('REBUILD_REFUSED REVOKED')
  })

  it('refuses a release request that was logged more than ten minutes ago', async () => {
    await permit()
    const release = await logged(doctor)
    await net.increaseTime(700)
    const { clock } = doctor.chain
    const later = { ...doctor, chain: { ...doctor.chain, clock: () => clock() + 700 } }
    const { record: named, ...body } = await bodyOf(later, release, { notAfter: soon() + 800 })
    const check = checkRebuild(later.chain, { ...body, ...named }, { node: worker.operator })
    expect(await check.catch((error: unknown) => error)).to.include({ reason: 'NOT_LOGGED' })
  })
})
