import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Bytes, type Hex, toHex } from '@sharewell/sdk/bytes'
import { hasFaultReports, isFaultReported, reportFrame, reportShare, standingOf } from '@sharewell/sdk/chain'
import { encodeFaultFile, type FaultFile } from '@sharewell/sdk/place'
import { chunkCount } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { markCounter } from '../../../cli/src/commands/health.ts'
import { judgeOffline, judgeOnChain } from '../../../cli/src/network/fault-files.ts'
import { proveFrameLie, proveShareLie } from '../../../sdk/src/place/fault.ts'
import { openSession } from '../../cli/transcript.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { type Hospital, registerHospitals, registerPatientAt } from '../../helpers/committee.ts'
import { frameWord, renewedLie, shareWord, tellLies } from '../../helpers/fault-files.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { newAccount, type Party, signingFacts } from '../../helpers/parties.ts'
import type { SealedRecord } from '../../helpers/sealed-record.ts'
import { depositRecord, startStorageNetwork } from '../../helpers/storage-network.ts'

const none: Hex = `0x${'00'.repeat(16)}`
const lie: Hex = `0x${'66'.repeat(32)}`
const signal = new AbortController().signal

describe('lies about an anchored record', () => {
  let net: TestNetwork
  let hospital: Hospital
  let storage: Awaited<ReturnType<typeof startStorageNetwork>>
  let record: SealedRecord
  let files: { readonly share: FaultFile; readonly frame: FaultFile }
  before(async () => {
    net = await startNetwork()
    hospital = (await registerHospitals(net, 1))[0] as Hospital
    const patient = await registerPatientAt(net, hospital)
    storage = await startStorageNetwork(net, hospital, { nodes: 3, workers: 1 })
    record = await depositRecord(net, { hospital, patient, nodes: storage.nodes })
    const [node, worker] = [storage.nodes[0] as Party, storage.workers[0] as Party]
    const share = await shareWord(net.network, record, node, lie)
    const frame = await frameWord(net.network, record, worker, lie)
    files = {
      share: fileOf(node, proveShareLie(record.shareLeaves[0] as Bytes, share)),
      frame: fileOf(worker, proveFrameLie(record.contentLeaves, frame)),
    }
  })
  after(async () => {
    await storage.close()
    await net.close()
  })

  const fileOf = ({ operator, account }: Party, proof: FaultFile['proof']): FaultFile => ({
    network: signingFacts(net.network),
    accused: { operator, account: account.address.toLowerCase() as Hex },
    manifest: record.blocks.manifest,
    proof,
  })

  it('convict with the chain as without it', async () => {
    for (const file of Object.values(files)) {
      const offline = await judgeOffline(file)
      expect(await judgeOnChain(hospital.chain, file, signal)).to.deep.equal(offline)
    }
  })

  it('convict nobody where the chain says otherwise', async () => {
    const { share } = files
    const { accused, network } = share
    if (!accused) throw new Error('nobody is accused')
    const refusal = (file: FaultFile) => codeOf(judgeOnChain(hospital.chain, file, signal))
    expect(await refusal({ ...share, accused: { ...accused, operator: none } })).to.equal('FAULT_REFUSED')
    const other = { ...accused, operator: storage.nodes[1]?.operator ?? none }
    expect(await refusal({ ...share, accused: other })).to.equal('FAULT_REFUSED')
    expect(await refusal({ ...share, network: { ...network, chainId: 1 } })).to.equal('FAULT_REFUSED')
    // A record that nobody anchored: whoever made it up may have signed it as well.
    const loose = await tellLies(net.network, { liar: storage.nodes[0] as Party })
    expect((await judgeOffline(loose.file.share)).kind).to.equal('share')
    expect(await refusal(loose.file.share)).to.equal('FAULT_REFUSED')
    expect(await refusal(loose.file.upload)).to.equal('FAULT_REFUSED')
  })

  it('convict under a manifest that descends from the anchored one, and under no other', async () => {
    const file = await renewedLie(net.network, record, storage.nodes[2] as Party)
    const found = await judgeOnChain(hospital.chain, file, signal)
    expect(found).to.include({ operator: storage.nodes[2]?.operator, anchored: record.manifestHash })
    const refusal = (one: FaultFile) => codeOf(judgeOnChain(hospital.chain, one, signal))
    expect(await refusal({ ...file, lineage: undefined })).to.equal('FAULT_REFUSED')
    const loose = await tellLies(net.network, { liar: storage.nodes[2] as Party })
    expect((await judgeOffline(loose.renewed)).kind).to.equal('share')
    expect(await refusal(loose.renewed)).to.equal('FAULT_REFUSED')
  })

  it('are counted against the operator, once', async () => {
    const { chain } = hospital
    expect(hasFaultReports(chain)).to.equal(true)
    const chunks = chunkCount(record.manifest)
    const found = await judgeOnChain(chain, files.share, signal)
    const { operator = none, fault } = found
    expect(await standingOf(chain, { operator })).to.deep.equal({ shares: 0, frames: 0, lastAt: undefined })
    expect(await isFaultReported(chain, { fault })).to.equal(false)
    const { share, frame } = files
    if (share.proof.kind !== 'share' || frame.proof.kind !== 'frame') throw new Error('other kinds')
    const { leaf, path, response } = share.proof
    await reportShare(chain, { operator, leaf, path, chunks, ...response })
    expect(await isFaultReported(chain, { fault })).to.equal(true)
    expect(await standingOf(chain, { operator })).to.include({ shares: 1, frames: 0 })
    expect(await codeOf(reportShare(chain, { operator, leaf, path, chunks, ...response }))).to.equal('CONTRACT_REFUSAL')
    const worker = frame.accused?.operator ?? none
    const where = { operator: worker, leaf: frame.proof.leaf, path: frame.proof.path, chunks }
    await reportFrame(chain, { ...where, ...frame.proof.frame, manifest: toHex(frame.manifest) })
    expect(await standingOf(chain, { operator: worker })).to.include({ shares: 0, frames: 1 })
  })

  it('are looked up once for each operator, however many shares it has', async () => {
    const { chain } = hospital
    let asked = 0
    const readContract: typeof chain.client.readContract = (args) => {
      asked += 1
      return chain.client.readContract(args)
    }
    const marks = markCounter({ ...chain, client: { ...chain.client, readContract } }, signal)
    const [liar = none, honest = none] = storage.nodes.map(({ operator }) => operator)
    const found = await Promise.all([liar, honest, liar, liar].map(marks))
    expect(found.map(({ lies }) => lies)).to.deep.equal([1, 0, 1, 1])
    expect(found.every(({ misses }) => misses === 0)).to.equal(true)
    // One question of lies and one of audits for each of the two.
    expect(asked).to.equal(4)
  })

  it('are reported from the command line, and shown with their operator', async () => {
    const session = await openSession()
    try {
      const write = (name: string, text: string) => writeFile(path.join(session.folder, name), text, { mode: 0o600 })
      const other = { ...storage.nodes[1] } as Party
      const share = await shareWord(net.network, record, other, lie, 1)
      const proof = proveShareLie(record.shareLeaves[1] as Bytes, share)
      await write('share.json', encodeFaultFile(fileOf(other, proof)))
      const loose = await tellLies(net.network)
      await write('slander.json', encodeFaultFile(loose.file.share))
      await write('network.json', JSON.stringify({ network: net.network }))
      await write('some.key', newAccount().key)
      const run = (what: string) => session.run(`sharewell fault ${what} --network network.json`)
      const found = JSON.parse((await run('verify share.json --json -q')).stdout)
      expect(found).to.include({ type: 'fault', kind: 'share', operator: other.operator, onChain: true })
      const reported = JSON.parse((await run('report share.json --key-file some.key --json -q')).stdout)
      expect(reported).to.deep.include({ type: 'reported', before: false, fault: found.fault })
      expect(reported.standing).to.include({ shares: 1, frames: 0 })
      expect(await isFaultReported(hospital.chain, { fault: found.fault })).to.equal(true)
      const again = await run('report share.json --key-file some.key')
      expect([again.code, again.stdout]).to.satisfy(
        ([code, text]: [number, string]) =>
          code === 0 && text.includes('was reported before') && text.includes('1 proven lie'),
      )
      const slander = await run('report slander.json --key-file some.key')
      expect([slander.code, slander.stderr]).to.satisfy(
        ([code, text]: [number, string]) => code === 1 && text.includes('convicts nobody'),
      )
    } finally {
      await session.close()
    }
  }).timeout(120_000)

  it('count nowhere in a network that began without the contract', async () => {
    const { chain } = hospital
    const contracts = { ...chain.network.contracts, faultReports: `0x${'00'.repeat(20)}` as const }
    const old = { ...chain, network: { ...chain.network, contracts } }
    expect(await standingOf(old, { operator: none })).to.deep.equal({ shares: 0, frames: 0, lastAt: undefined })
    expect(await isFaultReported(old, { fault: lie })).to.equal(false)
  })
})
