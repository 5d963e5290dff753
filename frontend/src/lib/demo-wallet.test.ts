import { recoverTypedDataAddress } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { beforeEach, describe, expect, it } from 'vitest'
import { createDemoWallet } from './demo-wallet.ts'
import { type DemoPerson, parseNetworkFile } from './network-file.ts'

const zero32 = `0x${'0'.repeat(64)}`
const address = `0x${'1'.repeat(40)}`
const names = [
  'accessManager',
  'actorRegistry',
  'patientRegistry',
  'recordRegistry',
  'consentRegistry',
  'keyCommittee',
  'accessLog',
]
const network = {
  networkId: zero32,
  chainId: 31337,
  genesisHash: zero32,
  rpcUrls: ['http://127.0.0.1:1'],
  finality: { mode: 'head' },
  contracts: Object.fromEntries(names.map((name) => [name, address])),
  directoryUrls: [],
}
const account = (label: string) => {
  const privateKey = generatePrivateKey()
  return { privateKey, address: privateKeyToAccount(privateKey).address, label }
}
const people = [
  { id: 'ada', name: 'Ada', role: 'patient', accounts: [account('one'), account('two')] },
  { id: 'bo', name: 'Bo', role: 'practitioner', accounts: [account('bo')] },
]
const message = {
  domain: { name: 'Sharewell', version: '1', chainId: 31337 },
  types: { Note: [{ name: 'text', type: 'string' }] },
  primaryType: 'Note',
  message: { text: 'hello' },
} as const

describe('the demo wallet', () => {
  beforeEach(() => sessionStorage.clear())

  const make = () => createDemoWallet(parseNetworkFile({ network, demo: { people } }), sessionStorage)
  const be = async (wallet: ReturnType<typeof make>, id: string): Promise<unknown> => {
    const connected = wallet.provider.request({ method: 'eth_requestAccounts' })
    wallet.prompts.current()?.answer(wallet.people.find((person) => person.id === id) as DemoPerson)
    return await connected
  }

  it('shows no account before somebody chose who to be', async () => {
    expect(await make().provider.request({ method: 'eth_accounts' })).toEqual([])
  })

  it('offers all accounts of the person, and remembers the person in this tab', async () => {
    const addresses = people[0]?.accounts.map((one) => one.address)
    expect(await be(make(), 'ada')).toEqual(addresses)
    expect(await make().provider.request({ method: 'eth_accounts' })).toEqual(addresses)
  })

  it('signs only after it asked, and with the account that was named', async () => {
    const wallet = make()
    const [, second] = (await be(wallet, 'ada')) as `0x${string}`[]
    const signature = wallet.provider.request({
      method: 'eth_signTypedData_v4',
      params: [second, JSON.stringify(message)],
    })
    const prompt = wallet.prompts.current()
    expect(prompt?.question.kind).toBe('confirm')
    prompt?.answer(undefined)
    expect(await recoverTypedDataAddress({ ...message, signature: (await signature) as `0x${string}` })).toBe(second)
  })

  it('signs nothing when the person says no', async () => {
    const wallet = make()
    const [first] = (await be(wallet, 'ada')) as string[]
    const signature = wallet.provider.request({
      method: 'eth_signTypedData_v4',
      params: [first, JSON.stringify(message)],
    })
    wallet.prompts.current()?.refuse()
    await expect(signature).rejects.toMatchObject({ code: 4001 })
  })

  it("signs nothing with another person's account", async () => {
    const wallet = make()
    await be(wallet, 'ada')
    const params = [people[1]?.accounts[0]?.address, JSON.stringify(message)]
    await expect(wallet.provider.request({ method: 'eth_signTypedData_v4', params })).rejects.toMatchObject({
      code: 4100,
    })
    expect(wallet.prompts.current()).toBeUndefined()
  })

  it('is refused on every chain but the local one', () => {
    expect(() => parseNetworkFile({ network: { ...network, chainId: 1 }, demo: { people } })).toThrow(
      /only the local chain/,
    )
    expect(parseNetworkFile({ network: { ...network, chainId: 1 } }).people).toEqual([])
  })
})
