import { type Chain, connect, type Operator, operatorKinds, operators, view } from '@sharewell/sdk/chain'
import { keyNodesOf, NoCommitteeError } from '@sharewell/sdk/flow/key-nodes'
import { command } from '../command.ts'
import { createNames } from '../network/names.ts'
import { readNetworkFile } from '../network/network-file.ts'
import { networkOptions } from '../network/session.ts'
import { formatMoment } from '../time.ts'

const patience = 3000

/** `sharewell status`. */
export const status = command({
  name: 'status',
  group: 'Records on a network:',
  summary: 'Show the chain, the nodes and, in the demo, the people.',
  usage: '',
  operands: {},
  about: 'Asks the chain who takes part, and every node whether it is up. It needs no identity.',
  examples: [['sharewell status', 'How is the network?']],
  options: networkOptions,
  async run({ options, terminal, signal }) {
    const { network, people } = await readNetworkFile(options.network, signal)
    const chain = await connect(network, { signal })
    const { latest } = await view(chain, { signal })
    const names = createNames(chain, signal)
    const progress = terminal.progress('asking', undefined, 'count')
    const all = (await operators(chain, {}, { signal })).filter(({ active }) => active)
    const nodes = await Promise.all(
      all.map(async (operator) => {
        const up = await answers(operator, signal)
        progress.add(1)
        const name = await names.organization(operator.organization)
        return { id: operator.id, kind: operator.kind, name, endpoint: operator.endpoint, up }
      }),
    )
    const committee = await committeeOf(chain, signal)
    const value = {
      networkId: network.networkId,
      chainId: network.chainId,
      head: { block: Number(latest.number), time: latest.time },
      committee,
      nodes,
      people: people.map(({ id, name, role }) => ({ id, name, role })),
    }
    const counts = operatorKinds.map((kind) => {
      const some = nodes.filter((node) => node.kind === kind)
      return `${kind}: ${some.filter(({ up }) => up).length} of ${some.length} up`
    })
    terminal.result(
      value,
      [
        `network ${network.networkId}`,
        `chain ${network.chainId}, block ${latest.number} of ${formatMoment(latest.time)}`,
        committee === undefined
          ? 'no committee of key nodes yet'
          : `release: any ${committee.k} of ${committee.h} key nodes, epoch ${committee.epoch}`,
        counts.join(', '),
        ...nodes.map(
          ({ id, kind, name, endpoint, up }) =>
            `  ${kind.padEnd(13)}  ${up ? 'up  ' : 'DOWN'}  ${id}  ${endpoint}  ${name}`,
        ),
        ...(people.length === 0 ? [] : ['people of the demo, for --as:']),
        ...people.map(({ id, name, role }) => `  ${id.padEnd(13)}  ${role.padEnd(12)}  ${name}`),
      ].join('\n'),
    )
  },
})

async function committeeOf(chain: Chain, signal: AbortSignal) {
  try {
    const { keyEpoch, k, nodes } = await keyNodesOf(chain, { signal })
    return { epoch: keyEpoch, k, h: nodes.length }
  } catch (error) {
    if (error instanceof NoCommitteeError) return undefined
    throw error
  }
}

async function answers({ endpoint }: Operator, signal: AbortSignal): Promise<boolean> {
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(patience)])
    return (await fetch(new URL('/healthz', endpoint), { signal: within })).ok
  } catch {
    signal.throwIfAborted()
    return false
  }
}
