import { startWholeNetwork, type WholeNetwork } from '../helpers/whole-network.ts'
import { equip } from './equip.ts'
import { follow, openSession, transcriptsIn } from './transcript.ts'

const transcripts = await transcriptsIn('journeys')

describe('sharewell on a network', function () {
  this.timeout(300_000)
  let whole: WholeNetwork

  before(async () => {
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2 })
  })
  after(() => whole?.close())

  for (const { name, file } of transcripts) {
    it(`follows the journey ${name}`, async () => {
      const session = await openSession({ SHAREWELL_NETWORK: 'network.json' })
      try {
        await equip(session, whole)
        await follow(file, session)
      } finally {
        await session.close()
      }
    })
  }
})
