/**
 * The local chain: Hardhat's EVM behind a JSON-RPC server that loses nothing.
 *
 * Hardhat keeps no state, so each accepted transaction is journalled with its block's time, fsynced before the
 * answer, and replayed at the next start. The genesis stays the same, later block numbers and hashes do not: nothing
 * stored may rely on them.
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import config from '../../hardhat.config.ts'
import { type Journal, openJournal } from './journal.ts'

const journalled = new Set(['eth_sendRawTransaction', 'eth_sendTransaction'])
const answered = /^(?:eth|net|web3)_/
/** A record's calldata is small; a deployment of our largest contract stays under 100 kB. */
const maxBody = 2 ** 20

type Request = (request: { method: string; params?: unknown }) => Promise<unknown>
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
  const server = createServer(listener(evm, journal))
  server.requestTimeout = 30_000
  await listen(server, port, host)

  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    replayed,
    async close() {
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

/** The EVM in the state that the journal leads to. */
type Evm = {
  readonly request: Request
  /** Grows when it begins to go back to its journal, and when it is there. */
  readonly restarts: number
  /** Goes back to what the journal says. */
  restart(): Promise<void>
  close(): Promise<void>
}

async function startEvm(journal: Journal, folder: string): Promise<Evm> {
  const open = async () => {
    const connection = await openEvm(journal.birth.initialDate, folder)
    const request: Request = (call) =>
      connection.provider.request(call as Parameters<typeof connection.provider.request>[0])
    await replay(request, journal)
    await request({ method: 'evm_setIntervalMining', params: [1000] })
    return { request, close: () => connection.close() }
  }
  const close = async () => {}
  let now = await open()
  let restarts = 0
  return {
    request: (call) => now.request(call),
    get restarts() {
      return restarts
    },
    async restart() {
      const before = now
      restarts += 1
      // Should the replay fail, nothing is answered any more: better than what the journal does not say.
      now = { request: () => Promise.reject(new ReplayError('The chain lost its state. Start it again.')), close }
      await before.close()
      now = await open()
      restarts += 1
    },
    close: () => now.close(),
  }
}

/** The EVM alone: the plugins that tests and tasks need, and artifacts for decoding traces, take seconds to load. */
async function openEvm(initialDate: string, folder: string) {
  const { node } = config.networks ?? {}
  if (node?.type !== 'edr-simulated') throw new TypeError('hardhat.config.ts describes no network "node".')
  const network = { ...node, initialDate, mining: { auto: true, interval: 0 } }
  const bare = { networks: { node: network }, paths: { artifacts: path.join(folder, 'no-artifacts') } }
  const hre = await createHardhatRuntimeEnvironment(bare, {}, path.join(import.meta.dirname, '../..'))
  return await hre.network.create('node')
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

/** Thrown when the journal does not lead to the state it once led to. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError'
}

async function replay(request: Request, { entries }: Journal): Promise<void> {
  for (const [index, { method, params, time, result }] of entries.entries()) {
    await request({ method: 'evm_setNextBlockTimestamp', params: [time] })
    const again = await request({ method, params })
    if (again !== result)
      throw new ReplayError(
        `Entry ${index + 1} of the chain's journal gave another transaction. Start anew with --fresh.`,
      )
  }
  const last = entries.at(-1)?.time ?? 0
  const now = Math.floor(Date.now() / 1000)
  await request({ method: 'evm_setNextBlockTimestamp', params: [Math.max(now, last + 1)] })
  await request({ method: 'evm_mine', params: [] })
}

function listener(evm: Evm, journal: Journal) {
  // Transactions go one after another, so that the journal has them in the order of their blocks.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => Promise<unknown>) => {
    const done = turn.then(work, work)
    turn = done.catch(() => {})
    return done
  }

  const transact = async (method: string, params: unknown): Promise<unknown> => {
    const result = await evm.request({ method, params })
    const latest = { method: 'eth_getBlockByNumber', params: ['latest', false] }
    const block = (await evm.request(latest)) as { timestamp: string }
    try {
      await journal.append({ method, params, result, time: Number(block.timestamp) })
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
    await turn
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
      return { ...head, result: await (journalled.has(method) ? inTurn(work) : read(method, params)) }
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
