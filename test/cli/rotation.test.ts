import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { cancelPending, registerPatient, signMessage } from '@sharewell/sdk/chain'
import {
  createVault,
  placeKeys,
  pseudonymOf,
  rhoAt,
  sealVault,
  type Vault,
  vaultKeyFromSignature,
  vaultMessage,
} from '@sharewell/sdk/person'
import { sha256 } from '@sharewell/sdk/primitives'
import { newAccount } from '../helpers/parties.ts'
import { startWholeNetwork, type WholeNetwork } from '../helpers/whole-network.ts'
import { follow, openSession, type Session, transcriptsIn } from './transcript.ts'

const transcripts = await transcriptsIn('rotation')
type Account = ReturnType<typeof newAccount>

describe('sharewell and guardians', function () {
  this.timeout(600_000)
  let whole: WholeNetwork
  before(async () => {
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2, workers: 1 })
  })
  after(() => whole?.close())

  for (const { name, file } of transcripts) {
    it(`follows the session ${name}`, async () => {
      const wallets = [newAccount(), newAccount()] as const
      const tricks = {
        wait: async (days = '0') => await whole.net.increaseTime(Number(days) * 86_400),
        /** Who has the account of `NAME.key` ends what waits for the code in `FILE`. */
        veto: async (file = '', at = '0') => {
          const pseudonym = fromHex((await readFile(path.join(session.folder, file), 'utf8')) as `0x${string}`, 32)
          const chain = await whole.net.as(wallets[Number(at)] as Account)
          await cancelPending(chain, { pseudonym: toHex(pseudonym) })
        },
      }
      const session = await openSession({ SHAREWELL_NETWORK: 'network.json', TZ: 'Europe/Berlin' }, tricks)
      try {
        await lay(session, whole, wallets)
        await follow(file, session)
      } finally {
        await session.close()
      }
    })
  }
})

/** A patient of two codes, each under a wallet's account of its own; two friends with vaults; a new key. */
async function lay({ folder }: Session, whole: WholeNetwork, wallets: readonly Account[]): Promise<void> {
  const { net, hospital } = whole
  const networkId = fromHex(net.network.networkId, 32)
  const providerId = fromHex(hospital.id, 16)
  const put = (name: string, content: string | Uint8Array) =>
    writeFile(path.join(folder, name), content, { mode: 0o600 })
  const seal = async (name: string, vault: Vault, account: Account) => {
    await put(`${name}.key`, account.key)
    const key = vaultKeyFromSignature(await account.signTypedData(vaultMessage(net.network.networkId)))
    await put(`${name}.vault`, await sealVault(vault, key))
  }
  await put('network.json', JSON.stringify({ network: net.network }))
  await put('new.key', newAccount().key)
  for (const name of ['anna', 'ben']) await seal(name, createVault(networkId), newAccount())

  const fresh = createVault(networkId)
  const profiles = wallets.map(({ address }, gen) => {
    const controller = address.toLowerCase() as `0x${string}`
    return { providerId, controller, gen, derived: false }
  })
  const vault = { ...fresh, profiles }
  for (const [gen, account] of wallets.entries()) {
    const keys = placeKeys(vault, { providerId, gen }, account.address)
    const rho = rhoAt(vault, { providerId, gen })
    const pseudonym = toHex(pseudonymOf({ networkId, controller: account.address, rho }))
    const selfKeyHash = toHex(sha256(keys.self.publicKey))
    const provider = hospital.id
    const signature = await signMessage(await net.as(account), 'Register', { pseudonym, provider, selfKeyHash })
    const registration = { controller: account.address, rho: toHex(rho), provider, selfKeyHash, signature }
    await registerPatient(hospital.chain, registration)
    await seal(gen === 0 ? 'old' : 'other', vault, account)
    await put(gen === 0 ? 'old.code' : 'other.code', pseudonym)
  }
}
