import { type CborValue, decode, encode } from '@sharewell/sdk/cbor'
import { publicKeyOf, symmetricKeyIdOf } from '@sharewell/sdk/envelope'
import { basePoint, encodePoint, encodeScalar, provePossession, randomScalar, scalarField } from '@sharewell/sdk/group'
import {
  combine,
  createReaderKey,
  ctHash,
  dealSecondKey,
  dkgSession,
  encaps,
  encodeCiphertext,
  encodeKeyHeader,
  encodePartial,
  finish,
  openSecondShare,
  partial,
  partialHash,
  round1Hash,
  type SecondShare,
  sealAnswer,
  secondShareHash,
  startDkg,
  transcriptHash,
  wrapDek,
  wrapLabel,
} from '@sharewell/sdk/release'
import { signObject } from '@sharewell/sdk/signed'
import { privateKeyToAccount } from 'viem/accounts'
import { seeded, toVectors } from './scenarios.ts'
import { whenRun, writeVectors } from './vector.ts'

const random = seeded('release')
const flip = (bytes: Uint8Array<ArrayBuffer>, at = 0) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
const publicOf = (secret: bigint) => encodePoint(basePoint.multiply(secret))

// A key of 3 of 5, dealt here from a polynomial.
const polynomial = [randomScalar(random), randomScalar(random), randomScalar(random)]
const shareOf = (i: number) =>
  polynomial.reduceRight((sum, one) => scalarField.add(scalarField.mul(sum, BigInt(i)), one), 0n)
const groupKey = publicOf(polynomial[0] as bigint)
const members = [1, 2, 3, 4, 5]
const committee = { keyEpoch: 1, k: 3, verifyingShares: members.map((i) => publicOf(shareOf(i))) }
const nodeOf = (i: number) => ({ i, keyEpoch: 1, share: encodeScalar(shareOf(i)), groupKey })

const record = { networkId: random(32), recordId: random(32), version: 1, sealHash: random(32) }
const L = wrapLabel({ ...record, kind: 'W1' })
const encapsulationRandom = random(128)
const twice = (bytes: Uint8Array<ArrayBuffer>) => {
  let at = 0
  return (length: number) => {
    at += length
    return bytes.slice(at - length, at)
  }
}
const { key, ct } = encaps(groupKey, L, { random: twice(encapsulationRandom) })
const other = encaps(groupKey, L, { random }).ct
const check = (name: string, comment: string, changes: object, input: object = {}) => ({
  name,
  comment,
  operation: 'check',
  expect: 'CIPHERTEXT',
  input: { groupKey, ct: { ...ct, ...changes }, L, ...input },
})

const reader = createReaderKey({ random })
const requestHash = random(32)
const statement = { networkId: record.networkId, requestHash, ct, Yr: reader.Yr }
const nonceRandom = random(96)
const partials = members.map((i) => partial(nodeOf(i), statement, { random: i === 1 ? twice(nonceRandom) : random }))
const [first] = partials as [(typeof partials)[number]]
const verify = (name: string, comment: string, valid: boolean, changes: object, about: object = {}) => ({
  name,
  comment,
  operation: 'verify',
  expect: valid ? 'success' : 'INVALID_PARTIAL',
  input: {
    verifyingShare: committee.verifyingShares[0],
    statement: { ...statement, ...about },
    partial: { ...first, ...changes },
  },
})
const combined = combine(partials.slice(1, 4), committee, statement)
const gather = (name: string, comment: string, expected: string, answers: readonly object[], output?: object) => ({
  name,
  comment,
  operation: 'combine',
  expect: expected,
  input: { committee, statement, partials: answers, y: reader.y },
  ...(output === undefined ? {} : { output }),
})
const quorum = (name: string, comment: string, answers: readonly object[], refusals: readonly object[]) =>
  gather(name, comment, 'QUORUM', answers, { refusals })

const pok = provePossession(randomScalar(seeded('pok')), requestHash, { random: seeded('pok t') })
const pokKey = publicOf(randomScalar(seeded('pok')))
const possession = (name: string, comment: string, expected: string, changes: object) => ({
  name,
  comment,
  operation: 'possession',
  expect: expected,
  input: { publicKey: pokKey, context: requestHash, proof: pok, ...changes },
})

const answer = { partial: first, signature: random(65) }
const answerSeal = random(64)
const sealedAnswer = await sealAnswer(
  answer,
  { requestHash, hpkePublicKey: reader.hpkePublicKey },
  { random: () => answerSeal },
)
const opening = (name: string, comment: string, expected: string, changes: object) => ({
  name,
  comment,
  operation: 'answer',
  expect: expected,
  input: { hpkeSeed: reader.hpkeSeed, requestHash, i: 1, ...sealedAnswer, ...changes },
  ...(expected === 'success' ? { output: { partial: encodePartial(first), signature: answer.signature } } : {}),
})

const account = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
const seed = random(32)
const dek = random(32)
const header = await wrapDek({ record, dek, patientKey: publicKeyOf(seed), groupKey }, { random })
const sign = (payload: Uint8Array) => signObject('key header', payload, record.networkId, account)
const object = await sign(encodeKeyHeader(header))
const payload = decode(encodeKeyHeader(header)) as { wraps: { W1: { enc: Uint8Array } } }
const relabelled = encodeCiphertext({ ...ct, L: wrapLabel({ ...record, version: 2, kind: 'W1' }) })
const W1 = { ...payload.wraps.W1, enc: relabelled }
const parse = (name: string, comment: string, expected: string, bytes: Uint8Array, about: object = {}) => ({
  name,
  comment,
  operation: 'header',
  expect: expected,
  input: { object: bytes, networkId: record.networkId, recordId: record.recordId, version: 1, seed, ...about },
  ...(expected === 'success' ? { output: { dek } } : {}),
})

// A key generation whose every message follows from the seeds.
const session = {
  networkId: record.networkId,
  chainId: 31337,
  contract: `0x${'11'.repeat(20)}`,
  set: [1, 2, 3].map((i) => new Uint8Array(16).fill(i)),
  k: 2,
  nonce: random(32),
} as const
const sessionHash = dkgSession(session)
const seeds = [1, 2, 3].map(() => random(32))
const dkgMembers = [1, 2, 3].map((i) =>
  startDkg({ session: sessionHash, i, k: 2, h: 3 }, { random: seeded(`dkg ${i}`) }),
)
const packages = dkgMembers.map((member) => member.round1)
const shares = (
  await Promise.all(
    dkgMembers.map((member, at) => member.round2(packages, seeds.map(publicKeyOf), { random: seeded(`deal ${at}`) })),
  )
).flat()
const keys = await Promise.all(
  dkgMembers.map((member, at) =>
    member.round3(
      shares.filter(({ to }) => to === at + 1),
      seeds[at] as Uint8Array,
    ),
  ),
)
const [key1] = keys as [(typeof keys)[number]]
const tampered = (at: number, changes: object) =>
  packages.map((bytes, index) => (index === at ? encode({ ...(decode(bytes) as object), ...changes }) : bytes))
const { commitment } = decode(packages[1] as Uint8Array) as { commitment: Uint8Array[] }
const generate = (name: string, comment: string, changed: readonly Uint8Array[]) => ({
  name,
  comment,
  operation: 'dkg',
  expect: 'DKG',
  input: { session: sessionHash, i: 1, k: 2, h: 3, seed: 'dkg 1', packages: changed },
  output: { culprits: [2] },
})

// A second key, 2 of 3, with random sources of its own, so that what stands above stays.
const apart = seeded('second key members')
const memberSeeds = [1, 2, 3].map(() => apart(32))
const publicKeys = memberSeeds.map(publicKeyOf)
const { key: secondKey, second } = await dealSecondKey(record, { k: 2, publicKeys }, { random: seeded('second key') })
const opened = await Promise.all(
  memberSeeds.map(async (memberSeed) => (await openSecondShare(memberSeed, record, second)) as SecondShare),
)
const placed = opened.map(({ share }, at) => ({ i: at + 1, share }))
const [mine, theirs] = second.shares as [(typeof second.shares)[number], (typeof second.shares)[number]]
const dealt = (name: string, comment: string, expected: string, changes: object, output?: object) => ({
  name,
  comment,
  operation: 'second share',
  expect: expected,
  input: { seed: memberSeeds[0], record, second, ...changes },
  ...(output && { output }),
})
const withMine = (changes: object) => ({ second: { ...second, shares: [{ ...mine, ...changes }, theirs] } })
const joined = (name: string, comment: string, expected: string, changes: object) => ({
  name,
  comment,
  operation: 'second key',
  expect: expected,
  input: { second, shares: placed.slice(1), id: symmetricKeyIdOf(secondKey), ...changes },
  ...(expected === 'success' ? { output: { key: secondKey } } : {}),
})
const hybrid = await wrapDek(
  { record, dek, patientKey: publicKeyOf(seed), groupKey, second: { k: 2, publicKeys } },
  { random: seeded('hybrid header') },
)
type Fields = { readonly [name: string]: CborValue }
const hybridPayload = decode(encodeKeyHeader(hybrid)) as Fields
const { pq: _, ...withoutSecond } = hybridPayload
const pq = hybridPayload.pq as Fields & { readonly shares: readonly [CborValue] }
const [secondOfFirst] = opened as [SecondShare]

/** Every scenario of docs/spec/release.md. */
export const releaseVectors = toVectors([
  {
    name: 'encaps',
    comment: 'TDH2 with the given r and s',
    operation: 'encaps',
    expect: 'success',
    input: { groupKey, L, random: encapsulationRandom },
    output: { key, ct, ctHash: ctHash(ct) },
  },
  {
    name: 'check',
    comment: 'a ciphertext that verifies',
    operation: 'check',
    expect: 'success',
    input: { groupKey, ct, L },
  },
  check('check-other-u', 'u of another ciphertext', { u: other.u }),
  check('check-other-ub', 'ub of another ciphertext', { ub: other.ub }),
  check('check-altered-e', 'one bit of e', { e: flip(ct.e) }),
  check('check-altered-f', 'one bit of f', { f: flip(ct.f) }),
  check('check-identity', 'u is the identity', { u: new Uint8Array(32) }),
  check('check-large-scalar', 'f is not below the order', { f: new Uint8Array(32).fill(0xff) }),
  check('check-relabelled', 'the label of another version', { L: wrapLabel({ ...record, version: 2, kind: 'W1' }) }),
  check(
    'check-other-record',
    'a good ciphertext of another record',
    {},
    { L: wrapLabel({ ...record, recordId: random(32), kind: 'W1' }) },
  ),
  check('check-other-key', 'a good ciphertext under another group key', {}, { groupKey: publicOf(7n) }),
  {
    name: 'partial',
    comment: 'one addressed partial with the given randomness',
    operation: 'partial',
    expect: 'success',
    input: { node: nodeOf(1), statement, random: nonceRandom },
    output: { partial: encodePartial(first), partialHash: partialHash(first) },
  },
  verify('verify', 'a partial that verifies', true, {}),
  verify('verify-other-request', 'shown under another request', false, {}, { requestHash: random(32) }),
  verify('verify-other-reader', 'shown under another reader key', false, {}, { Yr: publicOf(7n) }),
  verify('verify-other-ciphertext', 'shown under another ciphertext', false, {}, { ct: other }),
  verify('verify-other-epoch', 'shown in another epoch', false, { keyEpoch: 2 }),
  verify('verify-altered-b', 'B of another node', false, { B: partials[1]?.B }),
  verify('verify-altered-proof', 'one bit of the proof', false, { sx: flip(first.sx) }),
  verify('verify-identity', 'A is the identity', false, { A: new Uint8Array(32) }),
  gather('combine', 'nodes 2, 3 and 4 of 3 of 5', 'success', partials.slice(1, 4), {
    A: combined.A,
    B: combined.B,
    key: finish(reader.y, ct, combined),
  }),
  quorum('combine-too-few', 'two nodes only', partials.slice(0, 2), []),
  quorum('combine-twice', 'one node twice', [first, first, partials[1] as object], [{ i: 1, code: 'ANSWERED_TWICE' }]),
  quorum(
    'combine-epochs',
    'an answer of another epoch',
    [{ ...first, keyEpoch: 2 }, ...partials.slice(1, 3)],
    [{ i: 1, code: 'OTHER_EPOCH' }],
  ),
  quorum(
    'combine-stranger',
    'an answer of no member',
    [{ ...first, i: 6 }, ...partials.slice(1, 3)],
    [{ i: 6, code: 'NOT_A_MEMBER' }],
  ),
  quorum(
    'combine-liar',
    'a false answer',
    [{ ...first, B: partials[1]?.B }, ...partials.slice(1, 3)],
    [{ i: 1, code: 'INVALID_PARTIAL' }],
  ),
  possession('possession', 'a proof that the reader holds its key', 'success', {}),
  possession('possession-other-request', 'shown with another request', 'POSSESSION', { context: random(32) }),
  possession('possession-other-key', 'shown for another key', 'POSSESSION', { publicKey: publicOf(7n) }),
  possession('possession-altered', 'one bit of s', 'POSSESSION', { proof: flip(pok, 40) }),
  possession('possession-short', 'cut short', 'POSSESSION', { proof: pok.subarray(0, 63) }),
  opening('answer', 'a sealed answer', 'success', {}),
  opening('answer-other-node', 'passed off as node 2', 'ENVELOPE', { i: 2 }),
  opening('answer-other-request', 'passed off under another request', 'ENVELOPE', { requestHash: random(32) }),
  parse('header', 'a key header with W0 and W1', 'success', object),
  parse('header-other-record', 'of another record', 'KEY_HEADER', object, { recordId: random(32) }),
  parse('header-other-version', 'of another version', 'KEY_HEADER', object, { version: 2 }),
  parse('header-other-network', 'read on another network', 'SIGNED_OBJECT', object, { networkId: random(32) }),
  parse(
    'header-relabelled',
    'W1 labelled with another version',
    'KEY_HEADER',
    await sign(encode({ ...payload, wraps: { ...payload.wraps, W1 } })),
  ),
  parse(
    'header-unknown-suite',
    'a suite of the future',
    'CBOR_FIELD',
    await sign(encode({ ...payload, suite: 'xw-tdh2r255/2' })),
  ),
  parse(
    'header-further-field',
    'a field that this version has not',
    'CBOR_FIELD',
    await sign(encode({ ...payload, note: 1 })),
  ),
  parse('header-altered', 'one bit of the payload', 'SIGNED_OBJECT', flip(object, 60)),
  parse('header-other-patient', 'W0 opened with another seed', 'WRAP', object, { seed: random(32) }),
  {
    name: 'second-deal',
    comment: 'a second key dealt 2 of 3: key, places, commitments and envelopes',
    operation: 'second deal',
    expect: 'success',
    input: { record, k: 2, publicKeys, seed: 'second key' },
    output: { key: secondKey, id: symmetricKeyIdOf(secondKey), second },
  },
  dealt(
    'second-share',
    'what the first member opens, and its hash',
    'success',
    {},
    {
      ...secondOfFirst,
      hash: secondShareHash(secondOfFirst),
      partialHash: partialHash(first, secondShareHash(secondOfFirst)),
    },
  ),
  dealt('second-share-other-record', 'under another record', 'SECOND_KEY', { record: { ...record, version: 2 } }),
  dealt('second-share-altered', 'one bit of its envelope', 'SECOND_KEY', withMine({ ct: flip(mine.ct) })),
  dealt('second-share-moved', 'at another place', 'SECOND_KEY', withMine({ i: 9 })),
  dealt('second-share-cheated', "committed to another's", 'SECOND_KEY', withMine({ commit: theirs.commit })),
  joined('second-key', 'shares 2 and 3', 'success', {}),
  joined('second-key-too-few', 'one share', 'SECOND_KEY', { shares: placed.slice(2) }),
  joined('second-key-twice', 'one share twice', 'SECOND_KEY', { shares: [placed[1], placed[1]] }),
  joined('second-key-other', 'another key than the header names', 'SECOND_KEY', { id: apart(16) }),
  parse('header-hybrid', 'a hybrid key header', 'success', await sign(encodeKeyHeader(hybrid))),
  parse('header-hybrid-stripped', 'its second key taken away', 'KEY_HEADER', await sign(encode(withoutSecond))),
  parse(
    'header-hybrid-renamed',
    'a plain suite over a second key',
    'KEY_HEADER',
    await sign(encode({ ...hybridPayload, suite: 'xw-tdh2r255/1' })),
  ),
  parse(
    'header-hybrid-twice',
    'two shares for one member',
    'KEY_HEADER',
    await sign(encode({ ...hybridPayload, pq: { ...pq, shares: [...pq.shares, pq.shares[0]] } })),
  ),
  {
    name: 'dkg',
    comment: '2 of 3: session, transcript and key',
    operation: 'dkg',
    expect: 'success',
    input: { ...session, seeds, shares, packages, seed: 'dkg 1', i: 1, h: 3 },
    output: {
      session: sessionHash,
      hashes: packages.map(round1Hash),
      groupKey: key1.groupKey,
      verifyingShares: key1.verifyingShares,
      transcriptHash: transcriptHash(sessionHash, {
        k: 2,
        packages,
        groupKey: key1.groupKey,
        verifyingShares: key1.verifyingShares,
      }),
      share: key1.share,
    },
  },
  generate('dkg-other-session', 'a package of another session', tampered(1, { session: random(32) })),
  generate('dkg-other-sender', 'a package that names another sender', tampered(1, { from: 3 })),
  generate(
    'dkg-long-commitment',
    'a commitment that would raise the threshold',
    tampered(1, { commitment: [...commitment, groupKey] }),
  ),
  generate(
    'dkg-foreign-commitment',
    'a commitment without proof of knowledge',
    tampered(1, { commitment: [groupKey, ...commitment.slice(1)] }),
  ),
  generate(
    'dkg-identity',
    'a commitment that is the identity',
    tampered(1, { commitment: [new Uint8Array(32), ...commitment.slice(1)] }),
  ),
])

whenRun(import.meta.url, () => writeVectors('release', releaseVectors))
