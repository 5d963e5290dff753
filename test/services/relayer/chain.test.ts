import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { consentOf, type Message, revokeAll, type SignedConsent, signConsent, signMessage } from '@sharewell/sdk/chain'
import { consentRegistryAbi } from '@sharewell/sdk/chain/abi'
import { expect } from 'chai'
import type { AbiEvent, Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { type BreakableChain, rpc, startBreakableChain } from '../../helpers/breakable-chain.ts'
import { type Hospital, type Patient, registerHospitals, registerPatientAt } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { anHour, anybody, postConsent, spawnRelayer, startRelayer, type TestRelayer } from '../../helpers/relayer.ts'

const granted = consentRegistryAbi.find((entry) => entry.type === 'event' && entry.name === 'Granted') as AbiEvent

describe('a relayer whose chain client', () => {
  let net: TestNetwork
  let patient: Patient
  let proxy: BreakableChain
  let relayer: TestRelayer
  let url = ''

  before(async () => {
    net = await startNetwork()
    const [hospital] = (await registerHospitals(net, 1)) as [Hospital]
    patient = await registerPatientAt(net, hospital)
    url = net.network.rpcUrls[0] ?? ''
    proxy = await startBreakableChain(url)
    relayer = await startRelayer(net, { network: { ...net.network, rpcUrls: [proxy.url] }, receiptTimeout: 1_000 })
  })
  after(async () => {
    await relayer.stop()
    await proxy.close()
    await net.close()
  })
  afterEach(() => proxy.heal())

  const signGrant = (granteeId = anybody()) =>
    signConsent(patient.chain, { kind: 'Grant', pseudonym: patient.pseudonym, granteeId, terms: anHour() })
  const timesCarried = async (signed: SignedConsent) => {
    const { granteeId } = signed.message as Message<'Grant'>
    const query = { address: net.network.contracts.consentRegistry, event: granted, args: { granteeId } }
    return (await patient.chain.client.getLogs({ ...query, fromBlock: 0n })).length
  }

  it('is down says so, and goes on when it is back', async () => {
    const signed = await signGrant()
    proxy.cut()
    const refused = await postConsent(relayer.url, signed)
    expect([refused.status, refused.body.code]).to.deep.equal([503, 'CHAIN_UNAVAILABLE'])
    expect(refused.retryAfter).to.equal('1')
    expect((await fetch(`${relayer.url}/readyz`)).status).to.equal(503)
    expect((await fetch(`${relayer.url}/healthz`)).status).to.equal(200)
    proxy.heal()
    expect((await postConsent(relayer.url, signed)).status).to.equal(200)
    expect((await fetch(`${relayer.url}/readyz`)).status).to.equal(200)
  })

  it('loses a transaction carries it when it is asked again, once', async () => {
    const signed = await signGrant()
    proxy.lose('eth_sendRawTransaction')
    expect((await postConsent(relayer.url, signed)).body.code).to.equal('CHAIN_UNAVAILABLE')
    proxy.heal()
    expect((await postConsent(relayer.url, signed)).status).to.equal(200)
    expect(await timesCarried(signed)).to.equal(1)
  })

  it('takes a transaction and hangs up has carried it', async () => {
    const signed = await signGrant()
    proxy.deafen('eth_sendRawTransaction')
    expect((await postConsent(relayer.url, signed)).status).to.equal(200)
    expect(await timesCarried(signed)).to.equal(1)
  })

  it('hangs up while a receipt is awaited is asked for it again', async () => {
    const signed = await signGrant()
    proxy.lose('eth_getTransactionReceipt')
    expect((await postConsent(relayer.url, signed)).status).to.equal(503)
    proxy.heal()
    expect((await postConsent(relayer.url, signed)).status).to.equal(200)
    expect(await timesCarried(signed)).to.equal(1)
  })

  it('makes no blocks says so, and sends nothing twice', async () => {
    const signed = await signGrant()
    await withoutMining(async () => {
      const sent = proxy.count('eth_sendRawTransaction')
      for (const _ of [1, 2]) {
        const late = await postConsent(relayer.url, signed)
        expect([late.status, late.body.code]).to.deep.equal([504, 'NOT_MINED_YET'])
      }
      expect(proxy.count('eth_sendRawTransaction')).to.equal(sent + 1)
    })
    expect((await postConsent(relayer.url, signed)).status).to.equal(200)
    expect(await timesCarried(signed)).to.equal(1)
  })

  it('drops what waits is sent it again, under the same number', async () => {
    const [lost, next] = await Promise.all([signGrant(), signGrant()])
    await withoutMining(async () => {
      expect((await postConsent(relayer.url, lost)).status).to.equal(504)
      const pool = (await rpc(url, 'eth_pendingTransactions')) as { hash: Hex }[]
      for (const { hash } of pool) await rpc(url, 'hardhat_dropTransaction', [hash])
      // It would wait for ever if it came after the one that is lost.
      expect((await postConsent(relayer.url, next)).status).to.equal(504)
    })
    expect((await postConsent(relayer.url, next)).status).to.equal(200)
    expect((await postConsent(relayer.url, lost)).status).to.equal(200)
  })

  it('hears of a revocation before a grant that was under way says so', async () => {
    const { chain, pseudonym } = patient
    const granteeId = anybody()
    const signed = await signGrant(granteeId)
    const release = proxy.hold('eth_sendRawTransaction')
    const sending = proxy.called('eth_sendRawTransaction')
    const answer = postConsent(relayer.url, signed)
    await sending
    await revokeAll(chain, { pseudonym, granteeId })
    release()
    const { status, body } = await answer
    expect([status, body.code]).to.deep.equal([409, 'CONTRACT_REFUSAL'])
    expect(body.detail).to.contain('ConsentOlder')
    expect((await consentOf(chain, { pseudonym, granteeId })).state).to.equal('none')
  })

  it('is a block behind the signer’s waits for that block', async () => {
    const { chain, pseudonym } = patient
    const granteeId = anybody()
    const head = await chain.client.getBlock()
    const now = Number(head.timestamp) + 2
    const ahead = await startRelayer(net, { clock: () => now + 5 })
    const { message } = await signConsent(chain, { kind: 'Revoke', pseudonym, granteeId })
    const later = { ...(message as Message<'Revoke'>), signedAt: now, deadline: now + 900 }
    const signature = await signMessage(chain, 'Revoke', later)
    expect((await postConsent(ahead.url, { kind: 'Revoke', message: later, signature })).status).to.equal(200)
    const clockAhead = { ...later, signedAt: now + 600, deadline: now + 900 }
    const wrong = {
      kind: 'Revoke',
      message: clockAhead,
      signature: await signMessage(chain, 'Revoke', clockAhead),
    } as const
    expect((await postConsent(ahead.url, wrong)).body.detail).to.contain('ConsentNotYetSigned')
    await ahead.stop()
  })

  it('wants money pays, and says so where it has none', async () => {
    const signed = await signGrant()
    await rpc(url, 'hardhat_setNextBlockBaseFeePerGas', ['0x3b9aca00'])
    await net.mine()
    const refused = await postConsent(relayer.url, signed)
    const { account } = (await (await fetch(`${relayer.url}/v1/status`)).json()) as { account: Hex }
    await rpc(url, 'hardhat_setBalance', [account, '0xde0b6b3a7640000'])
    const paid = await postConsent(relayer.url, await signGrant())
    await rpc(url, 'hardhat_setNextBlockBaseFeePerGas', ['0x0'])
    await net.mine()
    expect([refused.status, refused.body.code], refused.body.detail).to.deep.equal([503, 'NO_FUNDS'])
    expect(paid.status, paid.body.detail).to.equal(200)
    expect((await postConsent(relayer.url, signed)).status).to.equal(200)
  })

  it('counts a transaction that the account made elsewhere is asked for the number anew', async () => {
    await postConsent(relayer.url, await signGrant())
    const elsewhere = await net.as(privateKeyToAccount(relayer.config.privateKey as Hex))
    await elsewhere.wallet?.sendTransaction({ to: patient.account.address, gasPrice: 0n })
    expect((await postConsent(relayer.url, await signGrant())).status).to.equal(200)
  })

  async function withoutMining(act: () => Promise<unknown>): Promise<void> {
    await rpc(url, 'evm_setAutomine', [false])
    await rpc(url, 'evm_setIntervalMining', [0])
    try {
      await act()
    } finally {
      await rpc(url, 'evm_setAutomine', [true])
      await rpc(url, 'evm_setIntervalMining', [1000])
      await net.mine()
    }
  }
})

describe('a relayer that is killed', () => {
  let net: TestNetwork
  let hospital: Hospital
  let folder: string

  before(async () => {
    net = await startNetwork()
    ;[hospital] = (await registerHospitals(net, 1)) as [Hospital]
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-relayer-'))
  })
  after(async () => {
    await net.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('in the midst of fifty consents of fifty patients carries all of them in the end, each once', async function () {
    // Two processes start, on a machine that does other things as well.
    this.timeout(120_000)
    const patients = await Promise.all(Array.from({ length: 50 }, () => registerPatientAt(net, hospital)))
    const signed = await Promise.all(
      patients.map(({ chain, pseudonym }) =>
        signConsent(chain, { kind: 'Grant', pseudonym, granteeId: anybody(), terms: anHour() }),
      ),
    )
    const privateKey = generatePrivateKey()
    const proxy = await startBreakableChain(net.network.rpcUrls[0] ?? '')
    const config = { network: { ...net.network, rpcUrls: [proxy.url] }, privateKey }
    const first = await spawnRelayer(folder, config)
    const answers = signed.map((each) => postConsent(first.url, each).catch(() => undefined))
    // As soon as some are answered, while others are sent or wait.
    await Promise.any(answers.slice(10))
    await first.kill()
    const answered = (await Promise.all(answers)).filter((answer) => answer?.status === 200)
    expect(answered.length).to.be.within(1, 49)

    const second = await spawnRelayer(folder, config)
    const again = await Promise.all(signed.map((each) => postConsent(second.url, each)))
    expect(again.map(({ status }) => status)).to.deep.equal(signed.map(() => 200))
    for (const { body } of answered.flatMap((answer) => answer ?? []))
      expect(again.map((one) => one.body.transactionHash)).to.include(body.transactionHash)
    const query = { address: net.network.contracts.consentRegistry, event: granted, fromBlock: 0n }
    const logs = await patients[0]?.chain.client.getLogs(query)
    expect(new Set(logs?.map(({ topics }) => topics[1])).size).to.equal(50)
    expect(logs).to.have.length(50)
    expect(await second.stop()).to.equal(0)
    await proxy.close()
  })
})
