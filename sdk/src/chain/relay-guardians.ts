import type { Address, Hex } from 'viem'
import { patientRegistryAbi } from './abi.ts'
import type { ContractCall } from './call.ts'
import type { Chain } from './connect.ts'
import { type Carried, events } from './events.ts'
import { type Approval, ascending, type Circle, circleHash, pendingOf } from './guardians.ts'
import { messageToJson } from './messages.ts'
import type { Network } from './network.ts'
import { controllerOf } from './patients.ts'
import { carry, type relay } from './relay.ts'
import type { Message } from './typed-data.ts'
import type { WaitOptions } from './wait.ts'

/** What guardians signed: another controller, or the end of what waits. Anyone may carry it. */
export type SignedByGuardians = { readonly circle: Circle; readonly approvals: readonly Approval[] } & (
  | { readonly kind: 'Recover'; readonly message: Message<'Recover'> }
  | { readonly kind: 'Withdraw'; readonly message: Message<'Withdraw'> }
)

type ByGuardians = {
  readonly pseudonym: Hex
  readonly deadline: number
  readonly circle: Circle
  readonly approvals: readonly Approval[]
}

/** Lets a relayer propose a recovery that guardians signed: who lost everything has nothing to pay with.
 * Errors: those of `relay`; where none does it, `proposeRecovery`. */
export async function relayRecovery(
  chain: Chain,
  { to, ...given }: ByGuardians & { readonly to: Address },
  options: relay.Options = {},
): Promise<Carried> {
  const { pseudonym, deadline, circle, approvals } = given
  const [from, { round }] = await Promise.all([
    controllerOf(chain, { pseudonym }, options),
    pendingOf(chain, { pseudonym }, options),
  ])
  const hash = circleHash(pseudonym, circle)
  const message = { pseudonym, from: from ?? to, to, circle: hash, round, deadline }
  return await carrySigned(chain, { kind: 'Recover', message, circle, approvals }, options)
}

/** Lets a relayer end what waits for a pseudonym, as guardians signed it: their veto of what a thief began.
 * Errors: those of `relay`; where none does it, `cancelByGuardians`. */
export async function relayWithdrawal(
  chain: Chain,
  { pseudonym, deadline, circle, approvals }: ByGuardians,
  options: relay.Options = {},
): Promise<Carried> {
  const { round } = await pendingOf(chain, { pseudonym }, options)
  const message = { pseudonym, circle: circleHash(pseudonym, circle), round, deadline }
  return await carrySigned(chain, { kind: 'Withdraw', message, circle, approvals }, options)
}

async function carrySigned(chain: Chain, signed: SignedByGuardians, options: relay.Options): Promise<Carried> {
  const { kind, message, circle, approvals } = signed
  const carried = () => carriedByGuardians(chain, signed, options)
  return await carry(chain, options, {
    route: '/v1/recoveries',
    body: { kind, message: messageToJson(message), circle, approvals },
    call: guardiansCall(chain.network, signed),
    done: async () => (await carried()) !== undefined,
    carried,
  })
}

/** The contract call that carries it. */
export function guardiansCall({ contracts }: Pick<Network, 'contracts'>, signed: SignedByGuardians): ContractCall {
  const { pseudonym, deadline } = signed.message
  const rest = [deadline, signed.circle, ascending(signed.approvals)] as const
  const contract = { address: contracts.patientRegistry, abi: patientRegistryAbi }
  return signed.kind === 'Recover'
    ? { ...contract, functionName: 'proposeRecovery', args: [pseudonym, signed.message.to, ...rest] }
    : { ...contract, functionName: 'cancelByGuardians', args: [pseudonym, ...rest] }
}

/** As the contract counts what waits: 1 is a recovery. */
const recovery = 1

/** The transaction by which guardians did this in this round, whoever sent it; undefined while none did. */
export async function carriedByGuardians(
  chain: Chain,
  signed: SignedByGuardians,
  options: WaitOptions = {},
): Promise<Carried | undefined> {
  const { pseudonym, round } = signed.message
  const contract = { address: chain.network.contracts.patientRegistry, abi: patientRegistryAbi } as const
  const done = signed.kind === 'Recover' ? await proposed(signed.message) : await withdrawn()
  return done && { transactionHash: done.transaction, blockNumber: done.block }

  /** A proposal begins the next round. */
  async function proposed({ from, to }: Message<'Recover'>) {
    const args = { pseudonym, from, to }
    const all = await events(chain, { ...contract, eventName: 'RotationProposed', args }, options)
    return all.find((one) => one.kind === recovery && one.round === round + 1)
  }
  async function withdrawn() {
    const all = await events(chain, { ...contract, eventName: 'PendingCancelled', args: { pseudonym } }, options)
    return all.find((one) => one.byGuardians && one.round === round)
  }
}
