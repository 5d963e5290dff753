import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Hex } from '@sharewell/sdk/bytes'
import { beginAgain, type Operator, openRefresh, registerOrganization } from '@sharewell/sdk/chain'
import { generateCommitteeKey, shareStatus } from '@sharewell/sdk/flow/committee'
import { privateKeyToAccount } from 'viem/accounts'
import { startKeyNodes, type TestKeyNode } from '../helpers/committee.ts'
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

  /** The first member opens a refresh a day later, in which nobody does anything. */
  async function spoil(): Promise<void> {
    const { privateKey } = (started.nodes[0] as TestKeyNode).config
    const member = await net.as(privateKeyToAccount(privateKey as Hex))
    await net.increaseTime(86_400)
    await openRefresh(member, { dealers: started.operators.slice(0, 2).map(({ id }) => id) })
    await net.increaseTime(3_601)
    await beginAgain(member, { ceremony: 4 })
  }

  /** The nodes begin to look at what is due, and it is not due for a month. */
  async function schedule(): Promise<void> {
    for (const node of started.nodes) await node.restart({ ceremonyInterval: 300, refreshInterval: 30 * 86_400 })
    const [first] = started.operators as [Operator]
    while ((await shareStatus(first))?.refreshDue === undefined) await new Promise((resolve) => setTimeout(resolve, 50))
  }

  for (const { name, file } of transcripts) {
    it(`follows the session ${name}`, async () => {
      const session = await openSession({ SHAREWELL_NETWORK: 'network.json' }, { spoil, schedule })
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
