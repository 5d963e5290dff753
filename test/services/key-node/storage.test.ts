import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import { type Chain, grant, type Message, personId } from '@sharewell/sdk/chain'
import { openCapsule, sealCapsule } from '@sharewell/sdk/envelope'
import {
  type KeyNodes,
  KeyNodesError,
  keyNodesOf,
  listCapsules,
  listOpenings,
  putCapsule,
  putHeader,
  readHeader,
} from '@sharewell/sdk/flow/key-nodes'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import { encodeKeyHeader } from '@sharewell/sdk/release'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import type { ObjectStore } from '../../../services/key-node/src/files.ts'
import { keepCapsule } from '../../../services/key-node/src/mailbox.ts'
import { asJson } from '../../helpers/as-json.ts'
import {
  anchorRecord,
  attestDoctor,
  type Hospital,
  newAccount,
  type Patient,
  registerPatientAt,
  startCommittee,
  type TestRecord,
} from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { passOf, passOn } from '../../helpers/passes.ts'
import { signRequest } from '../../helpers/requests.ts'

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const codes = (error: unknown) => (error as KeyNodesError).failed.map(({ code }) => code)

describe('what key nodes keep', () => {
  let net: TestNetwork
  let committee: Awaited<ReturnType<typeof startCommittee>>
  let nodes: KeyNodes
  let hospital: Hospital
  let patient: Patient
  let doctor: Awaited<ReturnType<typeof attestDoctor>>
  let record: TestRecord

  before(async () => {
    net = await startNetwork()
    committee = await startCommittee(net, { h: 2, k: 2 })
    ;[hospital] = committee.hospitals as [Hospital]
    patient = await registerPatientAt(net, hospital)
    doctor = await attestDoctor(net, hospital)
    nodes = await keyNodesOf(doctor.chain)
    record = await anchorRecord(net, { hospital, patient, groupKey: committee.epoch.groupKey })
  })
  after(async () => {
    await committee.close()
    await net.close()
  })

  const readPass = (chain: Chain, change: Partial<Message<'ReadTicket'>> = {}) =>
    passOf(chain, { pseudonym: patient.pseudonym, ...change })

  describe('key headers', () => {
    it('lie with every node, byte for byte, for the patient to read', async () => {
      const report = await putHeader(nodes, { header: record.headerBytes })
      expect(report).to.deep.equal({ done: [1, 2], failed: [] })
      const bytes = await readHeader(nodes, { hash: record.headerHash, pass: await readPass(patient.chain) })
      expect(bytes).to.deep.equal(record.headerBytes)
    })

    it('are shown to a doctor only under a consent', async () => {
      const ask = async () => readHeader(nodes, { hash: record.headerHash, pass: await readPass(doctor.chain) })
      expect(codes(await failure(ask()))).to.deep.equal(['NO_CONSENT', 'NO_CONSENT'])
      const terms = { from: 0, until: Math.floor(Date.now() / 1000) + 600, purposes: 1, categories: 0 }
      const granteeId = personId(doctor.account.address)
      await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, recordId: record.recordId, terms })
      expect(await ask()).to.deep.equal(record.headerBytes)
    })

    it('are not shown under a ticket for another pseudonym, or of an unknown hash', async () => {
      const pass = await readPass(patient.chain, { pseudonym: toHex(randomBytes(32)) })
      expect(codes(await failure(readHeader(nodes, { hash: record.headerHash, pass })))).to.include('WRONG_PSEUDONYM')
      const hash = toHex(randomBytes(32))
      const error = await failure(readHeader(nodes, { hash, pass: await readPass(patient.chain) }))
      expect(codes(error)).to.include('UNKNOWN_HEADER')
    })

    it('are not shown for a ticket that is over, too long, altered or signed by another', async () => {
      const now = Math.floor(Date.now() / 1000)
      const expired = await readPass(patient.chain, { notAfter: now - 10 })
      const long = await readPass(patient.chain, { notAfter: now + 4_000 })
      const own = await readPass(patient.chain)
      const { signature } = (await readPass(doctor.chain)).ticket
      const altered = passOn(patient.chain, { ...own.ticket, signature }, own.key)
      for (const pass of [expired, long, altered])
        expect(codes(await failure(readHeader(nodes, { hash: record.headerHash, pass })))).to.include('TICKET')
    })

    it('of strangers are not kept, those of the patient are', async () => {
      const networkId = fromHex(net.network.networkId, 32)
      const payload = encodeKeyHeader(record.header)
      const strange = await signObject('key header', payload, networkId, newAccount())
      expect(codes(await failure(putHeader(nodes, { header: strange })))).to.deep.equal(['KEEPER', 'KEEPER'])
      const own = await signObject('key header', payload, networkId, patient.account)
      expect(codes(await failure(putHeader(nodes, { header: own })))).to.deep.equal(['KEEPER', 'KEEPER'])
      expect((await putHeader(nodes, { header: own, pseudonym: patient.pseudonym })).done).to.have.length(2)
    })

    it('that were altered on the way are not kept', async () => {
      const altered = new Uint8Array(record.headerBytes)
      altered[altered.length - 70] = (altered[altered.length - 70] ?? 0) ^ 1
      expect(codes(await failure(putHeader(nodes, { header: altered })))).to.deep.equal([
        'SIGNED_OBJECT',
        'SIGNED_OBJECT',
      ])
      const url = `${nodes.nodes[0]?.endpoint}/v1/headers/${toHex(sha256(altered))}`
      const response = await fetch(url, { method: 'PUT', body: record.headerBytes })
      expect(await response.json()).to.include({ code: 'KEEPER' })
    })
  })

  describe('capsules', () => {
    const seal = (signer: Hospital['account'], pseudonym: Hex = patient.pseudonym) =>
      sealCapsule(
        {
          networkId: fromHex(net.network.networkId, 32),
          pseudonym: fromHex(pseudonym, 32),
          purpose: 'note',
          publicKey: patient.selfPublicKey,
          plaintext: new TextEncoder().encode('Follow-up of your blood test'),
        },
        signer,
      )

    it('reach the patient, who opens them, and nobody else', async () => {
      await putCapsule(nodes, { capsule: await seal(doctor.account) })
      await putCapsule(nodes, { capsule: await seal(hospital.account) })
      const { networkId } = net.network
      const capsules = await listCapsules(nodes, { pass: await readPass(patient.chain), networkId })
      expect(capsules).to.have.length(2)
      const [first] = capsules
      if (!first) throw new Error('no capsule')
      expect(new TextDecoder().decode(await openCapsule(first, patient.selfSeed))).to.match(/blood test/)
      const error = await failure(listCapsules(nodes, { pass: await readPass(doctor.chain), networkId }))
      expect(codes(error)).to.deep.equal(['NOT_THE_PATIENT', 'NOT_THE_PATIENT'])
    })

    it('of the own provider find room in a mailbox that others have filled', async () => {
      const full = Array.from({ length: 500 }, () => toHex(randomBytes(32)))
      const kept: Hex[] = []
      const objects: ObjectStore = {
        put: async (_, bytes) => {
          kept.push(toHex(sha256(bytes)))
          return toHex(sha256(bytes))
        },
        get: async () => undefined,
        has: async () => false,
        list: async () => full,
        folders: async () => [],
        erase: async () => undefined,
      }
      const erasures = { covers: () => false }
      const keep = async (signer: Hospital['account']) => {
        const bytes = await seal(signer)
        return await failure(
          keepCapsule({ chain: doctor.chain, objects, erasures }, { hash: toHex(sha256(bytes)), bytes }),
        )
      }
      expect(String(await keep(doctor.account))).to.include('the mailbox is full')
      expect(String(await keep(committee.hospitals[1]?.account ?? newAccount()))).to.include('the mailbox is full')
      expect(await keep(hospital.account)).to.equal(undefined)
      expect(kept).to.have.length(1)
    })

    it('are no longer than a note is, so that a full mailbox can still be read in one answer', async () => {
      const networkId = fromHex(net.network.networkId, 32)
      const [enc, ct] = [randomBytes(1120), randomBytes(30_000)]
      const payload = encode({ v: 1, networkId, pseudonym: fromHex(patient.pseudonym, 32), purpose: 'note', enc, ct })
      const capsule = await signObject('capsule', payload, networkId, doctor.account)
      expect(codes(await failure(putCapsule(nodes, { capsule })))).to.deep.equal(['TOO_LARGE', 'TOO_LARGE'])
      const content = { networkId, pseudonym: fromHex(patient.pseudonym, 32), publicKey: patient.selfPublicKey }
      const longest = { ...content, purpose: 'note' as const, plaintext: randomBytes(16_384) }
      const { done } = await putCapsule(nodes, { capsule: await sealCapsule(longest, doctor.account) })
      expect(done).to.deep.equal([1, 2])
    })

    it('of strangers, or for nobody, are not kept', async () => {
      expect(codes(await failure(putCapsule(nodes, { capsule: await seal(newAccount()) })))).to.include('KEEPER')
      const nobody = await seal(doctor.account, toHex(randomBytes(32)))
      expect(await failure(putCapsule(nodes, { capsule: nobody }))).to.be.instanceOf(KeyNodesError)
      const pass = await readPass(patient.chain, { pseudonym: toHex(randomBytes(32)) })
      const error = await failure(listCapsules(nodes, { pass, networkId: net.network.networkId }))
      expect(codes(error)).to.include('UNKNOWN_PSEUDONYM')
    })
  })

  describe('openings of a record', () => {
    it('are shown to the patient, and to nobody else', async () => {
      const { body, request } = await signRequest(net.network, { doctor, pseudonym: patient.pseudonym, record })
      const url = `${nodes.nodes[1]?.endpoint}/v1/release`
      expect((await fetch(url, { method: 'POST', headers: asJson, body: JSON.stringify(body) })).status).to.equal(200)
      const { chain } = patient
      const openings = await listOpenings(nodes, { chain, pass: await readPass(chain) })
      expect(openings.map((opening) => opening.request.reader)).to.deep.equal([request.reader])
      const asDoctor = { chain, pass: await readPass(doctor.chain) }
      expect(await failure(listOpenings(nodes, asDoctor))).to.be.instanceOf(KeyNodesError)
    })

    it('cannot be invented by a key node', async () => {
      const { chain } = patient
      const [own] = await listOpenings(nodes, { chain, pass: await readPass(chain) })
      if (!own) throw new Error('no opening')
      const stranger = await registerPatientAt(net, hospital)
      const record = await anchorRecord(net, { hospital, patient: stranger, groupKey: committee.epoch.groupKey })
      const other = await signRequest(net.network, { doctor, pseudonym: stranger.pseudonym, record })
      const { at, signature } = own
      const lies = [
        null,
        { at },
        { ...own, signature: `0x${'11'.repeat(65)}` },
        { at, signature, request: { ...own.request, purpose: 5 } },
        { at, signature, request: { ...own.request, reader: hospital.account.address } },
        { ...own, at: at + 86_400 },
        { at: other.request.notAfter, request: other.request, signature: other.signature },
      ]
      const server = createServer((_, response) => void response.end(JSON.stringify({ openings: lies })))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const lying = nodes.nodes.slice(0, 1).map((node) => ({ ...node, endpoint }))
      expect(await listOpenings({ nodes: lying }, { chain, pass: await readPass(chain) })).to.deep.equal([])
      const both = [...lying, ...nodes.nodes.slice(1)]
      expect(await listOpenings({ nodes: both }, { chain, pass: await readPass(chain) })).to.deep.equal([own])
      server.close()
    })
  })

  it('says nothing about what it does not understand', async () => {
    const endpoint = nodes.nodes[0]?.endpoint
    const unknown = await fetch(`${endpoint}/v1/nothing`)
    expect(unknown.status).to.equal(404)
    expect(unknown.headers.get('content-type')).to.equal('application/problem+json')
    const large = await fetch(`${endpoint}/v1/release`, { method: 'POST', headers: asJson, body: 'x'.repeat(20_000) })
    expect(await large.json()).to.include({ code: 'TOO_LARGE', status: 413 })
    const hash = await fetch(`${endpoint}/v1/headers/nonsense`, { method: 'PUT', body: 'x' })
    expect(await hash.json()).to.include({ code: 'BAD_REQUEST' })
    expect(await (await fetch(`${endpoint}/healthz`)).text()).to.equal('ok')
    expect(await (await fetch(`${endpoint}/readyz`)).text()).to.equal('ok')
    expect(await (await fetch(`${endpoint}/metrics`)).text()).to.match(/release_refusals_total/)
  })
})
