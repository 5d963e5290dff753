import { hmacSha256, type Random, randomBytes } from '#primitives'
import { type Bytes, concat, equal } from '../../bytes.ts'
import { type BytePoint, interpolateBytes } from '../../group/index.ts'
import { decrypt, encrypt } from './cipher.ts'
import { RecoveryWordsError } from './errors.ts'
import { readShare, type Share, sameValue, writeShare } from './words.ts'

/** Where the secret and its digest stand in each polynomial. */
const secretAt = 255
const digestAt = 254
const digestLength = 4
const most = 16

/** How many shares of a group, of how many, give the group. */
export type Group = { readonly needed: number; readonly of: number }

/**
 * Splits a secret into SLIP-39 shares: words for each member of each group; `groupsNeeded` groups give it back.
 * A group of which one share is enough gives the same value to all of its members, so it is allowed one member only.
 * @throws RecoveryWordsError for a policy or secret that the standard does not take.
 * @example
 * const [[first, second, third]] = splitWords(vault.seed, { groups: [{ needed: 2, of: 3 }] })
 */
export function splitWords(secret: Uint8Array, options: splitWords.Options): string[][] {
  const { groups, groupsNeeded = groups.length, passphrase = '', exponent = 1, random = randomBytes } = options
  checkPolicy(secret, { groups, groupsNeeded, exponent, passphrase })
  const [high = 0, low = 0] = random(2)
  const identifier = ((high & 0x7f) << 8) | low
  const set = { identifier, extendable: true, exponent, groupsNeeded, groups: groups.length }
  const sealed = encrypt(secret, { passphrase, ...set })
  const values = splitValue(sealed, { needed: groupsNeeded, of: groups.length }, random)
  sealed.fill(0)
  return groups.map((policy, group) => {
    const value = values[group] as Bytes
    const members = splitValue(value, policy, random)
    value.fill(0)
    return members.map((one, member) => {
      const text = writeShare({ ...set, group, member, membersNeeded: policy.needed, value: one })
      one.fill(0)
      return text
    })
  })
}
export declare namespace splitWords {
  type Options = {
    readonly groups: readonly Group[]
    /** All of them when absent. */
    readonly groupsNeeded?: number | undefined
    /** Printable ASCII. Without it the words give another secret, and nothing says so. */
    readonly passphrase?: string | undefined
    /** 10,000 * 2^exponent rounds of PBKDF2: work for who guesses the passphrase. */
    readonly exponent?: number | undefined
    readonly random?: Random | undefined
  }
}

/**
 * The secret of a set of shares: words in any order; more than are needed do no harm.
 * @throws RecoveryWordsError that names the share at fault, where one is.
 */
export function combineWords(texts: readonly string[], { passphrase = '' }: combineWords.Options = {}): Bytes {
  const shares = texts.map((text, at) => readShare(text, at))
  const [first] = shares
  if (!first) throw new RecoveryWordsError({ fault: 'missing' })
  const points: BytePoint[] = []
  for (const [group, members] of grouped(shares, first)) {
    const [one] = members
    if (!one || members.length < one.membersNeeded || points.length === first.groupsNeeded) continue
    const of = members.slice(0, one.membersNeeded).map(({ member: x, value: y }) => ({ x, y }))
    points.push({ x: group, y: combineValue(of) })
  }
  try {
    if (points.length < first.groupsNeeded) throw new RecoveryWordsError({ fault: 'missing' })
    const sealed = combineValue(points)
    const secret = decrypt(sealed, { passphrase, ...first })
    sealed.fill(0)
    return secret
  } finally {
    for (const { value } of shares) value.fill(0)
    for (const { y } of points) y.fill(0)
  }
}
export declare namespace combineWords {
  type Options = { readonly passphrase?: string | undefined }
}

/** The shares by group, each place once, in the order of their groups. */
function grouped(shares: readonly Share[], first: Share): Map<number, Share[]> {
  const found = new Map<number, Share[]>()
  for (const [at, share] of shares.entries()) {
    if (!ofOneSet(first, share)) throw new RecoveryWordsError({ fault: 'set', share: at })
    const members = found.get(share.group) ?? []
    if (members.some(({ membersNeeded }) => membersNeeded !== share.membersNeeded))
      throw new RecoveryWordsError({ fault: 'group', share: at })
    const twin = members.find(({ member }) => member === share.member)
    if (twin && !sameValue(twin, share)) throw new RecoveryWordsError({ fault: 'twice', share: at })
    if (!twin) members.push(share)
    found.set(share.group, members)
  }
  return found
}

const ofOneSet = (one: Share, other: Share): boolean =>
  one.identifier === other.identifier &&
  one.extendable === other.extendable &&
  one.exponent === other.exponent &&
  one.groupsNeeded === other.groupsNeeded &&
  one.groups === other.groups &&
  one.value.length === other.value.length

/** One value for each of `of` places, any `needed` of which give it back. */
function splitValue(value: Bytes, { needed, of }: Group, random: Random): Bytes[] {
  if (needed === 1) return Array.from({ length: of }, () => new Uint8Array(value))
  const free: BytePoint[] = Array.from({ length: needed - 2 }, (_, x) => ({ x, y: random(value.length) }))
  const salt = random(value.length - digestLength)
  const digest = { x: digestAt, y: concat(digestOf(salt, value), salt) }
  const points = [...free, digest, { x: secretAt, y: value }]
  const shares = Array.from({ length: of }, (_, x) => new Uint8Array(free[x]?.y ?? interpolateBytes(points, x)))
  for (const { y } of [...free, digest]) y.fill(0)
  salt.fill(0)
  return shares
}

function combineValue(points: readonly BytePoint[]): Bytes {
  const [only] = points
  if (only && points.length === 1) return new Uint8Array(only.y)
  const value = interpolateBytes(points, secretAt)
  const digest = interpolateBytes(points, digestAt)
  const right = equal(digestOf(digest.subarray(digestLength), value), digest.subarray(0, digestLength))
  digest.fill(0)
  if (right) return value
  value.fill(0)
  throw new RecoveryWordsError({ fault: 'digest' })
}

const digestOf = (salt: Uint8Array, value: Uint8Array): Bytes => hmacSha256(salt, value).subarray(0, digestLength)

function checkPolicy(
  secret: Uint8Array,
  { groups, groupsNeeded, exponent, passphrase }: Required<Omit<splitWords.Options, 'random'>>,
): void {
  const fits = ({ needed, of }: Group): boolean =>
    Number.isInteger(needed) && Number.isInteger(of) && needed >= 1 && needed <= of && of <= most
  const sound =
    secret.length >= 16 &&
    secret.length % 2 === 0 &&
    fits({ needed: groupsNeeded as number, of: groups.length }) &&
    groups.every((group) => fits(group) && (group.needed > 1 || group.of === 1)) &&
    Number.isInteger(exponent) &&
    (exponent as number) >= 0 &&
    (exponent as number) <= 15 &&
    /^[\x20-\x7e]*$/.test(passphrase as string)
  if (!sound) throw new RecoveryWordsError({ fault: 'policy' })
}
