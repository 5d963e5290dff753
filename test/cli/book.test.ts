import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fromHex, type Hex } from '@sharewell/sdk/bytes'
import { operatorOf, readBook } from '@sharewell/sdk/chain'
import { generateLogKey } from '@sharewell/sdk/flow/book'
import { privateKeyToAccount } from 'viem/accounts'
import { makeCheckpoint } from '../../services/key-node/src/book/round.ts'
import { createBook } from '../../services/key-node/src/book/service.ts'
import { openSignedLast } from '../../services/key-node/src/book/signed-last.ts'
import { openKeyStore } from '../../services/key-node/src/keystore.ts'
import { anchorRecord, registerPatientAt, startCommittee, type TestKeyNode } from '../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../helpers/network.ts'
import { follow, openSession, transcriptsIn } from './transcript.ts'

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const transcripts = await transcriptsIn('book')

describe('sharewell prove', function () {
  this.timeout(120_000)
  let net: TestNetwork
  let committee: Awaited<ReturnType<typeof startCommittee>>
  let key: Hex
  let recordId: Hex

  before(async () => {
    net = await startNetwork()
    committee = await startCommittee(net, { h: 3, k: 2, checkpointInterval: 0 })
    const [hospital] = committee.hospitals
    if (!hospital) throw new Error('no hospital')
    key = (await generateLogKey({ chain: await net.as(net.admin) })).groupKey
    const patient = await registerPatientAt(net, hospital)
    recordId = (await anchorRecord(net, { hospital, patient, groupKey: committee.epoch.groupKey })).recordId
  })
  after(async () => {
    await committee.close()
    await net.close()
  })

  /** The committee signs everything until now. */
  async function checkpoint(): Promise<void> {
    const { config } = committee.nodes[0] as TestKeyNode
    const chain = await net.as(privateKeyToAccount(config.privateKey as Hex))
    const time = (await readBook(chain)).block.time + 1
    const end = Date.now() + 20_000
    while ((await readBook(chain)).block.time < time && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 100))
    const keys = openKeyStore(path.join(config.folder, 'keys'), fromHex(config.secret as Hex, 32))
    const operator = async () => (await operatorOf(chain, { account: chain.wallet?.account.address as Hex })) as Hex
    const book = createBook({ chain, keys, operator, last: openSignedLast(path.join(config.folder, 'beside')) })
    await makeCheckpoint({ chain, keys, book, log: silent }, { time })
  }

  for (const { name, file } of transcripts) {
    it(`follows the session ${name}`, async () => {
      const session = await openSession({ SHAREWELL_NETWORK: 'network.json', SHAREWELL_STATE: 'state' }, { checkpoint })
      try {
        await writeFile(path.join(session.folder, 'network.json'), JSON.stringify({ network: net.network }))
        await writeFile(path.join(session.folder, 'record'), recordId)
        await writeFile(path.join(session.folder, 'key'), key)
        await follow(file, session)
      } finally {
        await session.close()
      }
    })
  }
})
