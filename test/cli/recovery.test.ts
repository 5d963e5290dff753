import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { guardiansOf, nameGuardians, noGuardians, proposeRecovery, rotateController } from '@sharewell/sdk/chain'
import { approvalOf, approveRequest, findPlaces, guardianRequests } from '@sharewell/sdk/flow/recovery'
import { guardianCircle, guardianOf, sealVault, vaultKeyFromSignature, vaultMessage } from '@sharewell/sdk/person'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { openSession as openPeople } from '../../cli/src/network/session.ts'
import { newAccount } from '../helpers/parties.ts'
import { startWholeNetwork, type WholeNetwork, type WholePatient } from '../helpers/whole-network.ts'
import { equip } from './equip.ts'
import { follow, openSession, transcriptsIn } from './transcript.ts'

const transcripts = await transcriptsIn('recovery')

describe('sharewell recovery', function () {
  this.timeout(300_000)
  let whole: WholeNetwork
  before(async () => {
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2, workers: 1 })
  })
  after(() => whole?.close())

  it('knows a place whose account is another after a rotation', async () => {
    const session = await openSession({})
    try {
      await equip(session, whole)
      const { chain, vault, pseudonym } = await whole.newPatient()
      const key = newAccount()
      await rotateController(chain, { pseudonym, controller: key.address })
      const places = await findPlaces(chain, vault)
      const { networkId } = whole.net.network
      const wrapping = vaultKeyFromSignature(await key.signTypedData(vaultMessage(networkId)))
      const [network, keyFile, vaultFile] = ['network.json', 'moved.key', 'moved.vault'].map((name) =>
        path.join(session.folder, name),
      ) as [string, string, string]
      await writeFile(keyFile, key.key, { mode: 0o600 })
      await writeFile(
        vaultFile,
        await sealVault({ ...vault, profiles: places.map(({ profile }) => profile) }, wrapping),
      )
      const opened = await openPeople({ network, keyFile, vaultFile }, AbortSignal.timeout(60_000))
      const found = opened.places.map(({ account, keys }) => [account.address, toHex(keys.pseudonym)])
      expect(found).to.deep.equal([[key.address, pseudonym]])
    } finally {
      await session.close()
    }
  })

  for (const { name, file } of transcripts) {
    it(`follows the session ${name}`, async () => {
      const session = await openSession({ SHAREWELL_NETWORK: 'network.json' })
      try {
        const patient = await equip(session, whole)
        await conspire(whole, patient)
        await writeFile(path.join(session.folder, 'new.key'), newAccount().key, { mode: 0o600 })
        await follow(file, session)
      } finally {
        await session.close()
      }
    })
  }
})

/** Three guardians, two of whom want the pseudonym for themselves. */
async function conspire({ net }: WholeNetwork, { chain, vault, pseudonym }: WholePatient): Promise<void> {
  const seeds = [randomBytes(32), randomBytes(32), randomBytes(32)]
  const keys = seeds.map((seed) => guardianOf(seed).key)
  const { circle } = guardianCircle(vault, keys, fromHex(pseudonym, 32), 2)
  await nameGuardians(chain, { pseudonym, circle })
  const thief = newAccount()
  const requests = await guardianRequests(chain, vault, {
    pseudonym,
    to: thief.address,
    guardianKeys: keys.slice(0, 2),
  })
  const approvals = await Promise.all(
    requests.map(async (request, at) => {
      const approval = await approveRequest(chain, seeds[at] ?? randomBytes(32), { v: 1, ...request })
      return approvalOf(approval)
    }),
  )
  await proposeRecovery(await net.as(thief), {
    pseudonym,
    to: thief.address,
    deadline: requests[0]?.deadline ?? 0,
    circle: (await guardiansOf(chain, { pseudonym })) ?? noGuardians,
    approvals,
  })
}
