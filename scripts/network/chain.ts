/**
 * The local chain: Hardhat's EVM behind a JSON-RPC server that loses nothing.
 *
 * Hardhat keeps no state, so each accepted transaction is journalled with its block's time and those of the empty blocks
 * before it, fsynced before the answer, and replayed at the next start. Contracts draw by the hashes of blocks
 * (docs/spec/audits.md), so a replay has the same blocks up to the last transaction. The empty ones after it are
 * forgotten: nothing stored may rely on their hashes.
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Evm, startEvm } from './evm.ts'
import { type Journal, openJournal } from './journal.ts'

const journalled = new Set(['eth_sendRawTransaction', 'eth_sendTransaction'])
const answered = /^(?:eth|net|web3)_/
/** A record's calldata is small; a deployment of our largest contract stays under 100 kB. */
const maxBody = 2 ** 20

type Call = { id?: unknown; method?: unknown; params?: unknown }

export type LocalChain = { readonly url: string; readonly replayed: number; close(): Promise<void> }

/** Starts the chain on its journal; `port` 0 takes any free port. Tests bring journals of their own. */
export async function startChain(options: startChain.Options): Promise<LocalChain> {
  const { file, port, host = '127.0.0.1', journal: open = openJournal } = options
  const journal = await open(file)
  const replayed = journal.entries.length
  const evm = await startEvm(journal, path.dirname(file)).catch(async (error: unknown) => {
    await journal.close()
    throw error
  })
  const parts = { evm, journal, turns: createTurns() }
  const server = createServer(listener(parts))
  server.requestTimeout = 30_000
  await listen(server, port, host)
  const stop = new AbortController()
  const ticking = tick(parts, stop.signal)

  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    replayed,
    async close() {
      stop.abort()
      await ticking
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await evm.close()
      await journal.close()
    },
  }
}
export declare namespace startChain {
  type Options = {
    readonly file: string
    readonly port: number
    readonly host?: string
    readonly journal?: (file: string) => Promise<Journal>
  }
}

/** What a sender hears while the journal cannot be written. */
class JournalWriteError extends Error {
  override readonly name = 'JournalWriteError'
  readonly code = -32603
  constructor(cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super(`The chain's journal cannot be written (${why}). Nothing was sent: make room on the disk, then send again.`, {
      cause,
    })
  }
}

/** What makes blocks goes one after another, so that the journal has them in their order. */
type Turns = {
  take(work: () => Promise<unknown>): Promise<unknown>
  /** Ends when everything has that was there before. */
  settled(): Promise<unknown>
}

function createTurns(): Turns {
  let turn: Promise<unknown> = Promise.resolve()
  return {
    take(work) {
      const done = turn.then(work, work)
      turn = done.catch(() => {})
      return done
    },
    settled: () => turn,
  }
}

/** Milliseconds from one empty block to the next while the chain is used, so that its time is the wall's. */
const beat = 1_000
/** The same for one that is left alone: each is mined again at every start, and a head may be 60 s old. */
const idleBeat = 15_000
/** Milliseconds after its last transaction for which a chain counts as used: long enough to wait for blocks. */
const inUse = 600_000

/** Whether an empty block is due. All times in milliseconds since 1970: `minedAt` of the last one, `usedAt` of the last
 * transaction. */
export function isDue({ now, minedAt, usedAt }: { now: number; minedAt: number; usedAt: number }): boolean {
  return now - minedAt >= (now - usedAt > inUse ? idleBeat : beat)
}

/** Mines empty blocks until it is aborted. */
async function tick({ evm, journal, turns }: Parts, signal: AbortSignal): Promise<void> {
  let minedAt = 0
  while (!signal.aborted) {
    const now = Date.now()
    if (isDue({ now, minedAt, usedAt: 1_000 * (journal.entries.at(-1)?.time ?? 0) })) {
      // A chain that lost its state says so to whoever asks it.
      await turns.take(() => evm.mine()).catch(() => undefined)
      minedAt = now
    }
    await pause(beat / 4, undefined, { signal }).catch(() => undefined)
  }
}

/** What a running chain is made of. */
type Parts = { readonly evm: Evm; readonly journal: Journal; readonly turns: Turns }

function listener({ evm, journal, turns }: Parts) {
  const transact = async (method: string, params: unknown): Promise<unknown> => {
    const result = await evm.request({ method, params })
    try {
      await evm.record((blocks) => journal.append({ method, params, result, ...blocks }))
    } catch (cause) {
      // What the journal does not have would be gone at the next start: it must not have happened now either.
      await evm.restart()
      throw new JournalWriteError(cause)
    }
    return result
  }

  /** Nobody is told of a transaction before the journal has it, not even by what the chain looks like. */
  const read = async (method: string, params: unknown): Promise<unknown> => {
    const { restarts } = evm
    const [result] = await Promise.allSettled([evm.request({ method, params })])
    await turns.settled()
    if (restarts !== evm.restarts) return await read(method, params)
    if (result.status === 'rejected') throw result.reason
    return result.value
  }

  const answer = async ({ id = null, method, params = [] }: Call): Promise<object> => {
    const head = { jsonrpc: '2.0', id }
    if (typeof method !== 'string' || !answered.test(method))
      return { ...head, error: { code: -32601, message: `This chain does not answer ${String(method)}.` } }
    try {
      const work = () => transact(method, params)
      return { ...head, result: await (journalled.has(method) ? turns.take(work) : read(method, params)) }
    } catch (error) {
      const { code, message, data } = error as { code?: number; message?: string; data?: unknown }
      return { ...head, error: { code: code ?? -32603, message: message ?? 'Internal error', data } }
    }
  }

  return async (incoming: IncomingMessage, response: ServerResponse) => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'content-type')
    if (incoming.method === 'OPTIONS') return response.writeHead(204).end()
    const body = await readBody(incoming).catch(() => undefined)
    const calls = body === undefined ? undefined : parse(body)
    if (calls === undefined)
      return response
        .writeHead(400, { 'content-type': 'application/json' })
        .end('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Not JSON-RPC."}}')
    const answers = Array.isArray(calls) ? await Promise.all(calls.slice(0, 100).map(answer)) : await answer(calls)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answers))
  }
}

function parse(body: string): Call | Call[] | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Call | Call[]) : undefined
  } catch {
    return undefined
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    size += part.length
    if (size > maxBody) throw new RangeError('The body is too long.')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}
