import { encodeAbiParameters, keccak256 } from 'viem'
import { randomBytes, sha256 } from '#primitives'
import { type Bytes, equal, fromBase64url, fromHex, type Hex, toBase64url, toHex } from '../bytes.ts'
import {
  type AnchoredRecord,
  type Chain,
  encodeTicket,
  type GlassOpening,
  type GlassWindow,
  glassWindow,
  officersOf,
  openGlass,
  patientOf,
  purposes,
  readerOf,
  recordOf,
  recordsOf,
  signerOf,
  signMessage,
  type WaitOptions,
  windowIdOf,
} from '../chain/index.ts'
import { publicKeyOf, seedLength } from '../envelope/index.ts'
import { label } from '../labels.ts'
import { loadRecord } from '../place/index.ts'
import { emergencyOf, openHandedPart, openOfficersPart, parseKeyHeader, sealOfficersPart } from '../release/index.ts'
import { BreakGlassError, type GlassAsk, type GlassParts } from './glass-text.ts'
import { keyNodesOf, readHeader } from './key-nodes.ts'
import { activeOperators } from './operators.ts'
import { storageParties } from './parties.ts'
import { readPass } from './tickets.ts'
import { currentHeader } from './unlock.ts'

/** The commitment to a reason or a finding, as it stands on chain: nobody guesses what was written. */
export function commitmentTo({ salt, text }: { readonly salt: Hex; readonly text: string }): Hex {
  const types = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'string' }] as const
  return keccak256(encodeAbiParameters(types, [keccak256(label('person', 'commit')), salt, text]))
}

/**
 * Signs, as the clinician, what the glass is to be broken for. Nothing happens before an officer signs the same
 * ({@link breakGlass}); it counts for ten minutes.
 * @throws BreakGlassError where the patient's institution has no such officer.
 * @example
 * const { ask, partSeed } = await askForGlass({ chain, pseudonym, credentialId, reason: 'unconscious, allergies unknown' })
 */
export async function askForGlass(
  { chain, pseudonym, recordId = none, credentialId, guardian, reason }: askForGlass.Args,
  { signal }: WaitOptions = {},
): Promise<{ readonly ask: GlassAsk; readonly partSeed: Bytes }> {
  const clinician = readerOf(chain)
  // As it travels: CBOR carries no other form of the same letters.
  const said = reason.normalize('NFC')
  const officers = await officersFor(chain, pseudonym, { signal })
  const chosen = officers.find(({ account }) => (guardian ? same(account, guardian) : !same(account, clinician)))
  if (!chosen) throw new BreakGlassError({ reason: 'the institution that keeps the patient has no such officer' })
  const partSeed = randomBytes(seedLength)
  const partKey = publicKeyOf(partSeed)
  const salt = toHex(randomBytes(32))
  const opening: GlassOpening = {
    pseudonym,
    recordId,
    clinician: clinician.toLowerCase() as Hex,
    credentialId,
    guardian: chosen.account.toLowerCase() as Hex,
    reasonCommit: commitmentTo({ salt, text: said }),
    partKeyHash: toHex(sha256(partKey)),
    deadline: chain.clock() + lifetime,
  }
  const signature = await signMessage(chain, 'BreakGlass', opening)
  return { ask: { opening, signature, partKey: toHex(partKey), reason: said, salt }, partSeed }
}
export declare namespace askForGlass {
  type Args = {
    readonly chain: Chain
    readonly pseudonym: Hex
    /** One record; every one that has an emergency wrap when absent. */
    readonly recordId?: Hex | undefined
    /** The clinician's affiliation, with the role of emergency clinician. */
    readonly credentialId: Hex
    /** The officer who is asked; the first of the institution when absent. */
    readonly guardian?: Hex | undefined
    readonly reason: string
  }
}

/**
 * Makes sure that an ask is whole: the clinician signed it, and reason and key are those it commits to.
 * @returns the id of the window that it would open.
 * @throws BreakGlassError
 */
export async function checkAsk(chain: Chain, { opening, signature, partKey, reason, salt }: GlassAsk): Promise<Hex> {
  const signed = { kind: 'BreakGlass', message: opening, signature } as const
  const signer = await signerOf(chain.network, signed).catch(() => undefined)
  if (!signer || !same(signer, opening.clinician))
    throw new BreakGlassError({ reason: 'the clinician did not sign it' })
  if (commitmentTo({ salt, text: reason }) !== opening.reasonCommit)
    throw new BreakGlassError({ reason: 'another reason was signed' })
  if (toHex(sha256(bytesOf(partKey))) !== opening.partKeyHash)
    throw new BreakGlassError({ reason: 'another key was signed' })
  return windowIdOf(chain, opening)
}

/**
 * Breaks the glass as the officer who was asked: signs the opening and puts it on chain, for everybody to see at once.
 * @throws BreakGlassError where the ask is not whole, or for another officer; ContractRefusalError where the contract
 * refuses, `BreakGlassReviewOverdue` among others.
 */
export async function breakGlass(
  { chain, ask }: { readonly chain: Chain; readonly ask: GlassAsk },
  options: WaitOptions = {},
): Promise<GlassWindow> {
  const windowId = await checkAsk(chain, ask)
  const { opening, signature: clinician } = ask
  if (!same(opening.guardian, readerOf(chain))) throw new BreakGlassError({ reason: 'another officer was asked' })
  const guardian = await signMessage(chain, 'BreakGlass', opening)
  await openGlass(chain, { opening, clinician, guardian }, options)
  const entry = await glassWindow(chain, { windowId }, options)
  if (!entry) throw new BreakGlassError({ reason: 'the chain does not show the window' })
  return entry
}

/**
 * Hands on, as the officer of an open window, the officers' part of each record in it that has an emergency wrap, sealed
 * to the clinician's key. It may be done again while the window is open.
 * @throws BreakGlassError where no record could be read, or none has an emergency wrap for this officer.
 */
export async function handOnParts(
  {
    chain,
    ask,
    seed,
  }: { readonly chain: Chain; readonly ask: GlassAsk /** The officer's X-Wing seed. */; readonly seed: Bytes },
  { signal }: WaitOptions = {},
): Promise<GlassParts> {
  const windowId = await checkAsk(chain, ask)
  const { pseudonym, recordId } = ask.opening
  const one = recordId === none ? undefined : await recordOf(chain, { recordId }, { signal })
  const records = recordId === none ? await recordsOf(chain, { pseudonym }, { signal }) : one ? [one] : []
  const officers = await officersFor(chain, pseudonym, { signal })
  const at = officers.findIndex(({ publicKey }) => equal(bytesOf(publicKey), publicKeyOf(seed)))
  if (at < 0) throw new BreakGlassError({ reason: 'this key is none of an officer there' })
  const failed: unknown[] = []
  const parts: GlassParts['parts'][number][] = []
  for (const record of records) {
    const handed = await partOf(chain, record, { ask, windowId, seed, at, signal }).catch((error: unknown) => {
      signal?.throwIfAborted()
      failed.push(error)
      return undefined
    })
    if (handed) parts.push(handed)
  }
  if (parts.length === 0)
    throw new BreakGlassError({ reason: 'no record there opens in an emergency', cause: failed[0] })
  return { windowId, parts }
}

/** The officer's part of one record, as the clinician opens it.
 * @throws BreakGlassError where the officer handed on none; EnvelopeError where it was sealed to another key. */
export async function openGlassPart(
  { windowId, parts }: GlassParts,
  { recordId, partSeed }: { readonly recordId: Hex; readonly partSeed: Bytes },
): Promise<Bytes> {
  const part = parts.find((one) => one.recordId === recordId)
  if (!part) throw new BreakGlassError({ reason: 'the officer handed on no part of this record' })
  const to = { windowId: fromHex(windowId, 32), recordId: fromHex(recordId, 32), version: part.version }
  return await openHandedPart(partSeed, to, { enc: fromBase64url(part.enc), ct: fromBase64url(part.ct) })
}

type Handing = WaitOptions & {
  readonly ask: GlassAsk
  readonly windowId: Hex
  readonly seed: Bytes
  readonly at: number
}

async function partOf(chain: Chain, record: AnchoredRecord, { ask, windowId, seed, at, signal }: Handing) {
  const header = await headerOf(chain, record, { signal })
  if (!header.wraps.W3) return undefined
  const { recordId, version } = record
  const part = await openOfficersPart(emergencyOf(header), { seed, at })
  const to = { windowId: fromHex(windowId, 32), recordId: fromHex(recordId, 32), version }
  const { enc, ct } = await sealOfficersPart(bytesOf(ask.partKey), to, part)
  return { recordId, version, enc: toBase64url(enc), ct: toBase64url(ct) }
}

/** The key header of a record, as who opened a window reads it. */
async function headerOf(chain: Chain, record: AnchoredRecord, { signal }: WaitOptions) {
  const { pseudonym, recordId, version, manifestHash, placementHash } = record
  const { networkId } = chain.network
  const pass = await readPass(chain, { pseudonym, purpose: breakGlassPurpose })
  const active = await activeOperators(chain, 'storage', { signal })
  const ignore = () => undefined
  const nodes = storageParties(active, async (node) => encodeTicket(await pass.ticketFor(node)), ignore)
  const loaded = await loadRecord({ networkId, recordId, version, manifestHash, placementHash, nodes, signal })
  const hash = await currentHeader(chain, loaded, recordId, { signal })
  const bytes = await readHeader(await keyNodesOf(chain, { signal }), { hash, pass }, { signal })
  const ids = { networkId: fromHex(networkId, 32), recordId: fromHex(recordId, 32), version }
  return parseKeyHeader(bytes, ids).header
}

async function officersFor(chain: Chain, pseudonym: Hex, options: WaitOptions) {
  const patient = await patientOf(chain, { pseudonym }, options)
  return patient ? await officersOf(chain, { institution: patient.provider }, options) : []
}

/** Seconds in which the officer must have signed; the contract takes 15 minutes. */
const lifetime = 600
const breakGlassPurpose = purposes.indexOf('BTG')
const none: Hex = `0x${'00'.repeat(32)}`

const same = (a: Hex, b: Hex): boolean => a.toLowerCase() === b.toLowerCase()
const bytesOf = (hex: Hex): Bytes => fromHex(hex, (hex.length - 2) / 2)
