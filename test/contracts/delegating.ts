import type { Signer } from 'ethers'
import { treat, type World } from './consent-world.ts'
import { days, ethers, networkHelpers } from './fixture.ts'
import { authorize, now, type Once } from './signing.ts'

const { time } = networkHelpers

export type DelegationTerms = { until: number; reads: number; grants: number; categories: number }

/** May read for treatment and at the patient's request, and consent to treatment; category 3, 20 days. */
export function delegation({ now: start }: Pick<World, 'now'>, change: Partial<DelegationTerms> = {}) {
  return { until: start + days(20), reads: treat | (1 << 6), grants: treat, categories: 1 << 3, ...change }
}

const field = (name: string, type: string) => ({ name, type })
const decider = [field('pseudonym', 'bytes32'), field('controller', 'address'), field('account', 'address')]
const limits = [
  field('until', 'uint40'),
  field('reads', 'uint16'),
  field('grants', 'uint16'),
  field('categories', 'uint32'),
]
const once = [field('signedAt', 'uint40'), field('deadline', 'uint40')]

/** The messages of docs/spec/delegation.md, written anew: not what the SDK or the contract has. */
const messages = { Delegate: [...decider, ...limits, ...once], EndDelegation: [...decider, ...once] }

type Change = { signer?: Pick<Signer, 'signTypedData'>; controller?: string; signedAt?: number; deadline?: number }

/** Signs that an account is, or is no longer, a delegate; gives what carries it, as often as it is called. */
export async function signedDelegation(
  world: World,
  account: string,
  terms: DelegationTerms | undefined,
  change: Change = {},
) {
  const { delegations, patient, stranger, pseudonym } = world
  const { signer = patient, controller = patient.address } = change
  const signedAt = change.signedAt ?? (await time.latest())
  const times = { signedAt, deadline: change.deadline ?? signedAt + 900 }
  const { chainId } = await ethers.provider.getNetwork()
  const domain = { name: 'Sharewell', version: '1', chainId, verifyingContract: String(delegations.target) }
  const kind = terms ? 'Delegate' : 'EndDelegation'
  const said = { pseudonym, controller, account, ...terms, ...times }
  const signature = await signer.signTypedData(domain, { [kind]: messages[kind] }, said)
  const carrier = delegations.connect(stranger)
  return async (other: Partial<DelegationTerms> = {}) =>
    terms
      ? await carrier.delegateBySignature(pseudonym, account, { ...terms, ...other }, { ...times, signature })
      : await carrier.endDelegationBySignature(pseudonym, account, { ...times, signature })
}

/** What a delegate signs names the controller, as the controller's own consents do. */
export async function consentOf(
  world: World,
  signer: Pick<Signer, 'signTypedData'>,
  kind: 'Grant' | 'Revoke' | 'Deny',
  body: Record<string, unknown>,
  times: Partial<Once> = {},
) {
  const { consents, patient, pseudonym } = world
  return await authorize(consents, signer, kind, { pseudonym, controller: patient.address, ...body }, await now(times))
}
