import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { start } from '@sharewell/directory/main'
import type { Hex } from '@sharewell/sdk/bytes'
import { type OrganizationKind, registerOrganization } from '@sharewell/sdk/chain'
import { putEntry, signEntry } from '@sharewell/sdk/flow/directory'
import { randomHex } from '../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../helpers/network.ts'
import { newAccount } from '../helpers/parties.ts'
import { follow, openSession, type Session, transcriptsIn } from './transcript.ts'

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const transcripts = await transcriptsIn('organizations')

describe('sharewell among organizations', function () {
  this.timeout(120_000)
  let net: TestNetwork
  let folder: string
  let directory: Awaited<ReturnType<typeof start>>
  before(async () => {
    net = await startNetwork()
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-organizations-'))
    directory = await start({ port: 0, folder, network: net.network }, { log: silent })
  })
  after(async () => {
    await directory?.close()
    await net?.close()
    await rm(folder, { recursive: true, force: true })
  })

  for (const { name, file } of transcripts) {
    it(`follows the session ${name}`, async () => {
      const session = await openSession({ SHAREWELL_NETWORK: 'network.json' })
      try {
        await equip(session, net, directory.url)
        await follow(file, session)
      } finally {
        await session.close()
      }
    })
  }
})

/** A hospital with a name, its cardiology, and a clinic whose name nobody signed; keys of the hospital and a doctor. */
async function equip({ folder }: Session, net: TestNetwork, url: string): Promise<void> {
  const admin = await net.as(net.admin)
  const register = async (kind: OrganizationKind, { name, parent }: { name?: string; parent?: Hex } = {}) => {
    const account = newAccount()
    const id = randomHex(16)
    const resource = { resourceType: 'Organization', name: name ?? 'A stolen name' }
    const { hash, bytes } = await signEntry(resource, { networkId: net.network.networkId, signer: account })
    await registerOrganization(admin, { id, kind, parent, account: account.address, directoryHash: hash })
    if (name !== undefined) await putEntry([url], bytes)
    return { id, account }
  }
  const hospital = await register('hospital', { name: 'Harbor General Hospital' })
  await register('department', { name: 'Cardiology', parent: hospital.id })
  const clinic = await register('host')
  const [doctor, stranger] = [newAccount(), newAccount()]
  const network = { ...net.network, directoryUrls: [url] }
  const put = (name: string, content: string) => writeFile(path.join(folder, name), content, { mode: 0o600 })
  await put('network.json', JSON.stringify({ network }))
  await put('hospital.key', hospital.account.key)
  await put('stranger.key', stranger.key)
  await put('hospital', hospital.id)
  await put('clinic', clinic.id)
  await put('doctor', doctor.address)
}
