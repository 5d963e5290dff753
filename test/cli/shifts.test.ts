import { start as startRelayer } from '@sharewell/relayer/main'
import { newAccount } from '../helpers/parties.ts'
import { silentLog } from '../helpers/silent-log.ts'
import { startWholeNetwork, type WholeNetwork } from '../helpers/whole-network.ts'
import { equip } from './equip.ts'
import { follow, openSession, transcriptsIn } from './transcript.ts'

const transcripts = await transcriptsIn('shifts')

describe('sharewell and a doctor on shift', function () {
  this.timeout(300_000)
  let whole: WholeNetwork
  let relayer: Awaited<ReturnType<typeof startRelayer>>

  before(async () => {
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2 })
    relayer = await startRelayer(
      { port: 0, network: whole.net.network, privateKey: newAccount().key },
      { log: silentLog },
    )
  })
  after(async () => {
    await relayer?.close()
    await whole?.close()
  })

  for (const { name, file } of transcripts) {
    it(`follows ${name}`, async () => {
      const session = await openSession({ SHAREWELL_NETWORK: 'network.json' })
      try {
        await equip(session, whole, { relayerUrls: [relayer.url] })
        await follow(file, session)
      } finally {
        await session.close()
      }
    })
  }
})
