import { randomBytes } from '#primitives'
import { type Bytes, type Hex, toHex } from '../bytes.ts'
import { type Chain, createReplyKey, hashMessage, type Message, signAsReader, signMessage } from '../chain/index.ts'
import { firstLine } from '../errors.ts'
import {
  convicts,
  createGatherer,
  createLeafLoader,
  type Frame,
  InconsistentRecordError,
  LyingWorkerError,
  loadContentLeaves,
  type RebuildBody,
  rebuildByWorkers,
  rebuildChunks,
  type ShareResponse,
  type SourceFault,
  shareSource,
  type TrailerFrame,
  WorkersFailedError,
  type WorkReceipt,
} from '../place/index.ts'
import { chunkCount } from '../share/index.ts'
import { pin } from './faults.ts'
import { verifierOf } from './operators.ts'
import { chooseWorkers, type StorageParty } from './parties.ts'
import type { Journey } from './progress.ts'
import { proofTeller } from './proofs.ts'
import type { RetrieveOptions } from './types.ts'
import type { DescribedRecord, UnlockedRecord } from './unlock.ts'

/** Seconds that a request for rebuilding lives. */
const lifetime = 300

/** A described record, and the logged release request that allows rebuilding it; none for the patient. */
export type RebuildJob = DescribedRecord & Omit<UnlockedRecord, 'dek'>

/**
 * Gives verified sealed chunks of a record: from an untrusted reconstructor, from the next one where that fails, and
 * gathered here from the storage nodes where all of them fail.
 */
export function rebuildSource(
  chain: Chain,
  job: RebuildJob,
  options: Journey & Pick<RetrieveOptions, 'onProof'> & { readonly reconstructors?: readonly Hex[] | undefined },
): { all(): AsyncIterable<Bytes>; chunks(first: number, count: number): AsyncIterable<Bytes> } {
  const { manifest, nodes } = job
  const { signal } = options
  // Needed to convict a worker and to gather here; most retrievals need it for neither.
  let list: Promise<Bytes> | undefined
  const contentLeaves = () => {
    list ??= loadContentLeaves(manifest, nodes, { signal })
    return list
  }

  const chunks = async function* (first: number, count: number): AsyncGenerator<Bytes> {
    const { tell } = options
    const seen = new Set<number>()
    tell.start('gather', manifest.t)
    tell.start('rebuild', count)
    tell.start('verify', count)
    const gathered = (used: readonly number[]) => {
      for (const index of used.filter((one) => !seen.has(one))) {
        seen.add(index)
        tell.next('gather', holder(job, index))
      }
    }
    // A chunk that comes out of either way has been compared with the manifest.
    const arrived = (by?: Hex) => {
      tell.next('rebuild', by)
      tell.next('verify')
    }
    const proofs = proofTeller(chain, job, options)
    const known = { ...options, proofs }
    const reports: Promise<void>[] = []
    const onTrailer = (worker: Hex, { faults }: TrailerFrame) => {
      for (const fault of faults) reports.push(hear(chain, job, { worker, fault }, known))
    }
    let next = first
    try {
      for await (const chunk of byWorkers(chain, job, { ...known, first, count, contentLeaves, onTrailer })) {
        next = chunk.i + 1
        gathered(chunk.used)
        arrived(chunk.operator)
        yield chunk.sealed
      }
      await Promise.all(reports)
    } catch (error) {
      if (!(error instanceof WorkersFailedError)) throw error
      const rest = { ...known, first: next, count: first + count - next }
      for await (const sealed of gatheredHere(chain, job, rest, contentLeaves)) {
        arrived()
        yield sealed
      }
    } finally {
      await proofs.done()
    }
    for (const step of ['gather', 'rebuild', 'verify'] as const) tell.done(step)
  }
  return { all: () => chunks(0, chunkCount(manifest)), chunks }
}

type Range = { readonly first: number; readonly count: number }
type Proving = Journey & { readonly proofs: ReturnType<typeof proofTeller> }

async function* byWorkers(
  chain: Chain,
  job: RebuildJob,
  options: Proving &
    Range & {
      readonly reconstructors?: readonly Hex[] | undefined
      readonly contentLeaves: () => Promise<Bytes>
      readonly onTrailer: (worker: Hex, trailer: TrailerFrame) => void
    },
) {
  const { first, count, tell, proofs, signal, contentLeaves, onTrailer } = options
  const workers = await chooseWorkers(chain, options.reconstructors, { signal })
  yield* rebuildByWorkers({
    workers,
    sign: (from, length, { operator }) => signRequest(chain, job, { first: from, count: length, worker: operator }),
    first,
    count,
    manifest: job.manifest,
    contentLeaves,
    verifyFrame: verifierOf<Frame>(chain, 'Frame', { signal }),
    verifyReceipt: verifierOf<WorkReceipt>(chain, 'WorkReceipt', { signal }),
    onTrailer,
    onFailure: ({ operator, error }) => {
      const evidence = error instanceof LyingWorkerError ? error.proof : undefined
      const fault = { operator, role: 'reconstructor', code: error.code, detail: firstLine(error.message) } as const
      pin(job.faults, { ...fault, ...(evidence && { evidence }) })
      if (evidence) proofs.tell(evidence, operator)
      tell.failed('rebuild', operator, error.code)
    },
    signal,
  })
}

/** A request for one worker: with a key of its own, so that this worker cannot have another one serve it. */
async function signRequest(
  chain: Chain,
  job: RebuildJob,
  { first, count, worker }: Range & { readonly worker: Hex },
): Promise<RebuildBody> {
  const { releaseRequest, consentSalt } = job
  const key = createReplyKey(chain)
  const request: Message<'RebuildRequest'> = {
    manifestHash: job.anchored.manifestHash,
    first,
    count,
    releaseRequest: job.requestHash ?? `0x${'00'.repeat(32)}`,
    nonce: toHex(randomBytes(32)),
    replyKeyHash: key.hash,
    notAfter: chain.clock() + lifetime,
  }
  // Without a release request the patient reads, who signs in person.
  const signature = releaseRequest
    ? await signAsReader(chain, 'RebuildRequest', request, releaseRequest.message)
    : await signMessage(chain, 'RebuildRequest', request)
  const possession = await key.prove(hashMessage(chain.network, 'RebuildRequest', request), worker)
  const record = { recordId: job.recordId }
  const beside = { ...(releaseRequest && { releaseRequest }), ...(consentSalt && { consentSalt }) }
  return { request, signature, possession, record, ...beside }
}

/** The reader does the worker's part: fetches t of n shares from the record's nodes, verifies and rebuilds. */
async function* gatheredHere(
  chain: Chain,
  job: RebuildJob,
  options: Proving & Range,
  contentLeaves: () => Promise<Bytes>,
): AsyncGenerator<Bytes> {
  const { proofs, signal, first, count } = options
  const { manifest, manifestHash, placement, nodes } = job
  const byOperator = new Map(nodes.map((node): [Hex, StorageParty] => [node.operator, node]))
  const sources = placement.operators.flatMap((id, index) => {
    const node = byOperator.get(toHex(id))
    return node ? [shareSource(node.operator, index, node.store)] : []
  })
  const gatherer = createGatherer({
    manifest,
    manifestHash,
    sources,
    leaves: createLeafLoader(manifest, nodes, { signal }),
    verify: verifierOf<ShareResponse>(chain, 'ShareResponse', { signal }),
    onFault: (fault) => note(job, fault, options),
  })
  const rebuilt = rebuildChunks(gatherer, { first, count, contentLeaves: await contentLeaves(), signal })
  try {
    for await (const { sealed } of rebuilt) yield sealed
  } catch (error) {
    if (error instanceof InconsistentRecordError && error.proof) proofs.tell(error.proof)
    throw error
  }
}

function note(job: RebuildJob, { operator, reason, detail, proof }: SourceFault, { tell, proofs }: Proving): void {
  pin(job.faults, { operator, role: 'storage', code: reason, detail, ...(proof && { evidence: proof }) })
  if (proof) proofs.tell(proof, operator)
  tell.failed('gather', operator, reason)
}

/** Takes down what a worker says of a storage node: a lie only with a proof that convicts, the rest as hearsay. */
async function hear(
  chain: Chain,
  job: RebuildJob,
  { worker, fault }: { readonly worker: Hex; readonly fault: SourceFault },
  { tell, proofs, signal }: Proving,
): Promise<void> {
  const { operator, index, reason, detail, proof } = fault
  if (holder(job, index) !== operator) return
  const { manifest, manifestHash } = job
  const verifyShare = verifierOf<ShareResponse>(chain, 'ShareResponse', { signal })
  const judge = { manifest, manifestHash, operator, verifyShare, verifyFrame: async () => false }
  const evidence = proof && (await convicts(proof, judge)) ? proof : undefined
  if (reason === 'lie' && !evidence) return
  if (evidence) proofs.tell(evidence, operator)
  pin(job.faults, {
    operator,
    role: 'storage',
    code: reason,
    detail,
    reportedBy: worker,
    ...(evidence && { evidence }),
  })
  tell.failed('gather', operator, reason)
}

/** The operator that keeps share `index`. */
const holder = ({ placement }: RebuildJob, index: number): Hex | undefined => {
  const id = placement.operators[index]
  return id && toHex(id)
}
