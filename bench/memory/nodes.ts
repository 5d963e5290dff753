/** Storage nodes on disk over HTTP, for the memory bench: `node bench/memory/nodes.ts COUNT`. They end with stdin. @module */
import { newAccount, paperNetwork } from '../../test/helpers/parties.ts'
import { openNode } from '../../test/helpers/storage.ts'
import { networkId, operatorOf } from '../record/record.ts'
import type { NodeAt } from './job.ts'

const network = { ...paperNetwork(), networkId }
const nodes = await Promise.all(
  Array.from({ length: Number(process.argv[2]) }, (_, index) =>
    openNode(network, { operator: operatorOf(index), account: newAccount() }),
  ),
)
const told: NodeAt[] = nodes.map(({ operator, url }) => ({ operator, url }))
process.stdout.write(`${JSON.stringify(told)}\n`)
process.stdin.resume()
process.stdin.once('end', async () => {
  // Who started this process removes what they wrote.
  await Promise.allSettled(nodes.map((node) => node.close()))
  process.exit(0)
})
