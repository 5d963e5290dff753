import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { type LocalChain, startChain } from '../../scripts/network/chain.ts'

describe('the local chain', () => {
  let folder = ''
  const running: LocalChain[] = []
  const file = () => path.join(folder, 'chain.jsonl')
  const start = async () => {
    const chain = await startChain({ file: file(), port: 0 })
    running.push(chain)
    return chain
  }
  const rpc = async ({ url }: LocalChain, method: string, params: unknown[] = []) => {
    const response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    return (await response.json()) as { result?: unknown; error?: { code: number; message: string } }
  }
  const send = async (chain: LocalChain, value: string) => {
    const { result } = await rpc(chain, 'eth_accounts')
    const [from, to] = result as string[]
    const sent = await rpc(chain, 'eth_sendTransaction', [{ from, to, value, gasPrice: '0x0' }])
    expect(sent.error).to.equal(undefined)
    return { hash: sent.result as string, to: to as string }
  }

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-chain-'))
  })
  afterEach(async () => {
    await Promise.all(running.splice(0).map((chain) => chain.close()))
    await rm(folder, { recursive: true })
  })

  it('remembers its genesis, balances and transactions over a restart', async () => {
    const first = await start()
    const { hash, to } = await send(first, '0x10')
    const before = await Promise.all([
      rpc(first, 'eth_getBlockByNumber', ['0x0', false]).then(({ result }) => (result as { hash: string }).hash),
      rpc(first, 'eth_getBalance', [to, 'latest']).then(({ result }) => result),
    ])
    await running.pop()?.close()

    const second = await start()
    expect(second.replayed).to.equal(1)
    const after = await Promise.all([
      rpc(second, 'eth_getBlockByNumber', ['0x0', false]).then(({ result }) => (result as { hash: string }).hash),
      rpc(second, 'eth_getBalance', [to, 'latest']).then(({ result }) => result),
    ])
    expect(after).to.deep.equal(before)
    expect((await rpc(second, 'eth_getTransactionReceipt', [hash])).result).to.include({ status: '0x1' })
  })

  it('replays a transaction that was reverted as one that was reverted', async () => {
    const first = await start()
    const [from] = (await rpc(first, 'eth_accounts')).result as string[]
    const reverting = [{ from, data: '0xfe', gas: '0x10000', gasPrice: '0x0' }]
    const { result: hash } = await rpc(first, 'eth_sendTransaction', reverting)
    expect((await rpc(first, 'eth_getTransactionReceipt', [hash])).result).to.include({ status: '0x0' })
    await send(first, '0x1')
    await running.pop()?.close()
    const second = await start()
    expect(second.replayed).to.equal(2)
    expect((await rpc(second, 'eth_getTransactionReceipt', [hash])).result).to.include({ status: '0x0' })
  })

  it('has the time of the wall after a replay', async () => {
    const first = await start()
    await send(first, '0x1')
    await running.pop()?.close()
    const second = await start()
    const { result } = await rpc(second, 'eth_getBlockByNumber', ['latest', false])
    const head = Number((result as { timestamp: string }).timestamp)
    expect(Math.abs(head - Date.now() / 1000)).to.be.below(5)
  })

  it('forgets a line that power cut short, and only that', async () => {
    const first = await start()
    await send(first, '0x1')
    await running.pop()?.close()
    await appendFile(file(), '{"method":"eth_sendTransaction","params":[{"fr')
    const second = await start()
    expect(second.replayed).to.equal(1)
    await send(second, '0x2')
    await running.pop()?.close()
    expect((await readFile(file(), 'utf8')).trim().split('\n')).to.have.length(3)
  })

  it('refuses a journal that leads elsewhere', async () => {
    const first = await start()
    await send(first, '0x1')
    await running.pop()?.close()
    const text = await readFile(file(), 'utf8')
    await writeFile(file(), text.replace('"value":"0x1"', '"value":"0x9"'))
    const refused = await startChain({ file: file(), port: 0 }).catch((error: Error) => error)
    expect(refused).to.have.property('name', 'ReplayError')
  })

  it('answers neither the methods that change its rules nor garbage', async () => {
    const chain = await start()
    for (const method of ['hardhat_setBalance', 'evm_mine', 'debug_traceTransaction'])
      expect((await rpc(chain, method)).error?.code).to.equal(-32601)
    const response = await fetch(chain.url, { method: 'POST', body: 'not json' })
    expect(response.status).to.equal(400)
  })
})
