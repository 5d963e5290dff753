import type { Signer } from 'ethers'
import { terms as termsFrom, type World } from './consent-world.ts'
import { type deploy, ethers, networkHelpers, none32 } from './fixture.ts'
import { type Kind, messages, structs } from './messages.ts'

/** Nonce and times of a signature. */
export type Once = { nonce: bigint; signedAt: number; deadline: number }
export type Authorization = Once & { signature: string }

type TypedSigner = Pick<Signer, 'signTypedData'>

/** The first nonce that there is. */
export const firstNonce = 40n

/** Signed now, good for 15 minutes. */
export async function now(change: Partial<Once> = {}): Promise<Once> {
  const signedAt = change.signedAt ?? (await networkHelpers.time.latest())
  return { nonce: firstNonce, signedAt, deadline: signedAt + 900, ...change }
}

/** What is changed on the way to a signature that does not count. */
export type Elsewhere = { chainId?: bigint; verifyingContract?: string }

/** Signs `body` (who decides, whom, what) for the registry. */
export async function authorize(
  consents: Awaited<ReturnType<typeof deploy>>['consents'],
  signer: TypedSigner,
  kind: Kind,
  body: Record<string, unknown>,
  times: Once,
  elsewhere: Elsewhere = {},
): Promise<Authorization> {
  const { chainId } = await ethers.provider.getNetwork()
  const verifyingContract = String(consents.target)
  const domain = { name: 'Sharewell', version: '1', chainId, verifyingContract, ...elsewhere }
  const types = { [kind]: messages[kind], ...(kind === 'GrantMany' && structs) }
  const signature = await signer.signTypedData(domain, types, { ...body, ...times })
  return { ...times, signature }
}

/** The same signature with the other `s`, which the curve's algebra gives to anyone. */
export function malleated(signature: string): string {
  const { r, s, v } = ethers.Signature.from(signature)
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const high = ethers.toBeHex(order - BigInt(s), 32)
  return ethers.concat([r, high, v === 27 ? '0x1c' : '0x1b'])
}

type Change = Partial<Once> & {
  signer?: TypedSigner
  elsewhere?: Elsewhere
  controller?: string
  granteeId?: string
  recordId?: string
}

const scopeOf = (world: World, { granteeId, recordId }: Change) => ({
  pseudonym: world.pseudonym,
  granteeId: granteeId ?? world.grantee,
  recordId: recordId ?? world.recordId,
})

/** Signs one of the acts about one slot, and gives what carries it, as often as it is called. */
export async function signed(world: World, kind: 'Grant' | 'Revoke' | 'Deny', change: Change = {}) {
  const { consents, patient, stranger } = world
  const { signer = patient, controller = patient.address, elsewhere, granteeId: _, recordId: __, ...times } = change
  const scope = scopeOf(world, change)
  const given = termsFrom(world, scope.recordId === none32 ? { categories: 8 } : {})
  const body = { ...scope, controller, ...(kind === 'Grant' && given) }
  const authorization = await authorize(consents, signer, kind, body, await now(times), elsewhere)
  const carrier = consents.connect(stranger)
  const { pseudonym, granteeId, recordId } = scope
  const carry = {
    Grant: (by: Authorization) => carrier.grantBySignature(pseudonym, granteeId, recordId, given, by),
    Revoke: (by: Authorization) => carrier.revokeBySignature(pseudonym, granteeId, recordId, by),
    Deny: (by: Authorization) => carrier.denyBySignature(pseudonym, granteeId, recordId, by),
  }[kind]
  return { authorization, given, carry: (by: Partial<Authorization> = {}) => carry({ ...authorization, ...by }) }
}

/** Signs the end of every permit to a grantee, or to everyone. */
export async function signedEnd(world: World, granteeId: string, times: Partial<Once> = {}) {
  const { consents, patient, stranger, pseudonym } = world
  const body = { pseudonym, controller: patient.address, granteeId }
  const authorization = await authorize(consents, patient, 'RevokeAll', body, await now(times))
  return () => consents.connect(stranger).revokeAllBySignature(pseudonym, granteeId, authorization)
}
