import { randomBytes } from '#primitives'
import { type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import {
  type AnchoredRecord,
  type Chain,
  checkSession,
  credentialsOf,
  decide,
  encodeTicket,
  hashMessage,
  isDelegationKey,
  logCountedRequest,
  logReleaseRequest,
  type Message,
  purposes,
  RelayerError,
  readerOf,
  recordOf,
  relayCountedRequest,
  relayRequest,
  rewrapsOf,
  sessionFor,
  signAsReader,
  usesOf,
} from '../chain/index.ts'
import { type LoadedRecord, loadRecord, type Signed } from '../place/index.ts'
import {
  consentCiphertext,
  createReaderKey,
  ctHash,
  type KeyHeader,
  parseKeyHeader,
  secondKeyOf,
  unwrapW0,
  unwrapW1,
} from '../release/index.ts'
import { pin } from './faults.ts'
import { type KeyNodes, keyNodesOf, readHeader } from './key-nodes.ts'
import { activeOperators } from './operators.ts'
import { type StorageParty, storageParties } from './parties.ts'
import type { Journey } from './progress.ts'
import { ConsentRefusedError, NoCredentialError, UnknownRecordError } from './refused.ts'
import { type KeyFault, requestRelease } from './release.ts'
import { readPass } from './tickets.ts'
import type { Fault, RetrieveOptions } from './types.ts'

export { UnknownRecordError } from './refused.ts'

/** All that is known of a record before its key: what the chain fixes, and what describes it. */
export type DescribedRecord = LoadedRecord & {
  readonly recordId: Hex
  readonly anchored: AnchoredRecord
  /** The slot of the consent that permits a reader; undefined for the patient. */
  readonly consentKey?: Hex | undefined
  /** Of the grantee id that this consent names, where it has one. */
  readonly consentSalt?: Hex | undefined
  /** The storage nodes that hold the record. */
  readonly nodes: readonly StorageParty[]
  readonly header: KeyHeader
  readonly headerHash: Hex
  readonly committee: KeyNodes
  readonly faults: Fault[]
}

/** A record's key, and for a reader the logged request that released it. */
export type UnlockedRecord = {
  readonly dek: Bytes
  readonly releaseRequest?: Signed<Message<'KeyRequest'>> | undefined
  readonly requestHash?: Hex | undefined
}

/** Seconds that a release request lives; key nodes take at most 300 ahead. */
export const lifetime = 240
const patientPurpose = purposes.indexOf('PATRQT')
export const none: Hex = `0x${'00'.repeat(32)}`

/**
 * Finds a record: asks the consent registry first, so that a reader without a grant is told why before signing
 * anything, then fetches manifest, placement and key header and compares them with the chain.
 * @throws UnknownRecordError, SessionError, ConsentRefusedError, BlocksUnavailableError, KeyNodesError
 */
export async function describeRecord(options: RetrieveOptions, { signal }: Journey): Promise<DescribedRecord> {
  const { chain, recordId, as } = options
  const anchored = await recordOf(chain, { recordId }, { signal })
  if (!anchored || anchored.erased) throw new UnknownRecordError({ recordId, erased: anchored?.erased ?? false })
  const { pseudonym, version, manifestHash, placementHash } = anchored
  const session = as.kind === 'reader' ? sessionFor(chain, as.purpose) : undefined
  if (session && as.kind === 'reader') await checkSession(chain, session, { purpose: as.purpose, signal })
  const consentKey = as.kind === 'reader' ? await permit(chain, anchored, as, { signal }) : undefined

  const purpose = as.kind === 'reader' ? as.purpose : patientPurpose
  const consentSalt = as.kind === 'reader' ? as.consentSalt : undefined
  const pass = await readPass(chain, { pseudonym, purpose, consentSalt })
  const faults: Fault[] = []
  const onFault = (fault: Fault) => pin(faults, fault)
  const active = await activeOperators(chain, 'storage', { signal })
  const all = storageParties(active, async (node) => encodeTicket(await pass.ticketFor(node)), onFault)
  const { networkId } = chain.network
  const loaded = await loadRecord({ networkId, recordId, version, manifestHash, placementHash, nodes: all, signal })
  const holders = new Set(loaded.placement.operators.map(toHex))

  const [committee, headerHash] = await Promise.all([
    keyNodesOf(chain, { signal }),
    currentHeader(chain, loaded, recordId, { signal }),
  ])
  const signedHeader = await readHeader(committee, { hash: headerHash, pass }, { signal, onFault })
  const ids = { networkId: fromHex(networkId, 32), recordId: fromHex(recordId, 32), version }
  return {
    ...loaded,
    recordId,
    anchored,
    consentKey,
    consentSalt,
    nodes: all.filter(({ operator }) => holders.has(operator)),
    header: parseKeyHeader(signedHeader, ids).header,
    headerHash,
    committee,
    faults,
  }
}

/**
 * Obtains a record's key: the patient's own seed opens W0; a reader signs a KeyRequest, logs it, and combines the
 * partials of k key nodes. That the key is the record's is checked on opening (`keyCommit`).
 * @throws QuorumError with each node's code; WrapError
 */
export async function unlockRecord(
  record: DescribedRecord,
  { chain, as, onReceipts }: RetrieveOptions,
  { tell, signal }: Journey,
): Promise<UnlockedRecord> {
  if (as.kind === 'patient') return { dek: await unwrapW0(record.header, as.selfSeed) }
  const { committee, header, headerHash, consentSalt } = record
  const { ct } = consentCiphertext(header)
  const reader = createReaderKey()
  tell.start('release', committee.k)

  const request = await keyRequest(chain, record, as, {
    ctHash: toHex(ctHash(ct)),
    readerKeyHash: toHex(reader.readerKeyHash),
  })
  const requestHash = hashMessage(chain.network, 'KeyRequest', request)
  const signature = await signAsReader(chain, 'KeyRequest', request, as)
  await logRequest(chain, { record, requestHash, purpose: as.purpose }, { signal })

  const second = secondKeyOf(header)
  const { key, secondKey } = await askKeyNodes(
    { chain, committee, request, signature, requestHash, reader, headerHash, consentSalt, ct, second },
    { record, onReceipts },
    { tell, signal },
  )
  return { dek: await unwrapW1(header, key, secondKey), releaseRequest: { message: request, signature }, requestHash }
}

/** Asks the key nodes, and says what each did: to whoever watches, in the receipts, and among the record's faults. */
export async function askKeyNodes(
  asked: Parameters<typeof requestRelease>[0],
  { record, onReceipts }: Pick<RetrieveOptions, 'onReceipts'> & { readonly record: Pick<DescribedRecord, 'faults'> },
  { tell, signal }: Journey,
): ReturnType<typeof requestRelease> {
  const released = await requestRelease(asked, {
    signal,
    onNode: ({ operator, code }) =>
      code === 'RELEASED' ? tell.next('release', operator) : tell.failed('release', operator, code),
  })
  onReceipts?.(released.receipts)
  for (const fault of released.faults) pin(record.faults, asFault(fault))
  tell.done('release')
  return released
}

/** Puts a request into the log, and counts one where the consent limits its uses: through a relayer where a session signs,
 * by the wallet where none does or none carried. */
async function logRequest(
  chain: Chain,
  { record, requestHash, purpose }: { record: DescribedRecord; requestHash: Hex; purpose: number },
  options: Pick<Journey, 'signal'>,
): Promise<void> {
  const { consentKey = none, consentSalt: salt, recordId, anchored } = record
  const { useLimit } = await usesOf(chain, { key: consentKey }, options)
  const scope = { pseudonym: anchored.pseudonym, recordId, reader: readerOf(chain), salt, consentKey }
  const asked = { requestHash, purpose, ...scope }
  const byRelayer = async () =>
    void (useLimit > 0 ? await relayCountedRequest(chain, asked, options) : await relayRequest(chain, asked, options))
  const byWallet = async () =>
    void (useLimit > 0
      ? await logCountedRequest(chain, asked, options)
      : await logReleaseRequest(chain, asked, options))
  if (!sessionFor(chain, purpose)) return await byWallet()
  await byRelayer().catch(async (error: unknown) => {
    if (!(error instanceof RelayerError) || !chain.wallet) throw error
    await byWallet()
  })
}

type Reader = Extract<RetrieveOptions['as'], { kind: 'reader' }>

/** The slot that permits, or a refusal in the words of `decide`. */
async function permit(
  chain: Chain,
  { recordId, pseudonym, category }: AnchoredRecord,
  { purpose, consentSalt: salt }: Reader,
  options: Pick<Journey, 'signal'>,
): Promise<Hex> {
  const query = { pseudonym, recordId, categoryBit: category, reader: readerOf(chain), purpose, salt }
  const decision = await decide(chain, query, options)
  if (!decision.permit) throw new ConsentRefusedError({ reason: decision.code })
  return decision.key
}

async function keyRequest(
  chain: Chain,
  { recordId, anchored, consentKey = none }: DescribedRecord,
  as: Reader,
  hashes: { readonly ctHash: Hex; readonly readerKeyHash: Hex },
): Promise<Message<'KeyRequest'>> {
  const reader = readerOf(chain)
  return {
    networkId: chain.network.networkId,
    recordId,
    version: anchored.version,
    manifestHash: anchored.manifestHash,
    wrap: 'W1',
    ...hashes,
    consentKey,
    reader,
    credentialId: as.credentialId ?? (await credentialFor(chain, { reader, anchored, consentKey })),
    purpose: as.purpose,
    salt: toHex(randomBytes(32)),
    notAfter: chain.clock() + lifetime,
  }
}

/** A delegate acts under no affiliation; who was permitted otherwise needs one. */
async function credentialFor(
  chain: Chain,
  { reader, anchored, consentKey }: { reader: Hex; anchored: AnchoredRecord; consentKey: Hex },
): Promise<Hex> {
  const { pseudonym } = anchored
  const asDelegate = await isDelegationKey(chain, { pseudonym, account: reader, key: consentKey })
  return asDelegate ? none : await liveCredential(chain, reader)
}

/** The affiliation under which a reader acts when none was named: the first that lives. */
export async function liveCredential(chain: Chain, account: Hex): Promise<Hex> {
  const all = await credentialsOf(chain, { account })
  const live = all.find(({ retracted, until }) => !retracted && until > chain.clock())
  if (!live) throw new NoCredentialError()
  return live.id
}

/** `rewrap` puts a newer header on chain; the manifest fixes the first. */
export async function currentHeader(
  chain: Chain,
  { manifest }: LoadedRecord,
  recordId: Hex,
  options: Pick<Journey, 'signal'>,
): Promise<Hex> {
  const rewraps = await rewrapsOf(chain, { recordId }, options)
  const newest = rewraps.filter(({ version }) => version === manifest.version).at(-1)
  return newest?.keyHeaderHash ?? toHex(manifest.keyHeaderHash)
}

/** What went wrong at a key node, as a retrieval tells it. */
const asFault = ({ operator, code, evidence }: KeyFault): Fault => ({
  operator,
  role: 'key',
  code,
  ...(evidence && { evidence }),
  detail: lies[code] ?? 'it gave no partial',
})

const lies: Readonly<Record<string, string>> = {
  INVALID_PARTIAL: 'it signed a partial whose proof does not hold',
  INVALID_SECOND_SHARE: 'it signed another share of the second key than it was dealt',
}
