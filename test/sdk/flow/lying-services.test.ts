import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Bytes, fromHex, type Hex, toBase64url, toHex } from '@sharewell/sdk/bytes'
import type { Ticket } from '@sharewell/sdk/chain'
import { publicKeyOf, sealCapsule } from '@sharewell/sdk/envelope'
import { type KeyNode, listCapsules } from '@sharewell/sdk/flow/key-nodes'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { call } from '../../../sdk/src/flow/http.ts'
import { newAccount } from '../../helpers/parties.ts'

describe('a service that lies', () => {
  const servers: Server[] = []
  after(() => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  })

  async function serve(answer: (response: ServerResponse) => void): Promise<string> {
    const server = createServer((_, response) => answer(response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const json = (value: unknown) => (response: ServerResponse) =>
    void response.setHeader('content-type', 'application/json').end(JSON.stringify(value))

  const networkId = toHex(randomBytes(32))
  const pseudonym = toHex(randomBytes(32))
  const zero: Hex = `0x${'00'.repeat(32)}`
  const message = { reader: newAccount().address, pseudonym, purpose: 6, replyKeyHash: zero, notAfter: 2_000_000_000 }
  const ticket: Ticket<'ReadTicket'> = { kind: 'ReadTicket', message, signature: `0x${'11'.repeat(65)}` }
  const pass = { pseudonym, ticketFor: async () => ticket }
  const nodeAt = (endpoint: string, i: number): KeyNode => {
    const id: Hex = toHex(randomBytes(16))
    const hpkeKeyHash = toHex(randomBytes(32))
    return { id, endpoint, account: newAccount().address, hpkeKeyHash, i, verifyingShare: randomBytes(32) }
  }
  const capsule = (): Promise<Bytes> =>
    sealCapsule(
      {
        networkId: fromHex(networkId, 32),
        pseudonym: fromHex(pseudonym, 32),
        purpose: 'note',
        publicKey: publicKeyOf(randomBytes(32)),
        plaintext: randomBytes(10),
      },
      newAccount(),
    )

  it('by an answer without end is cut off at the limit, before the time is over', async () => {
    const piece = randomBytes(1 << 20)
    const url = await serve((response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    const error = await call(url, '/', {}, { timeout: 20_000 }).catch((thrown: unknown) => thrown)
    expect(error).to.include({ problem: 'TOO_LARGE' })
  })

  it('as one key node of two does not keep a patient from the mail that the other has', async () => {
    const kept = await capsule()
    const honest = nodeAt(await serve(json({ capsules: [toBase64url(kept)] })), 1)
    for (const lie of [null, 7, 'mail', [], { capsules: null }, { capsules: [null, 'x', '!', { a: 1 }] }]) {
      const nodes = [honest, nodeAt(await serve(json(lie)), 2)]
      expect(await listCapsules({ nodes }, { pass, networkId })).to.have.length(1)
    }
  })
})
