import { type Bytes, equal, fromHex, type Hex, toHex } from '../bytes.ts'
import {
  activeEpoch,
  type Chain,
  type EmergencyKey,
  emergencyKeyOf,
  emergencyKeys,
  officersKeyIdOf,
  officersOf,
  operatorInfo,
  patientOf,
  type WaitOptions,
} from '../chain/index.ts'
import { keyIdOf } from '../envelope/index.ts'
import { type EmergencyRecipients, officersKeyId } from '../release/index.ts'
import { CommitteeError } from './ceremony.ts'
import { asker, generateKey } from './dkg.ts'
import { type KeyNodes, keyNodesWith, NoCommitteeError } from './key-nodes.ts'

/**
 * Has the committee that serves generate its key for emergencies, apart from the keys that release and sign, and every
 * member confirm it on chain. The caller is one of their operators. Records that were wrapped to an older one stay with that one.
 * Errors: `CommitteeError` naming the node.
 * @example
 * const { number, groupKey } = await generateEmergencyKey({ chain })
 */
export async function generateEmergencyKey(
  { chain, k }: { readonly chain: Chain /** As many as release, or more. */; readonly k?: number | undefined },
  { signal }: WaitOptions = {},
): Promise<EmergencyKey> {
  const serving = await activeEpoch(chain, { signal })
  if (!serving) throw new CommitteeError({ step: 'the epoch that serves' })
  const known = await Promise.all(serving.members.map((operator) => operatorInfo(chain, { operator }, { signal })))
  const nodes = known.filter((one) => one !== undefined)
  const { transcriptHash, groupKey } = await generateKey(
    { chain, nodes, k: k ?? serving.k, use: 'dkg w3 nodes' },
    { signal },
  )
  const ask = asker(nodes, { signal })
  for (const node of nodes) await ask(node, '/v1/emergency/confirm', { transcriptHash })
  const key = await emergencyKeyOf(chain, { groupKey }, { signal })
  if (!key) throw new CommitteeError({ step: 'the confirmation of the emergency key' })
  return key
}

/** To whom an emergency wrap of this patient's record is made; undefined where the network has no emergency key, or the
 * patient's institution no officers. */
export async function emergencyRecipients(
  chain: Chain,
  { pseudonym }: { readonly pseudonym: Hex },
  { signal }: WaitOptions = {},
): Promise<EmergencyRecipients | undefined> {
  const [key, patient] = await Promise.all([
    emergencyKeyOf(chain, {}, { signal }),
    patientOf(chain, { pseudonym }, { signal }),
  ])
  if (!key || !patient) return undefined
  const institution = patient.provider
  const [officers, keyId] = await Promise.all([
    officersOf(chain, { institution }, { signal }),
    officersKeyIdOf(chain, { institution }, { signal }),
  ])
  const keys = officers.map(({ publicKey }) => bytesOf(publicKey))
  // The event shows the keys, the contract's state says which of them count.
  if (!keyId || toHex(officersKeyId(keys)) !== keyId) return undefined
  return { nodesKey: fromHex(key.groupKey, 32), officers: keys }
}

/** The key nodes that answer for an emergency wrap. Throws {@link NoCommitteeError} where its key is unknown. */
export async function emergencyNodesOf(
  chain: Chain,
  { nodesKeyId }: { readonly nodesKeyId: Bytes },
  { signal }: WaitOptions = {},
): Promise<KeyNodes> {
  const all = await emergencyKeys(chain, { signal })
  const key = all.find(({ groupKey }) => equal(keyIdOf(fromHex(groupKey, 32)), nodesKeyId))
  if (!key) throw new NoCommitteeError({})
  return await keyNodesWith(chain, { ...key, keyEpoch: key.number }, { signal })
}

const bytesOf = (hex: Hex): Bytes => fromHex(hex, (hex.length - 2) / 2)
