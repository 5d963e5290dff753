import type { Hex } from '@sharewell/sdk/bytes'
import {
  anchor,
  type ContractRefusalError,
  manifestHashOf,
  recordOf,
  relocate,
  rewrap,
  supersede,
  type VersionHashes,
} from '@sharewell/sdk/chain'
import { recordRegistryAbi } from '@sharewell/sdk/chain/abi'
import type { Receipt } from '@sharewell/sdk/flow'
import type { BlocksUnavailableError } from '@sharewell/sdk/place'
import { expect } from 'chai'
import { decodeFunctionData } from 'viem'
import { codeOf } from '../../../helpers/code-of.ts'
import { type KnownRecord, knownRecord } from '../../../helpers/described.ts'
import { cidOfHash, tampers } from '../../../helpers/flow-liars.ts'
import { randomHex } from '../../../helpers/ids.ts'
import {
  blamed,
  byDoctor,
  byPatient,
  category,
  depositBytes,
  failureOf,
  type Opened,
  open,
  operatorsOf,
  permit,
  someBytes,
} from '../../../helpers/journeys.ts'
import type { WholeNetwork, WholeNode } from '../../../helpers/whole-network.ts'

/** The chain fixes manifest and placement; whoever alters what describes a record is found out by its hash. */
export function objectAdversaries(whole: () => WholeNetwork): void {
  describe('who alter what describes a record', () => {
    const bytes = someBytes(1_000)
    let nodes: readonly WholeNode[]
    let recordId: Hex
    let known: KnownRecord
    before(async () => {
      nodes = whole().storage.slice(0, 5)
      recordId = (await depositBytes(whole(), bytes, { operators: operatorsOf(nodes) })).recordId
      await permit(whole(), recordId)
      known = await knownRecord(whole().patient, recordId)
    })
    afterEach(async () => {
      for (const node of nodes) await node.heal()
    })

    const cids = (): Readonly<Record<'manifest' | 'placement', string>> => ({
      manifest: cidOfHash(known.manifestHash),
      placement: cidOfHash(known.placementHash),
    })

    for (const object of ['manifest', 'placement'] as const) {
      it(`nodes that alter the ${object} are named, and another's is taken`, async () => {
        for (const node of nodes.slice(0, 4)) await node.start(tampers((cid) => cid === cids()[object]))
        let opened: Opened | undefined
        // Nodes are asked in random order.
        while (!opened || opened.faults.length === 0) opened = await open(byPatient(whole().patient, recordId))
        expect(opened.bytes).to.deep.equal(bytes)
        const liars = nodes.slice(0, 4).map(({ operator }) => `storage ${operator} CID_MISMATCH`)
        expect(liars).to.include.members(blamed(opened.faults))
      })

      it(`all nodes altering the ${object}: nothing opens, and each is listed`, async () => {
        for (const node of nodes) await node.start(tampers((cid) => cid === cids()[object]))
        const error = (await failureOf(byDoctor(whole().doctor, recordId))) as unknown as BlocksUnavailableError
        expect(error).to.include({ code: 'BLOCKS_UNAVAILABLE' })
        const altered = error.reasons.filter(({ reason }) => reason === 'CID_MISMATCH')
        expect(altered.map(({ operator }) => operator).sort()).to.deep.equal(operatorsOf(nodes).sort())
      })
    }

    it('all nodes altering the leaf lists: no reconstructor and no reader takes them', async () => {
      const described = Object.values(cids())
      for (const node of nodes) await node.start(tampers((cid) => !described.includes(cid)))
      // A worker keeps what it once verified.
      for (const worker of whole().workers) await worker.start()
      expect(await failureOf(byDoctor(whole().doctor, recordId))).to.include({ code: 'BLOCKS_UNAVAILABLE' })
    })

    it('an author who moves a record to the placement of another is found out', async () => {
      const [moved, other] = [await depositBytes(whole(), bytes), await depositBytes(whole(), bytes)]
      const { placementHash } = other
      await relocate(whole().uploader, { recordId: moved.recordId, version: 1, placementHash })
      expect(await failureOf(byPatient(whole().patient, moved.recordId))).to.include({ code: 'PLACEMENT' })
    })

    it('an author who names the key header of another record is found out', async () => {
      const wrapped = await depositBytes(whole(), bytes)
      const { headerHash: keyHeaderHash } = known
      await rewrap(whole().uploader, { recordId: wrapped.recordId, version: 1, keyHeaderHash })
      // Key nodes give a header to those who may read the record that it is of: here the patient may.
      expect(await failureOf(byPatient(whole().patient, wrapped.recordId))).to.include({ code: 'KEY_HEADER' })
    })

    it('an author who anchors the manifest of another record is found out', async () => {
      const { manifestHash, placementHash } = known
      const deposit = { ...hashes(), pseudonym: whole().patient.pseudonym, category, manifestHash, placementHash }
      const { logs } = await anchor(whole().uploader, { ...deposit, salt: randomHex(32) })
      const forged = logs[0]?.topics[1] ?? '0x'
      expect(await failureOf(byPatient(whole().patient, forged))).to.include({ code: 'MANIFEST' })
    })
  })

  describe('who replace what was anchored', () => {
    let receipt: Receipt
    let salt: Hex
    before(async () => {
      receipt = await depositBytes(whole(), someBytes(10))
      const { input } = await whole().uploader.client.getTransaction({ hash: receipt.transaction })
      const { args } = decodeFunctionData({ abi: recordRegistryAbi, data: input })
      ;[{ salt }] = args as unknown as [{ salt: Hex }]
    })

    const refusal = async (act: Promise<unknown>): Promise<string> => {
      const error = await act.catch((thrown: unknown) => thrown as ContractRefusalError)
      return (error as ContractRefusalError).reason
    }
    const again = () => ({ ...hashes(), pseudonym: whole().patient.pseudonym, salt, category })

    it('an author who anchors other hashes under the same id is refused by the contract', async () => {
      for (const chain of [whole().uploader, whole().hospital.chain, whole().patient.chain])
        expect(await refusal(anchor(chain, again()))).to.equal('RecordAlreadyAnchored')
      const { recordId, manifestHash } = receipt
      expect(await recordOf(whole().uploader, { recordId })).to.include({ version: 1, manifestHash })
    })

    it('who supersede get version 2, and version 1 keeps its hash for ever', async () => {
      const { recordId, manifestHash } = receipt
      const { uploader } = whole()
      for (const version of [0, 1, 3])
        expect(await refusal(supersede(uploader, { ...hashes(), recordId, version }))).to.equal('RecordNotNextVersion')
      const next = hashes()
      await supersede(uploader, { ...next, recordId, version: 2 })
      expect(await recordOf(uploader, { recordId })).to.include({ version: 2, manifestHash: next.manifestHash })
      expect(await manifestHashOf(uploader, { recordId, version: 1 })).to.equal(manifestHash)
      expect(await refusal(anchor(uploader, again()))).to.equal('RecordAlreadyAnchored')
      const { placementHash, ptCommit } = receipt
      const old = { ...hashes(), manifestHash, placementHash, ptCommit }
      for (const version of [1, 2])
        expect(await refusal(supersede(uploader, { ...old, recordId, version }))).to.equal('RecordNotNextVersion')
    })

    it('another hospital, a doctor and a stranger cannot write a version at all', async () => {
      const { recordId } = receipt
      const stranger = await whole().newDoctor()
      const next = { ...hashes(), recordId, version: 3 }
      expect(await refusal(supersede(stranger.chain, next))).to.equal('RecordNotDepositor')
      const placementHash = randomHex(32)
      const move = relocate(stranger.chain, { recordId, version: 2, placementHash })
      expect(await refusal(move)).to.equal('RecordNotDepositor')
      expect(await codeOf(anchor(stranger.chain, { ...again(), salt: randomHex(32) }))).to.equal('CONTRACT_REFUSAL')
    })
  })
}

/** Hashes of nothing. */
const hashes = (): VersionHashes => ({
  manifestHash: randomHex(32),
  placementHash: randomHex(32),
  ptCommit: randomHex(32),
  n: 5,
  t: 3,
  r: 0,
})
