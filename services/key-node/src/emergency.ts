import { equal, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  activeEpoch,
  type Chain,
  ContractRefusalError,
  confirmEmergencyKey,
  emergencyKeyOf,
  emergencyKeySince,
  emergencyKeys,
  glassWindow,
  logKeysOf,
  type Message,
  officersKeyIdOf,
  patientOf,
  type View,
  type WaitOptions,
} from '@sharewell/sdk/chain'
import { keyIdOf } from '@sharewell/sdk/envelope'
import {
  type Ciphertext,
  checkCiphertext,
  type EmergencyParts,
  emergencyOf,
  type KeyHeader,
} from '@sharewell/sdk/release'
import { keptShare, type Seat } from './committee.ts'
import { DkgStateError } from './dkg-session.ts'
import type { KeyStore } from './keystore.ts'
import { RefusalError } from './refusals.ts'

/** Step 3 of break-glass, beside the window that `decide` found: the affiliation is the one the window was opened with. */
export async function checkWindow(
  chain: Chain,
  { consentKey: windowId, credentialId }: Message<'KeyRequest'>,
  { latest }: View,
  { signal }: WaitOptions,
): Promise<void> {
  const entry = await glassWindow(chain, { windowId }, { block: latest.number, signal })
  if (entry?.credentialId !== credentialId) throw new RefusalError({ refusal: 'NOT_YOUR_CREDENTIAL' })
}

type Asked = {
  readonly request: Message<'KeyRequest'>
  readonly header: KeyHeader
  readonly standing: { readonly at: View; readonly record: { readonly pseudonym: Hex } }
}

/** Step 5 of break-glass: the wrap is to a key that the chain names, and to the officers whom it names now; the seat is of
 * that key, which serves nothing else. */
export async function checkEmergency(
  { sources, keys }: { readonly sources: readonly [Chain, ...Chain[]]; readonly keys: KeyStore },
  { request, header, standing: { at, record } }: Asked,
  { signal }: WaitOptions,
): Promise<{ readonly seat: Seat; readonly ct: Ciphertext }> {
  const parts = partsOf(header)
  const block = at.final.number
  const [chain] = sources
  const known = await emergencyKeys(chain, { block, signal })
  const key = known.find(({ groupKey }) => equal(keyIdOf(fromHex(groupKey, 32)), parts.nodesKeyId))
  if (!key) throw new RefusalError({ refusal: 'OTHER_GROUP_KEY' })
  const named = await Promise.all(sources.map((source) => officersNow(source, record.pseudonym, { signal })))
  if (named.some((keyId) => keyId !== toHex(parts.officersKeyId))) throw new RefusalError({ refusal: 'OTHER_OFFICERS' })
  if (toHex(parts.hash) !== request.ctHash) throw new RefusalError({ refusal: 'OTHER_CIPHERTEXT' })
  const groupKey = fromHex(key.groupKey, 32)
  try {
    checkCiphertext(groupKey, parts.ct)
  } catch (cause) {
    throw new RefusalError({ refusal: 'BAD_CIPHERTEXT', cause })
  }
  const kept = await keptShare(keys, key.transcriptHash, 'dkg w3 nodes')
  if (!kept || toHex(kept.groupKey) !== key.groupKey) throw new RefusalError({ refusal: 'NO_SHARE' })
  const { i, share } = kept
  const verifyingShare = fromHex(key.verifyingShares[i - 1] ?? '0x', 32)
  return { seat: { keyEpoch: key.number, i, share, groupKey, verifyingShare }, ct: parts.ct }
}

/** Says on chain that this node holds a share of a key for emergencies: one that it helped to make, for exactly the
 * committee that serves, with at least its threshold, and no key that does anything else. */
export async function confirmEmergency(
  { chain, keys }: { readonly chain: Chain; readonly keys: KeyStore },
  { transcriptHash }: { readonly transcriptHash: Hex },
): Promise<Hex> {
  const kept = await keptShare(keys, transcriptHash, 'dkg w3 nodes')
  const epoch = await activeEpoch(chain)
  if (!kept || !epoch) throw new DkgStateError({ reason: 'this node took no part in making this key' })
  const members = kept.members.map(toHex)
  const groupKey = toHex(kept.groupKey)
  if (members.join() !== epoch.members.join() || kept.k < epoch.k)
    throw new DkgStateError({ reason: 'its members are not the committee that serves, or too few of them open' })
  const others = [epoch.groupKey, ...(await logKeysOf(chain)).map((one) => one.groupKey)]
  if (others.includes(groupKey)) throw new DkgStateError({ reason: 'this key does something else already' })
  if (await emergencyKeyOf(chain, { groupKey })) return groupKey
  // Whoever asks decides nothing: neither how many keys there are and what they cost, nor that more must open than do.
  const made = await emergencyKeySince(chain, epoch)
  if (made && made.k <= kept.k)
    throw new DkgStateError({ reason: 'the committee that serves has its key for emergencies' })
  const verifyingShares = kept.verifyingShares.map(toHex)
  await confirmEmergencyKey(chain, { k: kept.k, groupKey, verifyingShares, transcriptHash }).catch((error: unknown) => {
    const before = error instanceof ContractRefusalError && error.reason === 'EmergencyConfirmedAlready'
    if (!before) throw error
  })
  return groupKey
}

async function officersNow(chain: Chain, pseudonym: Hex, { signal }: WaitOptions): Promise<Hex | undefined> {
  const patient = await patientOf(chain, { pseudonym }, { signal })
  return patient && (await officersKeyIdOf(chain, { institution: patient.provider }, { signal }))
}

function partsOf(header: KeyHeader): EmergencyParts {
  try {
    return emergencyOf(header)
  } catch (cause) {
    throw new RefusalError({ refusal: 'UNKNOWN_WRAP', cause })
  }
}
