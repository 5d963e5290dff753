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
  /** Requests that came, each with one call or with several. */
  requests: number
  close(): Promise<void>
}

/** Puts itself before a chain client; calls that come together are answered together.
 * @example
 * proxy.intercept = ({ id, method }) => (method === 'eth_call' ? { jsonrpc: '2.0', id, result: null } : undefined) */
export async function startFailingChain(target: string): Promise<FailingChain> {
  const server = createServer(async (incoming, response) => {
    proxy.requests++
    const asked = JSON.parse(await bodyOf(incoming)) as RpcCall | RpcCall[]
    const answers = await Promise.all([asked].flat().map(answerTo)).catch(() => [hangsUp])
    if (answers.includes(hangs)) return
    if (answers.includes(hangsUp)) return void response.destroy()
    const words = answers.find((answer) => typeof answer === 'string')
    response.end(words ?? JSON.stringify(Array.isArray(asked) ? answers : answers[0]))
  })
  async function answerTo(call: RpcCall): Promise<unknown> {
    const own = proxy.intercept?.(call)
    if (own !== undefined) return own
    const headers = { 'content-type': 'application/json' }
    return await (await fetch(proxy.target, { method: 'POST', body: JSON.stringify(call), headers })).json()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: FailingChain = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    intercept: undefined,
    requests: 0,
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
