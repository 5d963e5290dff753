import { type Bytes, concat, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type CborValue, encode } from '@sharewell/sdk/cbor'
import {
  createManifestBuilder,
  encodeChunk,
  encodeManifest,
  encodePlacement,
  listDigests,
  type Manifest,
  type Placement,
} from '@sharewell/sdk/share'
import { type ObjectKind, type ObjectSigner, signObject } from '@sharewell/sdk/signed'
import { privateKeyToAccount } from 'viem/accounts'
import { bytesFrom, randomFrom, type Vector, type Vectors, whenRun, writeVectors } from './vector.ts'

const networkId = bytesFrom('network', 32)
const recordId = bytesFrom('record', 32)
const uploader: ObjectSigner = privateKeyToAccount(toHex(bytesFrom('uploader', 32)))
const stranger: ObjectSigner = privateKeyToAccount(toHex(bytesFrom('stranger', 32)))
const policy = { n: 5, t: 3, r: 1 }

async function exampleManifest(): Promise<Manifest> {
  const builder = createManifestBuilder(policy, 16)
  const random = randomFrom(bytesFrom('random rows', 100_000))
  for (const [i, length] of [2 ** 16, 4112, 272].entries()) {
    const chunk = bytesFrom(`chunk ${i}`, length)
    await builder.add(i, chunk, encodeChunk(policy, chunk, { random }))
  }
  const { contentRoot, contentLeaves, T, shareLeaves, shareLen, sealedLen } = builder.finish()
  return {
    v: 1,
    suite: 'xw-tdh2r255/1',
    networkId,
    recordId,
    version: 1,
    sealHeader: encode({ opaque: 'here' }),
    chunkLog2: 16,
    sealedLen,
    ...policy,
    code: 'cauchy1',
    shareLen,
    contentRoot,
    contentLeaves: listDigests(contentLeaves),
    T,
    shareLeaves: shareLeaves.map(listDigests),
    ptCommit: bytesFrom('ptCommit', 32),
    keyHeaderHash: bytesFrom('key header', 32),
  }
}

const examplePlacement: Placement = {
  v: 1,
  networkId,
  recordId,
  version: 1,
  gen: 0,
  salt: bytesFrom('placement salt', 32),
  manifestHash: bytesFrom('manifest', 32),
  operators: Array.from({ length: 5 }, (_, j) => bytesFrom(`operator ${j}`, 16)),
}

type Expected = {
  readonly recordId?: Bytes
  readonly version?: number
  readonly manifestHash?: Bytes
  readonly n?: number
}

function vector(comment: string, expect: string, signed: Bytes, expected: Expected = {}): Vector {
  const { recordId: record = recordId, version = 1, manifestHash, n } = expected
  return {
    comment,
    expect,
    networkId: toHex(networkId),
    recordId: toHex(record),
    version,
    ...(manifestHash ? { manifestHash: toHex(manifestHash) } : {}),
    ...(n === undefined ? {} : { n }),
    signed: toHex(signed),
    ...(expect === 'success' ? { signer: uploader.address.toLowerCase() } : {}),
  }
}

const sign = (kind: ObjectKind, payload: Bytes, network = networkId, signer = uploader) =>
  signObject(kind, payload, network, signer)

/** Every scenario of docs/spec/share.md that concerns manifests. */
export async function manifestVectors(): Promise<Vectors> {
  const manifest = await exampleManifest()
  const payload = encodeManifest(manifest)
  const signed = await sign('manifest', payload)
  const changed = async (comment: string, code: string, change: { readonly [field: string]: CborValue | undefined }) =>
    vector(comment, code, await sign('manifest', encode({ ...manifest, ...change })))
  const lastByte = signed.length - 1
  return {
    manifest: vector('Three chunks at (5, 3, 1).', 'success', signed),
    'wrong-record': vector('The chain names another record.', 'MANIFEST', signed, { recordId: bytesFrom('other', 32) }),
    'wrong-version': vector('The chain names another version.', 'MANIFEST', signed, { version: 2 }),
    'signed-for-another-network': vector(
      'Signed in the domain of another network.',
      'SIGNED_OBJECT',
      await sign('manifest', payload, bytesFrom('other network', 32)),
    ),
    'signed-as-another-kind': vector('Signed as a placement.', 'SIGNED_OBJECT', await sign('placement', payload)),
    'signed-by-another': vector('Names the uploader, signed by a stranger.', 'SIGNED_OBJECT', await impostor(payload)),
    'signature-flipped': vector(
      'The recovery value differs.',
      'SIGNED_OBJECT',
      concat(signed.subarray(0, lastByte), Uint8Array.of((signed[lastByte] as number) ^ 7)),
    ),
    'names-another-network': await changed('The payload names another network.', 'MANIFEST', {
      networkId: bytesFrom('other network', 32),
    }),
    'share-length': await changed('shareLen does not follow from sealedLen.', 'MANIFEST', {
      shareLen: manifest.shareLen + 32,
    }),
    'sealed-length': await changed('A last data chunk of 16 bytes: a tag without data.', 'MANIFEST', {
      sealedLen: 288,
    }),
    'roots-missing': await changed('One root too few.', 'MANIFEST', { T: manifest.T.slice(1) }),
    'lists-missing': await changed('A leaf list without blocks.', 'MANIFEST', { contentLeaves: [] }),
    'policy-refused': await changed('t above n.', 'POLICY', { t: 6 }),
    'code-unknown': await changed('Another code.', 'CBOR_FIELD', { code: 'cauchy2' }),
    'format-unknown': await changed('Another format.', 'CBOR_FIELD', { v: 2 }),
    'field-missing': await changed('No commitment.', 'CBOR_FIELD', { ptCommit: undefined }),
    'field-unknown': await changed('A field that the format does not have.', 'CBOR_FIELD', { note: 'hello' }),
    'not-cbor': vector('Cut in the middle.', 'CBOR', signed.slice(0, 200)),
  }
}

/** Every scenario of docs/spec/share.md that concerns placements. */
export async function placementVectors(): Promise<Vectors> {
  const signed = await sign('placement', encodePlacement(examplePlacement))
  const known = { manifestHash: examplePlacement.manifestHash, n: 5 }
  const changed = async (comment: string, code: string, change: { readonly [field: string]: CborValue | undefined }) =>
    vector(comment, code, await sign('placement', encode({ ...examplePlacement, ...change })), known)
  const [first] = examplePlacement.operators as [Bytes]
  return {
    placement: vector('Five shares at five operators.', 'success', signed, known),
    'wrong-record': vector('The chain names another record.', 'PLACEMENT', signed, {
      recordId: bytesFrom('other', 32),
    }),
    'wrong-version': vector('The chain names another version.', 'PLACEMENT', signed, { version: 2 }),
    'wrong-manifest': vector('It places another manifest.', 'PLACEMENT', signed, {
      manifestHash: bytesFrom('other', 32),
    }),
    'wrong-number': vector('Six shares, five operators.', 'PLACEMENT', signed, { n: 6 }),
    'operator-twice': await changed('One operator for two shares.', 'PLACEMENT', {
      operators: [...examplePlacement.operators.slice(0, 4), first],
    }),
    'no-operators': await changed('No operator.', 'PLACEMENT', { operators: [] }),
    'operator-cut': await changed('An operator id of 15 bytes.', 'CBOR_FIELD', {
      operators: [first.slice(1), ...examplePlacement.operators.slice(1)],
    }),
    'names-another-network': await changed('The payload names another network.', 'PLACEMENT', {
      networkId: bytesFrom('other network', 32),
    }),
  }
}

/** An object of the uploader's name under a stranger's signature. */
async function impostor(payload: Bytes): Promise<Bytes> {
  const signed = await signObject('manifest', payload, networkId, stranger)
  const [uploaderBytes, strangerBytes] = [uploader.address, stranger.address].map((address) =>
    address.slice(2).toLowerCase(),
  )
  const hex = toHex(signed).replace(strangerBytes as string, uploaderBytes as string) as Hex
  return Uint8Array.from(Buffer.from(hex.slice(2), 'hex'))
}

const [manifests, placements] = [await manifestVectors(), await placementVectors()]
whenRun(import.meta.url, () => {
  writeVectors('manifest', manifests)
  writeVectors('placement', placements)
})
