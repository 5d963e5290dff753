import { type Bytes, fromHex, type Hex } from '@sharewell/sdk/bytes'
import {
  type AnchoredRecord,
  blockAt,
  type Chain,
  countedUsesOf,
  credentialOf,
  decide,
  decideUnder,
  hashMessage,
  isCredentialLive,
  isDelegationKey,
  type Message,
  purposes,
  recordOf,
  releaseRequestsOf,
  usesOf,
  type View,
  verifyReader,
  view,
  type WaitOptions,
} from '@sharewell/sdk/chain'
import { PossessionError } from '@sharewell/sdk/group'
import { checkReader, type ReaderPublic } from '@sharewell/sdk/release'
import { checkWindow } from './emergency.ts'
import { RefusalError, refuseOn } from './refusals.ts'

/** A release request as it arrived. */
export type ReleaseCall = {
  readonly request: Message<'KeyRequest'>
  readonly signature: Hex
  readonly reader: ReaderPublic & { readonly pok: Bytes }
  readonly headerHash: Hex
  /** Of the grantee id that the consent names, where it has one; unsigned: it finds only what the patient permits. */
  readonly consentSalt?: Hex | undefined
}

/** What the checks found out on the way. */
export type Standing = { readonly requestHash: Hex; readonly at: View; readonly record: AnchoredRecord }

/** The node's chain clients: the first answers, the others must agree with it. */
export type Sources = readonly [Chain, ...Chain[]]

/** Steps 0 to 3: what must hold each time a request is answered, also when the answer is a repetition. Every source is
 * asked everything: one that makes up a consent, or hides that it was revoked, opens nothing beside an honest one. */
export async function checkStanding(
  sources: Sources,
  call: ReleaseCall,
  options: WaitOptions & { withdrawn: ReadonlySet<Hex> },
): Promise<Standing> {
  const views = await checkSources(sources, options)
  const said = await Promise.allSettled(views.map((seen) => standingBy(seen, call, options)))
  const standings = said.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
  const [standing] = standings
  if (!standing) throw new RefusalError({ refusal: 'CHAIN_UNAVAILABLE' })
  const { pseudonym } = standing.record
  if (standings.some(({ record }) => record.pseudonym !== pseudonym)) throw new RefusalError({ refusal: 'CHAIN_SPLIT' })
  return standing
}

/** What one source shows. */
type Seen = { readonly chain: Chain; readonly at: View }

/** Steps 1 to 3, by what one source shows. */
async function standingBy(
  { chain, at }: Seen,
  call: ReleaseCall,
  { withdrawn, signal }: WaitOptions & { withdrawn: ReadonlySet<Hex> },
): Promise<Standing> {
  const requestHash = await checkRequest(chain, call, at, { signal })
  await checkLogged(chain, requestHash, at, { signal })
  const record = await checkConsent(chain, { call, requestHash }, at, { signal })
  if (withdrawn.has(record.recordId)) throw new RefusalError({ refusal: 'REFUSED_RECORD' })
  if (!(await isDelegate(chain, { call, record }, at, { signal })))
    await checkCredential(chain, call.request, at, { signal })
  if (call.request.wrap === 'W3') await checkWindow(chain, call.request, at, { signal })
  if (record.manifestHash !== call.request.manifestHash) throw new RefusalError({ refusal: 'OTHER_MANIFEST' })
  return { requestHash, at, record }
}

/** Step 0: fresh heads, and all sources on one chain up to the newest block that each holds final. */
async function checkSources(sources: Sources, { signal }: WaitOptions): Promise<Seen[]> {
  const views = await Promise.all(sources.map((source) => view(source, { signal })))
  const finals = views.map(({ final }) => final.number)
  const number = finals.reduce((least, one) => (one < least ? one : least))
  if (sources.length > 1) {
    const marks = await Promise.all(sources.map((source) => blockAt(source, { blockNumber: number }, { signal })))
    if (new Set(marks.map(({ hash }) => hash)).size > 1) throw new RefusalError({ refusal: 'CHAIN_SPLIT' })
  }
  return sources.flatMap((chain, index) => {
    const at = views[index]
    return at ? [{ chain, at: { ...at, final: { ...at.final, number } } }] : []
  })
}

/** Step 1: time, network, signature, reader key. Returns the requestHash. */
async function checkRequest(chain: Chain, call: ReleaseCall, at: View, { signal }: WaitOptions): Promise<Hex> {
  const { request: message, signature, reader } = call
  if (message.notAfter < at.later - graceAfter) throw new RefusalError({ refusal: 'REQUEST_EXPIRED' })
  if (message.notAfter > at.earlier + longestAhead) throw new RefusalError({ refusal: 'REQUEST_TOO_LONG' })
  if (message.networkId !== chain.network.networkId) throw new RefusalError({ refusal: 'OTHER_NETWORK' })
  const { reader: account, purpose } = message
  await verifyReader(chain, { kind: 'KeyRequest', message, signature, reader: account, purpose }, { at, signal })
    .catch(refuseOn('SIGNATURE', 'BAD_SIGNATURE'))
    .catch(refuseOn('SESSION', 'SESSION_DEAD'))
  const requestHash = hashMessage(chain.network, 'KeyRequest', message)
  const expected = { requestHash: fromHex(requestHash, 32), readerKeyHash: fromHex(message.readerKeyHash, 32) }
  try {
    checkReader(reader, expected)
  } catch (cause) {
    throw new RefusalError({ refusal: cause instanceof PossessionError ? 'BAD_PROOF' : 'BAD_READER_KEY', cause })
  }
  return requestHash
}

/** Step 2: the hash stands in a final block that is not old. */
async function checkLogged(chain: Chain, requestHash: Hex, at: View, { signal }: WaitOptions): Promise<void> {
  const fromBlock = at.final.number > searchedBlocks ? at.final.number - searchedBlocks : 0n
  const logged = await releaseRequestsOf(chain, { requestHash }, { fromBlock, toBlock: at.final.number, signal })
  const newest = logged.at(-1)
  if (!newest) throw new RefusalError({ refusal: 'NOT_LOGGED' })
  if (at.later - newest.time >= longestLogged) throw new RefusalError({ refusal: 'LOG_TOO_OLD' })
}

/** Step 3: consent at the final and at the latest block, under the key that the request names; the current version. */
async function checkConsent(
  chain: Chain,
  { call: { request, consentSalt: salt }, requestHash }: { call: ReleaseCall; requestHash: Hex },
  at: View,
  { signal }: WaitOptions,
): Promise<AnchoredRecord> {
  const { recordId, reader, purpose } = request
  const [record, newest] = await Promise.all(
    [at.final, at.latest].map(({ number }) => recordOf(chain, { recordId }, { block: number, signal })),
  )
  if (!record || !newest) throw new RefusalError({ refusal: 'UNKNOWN_RECORD' })
  const { pseudonym, category: categoryBit } = record
  const query = { pseudonym, recordId, categoryBit, reader, purpose, salt }
  // Neither stands in for the other: an emergency wrap opens for break-glass alone, and break-glass opens nothing else.
  if (purpose === breakGlass && request.wrap !== 'W3') throw new RefusalError({ refusal: 'UNKNOWN_PURPOSE' })
  if (purpose !== breakGlass && request.wrap === 'W3') throw new RefusalError({ refusal: 'EMERGENCY_ONLY' })
  const { code, key } = await decide(chain, query, { at, signal })
  if (code !== 'PERMIT' && code !== 'USED_UP') throw new RefusalError({ refusal: code })
  const { consentKey } = request
  if (key !== consentKey && !(await isStillUnder(chain, { ...query, consentKey }, at, { signal })))
    throw new RefusalError({ refusal: 'OTHER_CONSENT' })
  if (!(await isCounted(chain, { requestHash, key: consentKey }, at, { signal })))
    throw new RefusalError({ refusal: code === 'USED_UP' ? 'USED_UP' : 'NOT_COUNTED' })
  const current = record.version === request.version && newest.version === request.version
  if (!current) throw new RefusalError({ refusal: 'SUPERSEDED' })
  return record
}

/** Step 3, another permit: who has one beside a limited consent is answered by it once that one is used up. The request
 * that had its last use stays one under it, where it would permit otherwise. */
async function isStillUnder(
  chain: Chain,
  scope: Parameters<typeof decideUnder>[1],
  at: View,
  { signal }: WaitOptions,
): Promise<boolean> {
  const { useLimit } = await usesOf(chain, { key: scope.consentKey }, { block: at.latest.number, signal })
  const said = useLimit > 0 ? await decideUnder(chain, scope, { at, signal }) : undefined
  return said?.code === 'USED_UP' && said.key === scope.consentKey
}

/** Step 3, uses: a consent that limits them must have counted this very request, under the grant that stands, at the
 * final and at the latest block. The last use is then one that `decide` calls used up. */
async function isCounted(
  chain: Chain,
  { requestHash, key }: { requestHash: Hex; key: Hex },
  { final, latest }: View,
  { signal }: WaitOptions,
): Promise<boolean> {
  const blocks = [...new Set([final.number, latest.number])]
  const slots = await Promise.all(blocks.map((block) => usesOf(chain, { key }, { block, signal })))
  const limited = slots.filter(({ useLimit }) => useLimit > 0)
  if (limited.length === 0) return true
  const fromBlock = final.number > searchedBlocks ? final.number - searchedBlocks : 0n
  const range = { fromBlock, toBlock: final.number, signal }
  const counted = await countedUsesOf(chain, { requestHash, consentKey: key }, range)
  return counted.some(({ number }) =>
    limited.every((slot) => slot.counted - slot.used <= number && number < slot.counted),
  )
}

/** Step 3, a delegate: reads by the patient's word alone, and names no affiliation. */
async function isDelegate(
  chain: Chain,
  { call: { request }, record: { pseudonym } }: { call: ReleaseCall; record: AnchoredRecord },
  { latest }: View,
  { signal }: WaitOptions,
): Promise<boolean> {
  if (BigInt(request.credentialId) !== 0n) return false
  const { reader: account, consentKey: key } = request
  return await isDelegationKey(chain, { pseudonym, account, key }, { block: latest.number, signal })
}

/** Step 3, the affiliation: the reader's own, and alive at both blocks and by both clocks. */
async function checkCredential(
  chain: Chain,
  { credentialId: credential, reader }: Message<'KeyRequest'>,
  { final, latest, earlier, later }: View,
  { signal }: WaitOptions,
): Promise<void> {
  const known = await credentialOf(chain, { credential }, { block: final.number, signal })
  if (known?.account.toLowerCase() !== reader) throw new RefusalError({ refusal: 'NOT_YOUR_CREDENTIAL' })
  const blocks = [...new Set([final.number, latest.number])]
  const asked = blocks.flatMap((block) => [earlier, later].map((time) => ({ block, time })))
  const live = await Promise.all(
    asked.map(({ block, time }) => isCredentialLive(chain, { credential, at: time }, { block, signal })),
  )
  if (live.includes(false)) throw new RefusalError({ refusal: 'CREDENTIAL_DEAD' })
}

const breakGlass = purposes.indexOf('BTG')
const graceAfter = 60
const longestAhead = 300
const longestLogged = 600
/** More blocks than any network makes in ten minutes. */
const searchedBlocks = 100_000n
