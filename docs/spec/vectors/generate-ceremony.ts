import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { packageHash, resultHash } from '@sharewell/sdk/chain'
import { publicKeyOf } from '@sharewell/sdk/envelope'
import { basePoint, decodePoint, encodePoint } from '@sharewell/sdk/group'
import {
  ceremonySession,
  dealtShare,
  drawPolynomial,
  type Frame,
  ownShare,
  type Package,
  packageOf,
  resultOf,
  sealShare,
} from '@sharewell/sdk/release'
import { seeded, toVectors } from './scenarios.ts'
import { whenRun, writeVectors } from './vector.ts'

type Bytes = Uint8Array<ArrayBuffer>

const random = seeded('ceremony')
const flip = (bytes: Bytes, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
const identity = new Uint8Array(32)
const set = [1, 2, 3, 4].map((i) => new Uint8Array(16).fill(i))
const where = { networkId: random(32), chainId: 31337, contract: `0x${'11'.repeat(20)}` as Hex }

// A new key, 2 of 3: everybody deals.
const fresh = { ...where, ceremony: 1, epoch: 1, k: 2, set: set.slice(0, 3), dealers: [1, 2, 3] }
const freshFrame: Frame = { session: ceremonySession(fresh), k: 2, h: 3, dealers: fresh.dealers }
const made = runOf(freshFrame)

// The same key shared anew, 3 of 4, by the members 1 and 3.
const terms = { ...where, ceremony: 2, epoch: 2, k: 3, set, dealers: [1, 3], from: made.result.transcriptHash }
const old = { groupKey: made.result.groupKey, verifyingShares: made.result.verifyingShares }
const frame: Frame = { session: ceremonySession(terms), k: 3, h: 4, dealers: terms.dealers, old }
const again = runOf(frame, made.shares)
const [first, third] = again.packages as [Package, Package]
const otherSession = ceremonySession({ ...terms, ceremony: 3 })

/** What honest parties draw and say, every secret from the seed. */
function runOf(of: Frame, held?: readonly Bytes[]) {
  const polynomials = of.dealers.map((i) => drawPolynomial(of.k, { secret: held?.[i - 1], random }))
  const nonces = of.dealers.map(() => random(64))
  const packages = of.dealers.map((i, at) => {
    const given = nonces[at] as Bytes
    return packageOf(of, i, polynomials[at] ?? [], { random: (length) => given.slice(0, length) })
  })
  const result = resultOf(of, packages)
  const shares = Array.from({ length: of.h }, (_, at) => {
    const dealt = new Map(of.dealers.map((i, d) => [i, dealtShare(polynomials[d] ?? [], at + 1)]))
    return ownShare(of, { to: at + 1, packages, shares: dealt })
  })
  return { polynomials, nonces, packages, result, shares }
}

const hpkeSeed = random(32)
const sealing = random(64)
const share = dealtShare(again.polynomials[1] ?? [], 2)
const sealTo = async (to: number, plain: Bytes) =>
  await sealShare(frame, { from: 3, to, share: plain }, publicKeyOf(hpkeSeed), { random: () => sealing })
const sealed = await sealTo(2, share)
const wrong = await sealTo(2, dealtShare(again.polynomials[1] ?? [], 4))
const openTo = { shown: third, to: 2, hpkeSeed }

const asShown = ({ commitment, proof }: Package) => ({ commitment: commitment.map(toHex), proof: toHex(proof) })
const operator = toHex(set[2] as Bytes)
const accepted = {
  groupKey: toHex(again.result.groupKey),
  verifyingShares: again.result.verifyingShares.map(toHex),
  transcriptHash: toHex(again.result.transcriptHash),
}
const dealtTo = (to: number) =>
  terms.dealers.map((i, at) => ({ from: i, share: dealtShare(again.polynomials[at] ?? [], to) }))

const says = (name: string, comment: string, operation: string, input: object, output: object) => ({
  name,
  comment,
  operation,
  expect: 'success',
  input,
  output,
})
/** What names dealer `culprit`, or nobody. */
const refused = (
  name: string,
  comment: string,
  { operation, culprit, ...input }: { operation: string; culprit?: number } & Record<string, unknown>,
) => ({
  name,
  comment,
  operation,
  expect: 'CEREMONY',
  input,
  output: { culprits: culprit === undefined ? [] : [culprit] },
})
const bad = (name: string, comment: string, change: Partial<Package>, about: Frame = frame) =>
  refused(name, comment, {
    operation: 'check',
    culprit: change.from ?? 3,
    frame: about,
    shown: { ...third, ...change },
  })
const at = (index: number, point: Bytes) => ({ commitment: third.commitment.with(index, point) })
const rogue = encodePoint(basePoint.multiply(5n).subtract(decodePoint(first.commitment[0] as Bytes)))
const [freshFirst] = made.packages as [Package]
const freshRogue = encodePoint(
  made.packages
    .slice(1)
    .reduce((sum, { commitment }) => sum.subtract(decodePoint(commitment[0] as Bytes)), basePoint.multiply(5n)),
)
const judged = (name: string, comment: string, verdict: string, input: object) =>
  says(name, comment, 'judge', { shown: third, to: 2, ...input }, { verdict })
const opening = (name: string, comment: string, input: object) =>
  refused(name, comment, { operation: 'open', culprit: 3, frame, ...openTo, sealed, ...input })

/** Every message of docs/spec/committee.md, and every reason for which a party is named. */
export const ceremonyVectors = toVectors([
  says('session-generation', 'the session of a new key', 'session', fresh, { session: freshFrame.session }),
  says('session-resharing', 'the session of a key shared anew', 'session', terms, { session: frame.session }),
  says(
    'package-generation',
    'what a dealer of a new key shows',
    'package',
    { frame: freshFrame, from: 1, polynomial: made.polynomials[0], random: made.nonces[0] },
    { commitment: freshFirst.commitment, proof: freshFirst.proof },
  ),
  says(
    'package-resharing',
    'what a dealer of its share shows',
    'package',
    { frame, from: 3, polynomial: again.polynomials[1], random: again.nonces[1] },
    { commitment: third.commitment, proof: third.proof },
  ),
  says(
    'commit',
    'the hash of a package, as the contract takes it first',
    'commit',
    { ceremony: 2, operator: fromHex(operator, 16), shown: third },
    { hash: fromHex(packageHash(2, operator, asShown(third)), 32) },
  ),
  says('deal', "member 2's share of dealer 3", 'deal', { polynomial: again.polynomials[1], to: 2 }, { share }),
  says(
    'seal',
    'the same share sealed to member 2; as an answer on chain, enc and ct follow each other',
    'seal',
    { frame, from: 3, to: 2, share, publicKey: publicKeyOf(hpkeSeed), random: sealing },
    sealed,
  ),
  says('open', 'and opened', 'open', { frame, ...openTo, sealed }, { share }),
  says('result-generation', 'a new key', 'result', { frame: freshFrame, packages: made.packages }, made.result),
  says('result-resharing', 'the same key shared anew', 'result', { frame, packages: again.packages }, again.result),
  says('accept', 'what the contract keeps of an accepted result', 'accept', again.result, {
    hash: fromHex(resultHash(accepted), 32),
  }),
  says(
    'own',
    "member 2's share of the key",
    'own',
    { frame, to: 2, packages: again.packages, shares: dealtTo(2) },
    { share: again.shares[1] },
  ),
  bad('check-long', 'a further commitment: it would raise the threshold', {
    commitment: [...third.commitment, old.groupKey],
  }),
  bad('check-short', 'a commitment too few', { commitment: third.commitment.slice(0, 2) }),
  bad('check-empty', 'no commitments', { commitment: [] }),
  bad('check-identity', 'a commitment that is the identity', at(2, identity)),
  bad('check-no-point', 'a commitment that is no point', at(1, new Uint8Array(32).fill(0xff))),
  bad('check-other-secret', 'the first commitment is not the share of the epoch before', at(0, old.groupKey)),
  bad('check-rogue', 'a first commitment that cancels the others', at(0, rogue)),
  refused('check-rogue-generation', 'the same of a new key, without proof that it is known', {
    operation: 'check',
    culprit: 1,
    frame: freshFrame,
    shown: { ...freshFirst, commitment: freshFirst.commitment.with(0, freshRogue) },
  }),
  bad('check-altered-proof', 'one bit of the proof', { proof: flip(third.proof, 40) }),
  bad('check-old-package', 'the package of an earlier ceremony', {}, { ...frame, session: otherSession }),
  bad('check-other-number', 'shown as another dealer', { from: 1 }),
  bad('check-not-asked', 'a dealer that was not asked', { from: 2 }),
  opening('open-other-member', 'passed on to another member', { to: 1 }),
  opening('open-other-dealer', 'passed off as the share of another dealer', {
    shown: { ...third, from: 1 },
    culprit: 1,
  }),
  opening('open-other-session', 'carried into another ceremony', { frame: { ...frame, session: otherSession } }),
  opening('open-other-key', 'opened by whom it was not sealed to', { hpkeSeed: new Uint8Array(32).fill(7) }),
  opening('open-altered', 'one bit of the ciphertext', { sealed: { ...sealed, ct: flip(sealed.ct, 3) } }),
  opening('open-wrong-share', 'a share that does not match the commitment', { sealed: wrong }),
  refused('result-missing', 'a package that did not come', {
    operation: 'result',
    culprit: 3,
    frame,
    packages: [first],
  }),
  refused('result-too-few', 'fewer dealers than the threshold before: the key would be another', {
    operation: 'result',
    frame: { ...frame, dealers: [1] },
    packages: [first],
  }),
  refused('own-missing', 'a share that did not come', {
    operation: 'own',
    culprit: 3,
    frame,
    to: 2,
    packages: again.packages,
    shares: dealtTo(2).slice(0, 1),
  }),
  refused('own-wrong', 'the share of another member', {
    operation: 'own',
    culprit: 3,
    frame,
    to: 2,
    packages: again.packages,
    shares: [...dealtTo(2).slice(0, 1), ...dealtTo(4).slice(1)],
  }),
  judged('judge-valid', 'a published share that fits: nobody is at fault', 'valid', { share }),
  judged('judge-invalid', 'a published share of another member', 'invalid', { share, to: 3 }),
  judged('judge-zero', 'a published share that is 0', 'invalid', { share: identity }),
  judged('judge-none', 'no answer yet', 'none', {}),
])

whenRun(import.meta.url, () => writeVectors('ceremony', ceremonyVectors))
