import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Hex } from '@sharewell/sdk/bytes'
import { generateLogKey } from '@sharewell/sdk/flow/book'
import { checkpointNow } from '../helpers/checkpoints.ts'
import { anchorRecord, asOperator, registerPatientAt, startCommittee, type TestKeyNode } from '../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../helpers/network.ts'
import { follow, openSession, transcriptsIn } from './transcript.ts'

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
    key = (await generateLogKey({ chain: await asOperator(net, committee.nodes[0] as TestKeyNode) })).groupKey
    const patient = await registerPatientAt(net, hospital)
    recordId = (await anchorRecord(net, { hospital, patient, groupKey: committee.epoch.groupKey })).recordId
  })
  after(async () => {
    await committee.close()
    await net.close()
  })

  const checkpoint = () => checkpointNow(net, committee.nodes[0] as TestKeyNode)

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
