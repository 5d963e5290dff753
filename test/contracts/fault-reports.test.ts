import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import type { Network } from '@sharewell/sdk/chain'
import { type FaultFile, judgeFault } from '@sharewell/sdk/place'
import { chunkCount } from '@sharewell/sdk/share'
import { expect } from 'chai'
import type { HDNodeWallet } from 'ethers'
import { type Lies, tellLies } from '../helpers/fault-files.ts'
import { newParties, type Party, paperNetwork } from '../helpers/parties.ts'
import { buildHospitals, ethers, networkHelpers, node, random16, random32 } from './fixture.ts'

const trusting = { verifyShare: async () => true, verifyFrame: async () => true }

/** A liar that runs a node, one that a contract account speaks for, and lies of both. */
async function buildLies() {
  const world = await buildHospitals(random32)
  const { actors, records, faults, hospital, first } = world
  const paper = paperNetwork()
  const contracts = { ...paper.contracts, recordRegistry: String(records.target).toLowerCase() as Hex }
  const network: Network = { ...paper, chainId: 31_337, contracts }
  const lies = await tellLies(network)
  await actors.registerOperator(
    lies.liar.operator,
    node.storage,
    hospital,
    lies.liar.account.address,
    'http://x',
    random32(),
  )
  return { ...world, network, lies, reports: faults.connect(first) }
}
type World = Awaited<ReturnType<typeof buildLies>>
const built = () => networkHelpers.loadFixture(buildLies)

const leafOf = ({ record }: Lies, { leaf, path }: { leaf: Hex; path: readonly Hex[] }) => ({
  digest: leaf,
  chunks: chunkCount(record.manifest),
  path: [...path],
})

/** The call that reports a file, with parts of it exchanged. */
function report({ reports, lies }: Pick<World, 'reports' | 'lies'>, file: FaultFile, change: Change = {}) {
  const { proof } = file
  if (proof.kind === 'upload') throw new Error('not on chain')
  const operator = change.operator ?? file.accused?.operator ?? '0x'
  const leaf = { ...leafOf(lies, proof), ...change.leaf }
  if (proof.kind === 'share') {
    const { message, signature } = proof.response
    return reports.reportShare(operator, { ...message, ...change.message }, change.signature ?? signature, leaf)
  }
  const { message, signature } = proof.frame
  const manifest = change.manifest ?? toHex(file.manifest)
  return reports.reportFrame(operator, { ...message, ...change.message }, change.signature ?? signature, leaf, manifest)
}
type Change = {
  operator?: string
  message?: Record<string, unknown>
  signature?: string
  leaf?: { digest?: string; chunks?: number; path?: string[] }
  manifest?: string
}

describe('FaultReports', () => {
  for (const [kind, number] of [
    ['share', 0],
    ['frame', 1],
  ] as const)
    describe(`a ${kind}`, () => {
      it('counts a lie once, under the id that the SDK gives it', async () => {
        const world = await built()
        const { reports, lies, first } = world
        const file = lies.file[kind]
        const { fault, manifestHash } = await judgeFault(file, trusting)
        const { operator } = lies.liar
        expect(await reports.faultIdOf(number, operator, manifestHash, 0, 1)).to.equal(fault)
        await expect(report(world, file))
          .to.emit(reports, 'FaultReported')
          .withArgs(operator, fault, number, manifestHash, 0, 1, first.address)
        const { shares, frames, lastAt } = await reports.standingOf(operator)
        expect([shares, frames]).to.deep.equal(kind === 'share' ? [1n, 0n] : [0n, 1n])
        expect(Number(lastAt)).to.equal(await networkHelpers.time.latest())
        expect(await reports.isReported(fault)).to.equal(true)
        await expect(report(world, file)).to.be.revertedWithCustomError(reports, 'FaultReportsTwice').withArgs(fault)
      })

      it('refuses slander: what is true, what another signed, and whom nobody knows', async () => {
        const world = await built()
        const { reports, lies, actors, hospital, second } = world
        const refused = (sent: Promise<unknown>, error: string) =>
          expect(sent).to.be.revertedWithCustomError(reports, error)
        await refused(report(world, lies.truth[kind]), 'FaultReportsNoLie')
        await refused(report(world, lies.file[kind], { operator: random16() }), 'FaultReportsUnknownOperator')
        const honest = random16()
        await actors.registerOperator(honest, node.storage, hospital, second, 'http://x', random32())
        await refused(report(world, lies.file[kind], { operator: honest }), 'FaultReportsNotSigned')
        const other = await tellLies({ ...world.network, chainId: 1 }, { liar: lies.liar })
        await refused(report({ reports, lies: other }, other.file[kind]), 'FaultReportsNotSigned')
        const moved = { ...world.network.contracts, recordRegistry: random32().slice(0, 42) as Hex }
        const elsewhere = await tellLies({ ...world.network, contracts: moved }, { liar: lies.liar })
        await refused(report({ reports, lies: elsewhere }, elsewhere.file[kind]), 'FaultReportsNotSigned')
      })

      it('refuses a proof of which any part is another', async () => {
        const world = await built()
        const { lies } = world
        const { proof } = lies.file[kind]
        if (proof.kind === 'upload') throw new Error('another kind')
        const message = proof.kind === 'share' ? proof.response.message : proof.frame.message
        const changes: Change[] = [
          ...Object.entries(message).map(([name, value]) => ({
            message: { [name]: typeof value === 'number' ? value + 1 : random32() },
          })),
          { leaf: { digest: random32() } },
          { leaf: { path: [random32(), ...proof.path.slice(1)] } },
          { leaf: { path: [...proof.path, random32()] } },
          { leaf: { path: proof.path.slice(1) } },
          { leaf: { chunks: 1 } },
          { leaf: { chunks: 2 } },
          { signature: `0x${'11'.repeat(65)}` },
          { signature: '0x' },
        ]
        for (const change of changes)
          await expect(report(world, lies.file[kind], change), JSON.stringify(change)).to.be.revert(ethers)
      })

      it('takes the word of a contract account that stands for an operator', async () => {
        const world = await built()
        const { actors, hospital, network, reports, stranger } = world
        const account = await ethers.deployContract('SmartAccount', [stranger])
        const [party] = newParties(1) as [Party]
        await actors.registerOperator(party.operator, node.storage, hospital, account, 'http://x', random32())
        const lies = await tellLies(network, { liar: party })
        // The account takes what its owner signs, and nothing else.
        await expect(report({ reports, lies }, lies.file[kind])).to.be.revertedWithCustomError(
          reports,
          'FaultReportsNotSigned',
        )
        const signature = await stranger.signTypedData(...typed(network, lies.file[kind]))
        await expect(report({ reports, lies }, lies.file[kind], { signature })).to.emit(reports, 'FaultReported')
      })
    })

  it('counts what an operator signed before it was switched off', async () => {
    const world = await built()
    await world.actors.setOperatorActive(world.lies.liar.operator, false)
    await expect(report(world, world.lies.file.share)).to.emit(world.reports, 'FaultReported')
  })

  it('counts the same lie once, however often it was signed', async () => {
    const world = await built()
    await report(world, world.lies.file.share)
    await expect(report(world, world.lies.again)).to.be.revertedWithCustomError(world.reports, 'FaultReportsTwice')
  })

  it('finds a path in trees of every small size', async () => {
    const world = await built()
    for (const dataLength of [70_000, 200_000, 400_000]) {
      const lies = await tellLies(world.network, { liar: world.lies.liar, dataLength })
      for (const kind of ['share', 'frame'] as const)
        await expect(report({ ...world, lies }, lies.file[kind])).to.emit(world.reports, 'FaultReported')
    }
  })

  describe('a manifest', () => {
    it('must be the one that was signed for', async () => {
      const world = await built()
      await expect(report(world, world.lies.file.frame, { manifest: random32() })).to.be.revertedWithCustomError(
        world.reports,
        'FaultReportsOtherManifest',
      )
    })

    it('must be a manifest, and have the root in its own place', async () => {
      const world = await built()
      const root = new Uint8Array(32).fill(1)
      const wrong: unknown[] = [
        'text',
        ['text'],
        [new Uint8Array([0x01])],
        [encode({})],
        [encode([root])],
        [encode({ more: root })],
        [encode({ contentRoot: root.slice(1) })],
        [encode({ contentRoot: 'text' })],
        [encode({ a: { contentRoot: root }, b: [{ contentRoot: root }], c: encode({ contentRoot: root }) })],
        [Uint8Array.of(0xa1, 0x01, 0x01)],
      ]
      for (const content of wrong) {
        const manifest = encode(content as Parameters<typeof encode>[0])
        const message = { manifestHash: ethers.sha256(manifest) }
        await expect(
          report(world, world.lies.file.frame, { manifest: toHex(manifest), message }),
        ).to.be.revertedWithCustomError(world.reports, 'FaultReportsBadManifest')
      }
      const cut = world.lies.file.frame.manifest.slice(0, 100)
      const message = { manifestHash: ethers.sha256(cut) }
      await expect(report(world, world.lies.file.frame, { manifest: toHex(cut), message })).to.be.revert(ethers)
      await expect(
        report(world, world.lies.file.frame, { manifest: '0x', message: { manifestHash: ethers.sha256('0x') } }),
      ).to.be.revert(ethers)
    })
  })
})

/** Domain, types and message of what a file's liar signed. */
function typed({ chainId, contracts }: Network, { proof }: FaultFile): Parameters<HDNodeWallet['signTypedData']> {
  const domain = { name: 'Sharewell', version: '1', chainId, verifyingContract: contracts.recordRegistry }
  const of = (fields: string) =>
    fields.split(',').map((field) => ({ type: field.split(' ')[0] ?? '', name: field.split(' ')[1] ?? '' }))
  if (proof.kind === 'share') {
    const fields =
      'bytes32 manifestHash,bytes32 shareRoot,uint16 j,uint32 i,bytes32 digest,uint32 length,bytes32 nonce,uint40 time'
    return [domain, { ShareResponse: of(fields) }, proof.response.message]
  }
  if (proof.kind !== 'frame') throw new Error('not on chain')
  return [domain, { Frame: of('bytes32 manifestHash,bytes32 jobId,uint32 i,bytes32 digest') }, proof.frame.message]
}
