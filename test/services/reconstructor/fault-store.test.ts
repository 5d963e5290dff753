import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Hex } from '@sharewell/sdk/bytes'
import { parseFaultFile } from '@sharewell/sdk/place'
import { expect } from 'chai'
import { proveFrameLie } from '../../../sdk/src/place/fault.ts'
import { openFaultStore } from '../../../services/reconstructor/src/fault-store.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { type Lies, tellLies } from '../../helpers/fault-files.ts'
import { paperNetwork } from '../../helpers/parties.ts'

const unknown: Hex = `0x${'12'.repeat(32)}`

describe('the proofs that a reconstructor keeps', () => {
  let lies: Lies
  let folder: string
  before(async () => {
    lies = await tellLies(paperNetwork())
  })
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'faults-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  for (const where of ['on disk', 'in memory'])
    it(`lie ${where} as the file that is checked anywhere, once each`, async () => {
      const store = openFaultStore(where === 'on disk' ? path.join(folder, 'faults') : undefined)
      for (const file of [lies.file.share, lies.again, lies.file.upload]) await store.add(file, 1_000)
      const kept = store.list()
      expect(kept.map(({ kind, operator, time }) => [kind, operator, time])).to.deep.equal([
        ['share', lies.liar.operator, 1_000],
        ['upload', undefined, 1_000],
      ])
      const files = await Promise.all(kept.map(async ({ fault }) => parseFaultFile((await store.read(fault)) ?? '')))
      expect(files).to.deep.equal([lies.file.share, lies.file.upload])
      expect(await store.read(unknown)).to.equal(undefined)
    })

  it('outlive a restart, and are not written again', async () => {
    const { share } = lies.file
    const before = openFaultStore(folder)
    await before.add(share, 1)
    const [name = ''] = await readdir(folder)
    await writeFile(path.join(folder, name), 'as it was')
    const store = openFaultStore(folder)
    await store.add(share, 2)
    expect(await store.read(before.list()[0]?.fault ?? unknown)).to.equal('as it was')
    expect(await readdir(folder)).to.have.length(1)
  })

  it('convict: slander is not kept', async () => {
    const store = openFaultStore(folder)
    expect(await codeOf(store.add(lies.truth.share, 1))).to.equal('FAULT_REFUSED')
    expect(store.list()).to.deep.equal([])
  })

  it('are at most a hundred against one operator', async () => {
    const store = openFaultStore()
    const { record, file } = await tellLies(paperNetwork(), { dataLength: 104 * 65_536 })
    const { proof } = file.frame
    if (proof.kind !== 'frame') throw new Error('another kind')
    for (let i = 0; i < 104; i++) {
      const { message, signature } = proof.frame
      const about = proveFrameLie(record.contentLeaves, { message: { ...message, i }, signature })
      await store.add({ ...file.frame, proof: about }, 1)
    }
    expect(store.list()).to.have.length(100)
  })
})
