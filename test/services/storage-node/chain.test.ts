import { type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  encodeTicket,
  grant,
  type Message,
  personId,
  revoke,
  setOrganizationActive,
  signMessage,
} from '@sharewell/sdk/chain'
import { createHttpStore, NodeRefusedError, type StorageClient } from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import { cidOfBlock } from '@sharewell/sdk/share'
import { expect } from 'chai'
import {
  attestDoctor,
  type Hospital,
  type Patient,
  registerHospitals,
  registerPatientAt,
} from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { passOf } from '../../helpers/passes.ts'
import type { SealedRecord } from '../../helpers/sealed-record.ts'
import {
  depositRecord,
  type RunningService,
  soon,
  startStorageNetwork,
  writeTicket,
} from '../../helpers/storage-network.ts'

const zero: Hex = `0x${'00'.repeat(32)}`

/** The node's own code and reason, or `success`. */
async function answerOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error === undefined) return 'success'
  if (!(error instanceof NodeRefusedError)) return String((error as { code?: string }).code)
  return `${error.reason} ${/: ([A-Z_]+)\.?$/m.exec(error.message.split('\n')[0] ?? '')?.[1] ?? ''}`.trim()
}

describe('storage node on a chain', () => {
  let net: TestNetwork
  let hospital: Hospital
  let patient: Patient
  let doctor: Awaited<ReturnType<typeof attestDoctor>>
  let storage: Awaited<ReturnType<typeof startStorageNetwork>>
  let record: SealedRecord
  let node: RunningService
  before(async () => {
    net = await startNetwork()
    hospital = (await registerHospitals(net, 1))[0] as Hospital
    patient = await registerPatientAt(net, hospital)
    doctor = await attestDoctor(net, hospital)
    storage = await startStorageNetwork(net, hospital, { nodes: 3, workers: 1 })
    node = storage.nodes[0] as RunningService
    record = await depositRecord(net, { hospital, patient, nodes: storage.nodes })
  })
  after(async () => {
    await storage.close()
    await net.close()
  })

  const client = (ticket: string, at = node): StorageClient =>
    createHttpStore({ url: at.url, authorize: async () => ticket })
  const put = async (ticket: string) => {
    const block = randomBytes(32)
    return await answerOf(client(ticket).put(cidOfBlock(block), block))
  }
  const readTicket = async (who: { chain: Patient['chain'] }, more: Partial<Message<'ReadTicket'>> = {}) => {
    const pass = await passOf(who.chain, { pseudonym: patient.pseudonym, ...more })
    return await pass.headerFor(node.operator)
  }
  const share = () => ({ cid: record.parts[0]?.[0]?.cid ?? '', manifestHash: record.manifestHash, index: 0, chunk: 0 })

  it('takes blocks from an active provider for the nodes that it names, until its ticket ends', async () => {
    const recordId = toHex(randomBytes(32))
    expect(await put(await writeTicket(hospital, storage.nodes, { recordId }))).to.equal('success')
    expect(await put(await writeTicket(hospital, storage.nodes.slice(1), { recordId }))).to.equal(
      'FORBIDDEN OTHER_NODE',
    )
    expect(await put(await writeTicket(hospital, storage.nodes, { recordId, operatorsHash: zero }))).to.equal(
      'FORBIDDEN OTHER_OPERATORS',
    )
    expect(await put(await writeTicket(hospital, storage.nodes, { recordId, notAfter: soon() - 700 }))).to.include(
      'TICKET',
    )
    expect(await put(await writeTicket(hospital, storage.nodes, { recordId, notAfter: soon() + 3_600 }))).to.include(
      'TICKET',
    )
    const stranger = { ...hospital, chain: doctor.chain }
    expect(await put(await writeTicket(stranger, storage.nodes, { recordId }))).to.equal('FORBIDDEN NOT_A_DEPOSITOR')
  })

  it('takes no block from a provider that was switched off', async () => {
    const [other] = await registerHospitals(net, 1)
    if (!other) throw new Error('no hospital')
    const recordId = toHex(randomBytes(32))
    expect(await put(await writeTicket(other, storage.nodes, { recordId }))).to.equal('success')
    await setOrganizationActive(await net.as(net.admin), { organization: other.id, active: false })
    expect(await put(await writeTicket(other, storage.nodes, { recordId, maxBytes: 5_000n }))).to.equal(
      'FORBIDDEN NOT_A_DEPOSITOR',
    )
  })

  it('takes blocks of a record that is anchored from who may deposit it alone, and of no version far ahead', async () => {
    const [other] = await registerHospitals(net, 1)
    if (!other) throw new Error('no hospital')
    const { recordId } = record
    const ofVersion = async (who: Hospital, version: number) =>
      await put(await writeTicket(who, storage.nodes, { recordId, version }))
    expect(await ofVersion(other, 1)).to.equal('FORBIDDEN NOT_A_DEPOSITOR')
    expect(await ofVersion(hospital, 1)).to.equal('success')
    expect(await ofVersion(hospital, 2)).to.equal('success')
    expect(await ofVersion(hospital, 3)).to.equal('FORBIDDEN OTHER_VERSION')
  })

  it('gives the patient the own record, and nobody else without a grant', async () => {
    expect(await answerOf(client(await readTicket(patient)).getShare(share()))).to.equal('success')
    expect(await answerOf(client(await readTicket(doctor)).getShare(share()))).to.equal('FORBIDDEN NO_CONSENT')
    const forged = await readTicket(doctor, { reader: patient.account.address })
    expect(await answerOf(client(forged).getShare(share()))).to.include('TICKET')
    const other = await readTicket(doctor, { pseudonym: zero })
    expect(await answerOf(client(other).getShare(share()))).to.equal('FORBIDDEN WRONG_PSEUDONYM')
  })

  it('gives a reader the record while the grant stands, for its purpose, and no longer', async () => {
    const granteeId = personId(doctor.account.address)
    const scope = { pseudonym: patient.pseudonym, granteeId, recordId: record.recordId }
    const terms = { from: 0, until: soon(), purposes: 1, categories: 0 }
    await grant(patient.chain, { ...scope, terms })
    expect(await answerOf(client(await readTicket(doctor)).getShare(share()))).to.equal('success')
    const research = await readTicket(doctor, { purpose: 5 })
    expect(await answerOf(client(research).getShare(share()))).to.equal('FORBIDDEN WRONG_PURPOSE')
    await revoke(patient.chain, scope)
    // A fresh ticket: an old one counts for another second.
    const fresh = await readTicket(doctor, { notAfter: soon() - 1 })
    expect(await answerOf(client(fresh).getShare(share()))).to.equal('FORBIDDEN REVOKED')
  })

  it("gives a reconstructor what it asks for, and a storage node nothing of another's", async () => {
    const ticket = async ({ operator, account }: RunningService, at = node) => {
      const message = { operator, node: at.operator, notAfter: soon() }
      const chain = await net.as(account)
      return encodeTicket({
        kind: 'OperatorTicket',
        message,
        signature: await signMessage(chain, 'OperatorTicket', message),
      })
    }
    const worker = storage.workers[0] as RunningService
    expect(await answerOf(client(await ticket(worker)).getShare(share()))).to.equal('success')
    const neighbour = storage.nodes[1] as RunningService
    expect(await answerOf(client(await ticket(neighbour)).getShare(share()))).to.equal('FORBIDDEN NOT_A_RECONSTRUCTOR')
    const claimed = await ticket({ ...neighbour, operator: worker.operator })
    expect(await answerOf(client(claimed).getShare(share()))).to.equal('FORBIDDEN NOT_A_RECONSTRUCTOR')
    const shown = await ticket(worker, neighbour)
    expect(await answerOf(client(shown).getShare(share())), 'a node shows the ticket it was shown').to.equal(
      'FORBIDDEN OTHER_NODE',
    )
  })

  it('finds the other nodes by the registry and fetches a block from one of them', async () => {
    const recordId = toHex(randomBytes(32))
    const block = randomBytes(5_000)
    const ticket = await writeTicket(hospital, storage.nodes, { recordId })
    await client(ticket, storage.nodes[2]).put(cidOfBlock(block), block)
    const worker = storage.workers[0] as RunningService
    const message = { operator: worker.operator, node: node.operator, notAfter: soon() }
    const signature = await signMessage(await net.as(worker.account), 'OperatorTicket', message)
    const reader = client(encodeTicket({ kind: 'OperatorTicket', message, signature }))
    expect(await reader.has(cidOfBlock(block))).to.equal(false)
    expect(await reader.fetch(cidOfBlock(block))).to.deep.equal(block)
  })
})
