import { sha256 } from '#primitives'
import {
  type Bytes,
  concat,
  EncodingError,
  fromBase64url,
  fromHex,
  fromUtf8,
  type Hex,
  lp,
  toBase64url,
  toHex,
  u8,
  u16,
  u32,
} from '../bytes.ts'
import { CborFieldError, field, type Reader } from '../cbor/index.ts'
import { BaseError, firstLine } from '../errors.ts'
import { lpLabel } from '../labels.ts'
import { type Manifest, parseManifest } from '../share/index.ts'
import { type FaultProof, refute } from './fault.ts'
import { descentOf, mostRenewals, readLineage } from './lineage.ts'
import type { Frame, ShareResponse, Verify } from './messages.ts'

/** All that is needed to judge a lie: who is accused, what was signed, and the manifest that it contradicts. */
export type FaultFile = {
  /** What enters the signatures: the network's id, its chain and the address of RecordRegistry. */
  readonly network: { readonly networkId: Hex; readonly chainId: number; readonly recordRegistry: Hex }
  /** The operator and its account; absent for an `upload`, whose author the manifest's own signature names. */
  readonly accused?: { readonly operator: Hex; readonly account: Hex } | undefined
  /** The signed manifest. */
  readonly manifest: Bytes
  /** Where it follows another one: those signed before it, the anchored one last. */
  readonly lineage?: readonly Bytes[] | undefined
  readonly proof: FaultProof
}

/** What a fault file proves. */
export type Conviction = {
  /** The id under which the fault is reported and punished. */
  readonly fault: Hex
  readonly kind: FaultProof['kind']
  /** The operator; absent for an `upload`. */
  readonly operator?: Hex | undefined
  /** The operator's account, or the account that signed the manifest. */
  readonly account: Hex
  readonly manifestHash: Hex
  readonly manifest: Manifest
  /** The manifest that the chain must have anchored: the same, or the one that it descends from. Absent where the file
   * does not lead there. */
  readonly anchored?: Hex | undefined
  /** The chunk. */
  readonly i: number
  /** The share, of a `share`; the shares that were used, of an `upload`. */
  readonly shares: readonly number[]
}

/** The signed manifests that a proof is judged by: of the record's `lineage`, the one that the liar named and those before
 * it; for an `upload` the anchored one, which comes last. Undefined where the liar named another. */
export function manifestsOf(
  lineage: readonly Bytes[],
  proof: FaultProof,
): Pick<FaultFile, 'manifest' | 'lineage'> | undefined {
  const [manifest, ...before] =
    proof.kind === 'upload'
      ? lineage.slice(-1)
      : descentOf(lineage, (proof.kind === 'share' ? proof.response : proof.frame).message.manifestHash)
  return manifest && { manifest, ...(before.length > 0 && { lineage: before }) }
}

/** Most bytes that a fault file has. */
export const maxFaultFileLength = 32 << 20

/** Writes a fault file: JSON, hex for what is short and base64url for what is long. */
export function encodeFaultFile({ network, accused, manifest, lineage, proof }: FaultFile): string {
  const parts = proof.kind === 'upload' && {
    parts: proof.parts.map((part) => ({ ...part, body: toBase64url(part.body) })),
  }
  const content = {
    format,
    network,
    ...(accused && { accused }),
    manifest: toBase64url(manifest),
    ...(lineage && { lineage: lineage.map(toBase64url) }),
    proof: { ...proof, ...parts },
  }
  return `${JSON.stringify(content, null, 1)}\n`
}

/** Reads a fault file; nothing in it is believed yet. Errors: {@link FaultFileError}. */
export function parseFaultFile(text: string | Uint8Array): FaultFile {
  if (text.length > maxFaultFileLength) throw new FaultFileError({ reason: 'it is too long' })
  try {
    const json: unknown = JSON.parse(typeof text === 'string' ? text : fromUtf8(text))
    const { format: _, ...file } = readFile(json)
    if ((file.proof.kind === 'upload') === (file.accused !== undefined))
      throw new FaultFileError({ reason: 'it names no operator where it should, or one where it should not' })
    return file
  } catch (cause) {
    if (cause instanceof CborFieldError) throw new FaultFileError({ reason: firstLine(cause.message), cause })
    if (cause instanceof SyntaxError || cause instanceof EncodingError)
      throw new FaultFileError({ reason: 'it is no JSON', cause })
    throw cause
  }
}

/** Says whom the file convicts, by nothing but itself and two signatures: the author's under the manifest, and the
 * operator's, which `verify` judges. That the account is the operator's, and the manifest the anchored one, is for a chain
 * to say.
 * Errors: {@link FaultRefusedError} with the reason where it convicts nobody. */
export async function judgeFault(file: FaultFile, verify: judgeFault.Verifiers): Promise<Conviction> {
  const { accused, proof } = file
  const { standing, anchored } = openManifests(file)
  const { manifest, hash, signer } = standing
  const manifestHash = toHex(hash)
  const operator = accused?.operator ?? noOperator
  const reason = await refute(proof, { manifest, manifestHash, operator, ...verify })
  if (reason !== undefined) throw new FaultRefusedError({ reason })
  const account = accused?.account ?? signer
  const common = {
    fault: faultIdOf(file, { manifestHash, account }),
    account,
    manifestHash,
    manifest,
    ...(anchored && { anchored: toHex(anchored) }),
    kind: proof.kind,
  }
  if (proof.kind === 'upload') return { ...common, i: proof.i, shares: proof.parts.map(({ index }) => index) }
  if (proof.kind === 'frame') return { ...common, operator, i: proof.frame.message.i, shares: [] }
  const { i, j } = proof.response.message
  return { ...common, operator, i, shares: [j] }
}

export declare namespace judgeFault {
  type Verifiers = { readonly verifyShare: Verify<ShareResponse>; readonly verifyFrame: Verify<Frame> }
}

/** The fault's id: the same lie about the same chunk is one fault, however often it was signed. The contract computes the
 * same for `share` and `frame`. */
function faultIdOf({ accused, proof }: FaultFile, { manifestHash, account }: { manifestHash: Hex; account: Hex }): Hex {
  const who = accused ? fromHex(accused.operator, 16) : lp(fromHex(account, 20))
  const { i, j } = placeOf(proof)
  return toHex(
    sha256(
      concat(lpLabel('share', 'fault'), u8(kinds.indexOf(proof.kind)), who, fromHex(manifestHash, 32), u16(j), u32(i)),
    ),
  )
}

/** The place of a fault in its record: the share, 0 where it is about none, and the chunk. */
export function placeOf(proof: FaultProof): { readonly j: number; readonly i: number } {
  if (proof.kind === 'upload') return { j: 0, i: proof.i }
  return proof.kind === 'frame' ? { j: 0, i: proof.frame.message.i } : proof.response.message
}

const kinds = ['share', 'frame', 'upload'] as const
const noOperator: Hex = `0x${'00'.repeat(16)}`
const format = 'sharewell-fault-1'

/** The manifest, and the hash of the anchored one where the file leads there. */
function openManifests({ manifest, lineage, network }: FaultFile) {
  const networkId = fromHex(network.networkId, 32)
  try {
    if (!lineage) {
      const standing = parseManifest(manifest, { networkId })
      return { standing, anchored: standing.manifest.prev ? undefined : standing.hash }
    }
    const { standing, anchored } = readLineage([manifest, ...lineage], networkId)
    return { standing, anchored: anchored.hash }
  } catch (cause) {
    if (!(cause instanceof BaseError)) throw cause
    throw new FaultRefusedError({ reason: `its manifest does not hold: ${cause.code}`, cause })
  }
}

/** Hex of `size` bytes in lower case. */
const hex =
  (size: number): Reader<Hex> =>
  (value, path = '') => {
    if (typeof value !== 'string' || !new RegExp(`^0x[0-9a-f]{${2 * size}}$`).test(value))
      throw new CborFieldError({ path, expected: `${size} bytes in hex` })
    return value as Hex
  }
const signature: Reader<Hex> = (value, path = '') => {
  if (typeof value !== 'string' || !/^0x(?:[0-9a-f]{2}){1,1024}$/.test(value))
    throw new CborFieldError({ path, expected: 'a signature in hex' })
  return value as Hex
}
const base64url =
  (most: number): Reader<Bytes> =>
  (value, path = '') => {
    if (typeof value !== 'string' || value.length > 2 * most) throw new CborFieldError({ path, expected: 'base64url' })
    return fromBase64url(value)
  }
const uint = (bits: number) => field.integer(0, 2 ** bits - 1)
const path: Reader<Hex[]> = (value, at = '') => {
  const nodes = field.array(hex(32))(value, at)
  if (nodes.length > 64) throw new CborFieldError({ path: at, expected: 'at most 64 hashes' })
  return nodes
}

const readShare = field.record({
  kind: field.literal('share'),
  response: field.record({
    message: field.record({
      manifestHash: hex(32),
      shareRoot: hex(32),
      j: uint(16),
      i: uint(32),
      digest: hex(32),
      length: uint(32),
      nonce: hex(32),
      time: uint(40),
    }),
    signature,
  }),
  leaf: hex(32),
  path,
})
const readFrame = field.record({
  kind: field.literal('frame'),
  frame: field.record({
    message: field.record({ manifestHash: hex(32), jobId: hex(32), i: uint(32), digest: hex(32) }),
    signature,
  }),
  leaf: hex(32),
  path,
})
const readUpload = field.record({
  kind: field.literal('upload'),
  i: uint(32),
  leaf: hex(32),
  path,
  parts: field.array(field.record({ index: uint(16), body: base64url(1 << 21), path })),
})
const readProof: Reader<FaultProof> = (value, at = '') => {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined
  const read = kind === 'upload' ? readUpload : kind === 'frame' ? readFrame : readShare
  return read(value, at)
}
const readManifests: Reader<Bytes[]> = (value, at = '') => {
  const manifests = field.array(base64url(mostManifest))(value, at)
  if (manifests.length === 0 || manifests.length > mostRenewals)
    throw new CborFieldError({ path: at, expected: `1 to ${mostRenewals} manifests` })
  return manifests
}
const mostManifest = 8 << 20
const readFile = field.record({
  format: field.literal(format),
  network: field.record({
    networkId: hex(32),
    chainId: field.integer(1, Number.MAX_SAFE_INTEGER),
    recordRegistry: hex(20),
  }),
  accused: field.optional(field.record({ operator: hex(16), account: hex(20) })),
  manifest: base64url(mostManifest),
  lineage: field.optional(readManifests),
  proof: readProof,
})

/** Thrown when bytes are no fault file. */
export class FaultFileError extends BaseError<'FAULT_FILE'> {
  override readonly name = 'FaultFileError'
  constructor({ reason = 'it has another form', cause }: { reason?: string | undefined; cause?: unknown }) {
    super('FAULT_FILE', `This is no fault proof: ${reason}.`, {
      cause,
      hints: ['Get the file again from whoever wrote it.'],
      docs: 'faults.md#file',
    })
  }
}

/** Thrown when a fault proof convicts nobody: it is slander, or it was altered. */
export class FaultRefusedError extends BaseError<'FAULT_REFUSED'> {
  override readonly name = 'FaultRefusedError'
  constructor({ reason = 'it proves nothing', cause }: { reason?: string; cause?: unknown }) {
    super('FAULT_REFUSED', `The proof convicts nobody: ${reason}.`, {
      cause,
      hints: ['Hold nothing against the accused; whoever brought the proof may have made it up.'],
      docs: 'faults.md#judging',
    })
  }
}
