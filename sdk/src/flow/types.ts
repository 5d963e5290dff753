import type { Bytes, Hex } from '../bytes.ts'
import type { Chain, Message } from '../chain/index.ts'
import type { FaultFile, FrameFaultProof, ShareFaultProof } from '../place/index.ts'
import type { Policy } from '../share/index.ts'
import type { DepositJournal } from './journal.ts'
import type { ReleaseReceipt } from './unlogged.ts'

export type { DepositJournal, DepositNote } from './journal.ts'

/** The nine steps of a record's journey, in order. */
export type Step =
  | 'seal'
  | 'split'
  | 'place'
  | 'anchor'
  | 'grant'
  | 'release'
  | 'gather'
  | 'rebuild'
  | 'verify'
  | 'open'

/**
 * What a deposit or a retrieval is doing, for whoever watches.
 *
 * `done` of `of` counts bytes for seal and open, acknowledged nodes for place, key nodes for release, shares for
 * gather and chunks for rebuild and verify. `who` names an operator (16-byte id as hex) when the event is about one
 * of them, `problem` a code when that operator failed; the journey may still go on with another.
 */
export type Progress = {
  readonly step: Step
  readonly status: 'start' | 'progress' | 'done' | 'failed'
  readonly done?: number
  readonly of?: number
  readonly who?: Hex
  readonly problem?: string
}

/** Watches a journey; it must not throw. */
export type OnProgress = (progress: Progress) => void

/** What a deposit takes. */
export type DepositOptions = {
  /** Connected with the account that deposits: a provider's uploader, or the patient's controller. It signs and sends. */
  readonly chain: Chain
  /** The pseudonym the record belongs to, and the patient's X-Wing public key at that provider (1216 bytes). */
  readonly patient: { readonly pseudonym: Hex; readonly selfPublicKey: Bytes }
  /** The category as a bit 0..31 of the pseudonym's own permutation. */
  readonly categoryBit: number
  /** Media type of the record, sealed with it. */
  readonly mime: string
  /** Plaintext length in bytes where it is known: it chooses the chunk length and lets progress show a total. */
  readonly size?: number
  /** Shares: any t of n rebuild, any r of them learn nothing. Default (5, 3, 0). */
  readonly policy?: Policy
  /** For records that must stay closed for decades: what key nodes release needs a second key, which a quantum computer
   * does not give away. Costs 1.3 kB for each key node; without it where absent. */
  readonly postQuantum?: boolean | undefined
  /** An emergency summary: the patient's institution and the key nodes can open it together where the patient cannot be
   * asked (docs/spec/break-glass.md). Without effect where there is no emergency key, or no officer yet. */
  readonly emergency?: boolean | undefined
  /** The n storage operators, in share order; chosen at random among the active ones when absent. */
  readonly operators?: readonly Hex[]
  /** Where it notes how far it came. Called again with these notes and the same record, it goes on from there. */
  readonly journal?: DepositJournal | undefined
  readonly onProgress?: OnProgress
  readonly signal?: AbortSignal
}

/** One storage node's signed word that it holds a share: with the receipt's hashes it is the message `Acknowledgement`. */
export type SignedAcknowledgement = {
  readonly operator: Hex
  readonly index: number
  /** T_index, the root over the share's chunks. */
  readonly shareRoot: Hex
  readonly bytes: number
  readonly time: number
  readonly signature: Hex
}

/** Proof of a deposit: n acknowledgements and the transaction that anchored it. */
export type Receipt = {
  readonly recordId: Hex
  readonly version: number
  readonly pseudonym: Hex
  readonly manifestHash: Hex
  readonly placementHash: Hex
  readonly ptCommit: Hex
  readonly policy: Policy
  readonly sealedLength: number
  readonly transaction: Hex
  readonly acknowledgements: readonly SignedAcknowledgement[]
}

/** What a retrieval takes. */
export type RetrieveOptions = {
  /** Connected with the reader's account: it signs the tickets and requests, and logs the release request. Where the
   * connection has a session for the purpose, the session key signs and a relayer logs. */
  readonly chain: Chain
  readonly recordId: Hex
  /**
   * Who opens. A reader opens under consent (W1) for one purpose; the patient opens an own record by W0 with the
   * X-Wing seed of that provider and needs no key node's release.
   */
  readonly as:
    | {
        readonly kind: 'reader'
        readonly purpose: number
        readonly credentialId?: Hex
        /** Of the consent, from the patient's consent receipt, where it names its grantee with a salt. */
        readonly consentSalt?: Hex
        /** In an emergency (purpose BTG): the officers' part of the record, from `openGlassPart`; `credentialId` is then
         * the affiliation with which the window was opened. */
        readonly officersPart?: Bytes
      }
    | { readonly kind: 'patient'; readonly selfSeed: Bytes }
  /** Plaintext bytes wanted, `to` exclusive; the whole record when absent. A range costs only its chunks. */
  readonly range?: { readonly from: number; readonly to: number }
  /** What an earlier retrieval of the whole record left: as much of it as is the record's is not fetched again. */
  readonly kept?: KeptBytes | undefined
  /** Reconstructors to ask, in this order; the active ones on chain, in random order, when absent. */
  readonly reconstructors?: readonly Hex[]
  /** Hears, as soon as the key is there, what each key node signed when it released: who keeps it can show a release that
   * a node kept out of the book (docs/spec/book.md#receipts). Not called for a patient, who needs no release. */
  readonly onReceipts?: ((receipts: readonly ReleaseReceipt[]) => void) | undefined
  /** Hears of each operator that lied, and of a depositor that split wrongly, once, with what convicts it before anybody
   * (docs/spec/faults.md): who keeps it can have it judged and reported. All have been told when `bytes` ends or throws. */
  readonly onProof?: ((file: FaultFile) => void) | undefined
  readonly onProgress?: OnProgress
  readonly signal?: AbortSignal
}

/** The beginning of a record on the reader's device. It is compared with the record before any of it is believed. */
export type KeptBytes = {
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
  /** Hears how many bytes from the beginning are the record's, before they are given out. */
  readonly onKept?: ((length: number) => void) | undefined
}

/** A partial that a key node signed and whose public proof does not hold, or a share of a second key that is not the one
 * committed to. With the record's header anyone can tell: `message.partialHash` fixes both of them. */
export type FalsePartial = {
  readonly message: Message<'Partial'>
  readonly signature: Hex
  /** The 168 bytes that were signed. */
  readonly partial: Hex
  /** Hash of the share that came with it, where one did. */
  readonly secondHash?: Hex | undefined
}

/** An operator that was caught or gave up during a retrieval, and how. */
export type Fault = {
  readonly operator: Hex
  readonly role: 'storage' | 'reconstructor' | 'key'
  readonly code: string
  readonly detail: string
  /** What the operator signed, and why it is false: anyone can check it. Absent where nobody signed anything. */
  readonly evidence?: ShareFaultProof | FrameFaultProof | FalsePartial | undefined
  /** The reconstructor that says so; without evidence nobody need believe it. */
  readonly reportedBy?: Hex | undefined
}

/**
 * A record on its way out. `bytes` yields verified plaintext as it arrives; only when it ended without throwing has
 * the whole been checked against the chain (H(Z') = H(Z)). A consumer that wrote bytes before a throw deletes them.
 */
export type Retrieved = {
  readonly bytes: AsyncIterable<Bytes>
  /** Media type and length of the whole record; known when `bytes` ended, at once for a range. */
  readonly trailer: Promise<{ readonly mime: string; readonly size: number }>
  /** Operators that lied, failed or refused so far; complete once `bytes` ended. */
  readonly faults: readonly Fault[]
}
