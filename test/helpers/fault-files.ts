import { type Bytes, type Hex, toHex } from '@sharewell/sdk/bytes'
import type { Network } from '@sharewell/sdk/chain'
import {
  createGatherer,
  createMemoryStore,
  type FaultFile,
  InconsistentRecordError,
  rebuildChunks,
  shareSource,
} from '@sharewell/sdk/place'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import type { Policy } from '@sharewell/sdk/share'
import { proveFrameLie, proveShareLie } from '../../sdk/src/place/fault.ts'
import { flipped } from '../compliance/share-store.ts'
import { newAccount, newParties, type Party, signerFor, signingFacts } from './parties.ts'
import { anchoredOf, nextOf, signedGeneration } from './renewing.ts'
import { type SealedRecord, sealedRecord } from './sealed-record.ts'

const policy: Policy = { n: 5, t: 3, r: 1 }

/** A record, its depositor, and a storage node and a reconstructor that lie about its chunk 1. */
export type Lies = {
  readonly record: SealedRecord
  readonly uploader: Hex
  readonly liar: Party
  readonly file: { readonly share: FaultFile; readonly frame: FaultFile; readonly upload: FaultFile }
  /** The share's lie, signed once more. */
  readonly again: FaultFile
  /** A share's lie under a manifest that follows the anchored one. */
  readonly renewed: FaultFile
  /** The same words about the right bytes: slander. */
  readonly truth: { readonly share: FaultFile; readonly frame: FaultFile }
}

/** Tells lies of each kind in a network, and makes the files that prove them. */
export async function tellLies(network: Network, options: tellLies.Options = {}): Promise<Lies> {
  const uploader = options.uploader ?? newAccount()
  const [liar = newParties(1)[0] as Party, ...others] = newParties(policy.n)
  const party = options.liar ?? liar
  const operators = [party, ...others].map(({ operator }) => operator)
  const split = { networkId: network.networkId, uploader, policy, operators }
  const { recordId, dataLength } = options
  const record = await sealedRecord({ ...split, ...(recordId && { recordId }), ...(dataLength && { dataLength }) })
  const accused = { operator: party.operator, account: party.account.address.toLowerCase() as Hex }
  const common = { network: signingFacts(network), accused, manifest: record.blocks.manifest }
  const digest = toHex(sha256(randomBytes(8)))
  const share = async (said: Hex): Promise<FaultFile> => ({
    ...common,
    proof: proveShareLie(record.shareLeaves[0] as Bytes, await shareWord(network, record, party, said)),
  })
  const frame = async (said: Hex): Promise<FaultFile> => ({
    ...common,
    proof: proveFrameLie(record.contentLeaves, await frameWord(network, record, party, said)),
  })
  const right = (list: Bytes | undefined) => toHex((list as Bytes).slice(32, 64))
  const tamper = (body: Bytes, chunk: number, index: number) => (chunk === 1 && index === 2 ? flipped(body) : undefined)
  const bad = await sealedRecord({ ...split, tamper })
  return {
    record,
    uploader: uploader.address.toLowerCase() as Hex,
    liar: party,
    file: {
      share: await share(digest),
      frame: await frame(digest),
      upload: { network: common.network, manifest: bad.blocks.manifest, proof: await uploadProof(bad) },
    },
    again: await share(digest),
    renewed: await renewedLie(network, record, party),
    truth: { share: await share(right(record.shareLeaves[0])), frame: await frame(right(record.contentLeaves)) },
  }
}

export declare namespace tellLies {
  type Options = {
    readonly liar?: Party
    readonly uploader?: ReturnType<typeof newAccount>
    readonly recordId?: Hex
    readonly dataLength?: number
  }
}

/** A signed answer about chunk 1 of a share that says `digest`. */
export async function shareWord(
  network: Network,
  record: Pick<SealedRecord, 'manifest' | 'manifestHash'>,
  { account }: Party,
  digest: Hex,
  j = 0,
) {
  const message = {
    manifestHash: record.manifestHash,
    shareRoot: toHex(record.manifest.T[j] as Bytes),
    j,
    i: 1,
    digest,
    length: 100,
    nonce: toHex(randomBytes(32)),
    time: 1_000,
  }
  return { message, signature: await signerFor(network, 'ShareResponse', account)(message) }
}

/** A lie about share 0 once it was renewed, which a manifest of its own describes. */
export async function renewedLie(network: Network, record: SealedRecord, party: Party): Promise<FaultFile> {
  const { manifest, shareLeaves, blocks } = record
  const next = nextOf(anchoredOf(record), { policy: manifest, T: manifest.T, shareLeaves: [...shareLeaves] })
  const operators = manifest.T.map(() => toHex(randomBytes(16)))
  const generation = await signedGeneration(next, { uploader: newAccount(), operators })
  const lie = await shareWord(network, { ...record, ...generation }, party, toHex(sha256(randomBytes(8))))
  return {
    network: signingFacts(network),
    accused: { operator: party.operator, account: party.account.address.toLowerCase() as Hex },
    manifest: generation.signed,
    lineage: [blocks.manifest],
    proof: proveShareLie(shareLeaves[0] as Bytes, lie),
  }
}

/** A signed frame about chunk 1 that says `digest`. */
export async function frameWord(network: Network, record: SealedRecord, { account }: Party, digest: Hex) {
  const message = { manifestHash: record.manifestHash, jobId: toHex(randomBytes(32)), i: 1, digest }
  return { message, signature: await signerFor(network, 'Frame', account)(message) }
}

/** What a reader meets who gathers shares that were split wrongly. */
async function uploadProof({ manifest, manifestHash, parts, shareLeaves, contentLeaves, sealed }: SealedRecord) {
  const sources = await Promise.all(
    [0, 1, 2].map(async (index) => {
      const store = createMemoryStore()
      for (const row of parts) await store.put(row[index]?.cid ?? '', row[index]?.body as Bytes)
      return shareSource(toHex(randomBytes(16)), index, store)
    }),
  )
  const gatherer = createGatherer({
    manifest,
    manifestHash,
    sources,
    leaves: async (index) => shareLeaves[index] as Bytes,
  })
  try {
    for await (const _ of rebuildChunks(gatherer, { first: 0, count: sealed.length, contentLeaves }));
  } catch (error) {
    if (error instanceof InconsistentRecordError && error.proof) return error.proof
    throw error
  }
  throw new Error('the record was split rightly')
}
