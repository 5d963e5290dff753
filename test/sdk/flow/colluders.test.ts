import type { Config } from '@sharewell/key-node/main'
import { type Bytes, concat, fromHex } from '@sharewell/sdk/bytes'
import { activeEpoch } from '@sharewell/sdk/chain'
import { decodePoint, encodePoint, interpolatePoints } from '@sharewell/sdk/group'
import { finish, partial, unwrapW1 } from '@sharewell/sdk/release'
import { openAll } from '@sharewell/sdk/seal'
import { chunkLength, decodeChunk } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { watch } from '../../../sdk/src/flow/progress.ts'
import { type DescribedRecord, describeRecord } from '../../../sdk/src/flow/unlock.ts'
import { knownRecord } from '../../helpers/described.ts'
import { type Host, hostHere } from '../../helpers/hosts.ts'
import { byPatient, depositBytes, someBytes } from '../../helpers/journeys.ts'
import { signRequest } from '../../helpers/requests.ts'
import { stolenShare } from '../../helpers/stolen-shares.ts'
import { startWholeNetwork, type WholeNetwork } from '../../helpers/whole-network.ts'

/** All storage nodes and some key nodes put together what they have, for a doctor to whom nobody consented. */
describe('key nodes that conspire with every storage node', function () {
  this.timeout(120_000)
  const plaintext = someBytes(5_000)
  const configs: Config[] = []
  let whole: WholeNetwork
  let record: DescribedRecord
  let sealed: Bytes[]

  before(async () => {
    const host: Host = async (service, lies) => {
      if (service.kind === 'key-node') configs.push(service.config)
      return await hostHere(service, lies)
    }
    whole = await startWholeNetwork({ storage: 5, workers: 1, host })
    const { recordId } = await depositBytes(whole, plaintext)
    record = await describeRecord(byPatient(whole.patient, recordId), { tell: watch() })
    const { shares, manifest } = await knownRecord(whole.patient, recordId)
    const holder = (index: number) =>
      record.nodes.find(({ operator }) => fromHex(operator, 16).join() === record.placement.operators[index]?.join())
    // Each operator brings what it stores: all n shares of every chunk.
    sealed = await Promise.all(
      shares.map(async (cids, chunk) => {
        const parts = await Promise.all(
          cids.map(async (cid, index) => ({ index, body: (await holder(index)?.store.get(cid)) as Bytes })),
        )
        return decodeChunk(manifest, parts, chunkLength(manifest, chunk))
      }),
    )
  })
  after(() => whole.close())

  /** Opens with the shares of some key nodes, past every check; or says which one of the cryptography's stops it. */
  async function openedBy(count: number): Promise<Bytes | string> {
    const { net, patient, newDoctor } = whole
    const epoch = await activeEpoch(patient.chain)
    if (!epoch) throw new Error('no epoch')
    const known = await knownRecord(patient, record.recordId)
    const { requestHash, reader } = await signRequest(net.network, {
      doctor: await newDoctor(),
      pseudonym: patient.pseudonym,
      record: known,
    })
    const ids = { networkId: fromHex(net.network.networkId, 32), requestHash: fromHex(requestHash, 32) }
    const shares = await Promise.all(configs.slice(0, count).map((config) => stolenShare(config, epoch)))
    const partials = shares.map((share) => partial(share, { ...ids, ct: known.ct, Yr: reader.Yr }))
    const made = (name: 'A' | 'B') =>
      encodePoint(interpolatePoints(partials.map((one) => ({ index: one.i, point: decodePoint(one[name]) }))))
    try {
      const dek = await unwrapW1(record.header, finish(reader.y, known.ct, { A: made('A'), B: made('B') }))
      const { sealHeader: header, ptCommit } = record.manifest
      const pieces: Bytes[] = []
      for await (const piece of openAll({ header, dek, chunks: sealed, ptCommit }).bytes) pieces.push(piece)
      return concat(...pieces)
    } catch (error) {
      return (error as { code: string }).code
    }
  }

  it('have every sealed byte', () => {
    expect(sealed.reduce((sum, { length }) => sum + length, 0)).to.equal(record.manifest.sealedLen)
    expect(Buffer.concat(sealed).includes(Buffer.from(plaintext.subarray(0, 16)))).to.equal(false)
  })
  for (const count of [1, 2])
    it(`open nothing as ${count} of the 3 that it takes`, async () => {
      expect(await openedBy(count)).to.equal('WRAP')
    })
  it('open everything as 3: the bound of the threat model, no less and no more', async () => {
    expect(await openedBy(3)).to.deep.equal(plaintext)
  })
})
