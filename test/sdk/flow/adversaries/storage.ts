import type { Hex } from '@sharewell/sdk/bytes'
import { recordsOf } from '@sharewell/sdk/chain'
import { type BlocksUnavailableError, convicts, type NotPlacedError, type ShareResponse } from '@sharewell/sdk/place'
import type { TooFewSharesError } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { verifierOf } from '../../../../sdk/src/flow/operators.ts'
import { type KnownRecord, knownRecord } from '../../../helpers/described.ts'
import { acknowledgesOther, givesOtherShare } from '../../../helpers/flow-liars.ts'
import {
  blamed,
  byDoctor,
  byPatient,
  depositBytes,
  failureOf,
  open,
  operatorsOf,
  permit,
  someBytes,
} from '../../../helpers/journeys.ts'
import { lyingNode, type NodeLie } from '../../../helpers/liars.ts'
import type { WholeNetwork, WholeNode } from '../../../helpers/whole-network.ts'

/** Storage nodes that lie, hang or die: any t of n honest ones suffice, and the others are named. */
export function storageAdversaries(whole: () => WholeNetwork): void {
  describe('among storage nodes', () => {
    const bytes = someBytes(70_000)
    let nodes: readonly WholeNode[]
    let first: WholeNode
    let recordId: Hex
    let known: KnownRecord
    before(async () => {
      nodes = whole().storage.slice(0, 5)
      ;[first] = nodes as [WholeNode]
      recordId = (await depositBytes(whole(), bytes, { operators: operatorsOf(nodes) })).recordId
      await permit(whole(), recordId)
      known = await knownRecord(whole().patient, recordId)
    })
    afterEach(async () => {
      for (const node of nodes) await node.heal()
    })

    /** The reader still reads every byte; returns who was blamed. */
    const survives = async (options = byPatient(whole().patient, recordId)) => {
      const opened = await open(options)
      expect(Buffer.compare(opened.bytes, bytes)).to.equal(0)
      return opened.faults
    }

    const lies: readonly [NodeLie, string][] = [
      ['flipped', 'unsigned'],
      ['hanging', 'timeout'],
      ['missing', 'missing'],
      ['signed', 'lie'],
    ]
    for (const [lie, code] of lies)
      it(`one whose shares are ${lie} is named for "${code}"`, async () => {
        await first.start({ storage: lyingNode(lie) })
        const faults = await survives()
        expect(blamed(faults)).to.deep.equal([`storage ${first.operator} ${code}`])
        expect(operatorsOf(whole().workers)).to.include(faults[0]?.reportedBy)
      })

    it('one that signs a flipped byte is convicted by its own signature, before anyone', async () => {
      await first.start({ storage: lyingNode('signed') })
      const [fault] = await survives()
      if (fault?.evidence === undefined || !('kind' in fault.evidence)) throw new Error('no evidence')
      const { manifest, manifestHash } = known
      const verifyShare = verifierOf<ShareResponse>(whole().uploader, 'ShareResponse', {})
      const judge = { manifest, manifestHash, verifyShare, verifyFrame: async () => false }
      expect(await convicts(fault.evidence, { ...judge, operator: first.operator })).to.equal(true)
      expect(await convicts(fault.evidence, { ...judge, operator: nodes[1]?.operator ?? '0x' })).to.equal(false)
    })

    it('one that gives the share of another record of the same patient is named', async () => {
      const other = await depositBytes(whole(), someBytes(70_000), { operators: operatorsOf(nodes) })
      const { shares } = await knownRecord(whole().patient, other.recordId)
      const swap = new Map(known.shares.map((cids, chunk) => [cids[0] ?? '', shares[chunk]?.[0] ?? '']))
      await first.start(givesOtherShare(swap))
      expect(blamed(await survives())).to.deep.equal([`storage ${first.operator} unsigned`])
    })

    it('two dead of five, which is n - t, are named and missed by nobody', async () => {
      const dead = nodes.slice(0, 2)
      for (const node of dead) await node.stop()
      expect(blamed(await survives(byDoctor(whole().doctor, recordId)))).to.deep.equal(
        operatorsOf(dead)
          .map((operator) => `storage ${operator} unreachable`)
          .sort(),
      )
    })

    it('three dead, one too many: the error lists each and why', async () => {
      const dead = nodes.slice(0, 3)
      for (const node of dead) await node.stop()
      for (const options of [byDoctor(whole().doctor, recordId), byPatient(whole().patient, recordId)]) {
        const error = (await failureOf(options)) as unknown as TooFewSharesError
        expect(error).to.include({ code: 'TOO_FEW_SHARES' })
        const listed = error.failures.map(({ index, operator, reason }) => `${index} ${operator} ${reason}`).sort()
        expect(listed).to.deep.equal(
          operatorsOf(dead).map((operator, index) => `${index} ${operator} unreachable, NODE_UNREACHABLE`),
        )
        for (const operator of operatorsOf(dead)) expect(error.message).to.include(operator)
      }
    })

    it('three that do different evil: each is listed with its own reason', async () => {
      const [a, b, c] = nodes as [WholeNode, WholeNode, WholeNode]
      await a.start({ storage: lyingNode('signed') })
      await b.start({ storage: lyingNode('flipped') })
      await c.stop()
      const error = (await failureOf(byPatient(whole().patient, recordId))) as unknown as TooFewSharesError
      expect(error.failures.map(({ operator, reason }) => `${operator} ${reason.split(',')[0]}`).sort()).to.deep.equal(
        [`${a.operator} lie`, `${b.operator} unsigned`, `${c.operator} unreachable`].sort(),
      )
    })

    it('all five dead: the error lists each of them', async () => {
      for (const node of nodes) await node.stop()
      const error = (await failureOf(byPatient(whole().patient, recordId))) as unknown as BlocksUnavailableError
      expect(error).to.include({ code: 'BLOCKS_UNAVAILABLE' })
      const dead = error.reasons.filter(({ reason }) => reason === 'NODE_UNREACHABLE')
      expect(dead.map(({ operator }) => operator).sort()).to.deep.equal(operatorsOf(nodes).sort())
    })

    it('one that is down at a deposit is found out before anything is sealed', async () => {
      await first.stop()
      const error = await depositBytes(whole(), bytes, { operators: operatorsOf(nodes) }).catch(
        (thrown: unknown) => thrown,
      )
      expect(error).to.include({ code: 'NOT_ENOUGH_OPERATORS' })
    })

    it('one that signs for another share at a deposit is named, and nothing is anchored', async () => {
      await first.start(acknowledgesOther(1))
      const { pseudonym, chain } = whole().patient
      const before = await recordsOf(chain, { pseudonym })
      const error = await depositBytes(whole(), bytes, { operators: operatorsOf(nodes) }).catch(
        (thrown: unknown) => thrown as NotPlacedError,
      )
      expect(error).to.include({ code: 'NOT_PLACED' })
      expect((error as NotPlacedError).reasons.map(({ operator }) => operator)).to.deep.equal([first.operator])
      expect(await recordsOf(chain, { pseudonym })).to.have.length(before.length)
    })
  })
}
