import type { Hex } from '@sharewell/sdk/bytes'
import { type Chain, registerOperator } from '@sharewell/sdk/chain'
import { expect } from 'chai'
import { chainAuthority } from '../../../services/reconstructor/src/authority.ts'
import { type Hospital, registerHospitals } from '../../helpers/committee.ts'
import { shareWord } from '../../helpers/fault-files.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { newAccount, newParties, type Party } from '../../helpers/parties.ts'
import { deploySmartAccount } from '../../helpers/relayer.ts'
import { sealedRecord } from '../../helpers/sealed-record.ts'

describe("a reconstructor's view of the storage nodes", () => {
  let net: TestNetwork
  let chain: Chain
  let contract: Hex
  let asked = 0
  const [byKey, byContract, unknown] = newParties(3) as [Party, Party, Party]
  before(async () => {
    net = await startNetwork()
    const hospital = (await registerHospitals(net, 1))[0] as Hospital
    const admin = await net.as(net.admin)
    contract = await deploySmartAccount(hospital.chain, byContract.account)
    for (const [{ operator }, account] of [
      [byKey, byKey.account.address],
      [byContract, contract],
    ] as const)
      await registerOperator(admin, {
        id: operator,
        kind: 'storage',
        organization: hospital.id,
        account,
        endpoint: 'http://node.example',
      })
    const { client } = hospital.chain
    const getCode: typeof client.getCode = (args) => {
      asked += 1
      return client.getCode(args)
    }
    chain = { ...hospital.chain, client: { ...client, getCode } }
  })
  after(() => net.close())

  const wordOf = async (party: Party) => {
    const shape = { networkId: net.network.networkId, uploader: newAccount(), policy: { n: 3, t: 2, r: 0 } }
    const operators = newParties(3).map(({ operator }) => operator)
    const record = await sealedRecord({ ...shape, operators, dataLength: 1_000 })
    return await shareWord(net.network, record, party, `0x${'66'.repeat(32)}`)
  }

  it('takes the word of an account that is a key, and asks the chain for no code', async () => {
    const { verifyShare } = chainAuthority(chain, unknown)
    expect(await verifyShare(byKey.operator, await wordOf(byKey))).to.equal(true)
    expect(asked).to.equal(0)
  })

  it('takes the word of an account that is a contract, where the contract takes it', async () => {
    const { verifyShare } = chainAuthority(chain, unknown)
    const word = await wordOf(byContract)
    expect(await verifyShare(byContract.operator, word)).to.equal(true)
    const other = { ...word, message: { ...word.message, i: 2 } }
    expect(await verifyShare(byContract.operator, other)).to.equal(false)
    expect(await verifyShare(byContract.operator, await wordOf(byKey))).to.equal(false)
    expect(asked).to.equal(3)
  })

  it('takes nobody else’s word', async () => {
    const { verifyShare } = chainAuthority(chain, unknown)
    expect(await verifyShare(byKey.operator, await wordOf(byContract))).to.equal(false)
    expect(await verifyShare(byKey.operator, { ...(await wordOf(byKey)), signature: '0x12' })).to.equal(false)
    expect(await verifyShare(unknown.operator, await wordOf(unknown))).to.equal(false)
  })

  it('says that it does not know where the chain does not answer', async () => {
    const silent = { ...chain, client: { ...chain.client, getCode: () => Promise.reject(new Error('gone')) } }
    const { verifyShare } = chainAuthority(silent, unknown)
    const word = await wordOf(byContract)
    const asked = verifyShare(byContract.operator, word)
    expect(await asked.catch((error: Error) => error.message)).to.equal('gone')
  })
})
