import { type Bytes, toHex } from '@sharewell/sdk/bytes'
import { typedData } from '@sharewell/sdk/chain'
import { encodeFrame } from '@sharewell/sdk/place'
import { digest, randomBytes } from '@sharewell/sdk/primitives'
import { openAll, seal } from '@sharewell/sdk/seal'
import {
  chunkLength,
  chunkLog2For,
  createManifestBuilder,
  decodeChunk,
  encodeChunk,
  leafAt,
  type ManifestDigests,
  type Part,
  type Policy,
  proveChunk,
  verifyShareChunk,
} from '@sharewell/sdk/share'
import type { Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

const mime = 'application/octet-stream'
const address: Hex = `0x${'5a'.repeat(20)}`

/** A network for signatures: nobody asks it anything. */
export const network = {
  chainId: 31_337,
  contracts: {
    accessManager: address,
    actorRegistry: address,
    patientRegistry: address,
    recordRegistry: address,
    consentRegistry: address,
    delegations: address,
    keyCommittee: address,
    accessLog: address,
    breakGlass: address,
    council: address,
    faultReports: address,
    audits: address,
  },
}

/** The whole of a deposit but network, chain and disk: seal, split, fingerprint, lists and their roots. */
export async function deposit(policy: Policy, record: Uint8Array) {
  const chunkLog2 = chunkLog2For(policy, record.length)
  const sealed = seal([record], { recordId: randomBytes(32), version: 1, mime, chunkLog2 })
  const builder = createManifestBuilder(policy, chunkLog2)
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const parts: Part[][] = []
  for await (const chunk of sealed.chunks) {
    const bodies = encodeChunk(policy, chunk)
    await builder.add(chunks.length, chunk, bodies)
    chunks.push(chunk)
    // The last t: with r = 0 those that hold least of the record as it is.
    parts.push(bodies.map((body, index) => ({ index, body })).slice(-policy.t))
  }
  return { ...sealed, ptCommit: await sealed.ptCommit, chunkLog2, chunks, parts, digests: builder.finish() }
}

/** A deposited record. */
export type Deposited = Awaited<ReturnType<typeof deposit>>

/** What is checked against: the part of a manifest that says how long chunks are and how they are fingerprinted. */
export const shapeOf = ({ chunkLog2, digests }: Deposited) => ({
  chunkLog2,
  sealedLen: digests.sealedLen,
  contentRoot: digests.contentRoot,
})

/** The frames that a reconstructor sends for the whole record, each signed by it; and by whom. */
export async function framesOf({ chunks, parts, digests }: Deposited) {
  const account = privateKeyToAccount(generatePrivateKey())
  const [manifestHash, jobId] = [toHex(randomBytes(32)), toHex(randomBytes(32))]
  const frames = await Promise.all(
    chunks.map(async (chunk, i) => {
      const message = { manifestHash, jobId, i, digest: toHex(await digest(chunk)) }
      const signature = await account.signTypedData(typedData(network, 'Frame', message))
      const used = (parts[i] ?? []).map(({ index }) => index)
      return encodeFrame({ i, chunk, proof: proveChunk(digests.contentLeaves, i), signature, used })
    }),
  )
  return { frames, account, manifestHash, jobId }
}

/** Reads a record from t shares oneself: every share-chunk compared with its leaf, rebuilt, compared again. */
export async function* rebuildAlone(
  policy: Policy,
  { parts, chunkLog2, digests }: Deposited,
  fetched: (i: number) => readonly Part[] | Promise<readonly Part[]> = (i) => parts[i] ?? [],
) {
  const lists = digests.shareLeaves
  for (const i of parts.keys()) {
    const some = await fetched(i)
    for (const { index, body } of some)
      if (!(await verifyShareChunk(listOf(lists, index), i, body))) throw new Error('A share is not what it was.')
    const sealed = decodeChunk(policy, some, chunkLength({ chunkLog2, sealedLen: digests.sealedLen }, i))
    const leaf = leafAt(digests.contentLeaves, i)
    if (!leaf || Buffer.compare(leaf, await digest(sealed)) !== 0) throw new Error('A chunk is not what it was.')
    yield sealed
  }
}

const listOf = (lists: ManifestDigests['shareLeaves'], j: number) => lists[j] ?? new Uint8Array()

/** Opens what arrives, and counts it. */
export async function opened({ header, dek, ptCommit }: Deposited, chunks: AsyncIterable<Bytes>): Promise<number> {
  let count = 0
  for await (const piece of openAll({ header, dek, chunks, ptCommit }).bytes) count += piece.length
  return count
}
