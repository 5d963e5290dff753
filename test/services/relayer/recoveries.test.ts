import { fromHex, toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  cancelPending,
  circleHash,
  nameGuardians,
  pendingOf,
  proposeHandover,
  readerOf,
  registerPatient,
  relayRecovery,
  relayWithdrawal,
  signMessage,
} from '@sharewell/sdk/chain'
import { approvalOf, approveRequest, guardianRequests } from '@sharewell/sdk/flow/recovery'
import { createVault, guardianCircle, guardianOf, guardianSeedOf, placeKeys, type Vault } from '@sharewell/sdk/person'
import { sha256 } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import type { Hex } from 'viem'
import { type Hospital, newAccount, registerHospitals } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { post, startRelayer, type TestRelayer } from '../../helpers/relayer.ts'

describe('a relayer and what guardians signed', () => {
  let net: TestNetwork
  let hospital: Hospital
  let relayer: TestRelayer
  let vault: Vault
  let chain: Chain
  let pseudonym: Hex
  const friends = () => seeds.map((seed) => guardianOf(seed).key)
  let seeds: Parameters<typeof guardianOf>[0][] = []

  before(async () => {
    net = await startNetwork()
    ;[hospital] = (await registerHospitals(net, 1)) as [Hospital]
    relayer = await startRelayer(net)
    const networkId = fromHex(net.network.networkId, 32)
    vault = createVault(networkId)
    seeds = [1, 2, 3].map(() => guardianSeedOf(createVault(networkId)))
    chain = { ...(await net.as(newAccount())), network: { ...net.network, relayerUrls: [relayer.url] } }
    const controller = readerOf(chain)
    const keys = placeKeys(vault, { providerId: fromHex(hospital.id, 16), gen: 0 }, controller)
    pseudonym = toHex(keys.pseudonym)
    const selfKeyHash = toHex(sha256(keys.self.publicKey))
    const place = { provider: hospital.id, selfKeyHash }
    const signature = await signMessage(chain, 'Register', { pseudonym, ...place })
    await registerPatient(hospital.chain, { controller, rho: toHex(keys.rho), ...place, signature })
    await nameGuardians(chain, { pseudonym, circle: circle() })
  })
  after(async () => {
    await relayer.stop()
    await net.close()
  })

  const circle = () => guardianCircle(vault, friends(), fromHex(pseudonym, 32), 2).circle

  async function signed(act: 'recover' | 'withdraw', to: Hex, by = seeds.slice(0, 2)) {
    const guardianKeys = by.map((seed) => guardianOf(seed).key)
    const requests = await guardianRequests(chain, vault, { pseudonym, to, act, guardianKeys })
    const answers = requests.map(async (request, at) => {
      const [seed, asked] = [by[at], { v: 1, ...request }]
      if (!seed) throw new Error('nobody is asked')
      return approvalOf(await approveRequest(chain, seed, asked as Parameters<typeof approveRequest>[2]))
    })
    const deadline = requests[0]?.deadline ?? 0
    return { pseudonym, to, deadline, circle: circle(), approvals: await Promise.all(answers) }
  }
  const nobody: Hex = `0x${'00'.repeat(20)}`

  it('proposes a recovery, once: who lost everything sends nothing', async () => {
    const to = newAccount().address
    const recovery = await signed('recover', to)
    const stranger = { ...(await net.as(newAccount())), network: chain.network }
    const { transactionHash } = await relayRecovery(stranger, recovery)
    expect(await pendingOf(chain, { pseudonym })).to.include({ kind: 'recovery' })
    expect((await chain.client.getTransactionReceipt({ hash: transactionHash })).status).to.equal('success')
    // The controller's veto makes a new round: what was signed before counts no more.
    await cancelPending(chain, { pseudonym })
    const refused = await relayRecovery(stranger, recovery).catch((error) => error)
    expect(refused).to.include({ reason: 'GuardiansBadSignature' })
    expect(await pendingOf(chain, { pseudonym })).to.include({ kind: 'nothing' })
  })

  it('vetoes what somebody with the key began', async () => {
    await proposeHandover(chain, { pseudonym, to: newAccount().address })
    const stranger = { ...(await net.as(newAccount())), network: chain.network }
    await relayWithdrawal(stranger, await signed('withdraw', nobody))
    expect(await pendingOf(chain, { pseudonym })).to.include({ kind: 'nothing' })
  })

  it('answers the same again with the same transaction, and carries nothing of fewer guardians or of strangers', async () => {
    await proposeHandover(chain, { pseudonym, to: newAccount().address })
    const { round } = await pendingOf(chain, { pseudonym })
    const withdrawal = await signed('withdraw', nobody)
    const message = { pseudonym, circle: circleHash(pseudonym, circle()), round, deadline: withdrawal.deadline }
    const { approvals } = withdrawal
    const body = { kind: 'Withdraw', message, circle: withdrawal.circle, approvals }
    const send = (change: object) => post(relayer.url, '/v1/recoveries', { ...body, ...change })
    expect((await send({ approvals: approvals.slice(1) })).body.detail).to.contain('GuardiansTooFew')
    expect((await send({ message: { ...message, deadline: message.deadline - 1 } })).body.detail).to.contain(
      'GuardiansBadSignature',
    )
    expect((await send({ circle: { ...body.circle, needed: 3 } })).body.detail).to.contain('GuardiansOtherCircle')
    expect((await send({ kind: 'Recover' })).body.code).to.equal('MESSAGE')
    expect((await send({ approvals: Array.from({ length: 17 }, () => approvals[0]) })).body.code).to.equal(
      'BAD_REQUEST',
    )
    const [first, second] = [await send({}), await send({})]
    expect([first.status, second.status], first.body.detail).to.deep.equal([200, 200])
    expect(second.body.transactionHash).to.equal(first.body.transactionHash)
  })
})
