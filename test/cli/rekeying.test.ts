import { startWholeNetwork, type WholeNetwork } from '../helpers/whole-network.ts'
import { equip } from './equip.ts'
import { follow, openSession, type Tricks, transcriptsIn } from './transcript.ts'

const transcripts = await transcriptsIn('rekeying')

describe('sharewell rekey and erase', function () {
  this.timeout(900_000)
  let whole: WholeNetwork

  before(async () => {
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2, workers: 1 })
  })
  after(() => whole?.close())

  for (const { name, file } of transcripts) {
    it(`follows the session ${name}`, async () => {
      const session = await openSession({ SHAREWELL_NETWORK: 'network.json', SHAREWELL_STATE: 'state' }, tricks(whole))
      try {
        await equip(session, whole)
        await follow(file, session)
      } finally {
        await session.close()
      }
    })
  }
})

/** Key nodes that stop and come back. */
function tricks({ keys }: WholeNetwork): Tricks {
  return {
    stop: async (name) => await keys[Number(name?.split('-')[1]) - 1]?.stop(),
    heal: async () => void (await Promise.all(keys.map((node) => node.heal()))),
  }
}
