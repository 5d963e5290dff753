import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import {
  acceptResult,
  type Chain,
  commitPackage,
  complaintMessages,
  excludeParty,
  operatorInfo,
  packageHash,
  resultHash,
  revealPackage,
  signerOf,
  signMessage,
} from '@sharewell/sdk/chain'
import { sha256 } from '@sharewell/sdk/primitives'
import {
  CeremonyError,
  type CeremonyResult,
  checkPackage,
  dealtShare,
  judge,
  openShare,
  ownShare,
  type Package,
  resultOf,
  sealShare,
} from '@sharewell/sdk/release'
import { type Dealing, dealtShares, keepDealt, noteResult, type SignedShare, sealedOnce } from './ceremony-state.ts'
import { bytesOf, type CeremonyView } from './ceremony-view.ts'
import { keepShare, keptShare } from './committee.ts'
import type { KeyStore } from './keystore.ts'

/** Parts of a node that takes part. */
export type CeremonyParts = {
  readonly chain: Chain
  readonly keys: KeyStore
  readonly hpkeSeed: Bytes
  readonly operator: () => Promise<Hex>
}

/** Something that a node did on chain, for its log and for the coordinator. */
export type Act = 'committed' | 'revealed' | 'complained' | 'answered' | 'excluded' | 'accepted'

/** Commits to the own package, then shows it once everybody committed. */
export async function showPackage({ chain }: CeremonyParts, view: CeremonyView, { shown }: Dealing): Promise<Act[]> {
  const { ceremony, progress, latest, own } = view
  const at = ceremony.dealers.indexOf(own)
  const number = ceremony.ceremony
  const said = { commitment: shown.commitment.map(toHex), proof: toHex(shown.proof) }
  if (!latest.packages[at]) {
    await commitPackage(chain, { ceremony: number, hash: packageHash(number, own, said) })
    return ['committed']
  }
  if (progress.packages.includes(undefined) || latest.revealed[at]) return []
  await revealPackage(chain, { ceremony: number, ...said })
  return ['revealed']
}

/** Seals the share for one member to its registered key, once, and signs it. */
export async function dealTo(
  { chain, keys }: CeremonyParts,
  view: CeremonyView,
  { polynomial, to, publicKey }: Pick<Dealing, 'polynomial'> & { to: number; publicKey: Bytes },
): Promise<SignedShare> {
  const from = view.dealer ?? 0
  return await sealedOnce(keys, view, to, async () => {
    const share = dealtShare(polynomial, to)
    const { enc, ct } = await sealShare(view.frame, { from, to, share }, publicKey)
    const message = { session: toHex(view.frame.session), round: 2, from, to, payloadHash: shareHash({ enc, ct }) }
    return { from, to, enc, ct, signature: await signMessage(chain, 'DkgMessage', message) }
  })
}

/** Whether the member's registered X-Wing key is this one. */
export async function isKeyOf(chain: Chain, member: Hex, publicKey: Bytes): Promise<boolean> {
  const known = await operatorInfo(chain, { operator: member })
  return known?.hpkeKeyHash === toHex(sha256(publicKey))
}

/** Takes what a coordinator brought: what its dealer signed and what verifies is kept, the rest counts as missing. */
export async function takeShares(
  { chain, keys, hpkeSeed }: CeremonyParts,
  view: CeremonyView,
  { packages, shares }: { packages: readonly Package[]; shares: readonly SignedShare[] },
): Promise<void> {
  const to = view.member
  for (const { signature, ...share } of shares) {
    const at = view.frame.dealers.indexOf(share.from)
    const shown = packages[at]
    if (!shown || share.to !== to) continue
    const dealer = await operatorInfo(chain, { operator: view.ceremony.dealers[at] ?? '0x' })
    const { from } = share
    const message = { session: toHex(view.frame.session), round: 2, from, to, payloadHash: shareHash(share) }
    const signer = await signerOf(chain.network, { kind: 'DkgMessage', message, signature }).catch(() => undefined)
    if (signer === undefined || signer.toLowerCase() !== dealer?.account.toLowerCase()) continue
    const opened = await openShare(view.frame, { shown, to, hpkeSeed }, share).catch(ifRefused)
    if (opened) await keepDealt(keys, view, from, opened)
  }
}

/** Who is shown to be at fault by what stands in a final block: every honest party finds the same. */
export async function culpritsIn(
  { chain }: CeremonyParts,
  view: CeremonyView,
  packages: readonly Package[],
): Promise<Hex[]> {
  const { ceremony, frame, progress, final } = view
  const bad = packages.flatMap((shown, at) => {
    const culprit = ceremony.dealers[at] ?? '0x'
    return isGood(() => checkPackage(frame, shown)) ? [] : [culprit]
  })
  if (bad.length > 0) return bad
  const said = await complaintMessages(chain, ceremony, { fromBlock: ceremony.startBlock, toBlock: final })
  const liars = said
    .filter(({ level }) => level === 4)
    .filter(({ dealer, member, data }) => {
      const shown = packages[ceremony.dealers.indexOf(dealer)] as Package
      return judge(shown, ceremony.members.indexOf(member) + 1, bytesOf(data)) === 'invalid'
    })
    .map(({ dealer }) => dealer)
  const expected = resultHash(asAccepted(resultOf(frame, packages)))
  const others = ceremony.members.filter((_, at) => progress.accepted[at] && progress.accepted[at] !== expected)
  return [...new Set([...liars, ...others])]
}

/** Votes against parties at fault. A vote that the contract does not take any more was cast before. */
export async function voteOut(
  { chain }: CeremonyParts,
  { ceremony, own, member }: CeremonyView,
  culprits: readonly Hex[],
): Promise<Act[]> {
  if (member === undefined) return []
  for (const culprit of culprits.filter((one) => one !== own))
    await excludeParty(chain, { ceremony: ceremony.ceremony, culprit }).catch(ifOutOfTurn)
  return culprits.length > 0 ? ['excluded'] : []
}

/** With every share: computes the own share, keeps it, and accepts the result on chain. */
export async function acceptIfWhole(
  { chain, keys }: CeremonyParts,
  view: CeremonyView,
  packages: readonly Package[],
): Promise<Act[]> {
  const { ceremony, frame, latest, member: to } = view
  if (to === undefined || latest.accepted[to - 1]) return []
  const shares = await dealtShares(keys, view)
  if (shares.size < frame.dealers.length) return []
  const result = resultOf(frame, packages)
  const share = ownShare(frame, { to, packages, shares })
  const accepted = asAccepted(result)
  await noteResult(keys, view, accepted.transcriptHash)
  if (!(await keptShare(keys, accepted.transcriptHash))) {
    const members = ceremony.members.map((one) => fromHex(one, 16))
    await keepShare(keys, { ...result, i: to, share, k: frame.k, members })
  }
  await acceptResult(chain, { ceremony: ceremony.ceremony, ...accepted })
  return ['accepted']
}

const asAccepted = ({ groupKey, verifyingShares, transcriptHash }: CeremonyResult) => ({
  groupKey: toHex(groupKey),
  verifyingShares: verifyingShares.map(toHex),
  transcriptHash: toHex(transcriptHash),
})

/** What a dealer signs for a sealed share. */
const shareHash = ({ enc, ct }: Pick<SignedShare, 'enc' | 'ct'>): Hex => toHex(sha256(encode([enc, ct])))

/** Passes over what a dealer is at fault for. */
export function ifRefused(error: unknown): undefined {
  if (!(error instanceof CeremonyError)) throw error
}

function ifOutOfTurn(error: unknown): undefined {
  const { reason } = error as { reason?: unknown }
  if (reason !== 'KeyCommitteeOutOfTurn' && reason !== 'KeyCommitteeNotOpen') throw error
}

function isGood(check: () => unknown): boolean {
  try {
    check()
    return true
  } catch (error) {
    ifRefused(error)
    return false
  }
}
