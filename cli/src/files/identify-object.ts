import { type Bytes, fromUtf8, toHex } from '@sharewell/sdk/bytes'
import { decode } from '@sharewell/sdk/cbor'
import { type ObjectKind, openObject } from '@sharewell/sdk/signed'
import { attempt, isMap } from '../guess.ts'
import type { Description } from './description.ts'

/** Recognizes signed objects: manifest, placement, key header, capsule, directory entry. */
export function identifyObject(bytes: Bytes): Description | undefined {
  const object = attempt(() => decode(bytes))
  if (!Array.isArray(object) || object.length !== 3) return undefined
  const [payload, signer] = object
  if (!(payload instanceof Uint8Array && signer instanceof Uint8Array)) return undefined
  const content = attempt(() => decode(payload))
  if (!isMap(content)) return identifyEntry(payload, toHex(signer))
  const kind = kindOf(content)
  if (kind === undefined) return undefined
  return {
    kind,
    signer: toHex(signer),
    signature: signatureWords(kind, bytes, content.networkId),
    network: hexOf(content.networkId),
    recordId: hexOf(content.recordId),
    pseudonym: hexOf(content.pseudonym),
    version: numberOf(content.version),
    ...details(kind, content),
  }
}

function kindOf(content: Readonly<Record<string, unknown>>): ObjectKind | undefined {
  if ('sealHeader' in content && 'T' in content) return 'manifest'
  if ('operators' in content) return 'placement'
  if ('wraps' in content) return 'key header'
  if ('purpose' in content && 'ct' in content) return 'capsule'
  return undefined
}

function details(
  kind: ObjectKind,
  content: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string | number | readonly string[] | undefined>> {
  switch (kind) {
    case 'manifest':
      return {
        policy: `any ${content.t} of ${content.n} shares rebuild; any ${content.r} know nothing`,
        sealedLength: numberOf(content.sealedLen),
        contentRoot: hexOf(content.contentRoot),
        ptCommit: hexOf(content.ptCommit),
        keyHeader: hexOf(content.keyHeaderHash),
      }
    case 'placement':
      return {
        generation: numberOf(content.gen),
        manifest: hexOf(content.manifestHash),
        operators: Array.isArray(content.operators) ? content.operators.map((each) => hexOf(each) ?? '') : undefined,
      }
    case 'key header':
      return {
        wraps: isMap(content.wraps) ? Object.keys(content.wraps).join(', ') : undefined,
        note: 'it holds wrapped keys, no bare one',
      }
    default:
      return { purpose: typeof content.purpose === 'string' ? content.purpose : undefined }
  }
}

/** A directory entry's payload is FHIR JSON, which names no network to check the signature for. */
function identifyEntry(payload: Uint8Array, signer: string): Description | undefined {
  const entry = attempt(() => JSON.parse(fromUtf8(payload)))
  if (!isMap(entry) || typeof entry.resourceType !== 'string') return undefined
  return { kind: 'directory entry', resource: entry.resourceType, signer }
}

function signatureWords(kind: ObjectKind, bytes: Bytes, networkId: unknown): string {
  if (!(networkId instanceof Uint8Array)) return 'names no network'
  return attempt(() => openObject(kind, bytes, networkId))
    ? 'valid; whether the signer may is for the chain to say'
    : 'INVALID'
}

const hexOf = (value: unknown) => (value instanceof Uint8Array ? toHex(value) : undefined)
const numberOf = (value: unknown) => (typeof value === 'number' ? value : undefined)
