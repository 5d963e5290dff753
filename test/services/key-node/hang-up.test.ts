import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { start } from '@sharewell/key-node/main'
import { toHex } from '@sharewell/sdk/bytes'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { asJson } from '../../helpers/as-json.ts'
import { newAccount } from '../../helpers/committee.ts'
import { hearLog } from '../../helpers/heard-log.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { signRequest } from '../../helpers/requests.ts'
import { type StallingProxy, startStallingProxy } from '../../helpers/stalling-proxy.ts'

describe('a reader who hangs up on a key node', () => {
  let net: TestNetwork
  let chainClient: StallingProxy
  let node: Awaited<ReturnType<typeof start>>
  let folder: string
  const log = hearLog()
  before(async () => {
    net = await startNetwork()
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-hang-up-'))
    chainClient = await startStallingProxy(net.network.rpcUrls[0] ?? '')
    const network = { ...net.network, rpcUrls: [chainClient.url] }
    const config = { port: 0, folder, network, privateKey: toHex(randomBytes(32)), secret: toHex(randomBytes(32)) }
    node = await start(config, { log })
  })
  after(async () => {
    await node.close()
    await chainClient.close()
    await net.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('while the node asks the chain ends the work quietly', async () => {
    const account = newAccount()
    const doctor = { account, chain: await net.as(account), credential: toHex(randomBytes(32)) }
    const hashes = { recordId: toHex(randomBytes(32)), manifestHash: toHex(randomBytes(32)) }
    const record = { ...hashes, ctHash: toHex(randomBytes(32)), headerHash: toHex(randomBytes(32)) }
    const pseudonym = toHex(randomBytes(32))
    const { body } = await signRequest(net.network, { doctor, pseudonym, record }, { log: false })
    const asked = chainClient.stall()
    const hangUp = new AbortController()
    const init = { method: 'POST', headers: asJson, body: JSON.stringify(body), signal: hangUp.signal }
    const answer = fetch(`${node.url}/v1/release`, init).catch((error: unknown) => error)
    await asked
    hangUp.abort()
    expect(await answer).to.be.instanceOf(Error)
    await log.next(({ message, fields }) => message === 'client gone' && fields.code === 'CLIENT_GONE')
    expect(log.lines.filter(({ level }) => level === 'error' || level === 'warn')).to.deep.equal([])
    const metrics = await (await fetch(`${node.url}/metrics`)).text()
    expect(metrics).to.include('release_refusals_total{code="CLIENT_GONE"} 1')
    expect(metrics).not.to.match(/INTERNAL|status="500"/)
  })
})
