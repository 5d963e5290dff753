import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { attest, authorizeUploader } from '@sharewell/sdk/chain'
import { sealCapsule } from '@sharewell/sdk/envelope'
import { keyNodesOf, putCapsule } from '@sharewell/sdk/flow/key-nodes'
import { accountAt, sealVault, vaultKeyFromSignature } from '@sharewell/sdk/person'
import { randomBytes } from '@sharewell/sdk/primitives'
import { privateKeyToAccount } from 'viem/accounts'
import { newAccount } from '../helpers/parties.ts'
import type { WholeNetwork, WholePatient } from '../helpers/whole-network.ts'
import type { Session } from './transcript.ts'

/** Lays into the session's folder what each of its people has: keys, a vault, what the desk knows of the patient. Returns
 * the patient. */
export async function equip(
  { folder }: Session,
  { net, hospital, newPatient, workers }: WholeNetwork,
  more: Partial<WholeNetwork['net']['network']> = {},
): Promise<WholePatient> {
  const network = { ...net.network, ...more }
  const patient = await newPatient()
  const { vault, pseudonym, selfPublicKey } = patient
  const providerId = fromHex(hospital.id, 16)
  const controller = privateKeyToAccount(accountAt(vault, { providerId }).privateKey).address
  const categoryKey = randomBytes(32)
  const [owner, device, doctor] = [newAccount(), newAccount(), newAccount()]
  const until = Math.floor(Date.now() / 1000) + 3600
  await authorizeUploader(hospital.chain, { key: device.address, until })
  const attested = { account: doctor.address, organization: hospital.id, roles: 1, until }
  await attest(hospital.chain, { ...attested, directoryHash: toHex(randomBytes(32)) })
  const signature = await owner.signTypedData({
    domain: { name: 'Sharewell', version: '1', salt: network.networkId },
    types: { Vault: [{ name: 'purpose', type: 'string' }] },
    primaryType: 'Vault',
    message: { purpose: 'Unlock the vault on this device' },
  })
  const profiles = [{ providerId, controller, gen: 0, derived: true }]
  const signer = hospital.account
  const content = { networkId: vault.networkId, pseudonym: fromHex(pseudonym), publicKey: selfPublicKey } as const
  const capsule = await sealCapsule({ ...content, purpose: 'category key', plaintext: categoryKey }, signer)
  await putCapsule(await keyNodesOf(hospital.chain), { capsule })

  const known = { pseudonym, selfPublicKey: toHex(selfPublicKey), categoryKey: toHex(categoryKey), label: 'patient' }
  const put = (name: string, content: string | Uint8Array) =>
    writeFile(path.join(folder, name), content, { mode: 0o600 })
  await put('network.json', JSON.stringify({ network }))
  await put('desk.key', device.key)
  await put('doctor.key', doctor.key)
  if (workers[0]) await put('worker.key', workers[0].account.key)
  await put('doctor', doctor.address)
  await put('stranger.key', newAccount().key)
  await put('patient.key', owner.key)
  await put('patient.vault', await sealVault({ ...vault, profiles }, vaultKeyFromSignature(signature)))
  await put('patient.json', JSON.stringify(known))
  await put('pseudonym', pseudonym)
  return patient
}
