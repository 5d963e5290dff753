import { toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  ContractRefusalError,
  CouncilCallError,
  confirmProposal,
  councilActs,
  councilCall,
  councilOf,
  describeCall,
  executeProposal,
  memberOf,
  NoCouncilError,
  organizationOf,
  parametersOf,
  parseCouncilCall,
  proposalIdOf,
  proposalOf,
  proposals,
  proposeToCouncil,
  revokeConfirmation,
} from '@sharewell/sdk/chain'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import type { AbiParameter, Hex } from 'viem'
import { type Hospital, newAccount, registerHospitals } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { paperNetwork } from '../../helpers/parties.ts'

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const randomHex = (bytes: number): Hex => toHex(randomBytes(bytes))

describe('the council, as its members speak to it', () => {
  let net: TestNetwork
  let hospitals: Hospital[]
  let members: readonly [Chain, Chain, Chain]

  const admission = (id: Hex) => {
    const args = [id, 0, `0x${'00'.repeat(16)}`, newAccount().address, randomHex(32)] as const
    return councilCall(net.network, 'actorRegistry', 'registerOrganization', args)
  }

  before(async () => {
    net = await startNetwork()
    hospitals = await registerHospitals(net, 3)
  })
  after(() => net.close())

  it('is missed where nobody founded it', async () => {
    const [hospital] = hospitals as [Hospital]
    for (const asked of [councilOf(hospital.chain), proposals(hospital.chain)])
      expect(await failure(asked)).to.be.instanceOf(NoCouncilError)
  })

  it('has members, each with its own account, and a threshold', async () => {
    const ids = hospitals.map(({ id }) => id)
    await net.foundCouncil(ids, 2)
    const [first, second, third] = await Promise.all(hospitals.map(({ account }) => net.as(account)))
    if (!first || !second || !third) throw new Error('three hospitals')
    members = [first, second, third]
    expect(await councilOf(first)).to.deep.equal({ members: ids, threshold: 2 })
    for (const { account, id } of hospitals) expect(await memberOf(first, { account: account.address })).to.equal(id)
    expect(await memberOf(first, { account: net.admin.address })).to.equal(undefined)
    expect(await proposals(first)).to.deep.equal([])
  })

  it('takes a proposal, shows it to the others, and acts when enough confirm', async () => {
    const [first, second] = members
    const id = randomHex(16)
    const calls = [admission(id)]
    const salt = randomHex(32)
    const { proposal } = await proposeToCouncil(first, { calls, salt })
    expect(proposal).to.equal(proposalIdOf(calls, salt))
    const [open] = await proposals(second)
    const [proposer] = hospitals.map((one) => one.id)
    expect(open).to.deep.include({ id: proposal, proposer, state: 'open', confirmations: [proposer] })
    expect((open?.end ?? 0) - (open?.proposedAt ?? 0)).to.equal(30 * 86_400)
    expect(open?.calls.map((call) => describeCall(net.network, call).words)).to.deep.equal([
      describeCall(net.network, calls[0] ?? admission(id)).words,
    ])
    await confirmProposal(second, { proposal })
    expect((await organizationOf(first, { organization: id }))?.active).to.equal(true)
    expect(await proposals(first)).to.deep.equal([])
    expect(await proposalOf(first, { proposal })).to.include({ state: 'executed' })
    expect(await proposalOf(first, { proposal: randomHex(32) })).to.equal(undefined)
  })

  it('says in the words of the contract that was called why a proposal fails', async () => {
    const [first, second] = members
    const id = randomHex(16)
    const { proposal } = await proposeToCouncil(first, { calls: [admission(id), admission(id)] })
    const error = await failure(confirmProposal(second, { proposal }))
    expect(error).to.be.instanceOf(ContractRefusalError)
    expect(error).to.have.property('reason', 'ActorOrganizationExists')
    expect((error as ContractRefusalError).hints).to.have.length(1)
  })

  it('takes a confirmation back', async () => {
    const [first, second] = members
    const { proposal } = await proposeToCouncil(first, { calls: [admission(randomHex(16))] })
    await revokeConfirmation(first, { proposal })
    expect(await proposalOf(second, { proposal })).to.deep.include({ confirmations: [], state: 'open' })
    expect(await failure(executeProposal(second, { proposal }))).to.have.property(
      'reason',
      'CouncilTooFewConfirmations',
    )
    expect(await failure(revokeConfirmation(first, { proposal }))).to.have.property('reason', 'CouncilNotConfirmed')
  })

  it('refuses whoever is no member, and says what to do', async () => {
    const stranger = await net.as(newAccount())
    const error = await failure(proposeToCouncil(stranger, { calls: [admission(randomHex(16))] }))
    expect(error).to.have.property('reason', 'CouncilNotMember')
    expect((error as ContractRefusalError).hints).to.have.length(1)
  })

  it('lists many proposals, the newest first, and ends with the last 30 days', async () => {
    const [first] = members
    const before = await proposals(first, { since: 0 })
    const made: Hex[] = []
    for (let i = 0; i < 55; i++)
      made.unshift((await proposeToCouncil(first, { calls: [admission(randomHex(16))] })).proposal)
    const all = await proposals(first, { since: 0 })
    expect(all.map(({ id }) => id)).to.deep.equal([...made, ...before.map(({ id }) => id)])
    const later: Chain = { ...first, clock: () => first.clock() + 31 * 86_400 }
    expect(await proposals(later)).to.deep.equal([])
    expect((await proposals(later, { since: 0 })).map(({ state }) => state))
      .to.include('over')
      .and.not.include('open')
  })
})

describe('a call of the council', () => {
  const network = paperNetwork()
  const account = newAccount().address

  /** A value of each type, as a person would type it. */
  const typed = ({ type, internalType }: AbiParameter): unknown => {
    if (internalType === 'enum OrganizationKind') return 'laboratory'
    if (internalType === 'enum OperatorKind') return 'storage'
    if (type.endsWith('[]')) return [typed({ type: type.slice(0, -2) })]
    if (type === 'address') return account
    if (type === 'bool') return 'false'
    if (type === 'string') return 'https://node.example.org'
    return type.startsWith('bytes') ? randomHex(Number(type.slice(5))) : '3'
  }

  for (const act of Object.keys(councilActs)) {
    it(`${act} is written from words, and read back in words`, () => {
      const parameters = parametersOf(act)
      const args = parameters.map(typed)
      const call = parseCouncilCall(network, { function: act, args })
      const byName = Object.fromEntries(parameters.map(({ name }, at) => [name, args[at]]))
      expect(parseCouncilCall(network, { function: act, args: byName })).to.deep.equal(call)
      const described = describeCall(network, call)
      expect(described).to.include({ contract: councilActs[act as keyof typeof councilActs], function: act })
      expect(described.words).to.not.match(/undefined|\[object|^call /)
      // Every id and account that it concerns is in the sentence.
      const ids = args.flat().filter((arg) => String(arg).startsWith('0x'))
      for (const id of ids) expect(described.words.toLowerCase()).to.contain(String(id).toLowerCase())
      const reparsed = parseCouncilCall(network, { function: act, args: described.args })
      expect(reparsed).to.deep.equal(call)
    })
  }

  it('shows names where there are some', () => {
    const id = randomHex(16)
    const call = councilCall(network, 'council', 'addMember', [id])
    const { words } = describeCall(network, call, { name: (one) => (one === id ? 'Harbor General' : one) })
    expect(words).to.equal('make organization Harbor General a member of the council')
  })

  it('warns of what changes who administers, and of what it cannot explain', () => {
    const handover = parseCouncilCall(network, { function: 'grantRole', args: ['0', account, '0'] })
    expect(describeCall(network, handover)).to.deep.include({
      words: `give the whole administration to ${account}`,
      grave: true,
    })
    const elsewhere = { ...handover, target: account }
    const unknown = [elsewhere, { ...handover, data: '0x12345678' }, { ...handover, data: '0x' }] as const
    for (const call of unknown) {
      const described = describeCall(network, call)
      expect(described).to.deep.include({ args: {}, grave: true }).and.not.have.property('contract')
      expect(described.words).to.contain('which this network does not describe')
    }
    const harmless = councilCall(network, 'actorRegistry', 'setOperatorActive', [randomHex(16), false])
    expect(describeCall(network, harmless)).to.include({ grave: false })
    // A function that no sentence describes is still shown whole.
    const other = councilCall(network, 'accessManager', 'setTargetClosed', [account, true])
    expect(describeCall(network, other).words).to.equal(
      `call setTargetClosed of accessManager with ["${account}",true]`,
    )
  })

  it('is refused where it is none, and says what would be one', () => {
    const [id, word] = [randomHex(16), randomHex(32)]
    const wrong = [
      undefined,
      'setThreshold',
      { args: [] },
      { function: 'grant', args: [] },
      { function: 'toString', args: [] },
      { function: 'setThreshold', args: [] },
      { function: 'setThreshold', args: ['256'] },
      { function: 'setThreshold', args: ['-1'] },
      { function: 'setThreshold', args: [3, 4] },
      { function: 'setThreshold', args: { k: 3, members: 5 } },
      { function: 'setThreshold', args: 3 },
      { function: 'addMember', args: [word] },
      { function: 'addMember', args: [`0x${'zz'.repeat(16)}`] },
      { function: 'setOperatorActive', args: [id, 'perhaps'] },
      { function: 'setOrganizationAccount', args: [id, id] },
      { function: 'registerOrganization', args: [id, 'castle', id, account, word] },
      { function: 'registerOperator', args: [id, 'key', id, account, 'x'.repeat(1_025), word] },
      { function: 'openCeremony', args: [false, 2, [word], [id], 600] },
    ]
    for (const json of wrong)
      expect(() => parseCouncilCall(network, json), JSON.stringify(json))
        .to.throw(CouncilCallError)
        .with.property('code', 'COUNCIL_CALL')
  })

  it('leaves out only what is usually absent', () => {
    const args = { id: randomHex(16), kind: 'hospital', account, directoryHash: randomHex(32) }
    const call = parseCouncilCall(network, { function: 'registerOrganization', args })
    expect(describeCall(network, call).args).to.deep.include({ kind: 'hospital', parent: `0x${'00'.repeat(16)}` })
  })
})
