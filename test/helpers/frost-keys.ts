import type { Bytes } from '@sharewell/sdk/bytes'
import { publicKeyOf } from '@sharewell/sdk/envelope'
import { commitFrost, type DkgKey, dkgSession, joinFrost, signFrost, startDkg } from '@sharewell/sdk/release'

const bytes = (fill: number, length = 32): Bytes => new Uint8Array(length).fill(fill)

/** What each of h members holds of a key for checkpoints that k of them sign with. */
export async function frostKeys({ k, h }: { k: number; h: number }): Promise<DkgKey[]> {
  const seeds = Array.from({ length: h }, (_, at) => bytes(at + 1))
  const set = seeds.map((_, at) => bytes(at + 1, 16))
  const setting = {
    networkId: bytes(1),
    chainId: 1,
    contract: `0x${'11'.repeat(20)}`,
    set,
    k,
    nonce: bytes(2),
  } as const
  const session = dkgSession({ ...setting, use: 'dkg log' })
  const members = seeds.map((_, at) => startDkg({ use: 'dkg log', session, i: at + 1, k, h }))
  const packages = members.map(({ round1 }) => round1)
  const dealt = await Promise.all(members.map((member) => member.round2(packages, seeds.map(publicKeyOf))))
  return await Promise.all(members.map((member, at) => member.round3(dealt.flat(), seeds[at] as Bytes)))
}

/** A signature that all members make together. */
export function signTogether(keys: readonly DkgKey[], message: Bytes): Bytes {
  const [first] = keys
  if (!first) throw new Error('nobody signs')
  const group = { k: keys.length, groupKey: first.groupKey, verifyingShares: first.verifyingShares }
  const made = keys.map((key) => ({ key, ...commitFrost(key) }))
  const signing = { commitments: made.map(({ commitment }) => commitment), message }
  const shares = made.map(({ key, nonces }) => ({ i: key.i, share: signFrost(group, key, nonces, signing) }))
  return joinFrost(group, shares, signing)
}
