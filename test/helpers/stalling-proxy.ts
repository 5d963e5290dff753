import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An HTTP server that passes on what it is asked, until it stalls: then it takes questions and says nothing. */
export type StallingProxy = {
  readonly url: string
  /** From now on nothing is answered; resolves with the first question that is left without an answer. */
  stall(): Promise<string>
  /** Answers again; what was asked meanwhile stays unanswered. */
  resume(): void
  close(): Promise<void>
}

/** Puts a stalling proxy before `target`. */
export async function startStallingProxy(target: string): Promise<StallingProxy> {
  let asked: ((question: string) => void) | undefined
  const held = new Set<ServerResponse>()
  const server = createServer(async (incoming, outgoing) => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    const body = Buffer.concat(parts)
    if (asked) {
      held.add(outgoing)
      return asked(body.toString())
    }
    const answer = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    outgoing.setHeader('content-type', 'application/json').end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stall: () =>
      new Promise((resolve) => {
        asked = resolve
      }),
    resume: () => {
      asked = undefined
    },
    close: () =>
      new Promise((resolve) => {
        for (const outgoing of held) outgoing.destroy()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
