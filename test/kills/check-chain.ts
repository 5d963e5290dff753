import { createHash } from 'node:crypto'
import { copyFile, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { startChain } from '../../scripts/network/chain.ts'
import type { Check } from './check.ts'
import type { World } from './world.ts'

type Log = {
  readonly address: string
  readonly topics: readonly string[]
  readonly data: string
  readonly transactionHash: string
}

/** The chain's journal, replayed apart, leads to the same events and the same contracts' storage. */
export async function checkJournal(world: Pick<World, 'folder' | 'journal' | 'network'>): Promise<Check> {
  const copy = path.join(world.folder, 'replayed.jsonl')
  await copyFile(world.journal, copy)
  const again = await startChain({ file: copy, port: 0 })
  try {
    const [running, replayed] = await Promise.all([digestOf(world.network.rpcUrls[0] ?? ''), digestOf(again.url)])
    const wrong =
      running.digest === replayed.digest ? [] : [`${running.events} events run, ${replayed.events} replayed`]
    return { what: "the chain's journal replays to the same history", held: running.events, wrong }
  } finally {
    await again.close()
  }
}

async function digestOf(url: string): Promise<{ readonly digest: string; readonly events: number }> {
  const body = { jsonrpc: '2.0', id: 1, method: 'eth_getLogs', params: [{ fromBlock: '0x0', toBlock: 'latest' }] }
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  const { result } = (await response.json()) as { result: readonly Log[] }
  const hash = createHash('sha256')
  for (const { address, topics, data, transactionHash } of result)
    hash.update(JSON.stringify([address, topics, data, transactionHash]))
  return { digest: hash.digest('hex'), events: result.length }
}

/** No service failed by a fault of its own, nor died of one. */
export async function checkServiceLogs({ folder }: Pick<World, 'folder'>): Promise<Check> {
  const names = await readdir(path.join(folder, 'logs'))
  const wrong: string[] = []
  for (const name of names) {
    const text = await readFile(path.join(folder, 'logs', name), 'utf8')
    const bad = text.split('\n').filter((line) => /"INTERNAL"|uncaught|unhandled|^\s+at .*\(/i.test(line))
    if (bad.length > 0) wrong.push(`${name}: ${bad.length} lines, such as ${bad[0]?.slice(0, 300)}`)
  }
  return { what: "services' logs show no fault of their own", held: names.length, wrong }
}
