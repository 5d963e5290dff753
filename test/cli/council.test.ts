import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { start } from '@sharewell/directory/main'
import { registerOperator, registerOrganization } from '@sharewell/sdk/chain'
import { putEntry, signEntry } from '@sharewell/sdk/flow/directory'
import { randomHex } from '../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../helpers/network.ts'
import { newAccount } from '../helpers/parties.ts'
import { silentLog } from '../helpers/silent-log.ts'
import { follow, openSession, transcriptsIn } from './transcript.ts'

const titles = ['Harbor General Hospital', 'Riverside Medical Center', 'Northgate Hospital'] as const
const transcripts = await transcriptsIn('council')

describe('sharewell in the council', function () {
  this.timeout(300_000)
  let net: TestNetwork
  let folder: string
  let directory: Awaited<ReturnType<typeof start>>
  before(async () => {
    net = await startNetwork()
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-council-'))
    directory = await start({ port: 0, folder, network: net.network }, { log: silentLog })
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
        await equip(session.folder, net, directory.url)
        await follow(file, session)
      } finally {
        await session.close()
      }
    })
  }
})

/** Three hospitals that decide 2 of 3, a node of the first, and papers of a fourth hospital that wants to join. */
async function equip(folder: string, net: TestNetwork, url: string): Promise<void> {
  const put = (name: string, content: string) => writeFile(path.join(folder, name), content, { mode: 0o600 })
  const admin = await net.as(net.admin)
  const { networkId } = net.network
  const houses = titles.map((title) => ({ title, id: randomHex(16), account: newAccount() }))
  for (const [at, { title, id, account }] of houses.entries()) {
    const { hash, bytes } = await signEntry(
      { resourceType: 'Organization', name: title },
      { networkId, signer: account },
    )
    await registerOrganization(admin, { id, kind: 'hospital', account: account.address, directoryHash: hash })
    await putEntry([url], bytes)
    await put(`hospital-${at + 1}.key`, account.key)
  }
  const [home] = houses
  const [node, fourth] = [randomHex(16), randomHex(16)]
  const operator = { id: node, kind: 'storage', organization: home?.id ?? '0x', account: newAccount().address } as const
  await registerOperator(admin, { ...operator, endpoint: 'http://127.0.0.1:1' })
  const ids = houses.map(({ id }) => id)
  await net.foundCouncil(ids, 2)
  const [account, stranger] = [newAccount(), newAccount()]
  const running = { id: randomHex(16), organization: fourth, account: account.address, endpoint: 'http://127.0.0.1:2' }
  const acts = [
    {
      function: 'registerOrganization',
      args: { id: fourth, kind: 'hospital', account: account.address, directoryHash: randomHex(32) },
    },
    { function: 'registerOperator', args: { ...running, kind: 'storage' } },
    { function: 'setThreshold', args: [3] },
    { function: 'addMember', args: [fourth] },
  ]
  await put('network.json', JSON.stringify({ network: { ...net.network, directoryUrls: [url] } }))
  await put('stranger.key', stranger.key)
  await put('stranger', stranger.address)
  await put('node', node)
  await put('fault.json', '{"kind":"share"}')
  await put('new-hospital.json', JSON.stringify(acts))
  const leaves = [
    { function: 'removeMember', args: [fourth] },
    { function: 'setThreshold', args: [2] },
  ]
  await put('leaving.json', JSON.stringify(leaves))
  await put('broken.json', '{')
}
