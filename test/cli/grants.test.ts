import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { start as startDirectory } from '@sharewell/directory/main'
import { start as startRelayer } from '@sharewell/relayer/main'
import { newAccount } from '../helpers/parties.ts'
import { startWholeNetwork, type WholeNetwork } from '../helpers/whole-network.ts'
import { equip } from './equip.ts'
import { follow, openSession, transcriptsIn } from './transcript.ts'

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const transcripts = await transcriptsIn('grants')

describe('sharewell grants of all kinds', function () {
  this.timeout(300_000)
  let whole: WholeNetwork
  let folder: string
  let directory: Awaited<ReturnType<typeof startDirectory>>
  let relayer: Awaited<ReturnType<typeof startRelayer>>

  before(async () => {
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2, workers: 1 })
    const { network } = whole.net
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-directory-'))
    directory = await startDirectory({ port: 0, folder, network }, { log: silent })
    relayer = await startRelayer({ port: 0, network, privateKey: newAccount().key }, { log: silent })
  })
  after(async () => {
    await relayer?.close()
    await directory?.close()
    await whole?.close()
    await rm(folder, { recursive: true, force: true })
  })

  for (const { name, file } of transcripts) {
    it(`follows the session ${name}`, async () => {
      const session = await openSession({ SHAREWELL_NETWORK: 'network.json' })
      try {
        await equip(session, whole, { directoryUrls: [directory.url], relayerUrls: [relayer.url] })
        await follow(file, session)
      } finally {
        await session.close()
      }
    })
  }
})
