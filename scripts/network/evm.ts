import path from 'node:path'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import config from '../../hardhat.config.ts'
import type { Entry, Journal } from './journal.ts'

type Request = (request: { method: string; params?: unknown }) => Promise<unknown>

/** What an entry of the journal says of blocks. */
type Blocks = Pick<Entry, 'time' | 'empty'>

/** The EVM in the state that the journal leads to. */
export type Evm = {
  readonly request: Request
  /** Grows when it begins to go back to its journal, and when it is there. */
  readonly restarts: number
  /** Goes back to what the journal says. */
  restart(): Promise<void>
  /** Mines a block without a transaction. */
  mine(): Promise<void>
  /** Has a transaction written down that was just mined, with the blocks since the one before. */
  record(write: (blocks: Blocks) => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** Starts the EVM and replays the journal; `folder` is where nothing of Hardhat's is found. Errors: {@link ReplayError}. */
export async function startEvm(journal: Journal, folder: string): Promise<Evm> {
  let empty: number[] = []
  const open = async () => {
    const connection = await openEvm(journal.birth.initialDate, folder)
    const request: Request = (call) =>
      connection.provider.request(call as Parameters<typeof connection.provider.request>[0])
    await replay(request, journal)
    empty = [await newestOf(request)]
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
    async mine() {
      await now.request({ method: 'evm_mine', params: [] })
      empty.push(await newestOf(now.request))
    },
    async record(write) {
      await write({ time: await newestOf(now.request), ...(empty.length > 0 && { empty }) })
      empty = []
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

/** Time of the newest block, in seconds since 1970. */
async function newestOf(request: Request): Promise<number> {
  const block = await request({ method: 'eth_getBlockByNumber', params: ['latest', false] })
  return Number((block as { timestamp: string }).timestamp)
}

/** Thrown when the journal does not lead to the state it once led to. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError'
}

/** Mines every block again, then one that has the time of now. What EDR draws for a block (`mixHash`,
 * `parentBeaconBlockRoot`) follows from how many were mined, so no empty one may be left out. */
async function replay(request: Request, { entries }: Journal): Promise<void> {
  for (const [index, { method, params, time, result, empty = [] }] of entries.entries()) {
    for (const at of empty) await request({ method: 'evm_mine', params: [at] })
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
