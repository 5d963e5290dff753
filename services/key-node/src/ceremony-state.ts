import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { decode, encode, field } from '@sharewell/sdk/cbor'
import { labelText } from '@sharewell/sdk/labels'
import { drawPolynomial, type Package, packageOf } from '@sharewell/sdk/release'
import type { CeremonyView } from './ceremony-view.ts'
import { keptShare } from './committee.ts'
import type { KeyStore } from './keystore.ts'

/** A sealed share with its dealer's signature. */
export type SignedShare = {
  readonly from: number
  readonly to: number
  readonly enc: Bytes
  readonly ct: Bytes
  readonly signature: Hex
}

/** What a node deals: its polynomial, and the package that shows it. */
export type Dealing = { readonly polynomial: readonly Bytes[]; readonly shown: Package }

const prefix = 'ceremony-'

/** Everything of one ceremony begins with its number and session: those of a chain that was reset do not meet. */
const nameOf = ({ ceremony, frame }: CeremonyView, what: string) =>
  `${prefix}${ceremony.ceremony}-${toHex(frame.session).slice(2, 34)}-${what}`

const labelOf = ({ frame }: CeremonyView) => labelText('release', frame.old ? 'reshare' : 'dkg w1')

/** The ceremonies of which something is kept, with the names. */
export async function keptCeremonies(keys: KeyStore): Promise<ReadonlyMap<number, readonly string[]>> {
  const names = (await keys.names()).filter((name) => name.startsWith(prefix))
  return Map.groupBy(names, (name) => Number(name.slice(prefix.length).split('-')[0]))
}

/** This node's dealing, drawn once and on disk before anything of it is shown; undefined where it holds no share. */
export async function dealingOf(keys: KeyStore, view: CeremonyView): Promise<Dealing | undefined> {
  const { dealer, frame, from } = view
  if (dealer === undefined) return undefined
  const name = nameOf(view, 'dealing')
  const kept = await keys.get(name, labelOf(view))
  if (kept) {
    const { polynomial, ...shown } = readDealing(decode(kept), 'dealing')
    return { polynomial, shown: { from: dealer, ...shown } }
  }
  const secret = from === undefined ? undefined : (await keptShare(keys, from))?.share
  if (from !== undefined && !secret) return undefined
  const polynomial = drawPolynomial(frame.k, { secret })
  const shown = packageOf(frame, dealer, polynomial)
  const { commitment, proof } = shown
  await keys.put(name, labelOf(view), encode({ polynomial, commitment: [...commitment], proof }))
  return { polynomial, shown }
}

/** The share dealt to one member, sealed once: asked again, a node gives the same bytes. */
export async function sealedOnce(
  keys: KeyStore,
  view: CeremonyView,
  to: number,
  seal: () => Promise<SignedShare>,
): Promise<SignedShare> {
  const name = nameOf(view, `dealt-${to}`)
  const kept = await keys.get(name, labelOf(view))
  if (kept) {
    const { signature, ...share } = readShare(decode(kept), 'dealt share')
    return { ...share, signature: toHex(signature) }
  }
  const share = await seal()
  await keys.put(name, labelOf(view), encode({ ...share, signature: fromHex(share.signature, 65) }))
  return share
}

/** Keeps a share that this node was dealt; the first good one stands. */
export async function keepDealt(keys: KeyStore, view: CeremonyView, from: number, share: Bytes): Promise<void> {
  const name = nameOf(view, `got-${from}`)
  if (!(await keys.get(name, labelOf(view)))) await keys.put(name, labelOf(view), share)
}

/** The shares that this node was dealt, by dealer. */
export async function dealtShares(keys: KeyStore, view: CeremonyView): Promise<ReadonlyMap<number, Bytes>> {
  const found = await Promise.all(
    view.frame.dealers.map(async (from) => [from, await keys.get(nameOf(view, `got-${from}`), labelOf(view))] as const),
  )
  return new Map(found.filter((one): one is [number, Bytes] => one[1] !== undefined))
}

/** Remembers which share the ceremony gave, so that it can be erased if the ceremony fails. */
export async function noteResult(keys: KeyStore, view: CeremonyView, transcriptHash: Hex): Promise<void> {
  const name = nameOf(view, `result-${transcriptHash.slice(2)}`)
  if (!(await keys.get(name, labelOf(view)))) await keys.put(name, labelOf(view), new Uint8Array(1))
}

/** The transcript in a name that {@link noteResult} kept. */
export const notedIn = (name: string): Hex | undefined => {
  const [, transcript] = /-result-([0-9a-f]{64})$/.exec(name) ?? []
  return transcript === undefined ? undefined : `0x${transcript}`
}

const readDealing = field.record({
  polynomial: field.array(field.bytes(32)),
  commitment: field.array(field.bytes(32)),
  proof: field.bytes(64),
})
const readShare = field.record({
  from: field.integer(1, 16),
  to: field.integer(1, 16),
  enc: field.bytes(),
  ct: field.bytes(),
  signature: field.bytes(65),
})
