import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { sha256 } from '#primitives'
import { type Bytes, concat, equal, fromHex, type Hex, toHex, u8, utf8 } from '../bytes.ts'
import { decode, encode, field } from '../cbor/index.ts'
import { BaseError } from '../errors.ts'

/** What a signed object holds; it is part of what is signed, so one kind never passes for another. */
export type ObjectKind = 'manifest' | 'placement' | 'key header' | 'directory' | 'capsule' | 'share renewal'

/** EIP-712 data that a signed object's author signs. */
export type StoredTypedData = {
  readonly domain: { readonly name: 'Sharewell'; readonly version: '1'; readonly salt: Hex }
  readonly types: {
    readonly Stored: readonly [
      { readonly name: 'kind'; readonly type: 'string' },
      { readonly name: 'payloadHash'; readonly type: 'bytes32' },
    ]
  }
  readonly primaryType: 'Stored'
  readonly message: { readonly kind: ObjectKind; readonly payloadHash: Hex }
}

/** Whoever can sign typed data: an account of viem, a wallet client bound to an account. */
export type ObjectSigner = { readonly address: Hex; signTypedData(typedData: StoredTypedData): Promise<Hex> }

/** An opened signed object. `signer` is who signed, not who may: the caller compares it with the chain. */
export type SignedObject = { readonly payload: Bytes; readonly signer: Hex; readonly hash: Bytes }

/** What to sign for `payload`: a domain of the network, free of chain and contract, so that moving does not void it. */
export function storedTypedData(kind: ObjectKind, payload: Uint8Array, networkId: Uint8Array): StoredTypedData {
  return {
    domain: { name: 'Sharewell', version: '1', salt: toHex(networkId) },
    types: {
      Stored: [
        { name: 'kind', type: 'string' },
        { name: 'payloadHash', type: 'bytes32' },
      ],
    },
    primaryType: 'Stored',
    message: { kind, payloadHash: toHex(sha256(payload)) },
  }
}

/**
 * Signs `payload` and packs the object. Its SHA-256 is what stands on chain.
 * @throws SignedObjectError when the signer answers with a signature that is not its own.
 */
export async function signObject(
  kind: ObjectKind,
  payload: Uint8Array,
  networkId: Uint8Array,
  signer: ObjectSigner,
): Promise<Bytes> {
  const signature = fromHex(await signer.signTypedData(storedTypedData(kind, payload, networkId)))
  const object = encode([payload, fromHex(signer.address, 20), signature])
  openObject(kind, object, networkId)
  return object
}

/**
 * Opens a signed object and recovers its signer.
 * @throws CborError, CborFieldError when the bytes have another form.
 * @throws SignedObjectError when the signature is not the named signer's over this kind, payload and network, or is
 * not in low-s form. Signatures of contract accounts (ERC-1271) need the chain and are not taken here.
 */
export function openObject(kind: ObjectKind, bytes: Uint8Array, networkId: Uint8Array): SignedObject {
  const parts = field.array((part) => part, 3)(decode(bytes), 'signed object')
  const payload = field.bytes()(parts[0], 'payload')
  const signer = field.bytes(20)(parts[1], 'signer')
  const signature = field.bytes(65)(parts[2], 'signature')
  const hash = sha256(bytes)
  const name = `${kind} ${toHex(networkId)} ${toHex(hash)}`
  if (!held.has(name)) {
    if (!equal(recover(hashStored(kind, sha256(payload), networkId), signature, kind), signer))
      throw new SignedObjectError({ kind, reason: 'is not signed by the signer it names' })
    keep(name)
  }
  return { payload, signer: toHex(signer), hash }
}

/** Objects whose signature held, by all that it depends on: whoever stores one opens the same bytes several times, and
 * recovering a signer is most of the work. */
const held = new Set<string>()
const mostHeld = 64

function keep(name: string): void {
  held.add(name)
  for (const oldest of held) {
    if (held.size <= mostHeld) break
    held.delete(oldest)
  }
}

const keccak = (...parts: readonly Uint8Array[]): Bytes => keccak_256(concat(...parts)) as Bytes
const domainTypeHash = keccak(utf8('EIP712Domain(string name,string version,bytes32 salt)'))
const storedTypeHash = keccak(utf8('Stored(string kind,bytes32 payloadHash)'))
const nameHash = keccak(utf8('Sharewell'))
const versionHash = keccak(utf8('1'))

/** EIP-712: keccak256(0x19 0x01 || domainSeparator || hashStruct(message)). */
function hashStored(kind: ObjectKind, payloadHash: Uint8Array, networkId: Uint8Array): Bytes {
  if (networkId.length !== 32) throw new SignedObjectError({ kind, reason: 'needs a networkId of 32 bytes' })
  const domain = keccak(domainTypeHash, nameHash, versionHash, networkId)
  return keccak(Uint8Array.of(0x19, 0x01), domain, keccak(storedTypeHash, keccak(utf8(kind)), payloadHash))
}

function recover(hash: Uint8Array, signature: Uint8Array, kind: ObjectKind): Bytes {
  const v = signature[64]
  if (v !== 27 && v !== 28) throw new SignedObjectError({ kind, reason: 'has a recovery value other than 27 or 28' })
  try {
    const parsed = secp256k1.Signature.fromBytes(concat(u8(v - 27), signature.subarray(0, 64)), 'recovered')
    if (parsed.hasHighS()) throw new SignedObjectError({ kind, reason: 'has a signature with high s' })
    return keccak(parsed.recoverPublicKey(hash).toBytes(false).subarray(1)).slice(12)
  } catch (cause) {
    if (cause instanceof SignedObjectError) throw cause
    throw new SignedObjectError({ kind, reason: 'has a malformed signature', cause })
  }
}

/** Thrown when the signature of a stored object does not hold. */
export class SignedObjectError extends BaseError<'SIGNED_OBJECT'> {
  override readonly name = 'SignedObjectError'
  constructor({ kind, reason = 'does not verify', cause }: SignedObjectError.Options) {
    super('SIGNED_OBJECT', `The ${kind ?? 'signed object'} ${reason}.`, {
      cause,
      hints: ['Fetch it from another node by the hash on chain; do not use this copy.'],
      docs: 'encoding.md#signed-objects',
    })
  }
}
export declare namespace SignedObjectError {
  type Options = { kind?: ObjectKind; reason?: string; cause?: unknown }
}
