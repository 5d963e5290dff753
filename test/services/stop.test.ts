import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { start as startDirectory } from '@sharewell/directory/main'
import { start as startRelayer } from '@sharewell/relayer/main'
import { expect } from 'chai'
import { type Listening, startService } from '../helpers/hosts.ts'
import { randomHex } from '../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../helpers/network.ts'

describe('a service that is told to stop', () => {
  let net: TestNetwork
  let folder: string
  before(async () => {
    net = await startNetwork()
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-stop-'))
  })
  after(async () => {
    await net.close()
    await rm(folder, { recursive: true, force: true })
  })

  const config = (name: string) =>
    ({ port: 0, folder: path.join(folder, name), network: net.network, logLevel: 'silent' }) as const
  const operator = () => ({ operator: randomHex(16), privateKey: randomHex(32) })
  const services: Readonly<Record<string, () => Promise<Listening>>> = {
    'storage node': () => startService({ kind: 'storage-node', config: { ...config('storage'), ...operator() } }),
    reconstructor: () => startService({ kind: 'reconstructor', config: { ...config('reconstructor'), ...operator() } }),
    'key node': () =>
      startService({
        kind: 'key-node',
        config: { ...config('key'), privateKey: randomHex(32), secret: randomHex(32) },
      }),
    directory: () => startDirectory(config('directory')),
    relayer: () => startRelayer({ port: 0, network: net.network, logLevel: 'silent', privateKey: randomHex(32) }),
  }
  for (const [name, start] of Object.entries(services))
    it(`does not wait for who only keeps a connection open: a ${name}`, async () => {
      const running = await start()
      const socket = await silent(running.url)
      const started = performance.now()
      await running.close()
      expect(performance.now() - started).to.be.lessThan(1_500)
      socket.destroy()
    })
})

/** A connection on which nothing is ever asked, as browsers keep them ready. */
async function silent(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  // The server has accepted it once it answers another one.
  await (await fetch(`${url}/healthz`)).text()
  return socket
}
