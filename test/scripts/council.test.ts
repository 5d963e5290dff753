import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  ContractRefusalError,
  type CouncilCall,
  councilCall,
  councilOf,
  operatorInfo,
  organizations,
  proposals,
  proposeToCouncil,
  registerOrganization,
  setOrganizationActive,
  withAccount,
} from '@sharewell/sdk/chain'
import { accessManagerAbi } from '@sharewell/sdk/chain/abi'
import { expect } from 'chai'
import { mnemonicToAccount } from 'viem/accounts'
import { agree } from '../../scripts/network/council.ts'
import { accountOf, founders, idOf, organizationAdmissions } from '../../scripts/network/parties.ts'
import { drawKeys } from '../../scripts/network/people.ts'
import { type RunningChain, runChain } from '../../scripts/network/run.ts'
import { loadState, OldNetworkError, openState, type State, stateFile } from '../../scripts/network/state.ts'

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('the council of the local network', function () {
  this.timeout(120_000)
  let folder = ''
  let state: State
  let running: RunningChain
  let close = async () => {}

  const start = async () => {
    const stack = new AsyncDisposableStack()
    close = async () => await stack.disposeAsync()
    const { signal } = new AbortController()
    running = await runChain({ folder, state, processes: false, running: stack, say: () => {}, signal })
  }
  /** Connected as one hospital after the other. */
  const members = () => {
    const as = (number: number) => withAccount(running.chain, accountOf(state, `hospital-${number}`))
    return [as(1), as(2), as(3), as(4), as(5)] as const
  }

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-council-'))
    state = await openState(folder, { anyPorts: true })
    drawKeys(state)
    await start()
  })
  after(async () => {
    await close()
    await rm(folder, { recursive: true, force: true })
  })

  it('is the five hospitals, 3 of them together, and the only one with a role', async () => {
    const { chain, description } = running
    expect(await councilOf(chain)).to.deep.equal({ members: founders(state), threshold: 3 })
    const manager = { address: description.contracts.accessManager, abi: accessManagerAbi } as const
    const granted = await chain.client.getContractEvents({ ...manager, eventName: 'RoleGranted', fromBlock: 0n })
    const seats = granted.map(({ args }) => [args.roleId ?? 0n, args.account ?? '0x'] as const)
    const held = seats.map(async (args) => {
      const [isMember] = await chain.client.readContract({ ...manager, functionName: 'hasRole', args })
      return isMember ? [args[1].toLowerCase()] : []
    })
    expect((await Promise.all(held)).flat()).to.deep.equal([description.contracts.council])
  })

  it('leaves nothing to the deployer, whose key everybody knows', async () => {
    const deployer = mnemonicToAccount('test test test test test test test test test test test junk')
    const chain = withAccount(running.chain, deployer)
    const [id, hash] = [`0x${'11'.repeat(16)}`, `0x${'22'.repeat(32)}`] as const
    const [house = '0x'] = founders(state)
    const attempts = [
      registerOrganization(chain, { id, kind: 'host', account: deployer.address, directoryHash: hash }),
      setOrganizationActive(chain, { organization: house, active: false }),
      proposeToCouncil(chain, { calls: [switching(house)] }),
    ]
    const errors = await Promise.all(attempts.map(failure))
    const reasons = errors.map((error) => (error instanceof ContractRefusalError ? error.reason : error))
    expect(reasons).to.deep.equal(['AccessManagedUnauthorized', 'AccessManagedUnauthorized', 'CouncilNotMember'])
  })

  it('admits everybody else, and goes on where a start was cut off between two hospitals', async () => {
    const { chain } = running
    expect(await organizations(chain)).to.have.length(5)
    const admissions = await organizationAdmissions(chain, state)
    expect(admissions).to.have.length(12)
    // Cut off after the first hospital.
    await proposeToCouncil(chain, { calls: admissions })
    await agree(members(), admissions)
    expect(await organizations(chain)).to.have.length(17)
    expect(await proposals(chain)).to.deep.equal([])
    expect(await organizationAdmissions(chain, state)).to.deep.equal([])
  })

  it('decides about many at once in parts', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `0x${(i + 1).toString(16).padStart(32, '0')}` as const)
    const calls = ids.map((id): CouncilCall => {
      const { address } = accountOf(state, `spare-${id}`)
      const args = [id, 0, idOf(state, 'operator-1'), address, 'http://127.0.0.1:1', `0x${'00'.repeat(32)}`] as const
      return councilCall(running.description, 'actorRegistry', 'registerOperator', args)
    })
    await agree(members(), calls)
    for (const operator of ids) expect((await operatorInfo(running.chain, { operator }))?.active).to.equal(true)
    expect(await proposals(running.chain, { since: 0 })).to.have.length(3)
  })

  it('is there again after a restart', async () => {
    await close()
    const kept = await loadState(folder)
    if (!kept) throw new Error('no state')
    state = await openState(folder)
    await start()
    expect(await councilOf(running.chain)).to.deep.equal({ members: founders(kept), threshold: 3 })
  })

  it('tells data of other contracts from its own, and says what to do', async () => {
    await close()
    const file = stateFile(folder)
    const { interfaces, ...old } = JSON.parse(await readFile(file, 'utf8')) as State
    expect(interfaces).to.match(/^0x[0-9a-f]{64}$/)
    for (const other of [old, { ...old, interfaces: `0x${'00'.repeat(32)}` }]) {
      await writeFile(file, JSON.stringify(other))
      const error = await failure(openState(folder))
      expect(error).to.be.instanceOf(OldNetworkError)
      expect(String(error)).to.contain('npm start -- --fresh')
    }
    const fresh = await openState(folder, { fresh: true, anyPorts: true })
    expect(fresh.networkId).to.not.equal(old.networkId)
  })

  const switching = (house: `0x${string}`): CouncilCall =>
    councilCall(running.description, 'actorRegistry', 'setOrganizationActive', [house, false])
})
