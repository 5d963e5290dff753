import type { Hex } from '@sharewell/sdk/bytes'
import { convicts, type FaultFile, type Frame, judgeFault } from '@sharewell/sdk/place'
import { expect } from 'chai'
import { verifierOf } from '../../../../sdk/src/flow/operators.ts'
import { knownRecord } from '../../../helpers/described.ts'
import {
  blamed,
  byDoctor,
  byPatient,
  depositBytes,
  open,
  operatorsOf,
  permit,
  someBytes,
} from '../../../helpers/journeys.ts'
import { lyingNode, lyingWorker, type WorkerLie } from '../../../helpers/liars.ts'
import type { WholeNetwork, WholeNode } from '../../../helpers/whole-network.ts'

/** Reconstructors are not trusted: whoever lies is caught at the first chunk, and another takes over. */
export function workerAdversaries(whole: () => WholeNetwork): void {
  describe('among reconstructors', () => {
    const bytes = someBytes(70_000)
    let liar: WholeNode
    let honest: WholeNode
    let first: WholeNode
    let recordId: Hex
    before(async () => {
      ;[liar, honest] = whole().workers as [WholeNode, WholeNode]
      ;[first] = whole().storage as [WholeNode]
      const operators = operatorsOf(whole().storage.slice(0, 5))
      recordId = (await depositBytes(whole(), bytes, { operators })).recordId
      await permit(whole(), recordId)
    })
    afterEach(async () => {
      for (const node of [liar, honest, first]) await node.heal()
    })

    /** The reader asks the liar first, and still reads every byte. */
    const survives = async (options = byPatient(whole().patient, recordId)) => {
      const reconstructors = [liar.operator, honest.operator]
      const opened = await open({ ...options, reconstructors })
      expect(Buffer.compare(opened.bytes, bytes)).to.equal(0)
      return opened
    }

    const lies: readonly [WorkerLie, string, string][] = [
      ['wrong bytes', 'signs a wrong byte', 'LYING_WORKER'],
      ['another record', 'signs bytes of something else', 'LYING_WORKER'],
      ['unsigned bytes', 'changes a byte after signing', 'WORKER_SILENT'],
      ['truncated', 'cuts the stream short', 'WORKER_SILENT'],
      ['no receipt', 'gives no receipt', 'WORKER_SILENT'],
    ]
    for (const [lie, does, code] of lies)
      it(`one that ${does} is pinned for ${code}; the second takes over`, async () => {
        await liar.start({ worker: lyingWorker(lie) })
        const { faults, told } = await survives(byDoctor(whole().doctor, recordId))
        expect(blamed(faults)).to.deep.equal([`reconstructor ${liar.operator} ${code}`])
        const seen = told.find(({ status, step }) => status === 'failed' && step === 'rebuild')
        expect(seen).to.include({ who: liar.operator, problem: code })
      })

    it('one that signed a wrong byte is convicted by its own signature, before anyone', async () => {
      await liar.start({ worker: lyingWorker('wrong bytes') })
      const files: FaultFile[] = []
      const options = { ...byPatient(whole().patient, recordId), onProof: (file: FaultFile) => void files.push(file) }
      const [fault] = (await survives(options)).faults
      if (fault?.evidence === undefined || !('kind' in fault.evidence)) throw new Error('no evidence')
      const { manifest, manifestHash } = await knownRecord(whole().patient, recordId)
      const verifyFrame = verifierOf<Frame>(whole().uploader, 'Frame', {})
      const judge = { manifest, manifestHash, verifyFrame, verifyShare: async () => false }
      expect(await convicts(fault.evidence, { ...judge, operator: liar.operator })).to.equal(true)
      expect(await convicts(fault.evidence, { ...judge, operator: honest.operator })).to.equal(false)
      // The reader keeps a file that convicts without any of this.
      expect(files).to.have.length(1)
      const convicted = await judgeFault(files[0] as FaultFile, judge)
      expect([convicted.operator, convicted.kind]).to.deep.equal([liar.operator, 'frame'])
    })

    it('one that sends the signed frames of another record is pinned: frames count for one job', async () => {
      const operators = operatorsOf(whole().storage.slice(0, 5))
      const other = await depositBytes(whole(), someBytes(70_000), { operators })
      await liar.start({ worker: lyingWorker('replayed frames') })
      const reconstructors = [liar.operator]
      // Its first job is honest; it is those frames that it sends from then on.
      expect((await open({ ...byPatient(whole().patient, other.recordId), reconstructors })).faults).to.deep.equal([])
      const { faults } = await survives()
      expect(blamed(faults)).to.deep.equal([`reconstructor ${liar.operator} WORKER_SILENT`])
    })

    it('one that replays the very frames of an earlier job of this record is pinned', async () => {
      await liar.start({ worker: lyingWorker('replayed frames') })
      expect((await survives()).faults).to.deep.equal([])
      expect(blamed((await survives()).faults)).to.deep.equal([`reconstructor ${liar.operator} WORKER_SILENT`])
    })

    it('both lying: the doctor gathers the shares directly', async () => {
      await liar.start({ worker: lyingWorker('wrong bytes') })
      await honest.start({ worker: lyingWorker('truncated') })
      const { faults } = await survives(byDoctor(whole().doctor, recordId))
      expect(blamed(faults)).to.deep.equal(
        [`reconstructor ${liar.operator} LYING_WORKER`, `reconstructor ${honest.operator} WORKER_SILENT`].sort(),
      )
    })

    it('both dead, and a storage node that signs a lie: gathered directly, and all three named', async () => {
      await liar.stop()
      await honest.stop()
      await first.start({ storage: lyingNode('signed') })
      const { faults } = await survives()
      expect(blamed(faults)).to.deep.equal(
        [
          `reconstructor ${liar.operator} NODE_UNREACHABLE`,
          `reconstructor ${honest.operator} NODE_UNREACHABLE`,
          `storage ${first.operator} lie`,
        ].sort(),
      )
      expect(faults.find(({ role }) => role === 'storage')).to.have.property('evidence')
    })

    it('both lying and the patient reading: gathered directly too', async () => {
      await liar.start({ worker: lyingWorker('unsigned bytes') })
      await honest.start({ worker: lyingWorker('another record') })
      const opened = await open(byPatient(whole().patient, recordId))
      expect(Buffer.compare(opened.bytes, bytes)).to.equal(0)
      expect(opened.faults.map(({ role }) => role)).to.deep.equal(['reconstructor', 'reconstructor'])
    })
  })
}
