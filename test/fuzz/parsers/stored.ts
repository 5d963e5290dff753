import { type Bytes, fromHex, toHex } from '@sharewell/sdk/bytes'
import { decode } from '@sharewell/sdk/cbor'
import { parseCapsule, publicKeyOf, sealCapsule } from '@sharewell/sdk/envelope'
import { parseEntry, signEntry } from '@sharewell/sdk/flow/directory'
import { createVault, encodePatientCode, openVault, parsePatientCode, sealVault } from '@sharewell/sdk/person'
import { aesGcmSeal } from '@sharewell/sdk/primitives'
import { encodeKeyHeader, parseKeyHeader, wrapDek } from '@sharewell/sdk/release'
import {
  decodeChunk,
  encodeChunk,
  joinLeafBlocks,
  parseManifest,
  parsePlacement,
  verifyChunk,
  verifyContentLeaves,
  verifyShareLeaves,
} from '@sharewell/sdk/share'
import { openObject, signObject } from '@sharewell/sdk/signed'
import { sealedRecord } from '../../helpers/sealed-record.ts'
import { type Driven, target } from '../drive.ts'
import { bitten, bittenText, type Random } from '../random.ts'
import { account, bittenCbor, bittenJson, bittenObject, filled, hexOf, networkId } from './samples.ts'

const policy = { n: 3, t: 2, r: 1 }

/** What is stored under a signature, and what is written like it: each signed object costs a millisecond. */
export async function signedObjects(): Promise<Readonly<Record<string, Driven>>> {
  const { blocks, manifest } = await sampleRecord()
  const groupKey = fromHex('0xe2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76')
  const record = { networkId, recordId: filled(2), version: 1, sealHash: filled(3) }
  const patientKey = publicKeyOf(filled(9))
  const header = encodeKeyHeader(await wrapDek({ record, dek: filled(5), patientKey, groupKey }))
  const headers = [await signObject('key header', header, networkId, account)]
  const content = {
    networkId,
    pseudonym: filled(4),
    purpose: 'note',
    publicKey: patientKey,
    plaintext: filled(8),
  } as const
  const capsules = [await sealCapsule(content, account)]
  const names = [
    { resourceType: 'Organization', name: 'City Hospital' },
    {
      resourceType: 'Practitioner',
      name: [{ prefix: ['Dr'], given: ['Ada', 'B'], family: 'Carter' }, { text: 'Dr Carter' }],
    },
  ]
  const entries = await Promise.all(
    names.map((one) => signEntry(one, { networkId: toHex(networkId), signer: account })),
  )
  const files = entries.map(({ bytes }) => bytes)
  const expected = { networkId, recordId: manifest.recordId, version: 1 }
  return {
    'signed object': target({
      make: (random) => bittenObject('manifest', [blocks.manifest, blocks.placement], random),
      parse: (bytes) => openObject(bytes[0] === 0 ? 'placement' : 'manifest', bytes, networkId),
      codes: ['CBOR', 'CBOR_FIELD', 'SIGNED_OBJECT'],
    }),
    manifest: target({
      make: (random) => bittenObject('manifest', [blocks.manifest], random),
      parse: (bytes) => parseManifest(bytes, expected),
      codes: ['CBOR', 'CBOR_FIELD', 'SIGNED_OBJECT', 'MANIFEST'],
    }),
    placement: target({
      make: (random) => bittenObject('placement', [blocks.placement], random),
      parse: (bytes) => parsePlacement(bytes, { ...expected, n: policy.n }),
      codes: ['CBOR', 'CBOR_FIELD', 'SIGNED_OBJECT', 'PLACEMENT'],
    }),
    'key header': target({
      make: (random) => bittenObject('key header', headers, random),
      parse: (bytes) => parseKeyHeader(bytes, record),
      codes: ['CBOR', 'CBOR_FIELD', 'SIGNED_OBJECT', 'KEY_HEADER'],
    }),
    capsule: target({
      make: (random) => bittenObject('capsule', capsules, random),
      parse: (bytes) => parseCapsule(bytes, { networkId }),
      codes: ['CBOR', 'CBOR_FIELD', 'SIGNED_OBJECT'],
    }),
    'directory entry': target({
      make: (random) => bittenEntry(files, names, random),
      parse: (bytes) => parseEntry(bytes, { networkId: toHex(networkId) }),
      codes: ['CBOR', 'CBOR_FIELD', 'SIGNED_OBJECT', 'DIRECTORY'],
    }),
  }
}

/** Its payload is JSON. */
async function bittenEntry(files: readonly Bytes[], names: readonly object[], random: Random): Promise<Bytes> {
  if (random.once(6)) return await signObject('directory', bittenJson(names, random), networkId, account)
  return bittenCbor(files, random)
}

async function sampleRecord() {
  const operators = [hexOf(1, 16), hexOf(2, 16), hexOf(3, 16)]
  const options = { networkId: toHex(networkId), uploader: account, policy, operators, dataLength: 70_000 }
  return await sealedRecord(options)
}

/** Lists, chunks and paths: what is compared with a manifest that is known to be good. */
export async function pieces(): Promise<Readonly<Record<string, Driven>>> {
  const { manifest, contentLeaves, shareLeaves, sealed, parts } = await sampleRecord()
  const lists = [contentLeaves, ...shareLeaves]
  const chunk = sealed[0] as Bytes
  const bodies = encodeChunk(policy, chunk.slice(0, 300))
  return {
    'leaf list': target({
      make: (random) => ({ list: joinLeafBlocks([bitten(lists, random)]), j: random.below(5) }),
      parse: ({ list, j }) => (j === 4 ? verifyContentLeaves(manifest, list) : verifyShareLeaves(manifest, j, list)),
      codes: ['LEAF_LIST'],
    }),
    'share-chunks': target({
      make: (random) => ({
        parts: Array.from({ length: random.below(4) }, () => ({
          index: random.pick([0, 1, 2, 2, 3, -1, 1.5, 2 ** 32]),
          body: random.once(3) ? bitten(bodies, random) : random.pick(bodies),
        })),
        length: random.pick([300, 300, 300, 299, 0, -1, 2 ** 31]),
      }),
      parse: ({ parts: some, length }) => decodeChunk(policy, some, length),
      codes: ['TOO_FEW_SHARES', 'PART'],
    }),
    'Merkle path': target({
      make: (random) => ({
        i: random.pick([0, 1, 2, 3, -1, 0.5, 2 ** 40]),
        chunk: random.once(2) ? chunk : bitten([chunk.slice(0, 64), parts[0]?.[0]?.body ?? chunk], random),
        proof: Array.from({ length: random.below(5) }, () => bitten([filled(1)], random)),
      }),
      parse: ({ i, chunk: bytes, proof }) => verifyChunk(manifest, i, bytes, proof),
      codes: [],
    }),
  }
}

/** What a person shows or keeps. */
export async function personal(): Promise<Readonly<Record<string, Driven>>> {
  const code = {
    networkId,
    providerId: filled(6, 16),
    controller: hexOf(7, 20),
    rho: filled(8),
    selfPublicKey: filled(9, 1216),
    signature: filled(10, 65),
  }
  const codes = [encodePatientCode(code)]
  const key = filled(11)
  const vault = await sealVault(createVault(networkId), key)
  const plain = { v: 1, networkId, seed: filled(1), profiles: [] }
  const { encode } = await import('@sharewell/sdk/cbor')
  const plaintexts = [
    encode({ ...plain, profiles: [{ providerId: filled(2, 16), controller: filled(3, 20), gen: 0, derived: true }] }),
  ]
  return {
    'patient code': target({
      make: (random) => bittenText(codes, random),
      parse: (text) => parsePatientCode(text, { networkId, providerId: code.providerId }),
      codes: ['PATIENT_CODE'],
    }),
    'patient code, well written': target({
      make: (random) =>
        `sharewell1:${Buffer.from(bittenCbor([fromCode(codes[0] ?? '')], random)).toString('base64url')}`,
      parse: (text) => parsePatientCode(text),
      codes: ['PATIENT_CODE'],
    }),
    vault: target({
      make: (random) => bitten([vault], random),
      parse: (bytes) => openVault(bytes, key, networkId),
      codes: ['VAULT'],
    }),
    'vault, well encrypted': target({
      make: async (random) => {
        const nonce = random.bytes(12)
        const sealed = await aesGcmSeal(key, nonce, bittenCbor(plaintexts, random), networkId)
        return Uint8Array.from([...nonce, ...sealed])
      },
      parse: (bytes) => openVault(bytes, key, networkId),
      codes: ['VAULT', 'CBOR', 'CBOR_FIELD'],
    }),
  }
}

function fromCode(text: string): Bytes {
  const bytes = new Uint8Array(Buffer.from(text.slice('sharewell1:'.length), 'base64url'))
  decode(bytes)
  return bytes
}
