import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { releaseRequestsOf, releasesOf } from '@sharewell/sdk/chain'
import { expect } from 'chai'
import { patientReadFaults, structureFaults } from '../helpers/audit-event.ts'
import { altersOpenings } from '../helpers/flow-liars.ts'
import { startWholeNetwork, type WholeNetwork } from '../helpers/whole-network.ts'
import { equip } from './equip.ts'
import { follow, openSession, transcriptsIn } from './transcript.ts'

const transcripts = await transcriptsIn('disclosures')

describe('sharewell disclosures', function () {
  this.timeout(600_000)
  let whole: WholeNetwork

  before(async () => {
    // Both key nodes release, so that it is known which did.
    whole = await startWholeNetwork({ storage: 5, keys: 2, k: 2, workers: 1 })
  })
  after(async () => await whole?.close())

  for (const { name, file } of transcripts) {
    it(`follows the session ${name}`, async () => {
      const session = await openSession(
        { SHAREWELL_NETWORK: 'network.json', SHAREWELL_STATE: 'state' },
        { settled, hide, heal, audit },
      )
      async function audit(name = '') {
        const bundle = JSON.parse(await readFile(path.join(session.folder, name), 'utf8')) as Bundle
        expect(bundle.entry).to.have.length(1)
        for (const { resource } of bundle.entry)
          expect([...structureFaults(resource), ...patientReadFaults(resource)]).to.deep.equal([])
      }
      try {
        await equip(session, whole)
        await writeFile(path.join(session.folder, 'hospital.key'), whole.hospital.account.key ?? '', { mode: 0o600 })
        await follow(file, session)
      } finally {
        await heal()
        await session.close()
      }
    })
  }

  type Bundle = { readonly entry: readonly { readonly resource: Record<string, unknown> }[] }

  /** Waits until both nodes wrote what they released. */
  async function settled(): Promise<void> {
    const { chain } = whole.hospital
    const end = Date.now() + 30_000
    const done = async () =>
      (await releasesOf(chain, {})).length === whole.keys.length * (await releaseRequestsOf(chain, {})).length
    while (!(await done())) {
      if (Date.now() > end) throw new Error('a node never wrote that it released')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  async function hide(): Promise<void> {
    await whole.keys[0]?.start(altersOpenings(() => []))
  }
  async function heal(): Promise<void> {
    for (const node of whole.keys) await node.heal()
  }
})
