import { type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  bookLeaf,
  checkpointBytes,
  grant,
  personId,
  publishCheckpoint,
  readBook,
  signMessage,
  view,
} from '@sharewell/sdk/chain'
import {
  judgeReceipts,
  judgeRelease,
  loggingGrace,
  type ReleaseReceipt,
  receiptFromJson,
  receiptToJson,
  type SignedBook,
  UnloggedEvidenceError,
} from '@sharewell/sdk/flow/book'
import { type KeyNodes, keyNodesOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { root } from '@sharewell/sdk/merkle'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { privateKeyToAccount } from 'viem/accounts'
import { requestRelease } from '../../../sdk/src/flow/release.ts'
import { codeOf } from '../../helpers/code-of.ts'
import {
  anchorRecord,
  attestDoctor,
  type Hospital,
  newAccount,
  registerPatientAt,
  startCommittee,
} from '../../helpers/committee.ts'
import { frostKeys, signTogether } from '../../helpers/frost-keys.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { signRequest } from '../../helpers/requests.ts'

describe('a release that a node keeps out of the book', () => {
  let members: Awaited<ReturnType<typeof frostKeys>>
  let groupKey: Hex
  let net: TestNetwork
  let committee: Awaited<ReturnType<typeof startCommittee>>
  let nodes: KeyNodes
  let receipts: readonly ReleaseReceipt[]
  let silent: Hex

  before(async () => {
    members = await frostKeys({ k: 2, h: 2 })
    groupKey = toHex(members[0]?.groupKey ?? new Uint8Array())
    net = await startNetwork()
    committee = await startCommittee(net, { h: 3, k: 3, checkpointInterval: 0 })
    const [hospital] = committee.hospitals as [Hospital]
    const patient = await registerPatientAt(net, hospital)
    const doctor = await attestDoctor(net, hospital)
    nodes = await keyNodesOf(doctor.chain)
    const record = await anchorRecord(net, { hospital, patient, groupKey: committee.epoch.groupKey })
    await putHeader(nodes, { header: record.headerBytes })
    const terms = { from: 0, until: Math.floor(Date.now() / 1000) + 3_000, purposes: 1, categories: 0 }
    const granteeId = personId(doctor.account.address)
    await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, recordId: record.recordId, terms })
    // One node answers and never writes that it did.
    const secretive = committee.nodes[1]
    await secretive?.restart({ releasedInterval: 86_400_000 })
    silent = nodes.nodes.find(({ endpoint }) => endpoint === secretive?.url)?.id as Hex
    const signed = await signRequest(net.network, { doctor, pseudonym: patient.pseudonym, record })
    const release = await requestRelease({
      ...signed,
      chain: doctor.chain,
      committee: nodes,
      headerHash: record.headerHash,
      ct: record.ct,
    })
    receipts = release.receipts
  })
  after(async () => {
    await committee.close()
    await net.close()
  })

  const accountOf = (operator: Hex) => nodes.nodes.find(({ id }) => id === operator)?.account as Hex
  const receiptOf = (operator: Hex) => receipts.find((one) => one.operator === operator) as ReleaseReceipt
  /** The book until now, signed as of a later moment in which nothing more happened. */
  async function bookAt(
    time: number,
    change: (leaves: Uint8Array<ArrayBuffer>[]) => Uint8Array<ArrayBuffer>[] = (all) => all,
  ) {
    const book = await readBook(await net.as(net.admin))
    const leaves = change(book.events.map(bookLeaf))
    const said = { book: book.id, time, size: leaves.length, root: toHex(root(leaves)) }
    const signature = toHex(signTogether(members, checkpointBytes(said)))
    return { checkpoint: { ...said, groupKey, signature }, leaves } satisfies SignedBook
  }
  const judge = (receipt: ReleaseReceipt, book: SignedBook, account = accountOf(receipt.operator), keys = [groupKey]) =>
    judgeRelease(net.network, { receipt, account, book, keys })
  const due = () => receiptOf(silent).request.notAfter + loggingGrace + 1
  const refused = async (judged: Promise<unknown>) =>
    expect(await judged.catch((error: unknown) => error)).to.be.instanceOf(UnloggedEvidenceError)

  it('is proved by the receipt that its reader holds, and only against that node', async () => {
    expect(receipts).to.have.length(3)
    const others = receipts.filter(({ operator }) => operator !== silent)
    const end = Date.now() + 30_000
    const allLogged = async () => {
      const book = await bookAt(due())
      return (await Promise.all(others.map((one) => judge(one, book)))).every((verdict) => verdict === 'LOGGED')
    }
    while (!(await allLogged()) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await allLogged()).to.equal(true)
    expect(await judge(receiptOf(silent), await bookAt(due()))).to.equal('UNLOGGED')
  })

  it('is not said before the node had its time', async () => {
    expect(await judge(receiptOf(silent), await bookAt(due() - 1))).to.equal('TOO_EARLY')
  })

  it('is told from a request that was never logged', async () => {
    const bookBefore = await bookAt(due(), (leaves) => leaves.slice(0, 5))
    expect(await judge(receiptOf(silent), bookBefore)).to.equal('UNREQUESTED')
  })

  it('is found by whoever judges receipts on the chain, from their JSON', async () => {
    // An hour after the end of the request, and a node publishes what the others signed with it.
    const { notAfter } = receiptOf(silent).request
    const chain = await net.as(privateKeyToAccount(committee.nodes[0]?.config.privateKey as Hex))
    expect(await codeOf(judgeReceipts(chain, { receipts, keys: [groupKey] }))).to.equal('NO_CHECKPOINT')
    const { latest } = await view(chain)
    await net.increaseTime(Math.max(1, notAfter + loggingGrace + 2 - latest.time))
    await publishCheckpoint(chain, (await bookAt(notAfter + loggingGrace + 1)).checkpoint)
    const [first] = receipts
    const forged = { ...first, signature: `0x${'11'.repeat(65)}` } as ReleaseReceipt
    const unknown = { ...first, operator: toHex(randomBytes(16)) } as ReleaseReceipt
    const kept = [...receipts, forged, unknown].map((one) =>
      receiptFromJson(JSON.parse(JSON.stringify(receiptToJson(one)))),
    )
    const { judged, until } = await judgeReceipts(chain, { receipts: kept, keys: [groupKey] })
    expect(until).to.equal(notAfter + loggingGrace + 1)
    expect(judged.map(({ verdict }) => verdict)).to.deep.equal([
      ...receipts.map(({ operator }) => (operator === silent ? 'UNLOGGED' : 'LOGGED')),
      'NO_EVIDENCE',
      'NO_EVIDENCE',
    ])
    // Nobody confirmed this key on the chain.
    expect(await codeOf(judgeReceipts(chain, { receipts }))).to.equal('NO_CHECKPOINT')
    expect(() => receiptFromJson({ ...receiptToJson(forged), operator: 'node' })).to.throw(UnloggedEvidenceError)
    expect(() => receiptFromJson({ ...receiptToJson(forged), message: {} })).to.throw(UnloggedEvidenceError)
  })

  it('cannot be laid to an honest node', async () => {
    const receipt = receiptOf(silent)
    const book = await bookAt(due())
    const stranger = await net.as(newAccount())
    const forged = { ...receipt, signature: await signMessage(stranger, 'Partial', receipt.message) }
    await refused(judge(forged, book))
    await refused(judge({ ...receipt, request: { ...receipt.request, notAfter: receipt.request.notAfter - 9 } }, book))
    await refused(judge(receipt, { ...book, leaves: book.leaves.slice(0, -1) }))
    await refused(judge(receipt, { ...book, checkpoint: { ...book.checkpoint, time: book.checkpoint.time + 1 } }))
    await refused(judge(receipt, book, accountOf(silent), [toHex(randomBytes(32))]))
  })
})
