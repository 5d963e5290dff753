import { expect } from 'chai'
import { chainAuthority } from '../../../services/storage-node/src/authority.ts'
import { newAccount } from '../../helpers/committee.ts'
import { randomHex } from '../../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { passOf } from '../../helpers/passes.ts'

describe('what a storage node asks the chain', () => {
  let net: TestNetwork
  before(async () => {
    net = await startNetwork()
  })
  after(() => net.close())

  it('is asked once for readers who come together, and none of them suffers when the first one hangs up', async () => {
    const reader = newAccount()
    const chain = await net.as(reader)
    const operator = randomHex(16)
    const header = await (await passOf(chain, { pseudonym: randomHex(32) })).headerFor(operator)
    const authority = chainAuthority(chain, { operator })
    const first = new AbortController()
    const gone = authority.read(header, [], { signal: first.signal }).catch((reason: unknown) => reason)
    const second = authority.read(header, [], { signal: new AbortController().signal })
    first.abort(new Error('hung up'))
    expect(await gone).to.have.property('message', 'hung up')
    expect(await second).to.equal(false)
  })
})
