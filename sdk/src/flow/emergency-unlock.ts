import { randomBytes } from '#primitives'
import { type Bytes, toHex } from '../bytes.ts'
import { hashMessage, logReleaseRequest, type Message, readerOf, signMessage } from '../chain/index.ts'
import { createReaderKey, emergencyOf, unwrapW3 } from '../release/index.ts'
import { emergencyNodesOf } from './emergency-keys.ts'
import type { Journey } from './progress.ts'
import type { RetrieveOptions } from './types.ts'
import { askKeyNodes, type DescribedRecord, lifetime, liveCredential, none, type UnlockedRecord } from './unlock.ts'

/**
 * Obtains a record's key in an emergency: the clinician signs and logs a KeyRequest for W3, combines the partials of the
 * nodes that hold the emergency key, and joins the officers' part. A person signs: no session key does.
 * @throws QuorumError with each node's code; KeyHeaderError where the record has no emergency wrap; WrapError where a
 * part is not of it.
 */
export async function unlockEmergency(
  record: DescribedRecord,
  {
    chain,
    as,
    officersPart,
    onReceipts,
  }: Pick<RetrieveOptions, 'chain' | 'onReceipts'> & {
    readonly as: Extract<RetrieveOptions['as'], { kind: 'reader' }>
    readonly officersPart: Bytes
  },
  { tell, signal }: Journey,
): Promise<UnlockedRecord> {
  const { header, headerHash, consentKey = none, recordId, anchored } = record
  const { ct, hash, nodesKeyId } = emergencyOf(header)
  const committee = await emergencyNodesOf(chain, { nodesKeyId }, { signal })
  const reader = createReaderKey()
  tell.start('release', committee.k)
  const account = readerOf(chain)
  const request: Message<'KeyRequest'> = {
    networkId: chain.network.networkId,
    recordId,
    version: anchored.version,
    manifestHash: anchored.manifestHash,
    wrap: 'W3',
    ctHash: toHex(hash),
    readerKeyHash: toHex(reader.readerKeyHash),
    consentKey,
    reader: account,
    credentialId: as.credentialId ?? (await liveCredential(chain, account)),
    purpose: as.purpose,
    salt: toHex(randomBytes(32)),
    notAfter: chain.clock() + lifetime,
  }
  const requestHash = hashMessage(chain.network, 'KeyRequest', request)
  const signature = await signMessage(chain, 'KeyRequest', request)
  await logReleaseRequest(chain, { requestHash }, { signal })
  const { key } = await askKeyNodes(
    { chain, committee, request, signature, requestHash, reader, headerHash, ct },
    { record, onReceipts },
    { tell, signal },
  )
  const dek = await unwrapW3(header, { nodesPart: key, officersPart })
  return { dek, releaseRequest: { message: request, signature }, requestHash }
}
