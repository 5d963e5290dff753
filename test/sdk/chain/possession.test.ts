import type { Hex } from '@sharewell/sdk/bytes'
import { createReplyKey, type Message, readPossession, replyKeyHash } from '@sharewell/sdk/chain'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { privateKeyToAccount } from 'viem/accounts'
import { possessionVectors } from '../../../docs/spec/vectors/generate-possession.ts'
import { formatVector } from '../../../docs/spec/vectors/vector.ts'
import { checkPossession, type HeldTicket, ticketHashOf } from '../../../sdk/src/chain/possession.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { paperNetwork } from '../../helpers/parties.ts'
import { vectorFiles, vectors } from '../../helpers/vectors.ts'

type PossessionVector = {
  readonly chainId: number
  readonly contracts: ReturnType<typeof paperNetwork>['contracts']
  readonly node: Hex
  readonly earlier: number
  readonly later: number
  readonly replyKey: Hex
  readonly kind: 'ReadTicket' | 'RebuildRequest'
  readonly ticket: Message<'ReadTicket'> & Message<'RebuildRequest'>
  readonly ticketHash: Hex
  readonly possession?: unknown
}

describe('possession of a ticket', () => {
  for (const { name, comment, expect: expected, ...vector } of vectors<PossessionVector>('possession'))
    it(`${name}: ${comment}`, async () => {
      const { chainId, contracts, node, earlier, later, kind, ticket: message, possession } = vector
      const network = { ...paperNetwork(), chainId, contracts }
      const held = { kind, message } as HeldTicket
      expect(ticketHashOf(network, held)).to.equal(vector.ticketHash)
      const check = async () => {
        const read = possession === undefined ? undefined : readPossession(possession)
        await checkPossession(network, { ...held, possession: read }, { node, at: { earlier, later } })
      }
      expect(await codeOf(check())).to.equal(expected)
      if (expected === 'success')
        expect(replyKeyHash(privateKeyToAccount(vector.replyKey).address)).to.equal(message.replyKeyHash)
    })

  it('is what its files say that the generator makes', async () => {
    const made = Object.entries(await possessionVectors()).map(([name, vector]) => ({
      name,
      text: formatVector(vector),
    }))
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
    expect(vectorFiles('possession').sort(byName)).to.deep.equal(made.sort(byName))
  })

  it('is signed once for each node and minute, and never by the key of another ticket', async () => {
    let time = 1_700_000_000
    const parts = { network: paperNetwork(), clock: () => time }
    const key = createReplyKey(parts)
    const [ticketHash, node, other] = [random(32), random(16), random(16)]
    const first = await key.prove(ticketHash, node)
    time += 59
    expect(await key.prove(ticketHash, node)).to.equal(first)
    expect((await key.prove(ticketHash, other)).message.node).to.equal(other)
    time += 2
    expect((await key.prove(ticketHash, node)).message.notAfter).to.equal(time + 120)
    expect(createReplyKey(parts).hash).to.not.equal(key.hash)
  })

  it('keeps its key to itself: nothing of it shows', async () => {
    const key = createReplyKey({ network: paperNetwork(), clock: () => 0 })
    expect(Object.keys(key)).to.have.members(['hash', 'prove'])
  })
})

const random = (length: number): Hex => `0x${Buffer.from(randomBytes(length)).toString('hex')}`
