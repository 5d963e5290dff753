import type { Address, Hex, TransactionReceipt } from 'viem'
import { sha256 } from '#primitives'
import { type Bytes, toHex } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { patientRegistryAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import { type Carried, type EventOptions, events, type Occurrence } from './events.ts'
import type { WaitOptions } from './wait.ts'

/** A pseudonym as registered. */
export type Patient = {
  readonly pseudonym: Hex
  readonly controller: Address
  readonly provider: Hex
  /** SHA-256 of the patient's X-Wing public key at that provider. */
  readonly selfKeyHash: Hex
}

/** Registers a pseudonym: sent by its controller, or by anyone with the controller's `Register` signature. */
export async function registerPatient(
  chain: Chain,
  { controller, rho, provider, selfKeyHash, signature = '0x' }: registerPatient.Args,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(
    chain,
    registrationCall(chain.network, { controller, rho, provider, selfKeyHash, signature }),
    options,
  )
}
export declare namespace registerPatient {
  type Args = { controller: Address; rho: Hex; provider: Hex; selfKeyHash: Hex; signature?: Hex | undefined }
}

/** A registration that its controller signed: anyone may carry it to the chain. */
export type SignedRegistration = Readonly<Required<registerPatient.Args>> & { readonly signature: Hex }

/** The contract call that carries a registration. */
export function registrationCall(
  { contracts }: Pick<Chain['network'], 'contracts'>,
  { controller, rho, provider, selfKeyHash, signature }: SignedRegistration,
) {
  const args = [controller, rho, provider, selfKeyHash, signature] as const
  return { address: contracts.patientRegistry, abi: patientRegistryAbi, functionName: 'register', args } as const
}

/** Lets another account decide for a pseudonym. By the current controller. */
export async function rotateController(
  chain: Chain,
  { pseudonym, controller }: { pseudonym: Hex; controller: Address },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(
    chain,
    { ...registry(chain), functionName: 'rotateController', args: [pseudonym, controller] },
    options,
  )
}

/** Who decides for a pseudonym, or undefined where it is not registered. */
export async function controllerOf(
  chain: Chain,
  { pseudonym }: { pseudonym: Hex },
  options?: ReadOptions,
): Promise<Address | undefined> {
  const controller = await read(chain, { ...registry(chain), functionName: 'controllerOf', args: [pseudonym] }, options)
  return BigInt(controller) === 0n ? undefined : controller
}

/** A registered pseudonym, or undefined. */
export async function patientOf(
  chain: Chain,
  { pseudonym }: { pseudonym: Hex },
  options?: ReadOptions,
): Promise<Patient | undefined> {
  const [controller, provider, selfKeyHash] = await Promise.all([
    controllerOf(chain, { pseudonym }, options),
    read(chain, { ...registry(chain), functionName: 'providerOf', args: [pseudonym] }, options),
    read(chain, { ...registry(chain), functionName: 'selfKeyHashOf', args: [pseudonym] }, options),
  ])
  return controller && { pseudonym, controller, provider, selfKeyHash }
}

/** Makes sure that a public key is the patient's own, by the hash that the controller signed at registration. A patient
 * code shows the key unsigned: whoever alters it on the way would be sealed to instead. Before anything is sealed to a
 * patient. Throws {@link PatientKeyError}. */
export async function checkPatientKey(
  chain: Chain,
  { pseudonym, selfPublicKey }: { pseudonym: Hex; selfPublicKey: Bytes },
  options?: ReadOptions,
): Promise<void> {
  const patient = await patientOf(chain, { pseudonym }, options)
  if (!patient) throw new PatientKeyError({ pseudonym })
  if (toHex(sha256(selfPublicKey)) !== patient.selfKeyHash) throw new PatientKeyError({ pseudonym, registered: true })
}

/** Thrown when a public key is not the one that a pseudonym was registered with. */
export class PatientKeyError extends BaseError<'PATIENT_KEY'> {
  override readonly name = 'PatientKeyError'
  constructor({ pseudonym, registered = false }: { pseudonym?: Hex; registered?: boolean }) {
    const what = registered ? 'was registered with another key' : 'is not registered'
    super('PATIENT_KEY', `The pseudonym ${pseudonym ?? ''} ${what}.`, {
      hints: ['Read the code anew from the screen of the patient; this one may have been altered on its way.'],
      docs: 'actors.md#patientregistry',
    })
  }
}

/** Registrations, of one controller or at one provider where named. Later rotations of the controller are not in it. */
export async function registrations(
  chain: Chain,
  { controller, provider }: { controller?: Address | undefined; provider?: Hex | undefined } = {},
  options?: EventOptions,
): Promise<(Patient & Occurrence)[]> {
  const args = { ...(controller && { controller }), ...(provider && { provider }) }
  return await events(chain, { ...registry(chain), eventName: 'Registered', args }, options)
}

/** The transaction that registered a pseudonym with exactly this; undefined while none did. */
export async function carriedRegistration(
  chain: Chain,
  { pseudonym, controller, provider, selfKeyHash }: Patient,
  options?: WaitOptions,
): Promise<Carried | undefined> {
  const args = { pseudonym, provider, controller }
  const found = await events(chain, { ...registry(chain), eventName: 'Registered', args }, options)
  const same = found.find((one) => one.selfKeyHash === selfKeyHash.toLowerCase())
  return same && { transactionHash: same.transaction, blockNumber: same.block }
}

const registry = (chain: Chain) =>
  ({ address: chain.network.contracts.patientRegistry, abi: patientRegistryAbi }) as const
