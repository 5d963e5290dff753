import type { Lies } from '../../test/helpers/hosts.ts'
import { lyingNode, lyingWorker } from '../../test/helpers/liars.ts'
import type { WholeNetwork, WholeNode } from '../../test/helpers/whole-network.ts'
import type { Random } from '../../test/kills/random.ts'
import { type Books, note } from './books.ts'

const nodeLies = ['flipped', 'signed', 'another record', 'hanging', 'missing'] as const
const workerLies = ['wrong bytes', 'another record', 'unsigned bytes', 'truncated', 'hanging'] as const

/** As many storage nodes as any record may lose, one reconstructor and one key node are away or lie at a time. */
const mostIll = { storage: 2, reconstructor: 1, key: 1 } as const

/** Nodes die, lie and return, until told to stop; then all of them are well again. */
export async function weather(whole: WholeNetwork, books: Books, random: Random, until: () => boolean): Promise<void> {
  const ill = new Set<WholeNode>()
  const all = [...whole.storage, ...whole.workers, ...whole.keys] as [WholeNode, ...WholeNode[]]
  while (!until()) {
    await new Promise((resolve) => setTimeout(resolve, 500 + random.below(2_500)))
    const node = random.pick(all)
    if (ill.has(node)) {
      await node.heal()
      ill.delete(node)
      note(books, `a ${node.kind} node returned`)
      continue
    }
    const others = [...ill].filter(({ kind }) => kind === node.kind).length
    if (others >= mostIll[node.kind]) continue
    ill.add(node)
    await fall(node, books, random)
  }
  for (const node of ill) await node.heal()
}

async function fall(node: WholeNode, books: Books, random: Random): Promise<void> {
  if (node.kind === 'key' || random.below(2) === 0) {
    note(books, `a ${node.kind} node died`)
    await node.stop()
    return
  }
  note(books, `a ${node.kind} node lied`)
  books.liars.add(node.operator)
  await node.start(liesOf(node, random))
}

const liesOf = ({ kind }: WholeNode, random: Random): Lies =>
  kind === 'storage' ? { storage: lyingNode(random.pick(nodeLies)) } : { worker: lyingWorker(random.pick(workerLies)) }
