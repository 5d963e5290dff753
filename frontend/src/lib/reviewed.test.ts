import type { EIP1193Provider } from 'viem'
import { describe, expect, it } from 'vitest'
import { reviewed, reviews } from './reviewed.ts'
import type { WalletRequest } from './wallet-request.ts'

const signature = { method: 'personal_sign', params: ['0x00', '0x01'] }

const walletThat = () => {
  const seen: WalletRequest[] = []
  const provider = {
    request: async (request: WalletRequest) => {
      seen.push(request)
      return 'done'
    },
    on: () => undefined,
    removeListener: () => undefined,
  } as unknown as EIP1193Provider
  return { seen, provider }
}

describe('the review before signing', () => {
  it('gives the wallet the very object that it showed, also when the caller changes its own meanwhile', async () => {
    const { seen, provider } = walletThat()
    const mine = structuredClone(signature)
    const answer = reviewed(provider, () => false).request(mine as never)
    const shown = reviews.current()
    mine.params[0] = '0xff'
    shown?.answer()
    expect(await answer).toBe('done')
    expect(seen[0]).toBe(shown?.question)
    expect(seen[0]?.params?.[0]).toBe('0x00')
  })

  it('lets nothing reach the wallet when the person says no', async () => {
    const { seen, provider } = walletThat()
    const answer = reviewed(provider, () => false).request(signature as never)
    reviews.current()?.refuse()
    await expect(answer).rejects.toMatchObject({ code: 4001 })
    expect(seen).toEqual([])
  })

  it('does not stop what only reads', async () => {
    const { provider } = walletThat()
    expect(await reviewed(provider, () => false).request({ method: 'eth_chainId' } as never)).toBe('done')
    expect(reviews.current()).toBeUndefined()
  })
})
