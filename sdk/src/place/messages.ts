import type { Hex } from '../bytes.ts'

/** A storage node's word on the share-chunk it answered: EIP-712 `ShareResponse` of `@sharewell/sdk/chain`. */
export type ShareResponse = {
  readonly manifestHash: Hex
  readonly shareRoot: Hex
  readonly j: number
  readonly i: number
  /** SHA-256 of the body that was sent. */
  readonly digest: Hex
  readonly length: number
  readonly nonce: Hex
  readonly time: number
}

/** A storage node's word that it holds one whole share: EIP-712 `Acknowledgement`. */
export type Acknowledgement = {
  readonly manifestHash: Hex
  readonly placementHash: Hex
  readonly index: number
  readonly shareRoot: Hex
  readonly bytes: bigint
  readonly time: number
}

/** A node's word that it holds nothing of a record's versions up to `version`: EIP-712 `Deletion`. */
export type Deletion = {
  readonly recordId: Hex
  readonly version: number
  readonly operator: Hex
  /** Blocks, or key headers, that it had and deleted. */
  readonly count: number
  readonly time: number
}

/** A reader asks for chunks `first` to `first + count`: EIP-712 `RebuildRequest`. */
export type RebuildRequest = {
  readonly manifestHash: Hex
  readonly first: number
  readonly count: number
  /** Hash of the logged KeyRequest; 32 zero bytes when the pseudonym's controller reads. */
  readonly releaseRequest: Hex
  readonly nonce: Hex
  /** Names the key without which nobody can show this request. */
  readonly replyKeyHash: Hex
  readonly notAfter: number
}

/** A reconstructor's word on one chunk: EIP-712 `Frame`. */
export type Frame = { readonly manifestHash: Hex; readonly jobId: Hex; readonly i: number; readonly digest: Hex }

/** A reconstructor's word on a whole job: EIP-712 `WorkReceipt`. */
export type WorkReceipt = {
  readonly jobId: Hex
  readonly manifestHash: Hex
  readonly first: number
  readonly count: number
  readonly usedShares: Hex
  readonly outRoot: Hex
  readonly bytes: bigint
  readonly startedAt: number
  readonly endedAt: number
}

/** A message with its EIP-712 signature. */
export type Signed<message> = { readonly message: message; readonly signature: Hex }

/** Answers whether the operator's account made this signature; from `@sharewell/sdk/chain`, which place may not know. */
export type Verify<message> = (operator: Hex, signed: Signed<message>) => Promise<boolean>
