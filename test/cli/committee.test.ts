import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { registerOrganization } from '@sharewell/sdk/chain'
import { generateCommitteeKey } from '@sharewell/sdk/flow/committee'
import { startKeyNodes } from '../helpers/committee.ts'
import { randomHex } from '../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../helpers/network.ts'
import { newAccount } from '../helpers/parties.ts'
import { follow, openSession, transcriptsIn } from './transcript.ts'

const transcripts = await transcriptsIn('committee')

describe('sharewell and the committee', function () {
  this.timeout(300_000)
  let net: TestNetwork
  let started: Awaited<ReturnType<typeof startKeyNodes>>
  const houses = [1, 2, 3].map(() => ({ id: randomHex(16), account: newAccount() }))
  before(async () => {
    net = await startNetwork()
    const admin = await net.as(net.admin)
    for (const { id, account } of houses)
      await registerOrganization(admin, {
        id,
        kind: 'hospital',
        account: account.address,
        directoryHash: randomHex(32),
      })
    const hospitals = await Promise.all(houses.map(async (one) => ({ ...one, chain: await net.as(one.account) })))
    started = await startKeyNodes(net, hospitals, { ceremonyInterval: 600_000 })
    await generateCommitteeKey({ chain: admin, nodes: started.operators, k: 2 }, { interval: 20 })
    await net.foundCouncil(
      houses.map(({ id }) => id),
      2,
    )
  })
  after(async () => {
    await started?.close()
    await net?.close()
  })

  for (const { name, file } of transcripts) {
    it(`follows the session ${name}`, async () => {
      const session = await openSession({ SHAREWELL_NETWORK: 'network.json' })
      const put = (file: string, content: string) =>
        writeFile(path.join(session.folder, file), content, { mode: 0o600 })
      try {
        await put('network.json', JSON.stringify({ network: net.network }))
        for (const [at, { account }] of houses.entries()) await put(`hospital-${at + 1}.key`, account.key)
        await put('stranger.key', newAccount().key)
        const [first, second] = started.operators
        await put('nodes', `${first?.id} ${second?.id}`)
        await follow(file, session)
      } finally {
        await session.close()
      }
    })
  }
})
