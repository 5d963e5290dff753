import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { start } from '@sharewell/directory/main'
import { enrollAuditor, openAudits, operatorInfo } from '@sharewell/sdk/chain'
import { expect } from 'chai'
import { Hono } from 'hono'
import { checkClock, checkHead, judgeGas } from '../../cli/src/doctor/chain.ts'
import { judgeBalances } from '../../cli/src/doctor/identity.ts'
import { checkNode, judgeDisk } from '../../cli/src/doctor/machine.ts'
import { drawnOf, type House, say } from '../helpers/audits.ts'
import { randomHex } from '../helpers/ids.ts'
import { startWholeNetwork, type WholeNetwork, type WholeNode } from '../helpers/whole-network.ts'
import { equip } from './equip.ts'
import { follow, openSession, type Tricks, transcriptsIn } from './transcript.ts'

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const transcripts = await transcriptsIn('looking-after')

describe('sharewell health, audit and doctor', function () {
  this.timeout(300_000)
  let whole: WholeNetwork
  let houses: House[]
  let folder: string
  let directory: Awaited<ReturnType<typeof start>>

  before(async () => {
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2, workers: 3 })
    houses = await Promise.all(whole.workers.map((worker) => seated(whole, worker)))
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-directory-'))
    directory = await start({ port: 0, folder, network: whole.net.network }, { log: silent })
  })
  after(async () => {
    await directory?.close()
    await whole?.close()
    await rm(folder, { recursive: true, force: true })
  })

  for (const { name, file } of transcripts) {
    it(`follows the session ${name}`, async () => {
      const session = await openSession(
        { SHAREWELL_NETWORK: 'network.json', SHAREWELL_STATE: 'state' },
        tricks(whole, houses),
      )
      try {
        await equip(session, whole, { directoryUrls: [directory.url] })
        await follow(file, session)
      } finally {
        await session.close()
      }
    })
  }

  it('tells a chain that stands still from a clock that is wrong', () => {
    const now = 1_800_000_000
    expect(checkHead({ now, time: now - 60, number: 7 }).status).to.equal('ok')
    expect(checkHead({ now, time: now - 61, number: 7 })).to.include({ name: 'chain-head', status: 'problem' })
    const late = checkClock({ now, time: now - 400, skews: [1, -2, 0] })
    expect(late, 'the services agree with this clock').to.include({ name: 'clock', status: 'ok' })
    const ahead = checkClock({ now, time: now - 400, skews: [-400, -401, 9_999] })
    expect(ahead).to.include({ status: 'problem', message: 'this clock is 400 s ahead against most services' })
    const behind = checkClock({ now, time: now + 400, skews: [] })
    expect(behind).to.include({ status: 'problem', message: 'this clock is 400 s behind against the chain' })
  })

  it('knows an old Node, a full disk, and an account that cannot pay', () => {
    expect(checkNode('24.21.0').status).to.equal('ok')
    expect(checkNode('22.18.0').status).to.equal('ok')
    expect(checkNode('23.1.0').status).to.equal('warning')
    expect(checkNode('22.17.9').status).to.equal('problem')
    expect(judgeDisk(5e9).status).to.equal('ok')
    expect(judgeDisk(5e8).status).to.equal('warning')
    expect(judgeDisk(5e7).status).to.equal('problem')
    expect(judgeGas(0n).message).to.equal('free on this chain')
    expect(judgeGas(2_000_000_000n).message).to.match(/^2 gwei/)
    const [rich, poor] = [
      { address: '0x01', balance: 10n ** 18n },
      { address: '0x02', balance: 1n },
    ] as const
    expect(judgeBalances([poor], 0n).status).to.equal('ok')
    expect(judgeBalances([rich], 10n ** 9n).status).to.equal('ok')
    expect(judgeBalances([rich, poor], 10n ** 9n)).to.include({
      status: 'warning',
      message: '0x02 cannot pay for a transaction',
    })
  })
})

/** Makes a reconstructor the auditor of its house. */
async function seated({ net }: WholeNetwork, { operator, account }: WholeNode): Promise<House> {
  const chain = await net.as(account)
  await enrollAuditor(chain)
  const { organization: id = '0x' } = (await operatorInfo(chain, { operator })) ?? {}
  return { id, operator, account, chain }
}

/** Nodes that stop, lie about who they are, and come back; blocks, and a day after which auditors have seen nothing. */
function tricks({ net, hospital, storage, keys, workers }: WholeNetwork, houses: readonly House[]): Tricks {
  const find = (name: string): WholeNode => {
    const [, kind, at] = /^(storage|key|worker)-(\d)$/.exec(name) ?? []
    const all = { storage, key: keys, worker: workers }[kind as 'storage']
    return all[Number(at) - 1] as WholeNode
  }
  const impostor = () => new Hono().get('/v1/status', (c) => c.json({ operator: randomHex(16) }))
  return {
    stop: async (...names) => void (await Promise.all(names.map((name) => find(name).stop()))),
    // Its disk is gone and its ledger is not, so it thinks that it has all.
    lose: async (...names) => {
      for (const { folder } of names.map(find)) {
        const blocks = path.join(folder, 'blocks')
        const files = await readdir(blocks, { recursive: true })
        await Promise.all(files.filter((file) => file.endsWith('.data')).map((file) => rm(path.join(blocks, file))))
      }
    },
    mine: async () => await net.mine(3),
    // The last thing that is done with this network: its people go by their own clocks.
    silence: async () => {
      await net.increaseTime(86_400)
      for (const { audit } of await openAudits(hospital.chain)) {
        const drawn = await drawnOf(hospital.chain, audit)
        await say(hospital.chain, houses, drawn, false)
      }
    },
    lie: async (name = '') => await find(name).start({ storage: impostor }),
    heal: async () => void (await Promise.all([...storage, ...keys, ...workers].map((node) => node.heal()))),
  }
}
