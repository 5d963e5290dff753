import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A chain client of a service's own, which a test can break. */
export type BreakableChain = {
  readonly url: string
  /** Answers nothing any more: connections are cut. */
  cut(): void
  /** Takes calls of this method and hangs up before it passes them on. */
  lose(method: string): void
  /** Passes calls of this method on and hangs up before it answers: what they did is done. */
  deafen(method: string): void
  /** Keeps calls of this method waiting until the returned function is called. */
  hold(method: string): () => void
  /** Works again. */
  heal(): void
  /** How many calls of a method arrived. */
  count(method: string): number
  /** Resolves when a method is called the next time. */
  called(method: string): Promise<void>
  close(): Promise<void>
}

/** Puts itself before the chain client at `target`. */
export async function startBreakableChain(target: string): Promise<BreakableChain> {
  let isCut = false
  const lost = new Set<string>()
  const deaf = new Set<string>()
  const held = new Map<string, Promise<void>>()
  const counts = new Map<string, number>()
  const listeners: { readonly method: string; readonly resolve: () => void }[] = []

  const server = createServer(async (incoming, response) => {
    if (isCut) return response.destroy()
    const body = await textOf(incoming)
    const methods = methodsIn(body)
    for (const method of methods) {
      counts.set(method, (counts.get(method) ?? 0) + 1)
      for (const listener of listeners.filter((one) => one.method === method)) listener.resolve()
    }
    if (methods.some((method) => lost.has(method))) return response.destroy()
    await Promise.all(methods.map((method) => held.get(method)))
    await passOn(target, body, response, () => isCut || methods.some((method) => deaf.has(method)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true
      server.closeAllConnections()
    },
    lose: (method) => void lost.add(method),
    deafen: (method) => void deaf.add(method),
    hold: (method) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      held.set(method, promise)
      return () => {
        held.delete(method)
        resolve()
      }
    },
    heal: () => {
      isCut = false
      lost.clear()
      deaf.clear()
    },
    count: (method) => counts.get(method) ?? 0,
    called: (method) => new Promise<void>((resolve) => listeners.push({ method, resolve })),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Calls one method of a chain client, as a test turns its clock or stops its mining. */
export async function rpc(url: string, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } }
  if (error) throw new Error(error.message)
  return result
}

async function passOn(target: string, body: string, response: ServerResponse, hangUp: () => boolean): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(target, { method: 'POST', headers, body }).then((got) => got.text())
  if (hangUp()) response.destroy()
  else response.setHeader('content-type', 'application/json').end(answer)
}

function methodsIn(body: string): string[] {
  const calls = JSON.parse(body) as { method: string } | { method: string }[]
  return [calls].flat().map(({ method }) => method)
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
