import { encodeTicket, signMessage } from '@sharewell/sdk/chain'
import { expect } from 'chai'
import { chainAuthority } from '../../../services/storage-node/src/authority.ts'
import { newAccount } from '../../helpers/committee.ts'
import { now, randomHex } from '../../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'

describe('what a storage node asks the chain', () => {
  let net: TestNetwork
  before(async () => {
    net = await startNetwork()
  })
  after(() => net.close())

  it('is asked once for readers who come together, and none of them suffers when the first one hangs up', async () => {
    const reader = newAccount()
    const chain = await net.as(reader)
    const message = { reader: reader.address, pseudonym: randomHex(32), purpose: 0, notAfter: now() + 100 }
    const signature = await signMessage(chain, 'ReadTicket', message)
    const header = encodeTicket({ kind: 'ReadTicket', message, signature })
    const authority = chainAuthority(chain, { operator: randomHex(16) })
    const first = new AbortController()
    const gone = authority.read(header, [], { signal: first.signal }).catch((reason: unknown) => reason)
    const second = authority.read(header, [], { signal: new AbortController().signal })
    first.abort(new Error('hung up'))
    expect(await gone).to.have.property('message', 'hung up')
    expect(await second).to.equal(false)
  })
})
