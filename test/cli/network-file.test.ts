import { BaseError } from '@sharewell/sdk/errors'
import { expect } from 'chai'
import { readNetworkFile } from '../../cli/src/network/network-file.ts'
import { type HostileServer, startHostileServer } from '../helpers/hostile-server.ts'

describe('a network file from the web', () => {
  let server: HostileServer
  before(async () => {
    server = await startHostileServer()
  })
  after(() => server.close())

  for (const hostility of ['sends without end', 'sends a page', 'sends a bomb', 'hangs up', 'sends deep JSON'] as const)
    it(`is refused when the server ${hostility}`, async () => {
      server.act(hostility)
      const error = await readNetworkFile(server.url, new AbortController().signal).catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(BaseError).and.to.have.property('code', 'NETWORK_FILE')
      await server.idle()
    })
})
