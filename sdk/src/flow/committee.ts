import {
  type Chain,
  type Epoch,
  epochOf,
  type Operator,
  type Proposal,
  propose as proposeAlone,
  type WaitOptions,
} from '../chain/index.ts'
import { asker, CommitteeError, generateKey } from './dkg.ts'

export { CommitteeError } from './dkg.ts'

/**
 * Coordinates the generation of a release key among key nodes, proposes it on chain and has every node confirm it.
 *
 * The coordinator relays signed messages and sealed shares: it can delay and abort, not alter, read or choose. Only the
 * proposal needs the administration; what counts is what each node confirms with its own account.
 * Errors: {@link CommitteeError} naming the node, `ContractRefusalError`, `ChainCallError`.
 * @example
 * const nodes = await operators(chain, { kind: 'key' })
 * const epoch = await generateCommitteeKey({ chain, nodes, k: 3, propose: askTheCouncil })
 */
export async function generateCommitteeKey(
  { chain, nodes, k, epoch = 1, propose = proposeTo(chain) }: generateCommitteeKey.Args,
  { signal }: WaitOptions = {},
): Promise<Epoch> {
  const members = nodes.map(({ id }) => id)
  const key = await generateKey({ nodes, k, use: 'dkg w1' }, { signal })
  await propose({ epoch, k, members, ...key }, { signal })
  // One after another: the last confirmation activates the epoch.
  const ask = asker(nodes, { signal })
  for (const node of nodes) await ask(node, '/v1/dkg/confirm', { epoch })
  const active = await epochOf(chain, { epoch }, { signal })
  if (!active?.active) throw new CommitteeError({ step: 'activation' })
  return active
}
export declare namespace generateCommitteeKey {
  type Args = {
    /** A connection, as the administration where nobody else proposes. */
    chain: Chain
    /** The members, in order: member i is `nodes[i - 1]`. */
    nodes: readonly Operator[]
    /** How many partials open. */
    k: number
    /** 1 at the start of a network. */
    epoch?: number | undefined
    /** Has the administration propose the key: the council, which several members' accounts make. Default: `chain` does. */
    propose?: ((proposal: Proposal, options: WaitOptions) => Promise<unknown>) | undefined
  }
}

const proposeTo = (chain: Chain) => (proposal: Proposal, options: WaitOptions) => proposeAlone(chain, proposal, options)
