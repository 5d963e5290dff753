import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, checkPatientKey, patientOf, registerPatient, withAccount } from '@sharewell/sdk/chain'
import { sealCapsule } from '@sharewell/sdk/envelope'
import { keyNodesOf, putCapsule } from '@sharewell/sdk/flow/key-nodes'
import type { PatientCode } from '@sharewell/sdk/person'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { allKept, type Device, type KnownPatient, keep, kept } from './device-store.ts'
import type { DemoPerson } from './network-file.ts'

/** The key with which this device deposits for an organization; made at the first call and kept. */
export async function deviceOf(networkId: Hex, organization: Hex): Promise<Device> {
  const known = await kept('devices', networkId, organization)
  if (known) return known
  const privateKey = generatePrivateKey()
  const device = { privateKey, address: privateKeyToAccount(privateKey).address }
  await keep('devices', device, networkId, organization)
  return device
}

/** The chain, signing as this device: it deposits without asking anybody each time. */
export function chainAsDevice(chain: Chain, { privateKey }: Device): Chain {
  return withAccount(chain, privateKeyToAccount(privateKey))
}

/** The patients whom this desk can deposit for; in the demo also those whom the demo registered. */
export async function knownPatients(
  networkId: Hex,
  providerId: Hex,
  person: DemoPerson | undefined,
): Promise<readonly KnownPatient[]> {
  const own = await allKept('patients', networkId, providerId)
  const demo = (person?.patients ?? []).map(({ pseudonym, selfPublicKey, categoryKey, label }) => ({
    pseudonym,
    providerId,
    selfPublicKey: fromHex(selfPublicKey),
    categoryKey: fromHex(categoryKey),
    label,
  }))
  return [...demo.filter(({ pseudonym }) => !own.some((one) => one.pseudonym === pseudonym)), ...own]
}

/**
 * Registers a patient from the code, draws the key that names the categories, and leaves it, sealed, for the patient.
 * What is on the chain already is left as it is, so that an interrupted registration goes on where it stopped.
 */
export async function register(chain: Chain, code: PatientCode, label: string): Promise<KnownPatient> {
  const { network } = chain
  const [pseudonym, provider] = [toHex(code.pseudonym), toHex(code.providerId)]
  if (!(await patientOf(chain, { pseudonym })))
    await registerPatient(chain, {
      controller: code.controller,
      rho: toHex(code.rho),
      provider,
      selfKeyHash: toHex(sha256(code.selfPublicKey)),
      signature: toHex(code.signature),
    })
  // The code shows the key unsigned; the chain has what the patient signed.
  await checkPatientKey(chain, { pseudonym, selfPublicKey: code.selfPublicKey })
  const before = await kept('patients', network.networkId, provider, pseudonym)
  const categoryKey = before?.categoryKey ?? randomBytes(32)
  await sendCategoryKey(chain, code, categoryKey)
  const patient = { pseudonym, providerId: provider, selfPublicKey: code.selfPublicKey, categoryKey, label }
  await keep('patients', patient, network.networkId, provider, pseudonym)
  return patient
}

async function sendCategoryKey(
  chain: Chain,
  { pseudonym, selfPublicKey }: PatientCode,
  categoryKey: Bytes,
): Promise<void> {
  const { wallet, network } = chain
  if (!wallet) throw new Error('The device has no key.')
  const signer = { address: wallet.account.address, signTypedData: wallet.signTypedData }
  const content = {
    networkId: fromHex(network.networkId),
    pseudonym,
    purpose: 'category key' as const,
    publicKey: selfPublicKey,
    plaintext: categoryKey,
  }
  await putCapsule(await keyNodesOf(chain), { capsule: await sealCapsule(content, signer) })
}
