import type { Log } from '@sharewell/host'
import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  type Checkpoint,
  checkpointBytes,
  checkpointsOf,
  type Operator,
  operatorInfo,
  publishCheckpoint,
  type SignedCheckpoint,
  signerOf,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { checkFrostShare, type FrostGroup, joinFrost, verifyFrost } from '@sharewell/sdk/release'
import { CheckpointRefusedError } from './errors.ts'
import { askPeer, PeerError } from './peer.ts'
import { type LogParts, logSeatOf } from './seat.ts'
import { type BookService, received, type SentCommitment, type SentShare, statementOf } from './service.ts'
import { commitmentShape, shareShape } from './wire.ts'

/** A member that did not help to sign. BAD_SHARE comes with the `statement` that it signed: anyone can check it. */
export type SignerFault = { readonly i: number; readonly code: string; readonly statement?: SentShare | undefined }

/** Parts of {@link makeCheckpoint}. */
export type RoundParts = LogParts & { readonly book: BookService; readonly log: Log }

type Signer = { readonly i: number; readonly operator: Operator }

/**
 * Has k members sign the checkpoint of `time`, as this node's own chain client tells it, and publishes it. A member that
 * refuses, is silent or gives a wrong share is left out of the next attempt; the wrong share names it.
 * Throws {@link CheckpointRefusedError} when fewer than k are left.
 */
export async function makeCheckpoint(
  parts: RoundParts,
  { time, signal }: { time: number; signal?: AbortSignal | undefined },
): Promise<{ checkpoint: SignedCheckpoint; faults: readonly SignerFault[] }> {
  const { chain, log } = parts
  const { key, kept, group } = await logSeatOf(parts)
  const checkpoint = await parts.book.propose(time)
  const signers = await signersOf(chain, kept.members.map(toHex))
  const faults: SignerFault[] = []
  for (;;) {
    const left = signers.filter(({ i }) => !faults.some((fault) => fault.i === i))
    if (left.length < group.k)
      throw new CheckpointRefusedError({ reason: `${left.length} of ${group.k} members sign it` })
    const signature = await attempt(parts, { checkpoint, group, signers: left, faults, signal })
    if (!signature) continue
    const signed = { ...checkpoint, groupKey: key.groupKey, signature: toHex(signature) }
    await publishCheckpoint(chain, signed, { signal })
    log.info(
      { time, size: checkpoint.size, faults: faults.map(({ i, code }) => ({ i, code })) },
      'checkpoint published',
    )
    return { checkpoint: signed, faults }
  }
}

type Attempt = {
  readonly checkpoint: Checkpoint
  readonly group: FrostGroup
  readonly signers: readonly Signer[]
  readonly faults: SignerFault[]
  readonly signal: AbortSignal | undefined
}

/** One run of both rounds; what goes wrong is added to the faults, and then there is no signature. */
async function attempt(parts: RoundParts, { checkpoint, group, signers, faults, signal }: Attempt) {
  const committed: { signer: Signer; commitment: SentCommitment }[] = []
  for (const signer of signers) {
    if (committed.length === group.k) break
    const commitment = await told(signer, faults, async () => {
      const answer = commitmentShape.parse(
        await askPeer(signer.operator.endpoint, 'commit', { checkpoint }, { signal }),
      )
      if (answer.i !== signer.i) throw new CheckpointRefusedError({ reason: 'it answers for another seat' })
      return answer
    })
    if (commitment) committed.push({ signer, commitment })
  }
  signal?.throwIfAborted()
  if (committed.length < group.k) return undefined
  const commitments = committed.map(({ commitment }) => commitment)
  const shares = await Promise.all(
    committed.map(async ({ signer }) =>
      told(signer, faults, async () =>
        shareShape.parse(await askPeer(signer.operator.endpoint, 'sign', { checkpoint, commitments }, { signal })),
      ),
    ),
  )
  signal?.throwIfAborted()
  const good = []
  for (const [at, { signer }] of committed.entries()) {
    const sent = shares[at]
    if (!sent) continue
    const code = await faultOf(parts.chain, { signer, sent, checkpoint, commitments, group })
    if (code) faults.push({ i: signer.i, code, ...(code === 'BAD_SHARE' && { statement: sent }) })
    else good.push({ i: signer.i, share: fromHex(sent.share, 32) })
  }
  return good.length === group.k ? joinFrost(group, good, signingOf(checkpoint, commitments)) : undefined
}

type Judged = Pick<Attempt, 'checkpoint' | 'group'> & {
  readonly signer: Signer
  readonly sent: SentShare
  readonly commitments: readonly SentCommitment[]
}

/** What is wrong with a share: unsigned words are silence, a signed wrong share is evidence. */
export async function faultOf(
  chain: Pick<Chain, 'network'>,
  { signer, sent, checkpoint, commitments, group }: Judged,
): Promise<'UNSIGNED_SHARE' | 'BAD_SHARE' | undefined> {
  const message = statementOf(checkpoint, commitments, { i: signer.i, share: sent.share })
  const { signature } = sent
  const by = await signerOf(chain.network, { kind: 'CheckpointShare', message, signature }).catch(() => undefined)
  if (by?.toLowerCase() !== signer.operator.account.toLowerCase()) return 'UNSIGNED_SHARE'
  const share = { i: signer.i, share: fromHex(sent.share, 32) }
  const right = checkFrostShare(group, share, signingOf(checkpoint, commitments))
  return right ? undefined : 'BAD_SHARE'
}

/** What the members sign together, and with which nonces. */
const signingOf = (checkpoint: Checkpoint, commitments: readonly SentCommitment[]) => ({
  commitments: commitments.map(received),
  message: checkpointBytes(checkpoint),
})

/** Whether a checkpoint of `time` or later, really signed with the key of now, is on chain. */
export async function isPublished(parts: LogParts, { time, book }: { time: number; book: Hex }): Promise<boolean> {
  const { key } = await logSeatOf(parts)
  return (await checkpointsOf(parts.chain)).some(
    (one) =>
      one.groupKey === key.groupKey &&
      one.time >= time &&
      verifyFrost(fromHex(one.groupKey, 32), checkpointBytes({ ...one, book }), fromHex(one.signature, 64)),
  )
}

async function told<T>({ i }: Signer, faults: SignerFault[], ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    faults.push({ i, code: codeOf(error) })
    return undefined
  }
}

const codeOf = (error: unknown): string => {
  if (error instanceof PeerError) return error.problem
  return error instanceof BaseError ? error.code : 'BAD_ANSWER'
}

async function signersOf(chain: Chain, members: readonly Hex[]): Promise<Signer[]> {
  const known = await Promise.all(members.map((operator) => operatorInfo(chain, { operator })))
  return known.flatMap((operator, at) => (operator ? [{ i: at + 1, operator }] : []))
}
