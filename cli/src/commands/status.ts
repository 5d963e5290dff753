import type { Hex } from '@sharewell/sdk/bytes'
import { type Chain, connect, type Operator, operatorKinds, operators, view } from '@sharewell/sdk/chain'
import { keyNodesOf, NoCommitteeError } from '@sharewell/sdk/flow/key-nodes'
import { command } from '../command.ts'
import { createNames, shownAs } from '../network/names.ts'
import { readNetworkFile } from '../network/network-file.ts'
import { networkOptions } from '../network/session.ts'
import { columns, folded, type Part, painted } from '../text.ts'
import { formatMoment } from '../time.ts'

const patience = 3000

/** `sharewell status`. */
export const status = command({
  name: 'status',
  group: 'Looking after it:',
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
        const { id, kind, endpoint, organization } = operator
        const name = await names.organization(organization)
        return { id, kind, organization, ...(name !== undefined && { name }), endpoint, up }
      }),
    )
    const committee = await committeeOf(chain, signal)
    const counts = operatorKinds.map((kind) => {
      const some = nodes.filter((node) => node.kind === kind)
      return `${kind}: ${some.filter(({ up }) => up).length} of ${some.length} up`
    })
    const { networkId, chainId } = network
    const head = { block: Number(latest.number), time: latest.time }
    const k = committee === undefined ? 'no committee of key nodes yet' : releaseWords(committee)
    const rows = folded(nodes.map(nodeRow), { width: terminal.width, below: 3, indent: 2 })
    const known = people.map(({ id, name, role }) => ({ id, name, role }))
    const who = columns(
      known.map(({ id, name, role }) => [id, role, name]),
      { indent: 2 },
    )
    terminal.list([
      { value: { type: 'network', networkId, chainId, head }, text: `network ${networkId}` },
      { text: `chain ${chainId}, block ${latest.number} of ${formatMoment(latest.time)}` },
      { ...(committee && { value: { type: 'committee', ...committee } }), text: k },
      { text: counts.join(', ') },
      ...nodes.map((node, at) => ({ value: { type: 'node', ...node }, text: rows[at] ?? '' })),
      ...(known.length === 0 ? [] : [{ text: 'people of the demo, for --as:' }]),
      ...known.map((person, at) => ({ value: { type: 'person', ...person }, text: who[at] ?? '' })),
    ])
  },
})

type Node = { kind: string; up: boolean; id: Hex; endpoint: string; name?: string | undefined; organization: Hex }

function nodeRow({ kind, up, id, endpoint, name, organization }: Node): Part[] {
  return [kind, up ? painted('good', 'up') : painted('bad', 'DOWN'), shownAs(name, organization), `${id}  ${endpoint}`]
}

const releaseWords = ({ k, h, epoch }: { k: number; h: number; epoch: number }) =>
  `release: any ${k} of ${h} key nodes, epoch ${epoch}`

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
