import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { logKeysOf, rewrap, supersede } from '@sharewell/sdk/chain'
import {
  encodeRecordProof,
  generateLogKey,
  NotProvableError,
  parseRecordProof,
  proveRecord,
  type RecordProof,
  RecordProofError,
  verifyRecordProof,
} from '@sharewell/sdk/flow/book'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { checkpointNow } from '../../helpers/checkpoints.ts'
import {
  anchorRecord,
  asOperator,
  registerPatientAt,
  startCommittee,
  type TestKeyNode,
} from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'

const random32 = () => toHex(randomBytes(32))

describe('a proof of a record', () => {
  let net: TestNetwork
  let committee: Awaited<ReturnType<typeof startCommittee>>
  let recordId: Hex
  let other: Hex
  let keys: Hex[]
  let file: Uint8Array<ArrayBuffer>

  before(async () => {
    net = await startNetwork()
    committee = await startCommittee(net, { h: 3, k: 2, checkpointInterval: 0 })
    const [hospital] = committee.hospitals
    if (!hospital) throw new Error('no hospital')
    const chain = await net.as(net.admin)
    keys = [(await generateLogKey({ chain: await asOperator(net, committee.nodes[0] as TestKeyNode) })).groupKey]
    const patient = await registerPatientAt(net, hospital)
    const { groupKey } = committee.epoch
    recordId = (await anchorRecord(net, { hospital, patient, groupKey })).recordId
    other = (await anchorRecord(net, { hospital, patient, groupKey })).recordId
    await checkpoint()
    const hashes = { manifestHash: random32(), placementHash: random32(), ptCommit: random32(), n: 5, t: 3, r: 0 }
    await supersede(hospital.chain, { recordId, version: 2, ...hashes })
    await rewrap(hospital.chain, { recordId, version: 2, keyHeaderHash: random32() })
    await checkpoint()
    file = await proveRecord(chain, { recordId })
  })
  after(async () => {
    await committee.close()
    await net.close()
  })

  const checkpoint = () => checkpointNow(net, committee.nodes[0] as TestKeyNode)
  const faultOf = (bytes: Uint8Array<ArrayBuffer>, of = keys): string | undefined => {
    try {
      verifyRecordProof(bytes, { keys: of })
      return undefined
    } catch (error) {
      if (error instanceof RecordProofError) return error.fault
      throw error
    }
  }
  const altered = (change: (proof: RecordProof) => RecordProof) =>
    faultOf(encodeRecordProof(change(parseRecordProof(file))))

  it('says what was recorded, by whom and when, and that each checkpoint continues the one before', async () => {
    const { versions, changes, ...proven } = verifyRecordProof(file, { keys })
    expect(proven.recordId).to.equal(recordId)
    expect(versions.map(({ version }) => version)).to.deep.equal([1, 2])
    expect(new Set(versions.map(({ author }) => author))).to.deep.equal(new Set([committee.hospitals[0]?.id]))
    expect(changes.map(({ kind }) => kind)).to.deep.equal(['Rewrapped'])
    for (const { time, signedAt } of versions) expect(signedAt).to.be.greaterThan(time)
    expect(versions[0]?.signedAt).to.be.lessThan(versions[1]?.signedAt ?? 0)
    expect(await logKeysOf(await net.as(net.admin))).to.have.length(1)
    expect(encodeRecordProof(parseRecordProof(file))).to.deep.equal(file)
  })

  it('is believed under a named key alone', () => {
    expect(faultOf(file, [random32()])).to.equal('OTHER_KEY')
    expect(faultOf(file, [])).to.equal('OTHER_KEY')
    expect(altered((proof) => ({ ...proof, checkpoints: [] }))).to.equal('NOT_SIGNED')
  })

  it('falls with any byte that is changed, and with any that is missing or too many', () => {
    for (let at = 0; at < file.length; at += 1) {
      const bytes = file.slice()
      bytes[at] = (bytes[at] as number) ^ 1
      expect(faultOf(bytes), `byte ${at}`).to.be.a('string')
    }
    expect(faultOf(file.slice(0, -1))).to.equal('MALFORMED')
    expect(faultOf(new Uint8Array([...file, 0]))).to.equal('MALFORMED')
  }).timeout(120_000)

  it('falls when it leaves a version out, turns the order, or borrows from another record or network', async () => {
    expect(altered((proof) => ({ ...proof, events: proof.events.slice(1) }))).to.equal('INCOMPLETE')
    expect(altered((proof) => ({ ...proof, events: proof.events.toReversed() }))).to.equal('OUT_OF_ORDER')
    const [event] = parseRecordProof(file).events
    if (!event) throw new Error('no event')
    expect(altered((proof) => ({ ...proof, events: [event, event] }))).to.equal('OUT_OF_ORDER')
    expect(altered((proof) => ({ ...proof, events: [{ ...event, index: event.index + 1 }] }))).to.equal('NOT_INCLUDED')
    expect(altered((proof) => ({ ...proof, recordId: other }))).to.equal('OTHER_RECORD')
    for (const change of [{ networkId: random32() }, { chainId: 1 }, { genesisHash: random32() }, { contracts: [] }])
      expect(altered((proof) => ({ ...proof, ...change }))).to.equal('NOT_SIGNED')
    const [early, late] = parseRecordProof(file).checkpoints
    if (!early || !late) throw new Error('one checkpoint')
    expect(altered((proof) => ({ ...proof, checkpoints: [{ ...early, consistency: [] }, late] }))).to.equal(
      'NOT_CONTINUED',
    )
    expect(altered((proof) => ({ ...proof, checkpoints: [late, { ...early, consistency: [] }] }))).to.equal(
      'NOT_CONTINUED',
    )
    expect(altered((proof) => ({ ...proof, checkpoints: [{ ...early, consistency: [] }] }))).to.equal('NOT_INCLUDED')
    const own = { ...late, root: early.root }
    expect(altered((proof) => ({ ...proof, checkpoints: [own] }))).to.equal('NOT_SIGNED')
  })

  it('is not made of a record that no checkpoint covers, or that nobody recorded', async () => {
    const chain = await net.as(net.admin)
    const outcome = await proveRecord(chain, { recordId: random32() }).catch((error: unknown) => error)
    expect(outcome).to.be.instanceOf(NotProvableError)
  })
})
