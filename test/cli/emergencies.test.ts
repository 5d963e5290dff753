import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { attest } from '@sharewell/sdk/chain'
import { roles } from '../helpers/glass.ts'
import { randomHex } from '../helpers/ids.ts'
import { newAccount } from '../helpers/parties.ts'
import { startWholeNetwork, type WholeNetwork } from '../helpers/whole-network.ts'
import { equip } from './equip.ts'
import { follow, openSession, type Session, transcriptsIn } from './transcript.ts'

const transcripts = await transcriptsIn('emergencies')

describe('sharewell and an emergency', function () {
  this.timeout(400_000)
  let whole: WholeNetwork

  before(async () => {
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2 })
  })
  after(async () => await whole?.close())

  /** Keys of the hospital, and of people whom it attests in a role each. */
  async function staff({ folder }: Session): Promise<void> {
    const put = (name: string, content: string) => writeFile(path.join(folder, name), content, { mode: 0o600 })
    const { hospital } = whole
    const until = Math.floor(Date.now() / 1000) + 3_600
    for (const name of ['clinician', 'officer', 'reviewer'] as const) {
      const { key, address } = newAccount()
      const entry = { account: address, organization: hospital.id, until, directoryHash: randomHex(32) }
      await attest(hospital.chain, { ...entry, roles: roles[name] })
      await put(`${name}.key`, key)
      await put(name, address)
    }
    await put('hospital.key', hospital.account.key ?? '')
    await put('node.key', whole.keys[0]?.account.key ?? '')
  }

  for (const { name, file } of transcripts) {
    it(`follows ${name}`, async () => {
      const session = await openSession({ SHAREWELL_NETWORK: 'network.json' })
      try {
        await equip(session, whole)
        await staff(session)
        await follow(file, session)
      } finally {
        await session.close()
      }
    })
  }
})
