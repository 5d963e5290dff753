import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A JSON-RPC call as it passes. */
export type RpcCall = { readonly id: unknown; readonly method: string; readonly params?: readonly unknown[] }

/** Answers a call itself, or lets it pass: undefined. */
export type Interceptor = (call: RpcCall) => unknown

/** A chain client whose answers a test changes. */
export type FailingChain = {
  readonly url: string
  /** Sends what passes to another chain client. */
  target: string
  intercept: Interceptor | undefined
  close(): Promise<void>
}

/** Puts itself before a chain client.
 * @example
 * proxy.intercept = ({ id, method }) => (method === 'eth_call' ? { jsonrpc: '2.0', id, result: null } : undefined) */
export async function startFailingChain(target: string): Promise<FailingChain> {
  const server = createServer(async (incoming, response) => {
    const body = await bodyOf(incoming)
    const own = proxy.intercept?.(JSON.parse(body) as RpcCall)
    if (own === hangs) return
    if (own === hangsUp) return void response.destroy()
    if (own !== undefined) return void response.end(typeof own === 'string' ? own : JSON.stringify(own))
    const answer = await fetch(proxy.target, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    }).catch(() => undefined)
    if (answer) response.end(await answer.text())
    else response.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: FailingChain = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    intercept: undefined,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

/** What an interceptor returns to answer never. */
export const hangs = Symbol('hangs')
/** What it returns to end the connection. */
export const hangsUp = Symbol('hangs up')

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
