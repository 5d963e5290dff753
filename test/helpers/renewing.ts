import { fromHex, type Hex } from '@sharewell/sdk/bytes'
import { publicKeyOf } from '@sharewell/sdk/envelope'
import { randomBytes } from '@sharewell/sdk/primitives'
import {
  openPart,
  type PartPlace,
  type Policy,
  type ReceivedPart,
  type RenewSession,
  type RenewTerms,
  sealPart,
  sessionOf,
} from '@sharewell/sdk/share'
import { newAccount } from './parties.ts'
import { upTo } from './renewals.ts'
import { type SealedRecord, sealedRecord } from './sealed-record.ts'

/** A keeper of shares: its account, and the key that envelopes to it are sealed to. */
export type Keeper = { readonly account: ReturnType<typeof newAccount>; readonly seed: Uint8Array<ArrayBuffer> }

/** A record of a few chunks, who keeps it, and terms without what the kind adds. */
export async function renewable(policy: Policy, count = policy.n) {
  const networkId = randomBytes(32)
  const keepers: Keeper[] = upTo(count).map(() => ({ account: newAccount(), seed: randomBytes(32) }))
  const operators = keepers.map(() => randomBytes(16))
  const record = await sealedRecord({
    networkId: `0x${Buffer.from(networkId).toString('hex')}`,
    uploader: newAccount(),
    policy,
    operators: operators.slice(0, policy.n).map((id): Hex => `0x${Buffer.from(id).toString('hex')}`),
    dataLength: 70_000,
  })
  const base = {
    v: 1,
    networkId,
    recordId: record.manifest.recordId,
    version: 1,
    manifestHash: fromHex(record.manifestHash),
    placementHash: fromHex(record.placementHash),
    nonce: randomBytes(32),
  } as const
  return { record, keepers, operators, base, networkId }
}

/** Share-chunk i of share j. */
export const shareChunk = ({ parts }: SealedRecord, j: number, i: number) => {
  const body = parts[i]?.[j]?.body
  if (!body) throw new Error(`no share-chunk ${j}, ${i}`)
  return new Uint8Array(body)
}

export const sessionFor = (terms: RenewTerms): RenewSession => ({
  session: sessionOf(terms),
  networkId: terms.networkId,
})

/** Carries one message from keeper to keeper, sealed and signed as between nodes. */
export async function carry(
  session: RenewSession,
  place: PartPlace,
  body: Uint8Array<ArrayBuffer>,
  { from, to }: { readonly from: Keeper; readonly to: Keeper },
): Promise<ReceivedPart> {
  const sealed = await sealPart(session, place, body, { signer: from.account, publicKey: publicKeyOf(to.seed) })
  return await openPart(session, place, sealed, { seed: to.seed, account: from.account.address })
}
