import type { Hex } from '../bytes.ts'
import { type Chain, signMessage, ticketToJson } from '../chain/index.ts'

/** Seconds that it lives. */
const lifetime = 60

/** What `operator`, whose account signs for this connection, shows to the node of another operator. */
export async function operatorTicket(chain: Chain, { operator, node }: { operator: Hex; node: Hex }): Promise<unknown> {
  const message = { operator, node, notAfter: chain.clock() + lifetime }
  const signature = await signMessage(chain, 'OperatorTicket', message)
  return ticketToJson({ kind: 'OperatorTicket', message, signature })
}
