import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { isDue, type LocalChain, startChain } from '../../scripts/network/chain.ts'
import { type Journal, openJournal } from '../../scripts/network/journal.ts'

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

  it('has the same blocks after every replay, so that what was drawn by their hashes stays drawn', async () => {
    let chain = await start()
    const head = async () => Number((await rpc(chain, 'eth_blockNumber')).result)
    const hashesTo = async (last: number) =>
      await Promise.all(
        Array.from({ length: last + 1 }, async (_, number) => {
          const { result } = await rpc(chain, 'eth_getBlockByNumber', [`0x${number.toString(16)}`, false])
          return (result as { hash: string }).hash
        }),
      )
    const receiptOf = async (hash: unknown) =>
      (await rpc(chain, 'eth_getTransactionReceipt', [hash])).result as { contractAddress: string; blockNumber: string }

    await send(chain, '0x1')
    const asked = await head()
    while ((await head()) < asked + 3) await pause(100)
    const [from] = (await rpc(chain, 'eth_accounts')).result as string[]
    // Neither what is tried nor what is refused is part of the history.
    await rpc(chain, 'eth_call', [{ from, to: from }, 'pending'])
    await rpc(chain, 'eth_estimateGas', [{ from, to: from }])
    const refused = await rpc(chain, 'eth_sendTransaction', [{ from, to: from, nonce: '0x0', gasPrice: '0x0' }])
    expect(refused.error?.message).to.match(/nonce/i)
    // Stores the hash of the second block after the first transaction, as a draw does.
    const code = `0x61${(asked + 2).toString(16).padStart(4, '0')}40600055`
    const { result: drawn } = await rpc(chain, 'eth_sendTransaction', [{ from, data: code, gasPrice: '0x0' }])
    const { contractAddress } = await receiptOf(drawn)
    const stored = async () => (await rpc(chain, 'eth_getStorageAt', [contractAddress, '0x0', 'latest'])).result

    let last = drawn
    for (let life = 2; life < 4; life++) {
      const before = await hashesTo(Number((await receiptOf(last)).blockNumber))
      expect(await stored()).to.equal(before[asked + 2])
      await running.pop()?.close()
      chain = await start()
      expect(await hashesTo(before.length - 1), `life ${life}`).to.deep.equal(before)
      expect(await stored()).to.equal(before[asked + 2])
      last = (await send(chain, '0x2')).hash
    }
  })

  it('mines every second while it is used, and less when it is left alone, yet within what a head may be old', () => {
    const since = (minedAt: number, usedAt: number) =>
      isDue({ now: 2e12, minedAt: 2e12 - minedAt, usedAt: 2e12 - usedAt })
    expect([since(999, 0), since(1_000, 0), since(1_000, 600_000)]).to.deep.equal([false, true, true])
    expect([since(1_000, 600_001), since(14_999, 9e9), since(15_000, 9e9)]).to.deep.equal([false, false, true])
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

  describe('while its journal cannot be written', () => {
    const failing = () => {
      const disk = { full: false }
      const journal = async (name: string): Promise<Journal> => {
        const real = await openJournal(name)
        const append: Journal['append'] = async (entry) => {
          if (disk.full) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
          await real.append(entry)
        }
        return { ...real, append }
      }
      return { disk, journal }
    }
    const balance = async (chain: LocalChain, account: string) =>
      (await rpc(chain, 'eth_getBalance', [account, 'latest'])).result

    it('sends nothing, says why, and goes on when there is room', async () => {
      const { disk, journal } = failing()
      const chain = await startChain({ file: file(), port: 0, journal })
      running.push(chain)
      const { to } = await send(chain, '0x1')
      const before = await balance(chain, to)
      disk.full = true
      const [from] = (await rpc(chain, 'eth_accounts')).result as string[]
      const { error } = await rpc(chain, 'eth_sendTransaction', [{ from, to, value: '0x5', gasPrice: '0x0' }])
      expect(error?.message).to.include('no space left').and.to.include('make room')
      expect(await balance(chain, to)).to.equal(before)
      disk.full = false
      await send(chain, '0x2')
      const after = await balance(chain, to)
      await running.pop()?.close()
      const again = await start()
      expect(again.replayed).to.equal(2)
      expect(await balance(again, to)).to.equal(after)
    })

    it('shows nobody what is not in the journal yet', async () => {
      const { promise: writing, resolve: reached } = Promise.withResolvers<void>()
      const { promise: room, resolve: release } = Promise.withResolvers<void>()
      const journal = async (name: string): Promise<Journal> => {
        const real = await openJournal(name)
        const append = async () => {
          reached()
          await room
          throw new Error('full')
        }
        return { ...real, append }
      }
      const chain = await startChain({ file: file(), port: 0, journal })
      running.push(chain)
      const [from, to] = (await rpc(chain, 'eth_accounts')).result as [string, string]
      const before = await balance(chain, to)
      const sent = rpc(chain, 'eth_sendTransaction', [{ from, to, value: '0x5', gasPrice: '0x0' }])
      await writing
      const seen = balance(chain, to)
      release()
      expect((await sent).error?.message).to.include('cannot be written')
      expect(await seen).to.equal(before)
    })

    it('leaves no torn line behind', async () => {
      const journal = await openJournal(file())
      const entry = { method: 'eth_sendTransaction', params: [], time: 1, result: '0x1' }
      await journal.append(entry)
      const bytes = await readFile(file(), 'utf8')
      await appendFile(file(), '{"method":"eth_sendRaw')
      // As after a write that stopped in the middle: the next one takes its place.
      await journal.append({ ...entry, result: '0x2' })
      await journal.close()
      const again = await openJournal(file())
      expect(again.entries.map(({ result }) => result)).to.deep.equal(['0x1', '0x2'])
      await again.close()
      expect((await readFile(file(), 'utf8')).startsWith(bytes)).to.equal(true)
    })
  })

  it('says which line of its journal cannot be read', async () => {
    const first = await start()
    await send(first, '0x1')
    await running.pop()?.close()
    await appendFile(file(), '{"torn\n')
    const refused = await startChain({ file: file(), port: 0 }).catch((error: Error) => error)
    expect(refused).to.have.property('name', 'JournalError')
    expect(String(refused)).to.include('Line 3')
  })

  it('answers neither the methods that change its rules nor garbage', async () => {
    const chain = await start()
    for (const method of ['hardhat_setBalance', 'evm_mine', 'debug_traceTransaction'])
      expect((await rpc(chain, method)).error?.code).to.equal(-32601)
    const response = await fetch(chain.url, { method: 'POST', body: 'not json' })
    expect(response.status).to.equal(400)
  })
})
