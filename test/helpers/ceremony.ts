import { toHex } from '@sharewell/sdk/bytes'
import { basePoint, decodeScalar, encodePoint, lagrange, scalarField } from '@sharewell/sdk/group'
import {
  type CeremonyResult,
  ceremonySession,
  dealtShare,
  drawPolynomial,
  type Frame,
  ownShare,
  type Package,
  packageOf,
  resultOf,
} from '@sharewell/sdk/release'

const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill)
let next = 0

/** The terms that all share: member j is the operator j, whatever it was before. */
export function frameOf({
  k,
  h,
  dealers,
  held,
}: {
  k: number
  h: number
  dealers: readonly number[]
  held?: Held
}): Frame {
  const set = Array.from({ length: h }, (_, at) => bytes(at + 1, 16))
  const setting = { networkId: bytes(1), chainId: 31337, contract: toHex(bytes(2, 20)), ceremony: ++next, epoch: 1 }
  const session = ceremonySession({ ...setting, k, set, dealers, from: held?.transcriptHash })
  return { session, k, h, dealers, old: held && { groupKey: held.groupKey, verifyingShares: held.verifyingShares } }
}

/** An epoch as all its members hold it: for tests, in one place. */
export type Held = CeremonyResult & { readonly shares: readonly Uint8Array<ArrayBuffer>[] }

/** Runs a ceremony of honest parties in memory. */
export function run(frame: Frame, held?: Held): Held & { packages: Package[] } {
  const polynomials = frame.dealers.map((i) => drawPolynomial(frame.k, { secret: held?.shares[i - 1] }))
  const packages = frame.dealers.map((i, at) => packageOf(frame, i, polynomials[at] ?? []))
  const result = resultOf(frame, packages)
  const shares = Array.from({ length: frame.h }, (_, at) => {
    const dealt = new Map(frame.dealers.map((i, d) => [i, dealtShare(polynomials[d] ?? [], at + 1)]))
    return ownShare(frame, { to: at + 1, packages, shares: dealt })
  })
  return { ...result, shares, packages }
}

/** A new key of k of h. */
export function generate(k: number, h: number): Held {
  return run(frameOf({ k, h, dealers: Array.from({ length: h }, (_, at) => at + 1) }))
}

/** g to the secret that these shares give. */
export function opened(shares: readonly { i: number; share: Uint8Array }[]): Uint8Array {
  const indices = shares.map(({ i }) => i)
  const secret = shares.reduce(
    (sum, { i, share }) => scalarField.add(sum, scalarField.mul(lagrange(indices, i), decodeScalar(share))),
    0n,
  )
  return encodePoint(basePoint.multiply(secret))
}

/** g to a share. */
export const publicOf = (share: Uint8Array): Uint8Array => encodePoint(basePoint.multiply(decodeScalar(share)))
