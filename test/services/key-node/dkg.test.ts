import { type Hex, toHex } from '@sharewell/sdk/bytes'
import type { Chain } from '@sharewell/sdk/chain'
import { CommitteeError, operatorTicket } from '@sharewell/sdk/flow/committee'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { generateKey } from '../../../sdk/src/flow/dkg.ts'
import { asJson } from '../../helpers/as-json.ts'
import { asOperator, registerHospitals, startKeyNodes, type TestKeyNode } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'

type Started = Awaited<ReturnType<typeof startKeyNodes>>
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('key generation over HTTP', () => {
  let net: TestNetwork
  let started: Started
  before(async () => {
    net = await startNetwork()
    started = await startKeyNodes(net, await registerHospitals(net, 5))
  })
  after(async () => {
    await started.close()
    await net.close()
  })

  it('makes the nodes one key for what it is asked, and refuses to make a release key', async () => {
    const chain = await asOperator(net, started.nodes[4] as TestKeyNode)
    const key = await generateKey({ chain, nodes: started.operators, k: 3, use: 'dkg log' }, {})
    expect(new Set(key.verifyingShares).size).to.equal(5)
    const error = await failure(generateKey({ chain, nodes: started.operators, k: 3, use: 'dkg w1' }, {}))
    expect(error).to.be.instanceOf(CommitteeError)
  })

  it('begins nothing for a stranger, nor for an operator who is not among the members', async () => {
    const admin = await net.as(net.admin)
    const few = started.operators.slice(0, 2)
    const outsider = await asOperator(net, started.nodes[4] as TestKeyNode)
    for (const chain of [admin, outsider])
      expect(await failure(generateKey({ chain, nodes: few, k: 2, use: 'dkg log' }, {}))).to.be.instanceOf(
        CommitteeError,
      )
    const [first] = few
    const start = { use: 'dkg log', members: few.map(({ id }) => id), k: 2, nonce: toHex(randomBytes(32)) }
    const ticketBy = async (chain: Chain, operator = first?.id as Hex, node = first?.id as Hex) =>
      await operatorTicket(chain, { operator, node })
    const own = await asOperator(net, started.nodes[0] as TestKeyNode)
    const tickets = [
      await ticketBy(admin),
      await ticketBy(outsider),
      await ticketBy(outsider, started.operators[4]?.id),
      await ticketBy(own, first?.id, few[1]?.id),
      undefined,
    ]
    for (const ticket of tickets) {
      const init = { method: 'POST', headers: asJson, body: JSON.stringify({ ...start, ticket }) }
      const response = await fetch(`${started.nodes[0]?.url}/v1/dkg/announce`, init)
      const { code } = (await response.json()) as { code: string }
      expect(code).to.be.oneOf(['NOT_A_MEMBER', 'TICKET', 'BAD_REQUEST'])
    }
  })

  describe('with a coordinator that alters what it relays', () => {
    type Json = Record<string, unknown>
    async function post(node: number, step: string, body: unknown): Promise<Json> {
      const url = `${started.nodes[node]?.url}/v1/dkg/${step}`
      return (await (await fetch(url, { method: 'POST', headers: asJson, body: JSON.stringify(body) })).json()) as Json
    }
    const both = (step: string, body: unknown) => Promise.all([post(0, step, body), post(1, step, body)])
    /** Both begin a session, as the first of them asks. */
    async function announced() {
      const members = started.operators.slice(0, 2).map(({ id }) => id)
      const nonce = toHex(randomBytes(32))
      const chain = await asOperator(net, started.nodes[0] as TestKeyNode)
      return await Promise.all(
        members.map(async (node, at) => {
          const ticket = await operatorTicket(chain, { operator: members[0] as Hex, node })
          return await post(at, 'announce', { use: 'dkg log', members, k: 2, nonce, ticket })
        }),
      )
    }

    /** Two nodes up to their packages, as an honest coordinator would bring them there. */
    async function revealed() {
      const announcements = await announced()
      const session = announcements[0]?.session
      const list = announcements.map(({ hash, signature }) => ({ hash, signature }))
      const packages = (await both('reveal', { session, announcements: list })).map((answer) => answer.package)
      const publicKeys = await Promise.all(
        [0, 1].map(async (node) => {
          const status = (await (await fetch(`${started.nodes[node]?.url}/v1/status`)).json()) as Json
          return status.hpkePublicKey
        }),
      )
      return { session, packages, publicKeys }
    }

    it('stops when a hash is exchanged before the packages are shown', async () => {
      const [first, second] = await announced()
      const other = { hash: toHex(randomBytes(32)), signature: second?.signature }
      const announcements = [{ hash: first?.hash, signature: first?.signature }, other]
      const answer = await post(0, 'reveal', { session: first?.session, announcements })
      expect(answer).to.include({ code: 'DKG_STATE' })
      expect(answer.detail).to.match(/member 2 did not sign/)
    })

    it('stops when a package or an HPKE key is exchanged', async () => {
      const { session, packages, publicKeys } = await revealed()
      const swapped = { session, packages, publicKeys: [publicKeys[1], publicKeys[1]] }
      expect(await post(1, 'deal', swapped)).to.include({ code: 'DKG_STATE' })
      const altered = { session, packages: [packages[1], packages[1]], publicKeys }
      expect(await post(1, 'deal', altered)).to.include({ code: 'DKG' })
    })

    it('stops when a share is altered or dealt for other packages', async () => {
      const { session, packages, publicKeys } = await revealed()
      const [dealt] = await both('deal', { session, packages, publicKeys })
      const [share] = (dealt?.shares ?? []) as Json[]
      const altered = { ...share, ct: `${String(share?.ct).slice(0, -2)}AA` }
      expect(await post(1, 'finish', { session, shares: [altered] })).to.include({ code: 'DKG_STATE' })
      expect(await post(1, 'finish', { session, shares: [] })).to.include({ code: 'DKG' })
    })
  })
})
