import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { signerOf } from '@sharewell/sdk/chain'
import type { KeyNodesError } from '@sharewell/sdk/flow/key-nodes'
import type { QuorumError } from '@sharewell/sdk/release'
import { expect } from 'chai'
import { type KnownRecord, knownRecord } from '../../../helpers/described.ts'
import { altersHeaders, signsFalsePartials } from '../../../helpers/flow-liars.ts'
import {
  blamed,
  byDoctor,
  byPatient,
  depositBytes,
  failureOf,
  type Opened,
  open,
  permit,
  someBytes,
} from '../../../helpers/journeys.ts'
import type { WholeNetwork, WholeNode } from '../../../helpers/whole-network.ts'

/** Key nodes that lie or are away: any k honest ones release, and the others are named. */
export function keyNodeAdversaries(whole: () => WholeNetwork): void {
  describe('among key nodes', () => {
    const bytes = someBytes(1_000)
    let nodes: readonly WholeNode[]
    let recordId: Hex
    let known: KnownRecord
    before(async () => {
      nodes = whole().keys
      recordId = (await depositBytes(whole(), bytes)).recordId
      await permit(whole(), recordId)
      known = await knownRecord(whole().patient, recordId)
    })
    afterEach(async () => {
      for (const node of nodes) await node.heal()
    })

    const readByDoctor = () => open(byDoctor(whole().doctor, recordId))

    /** Nodes are asked in random order: opens again until somebody was blamed, and always every byte. */
    const untilBlamed = async (read: () => Promise<Opened>): Promise<Opened> => {
      for (let tries = 0; tries < 40; tries++) {
        const opened = await read()
        expect(opened.bytes).to.deep.equal(bytes)
        if (opened.faults.length > 0) return opened
      }
      throw new Error('nobody was blamed')
    }
    const liesOf = (at: number) => {
      const node = nodes[at] as WholeNode
      const { groupKey, nodes: members } = known.committee
      const member = members[at]
      if (member?.id !== node.operator) throw new Error('another order')
      const { i, verifyingShare } = member
      return signsFalsePartials(whole().net.network, node, { i, ct: known.ct, groupKey, verifyingShare })
    }

    it('one that signs a false partial is named, with its signature as evidence', async () => {
      const [liar] = nodes as [WholeNode]
      await liar.start(liesOf(0))
      const { faults } = await untilBlamed(readByDoctor)
      expect(blamed(faults)).to.deep.equal([`key ${liar.operator} INVALID_PARTIAL`])
      const evidence = faults[0]?.evidence
      if (!evidence || 'kind' in evidence) throw new Error('no evidence')
      const signer = await signerOf(whole().net.network, { kind: 'Partial', ...evidence })
      expect(signer).to.equal(liar.account.address)
      expect(evidence.message.X_i).to.equal(toHex(known.committee.nodes[0]?.verifyingShare ?? new Uint8Array()))
    })

    it('two away: the other three release', async () => {
      for (const node of nodes.slice(0, 2)) await node.stop()
      expect((await readByDoctor()).bytes).to.deep.equal(bytes)
    })

    it('three away: the error lists each by number and code', async () => {
      for (const node of nodes.slice(1, 4)) await node.stop()
      const error = (await failureOf(byDoctor(whole().doctor, recordId))) as unknown as QuorumError
      expect(error).to.include({ code: 'QUORUM' })
      expect(error.refusals.map(({ i, code }) => `${i} ${code}`).sort()).to.deep.equal([
        '2 UNREACHABLE',
        '3 UNREACHABLE',
        '4 UNREACHABLE',
      ])
      for (const number of [2, 3, 4]) expect(error.message).to.include(`node ${number}: UNREACHABLE`)
    })

    it('two away and one that lies: each is listed with its own code', async () => {
      for (const node of nodes.slice(3)) await node.stop()
      await nodes[2]?.start(liesOf(2))
      const error = (await failureOf(byDoctor(whole().doctor, recordId))) as unknown as QuorumError
      expect(error.refusals.map(({ i, code }) => `${i} ${code}`).sort()).to.deep.equal([
        '3 INVALID_PARTIAL',
        '4 UNREACHABLE',
        '5 UNREACHABLE',
      ])
    })

    it('none needed by the patient, whose own seed opens: one that keeps the header suffices', async () => {
      for (const node of nodes.slice(1)) await node.stop()
      expect((await open(byPatient(whole().patient, recordId))).bytes).to.deep.equal(bytes)
    })

    it('four that alter key headers are named; the fifth gives the right one', async () => {
      for (const node of nodes.slice(0, 4)) await node.start(altersHeaders)
      const { faults } = await untilBlamed(readByDoctor)
      for (const { operator, role, code } of faults) {
        expect({ role, code }).to.deep.equal({ role: 'key', code: 'OTHER_BYTES' })
        expect(nodes.slice(0, 4).map((node) => node.operator)).to.include(operator)
      }
    })

    it('all altering key headers: nothing opens, and the error lists all five', async () => {
      for (const node of nodes) await node.start(altersHeaders)
      const error = (await failureOf(byDoctor(whole().doctor, recordId))) as unknown as KeyNodesError
      expect(error).to.include({ code: 'KEY_NODES' })
      expect(error.failed.map(({ i, code }) => `${i} ${code}`).sort()).to.deep.equal(
        [1, 2, 3, 4, 5].map((i) => `${i} OTHER_BYTES`),
      )
    })
  })
}
