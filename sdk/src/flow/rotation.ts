import { recoverTypedDataAddress } from 'viem'
import { type Bytes, equal, fromHex, type Hex, toHex } from '../bytes.ts'
import {
  type Chain,
  type Circle,
  controllerOf,
  guardiansOf,
  type Network,
  pendingOf,
  typedData,
  view,
} from '../chain/index.ts'
import { type GuardianApproval, type GuardianRequest, guardianPlaceAt, type Vault } from '../person/index.ts'

/** How far the rotation of one pseudonym to one account is. */
export type Rotation = {
  /**
   * `yours`: the account decides. `ask`: guardians have to sign. `waits`: they did, and until `readyAt` it can be
   * vetoed. `ready`: `executePending` does it, before `lapsesAt`. `unguarded`: nobody can help.
   */
  readonly step: 'yours' | 'ask' | 'waits' | 'ready' | 'unguarded'
  /** Who decides now. */
  readonly controller: Hex
  /** What else waits there, for somebody else: a recovery takes its place. */
  readonly other?: 'recovery' | 'handover' | 'guardians' | undefined
  readonly readyAt?: number | undefined
  readonly lapsesAt?: number | undefined
  /** What guardians sign for. */
  readonly round: number
  readonly circle?: Circle | undefined
}

/** Seconds after `readyAt` in which what waits can be done: contracts/base/Guardians.sol. */
const pendingLife = 30 * 86_400

/**
 * Where a rotation stands, by the chain alone: whoever was interrupted asks again and goes on.
 * @example
 * if ((await rotationOf(chain, { pseudonym, to })).step === 'ready') await executePending(chain, { pseudonym })
 */
export async function rotationOf(
  chain: Chain,
  { pseudonym, to }: { readonly pseudonym: Hex; readonly to: Hex },
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Rotation> {
  const [controller, pending, circle, { later }] = await Promise.all([
    controllerOf(chain, { pseudonym }, { signal }),
    pendingOf(chain, { pseudonym }, { signal }),
    guardiansOf(chain, { pseudonym }, { signal }),
    view(chain, { signal }),
  ])
  const { kind, readyAt, round } = pending
  const common = { controller: controller ?? nobody, round, circle }
  if (same(common.controller, to)) return { ...common, step: 'yours' }
  if (kind === 'recovery' && same(pending.to, to)) {
    const step = later >= readyAt ? 'ready' : 'waits'
    return { ...common, step, readyAt, lapsesAt: readyAt + pendingLife }
  }
  if (!circle) return { ...common, step: 'unguarded' }
  return { ...common, step: 'ask', ...(kind !== 'nothing' && { other: kind, readyAt }) }
}

const nobody: Hex = `0x${'00'.repeat(20)}`
const same = (a: Hex, b: Hex): boolean => a.toLowerCase() === b.toLowerCase()

/** What a guardian signs for a request. */
export function requestTypedData(network: Network, request: Omit<GuardianRequest, 'v'>) {
  const { act, round, deadline } = request
  const common = { pseudonym: toHex(request.pseudonym), circle: toHex(request.circle), round, deadline }
  return act === 'withdraw'
    ? typedData(network, 'Withdraw', common)
    : typedData(network, 'Recover', { ...common, from: toHex(request.from), to: toHex(request.to) })
}

/**
 * Whether an answer is that of the guardian who was asked, for exactly what was asked: a wrong one is found before it is
 * sent with others, all of which the chain would refuse.
 */
export async function answersRequest(
  { network }: Pick<Chain, 'network'>,
  vault: Vault,
  {
    request,
    approval,
  }: { readonly request: Omit<GuardianRequest, 'v'>; readonly approval: Omit<GuardianApproval, 'v'> },
): Promise<boolean> {
  const { account, salt } = guardianPlaceAt(vault, request.guardianKey, request.pseudonym)
  const asked: readonly (readonly [Bytes, Bytes])[] = [
    [approval.pseudonym, request.pseudonym],
    [approval.guardian, fromHex(account, 20)],
    [approval.salt, salt],
  ]
  if (approval.place !== request.place || !asked.every(([given, wanted]) => equal(given, wanted))) return false
  const typed = requestTypedData(network, request)
  const signer = await recoverTypedDataAddress({ ...typed, signature: toHex(approval.signature) }).catch(() => nobody)
  return same(signer, account)
}
