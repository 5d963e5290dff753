import { readdir, readFile } from 'node:fs/promises'
import { expect } from 'chai'
import type { BaseContract, Fragment, FunctionFragment } from 'ethers'
import { dealAll, window } from './committee.ts'
import { callOf, fiveHospitals, found } from './council.ts'
import {
  buildHospitals,
  deposit,
  ethers,
  expectRefusals,
  kind,
  networkHelpers,
  none16,
  none32,
  purpose,
  random16,
  random32,
} from './fixture.ts'

const { loadFixture } = networkHelpers

type Manager = Awaited<ReturnType<typeof fiveHospitals>>['manager']

async function twoHospitals() {
  return await buildHospitals(random32)
}

/** Who holds which role, by what the manager ever announced and what it says today. */
async function holders(manager: Manager): Promise<string[]> {
  const granted = await manager.queryFilter(manager.filters.RoleGranted())
  const seats = new Set(granted.map(({ args }) => `${args.roleId} ${args.account}`))
  const held = [...seats].map(async (seat) => {
    const [role = '', account = ''] = seat.split(' ')
    return (await manager.hasRole(role, account)).isMember ? [seat] : []
  })
  return (await Promise.all(held)).flat()
}

/** The functions that only the administration calls, as the sources mark them. */
async function restricted(): Promise<string[]> {
  const folder = new URL('../../contracts/', import.meta.url)
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.sol'))
  const sources = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')))
  const marked = /function (\w+)\([^{;]*?\)[^{;]*?\brestricted\b/g
  return sources.flatMap((source) => [...source.matchAll(marked)].map(([, name = '']) => name))
}

/** Arguments of the right types that mean nothing. */
const zeros = (contract: BaseContract, name: string) => {
  const zero = ({ type }: { type: string }): unknown => {
    if (type.endsWith('[]')) return []
    if (type === 'address') return ethers.ZeroAddress
    if (type === 'string') return ''
    if (type === 'bool') return false
    return type.startsWith('bytes') ? `0x${'00'.repeat(Number(type.slice(5)))}` : 0
  }
  return contract.interface.getFunction(name)?.inputs.map(zero) ?? []
}

const isFunction = (fragment: Fragment): fragment is FunctionFragment => fragment.type === 'function'

describe('Council: the handover', () => {
  it('leaves the administration to the council alone: nobody else holds any role', async () => {
    const { manager, council, actors, committee } = await loadFixture(fiveHospitals)
    expect(await holders(manager)).to.deep.equal([`0 ${await council.getAddress()}`])
    // No function was opened to another role, and no operation waits for its time.
    for (const filter of [manager.filters.TargetFunctionRoleUpdated(), manager.filters.OperationScheduled()])
      expect(await manager.queryFilter(filter)).to.deep.equal([])
    for (const contract of [actors, committee]) expect(await contract.authority()).to.equal(await manager.getAddress())
  })

  it('is told from a deployment without it', async () => {
    const { manager, admin } = await loadFixture(twoHospitals)
    expect(await holders(manager)).to.deep.equal([`0 ${await admin.getAddress()}`])
  })

  it('fails where a founder is no organization, and the deployer still administers', async () => {
    const world = await loadFixture(twoHospitals)
    const failure = await found(world, [world.hospital, random16()], 2).catch((error: unknown) => error)
    expect(String(failure)).to.contain('CouncilNotAdmissible')
    expect(await holders(world.manager)).to.deep.equal([`0 ${await world.admin.getAddress()}`])
  })

  it('closes every function of the administration to the deployer', async () => {
    const world = await loadFixture(fiveHospitals)
    const administered: readonly BaseContract[] = [world.actors, world.committee]
    const names = await restricted()
    expect(names).to.include.members([
      'registerOrganization',
      'setOrganizationAccount',
      'registerOperator',
      'openCeremony',
    ])
    for (const name of names) {
      const contract = administered.find((one) => one.interface.hasFunction(name))
      if (!contract) throw new Error(`no administered contract has ${name}`)
      const call = () =>
        contract
          .connect(world.admin)
          .getFunction(name)
          .staticCall(...zeros(contract, name))
      await expectRefusals(contract, 'AccessManagedUnauthorized', [call])
    }
  })

  it('closes the manager itself to the deployer', async () => {
    const { manager, admin } = await loadFixture(fiveHospitals)
    const changing = manager.interface.fragments.filter(isFunction).filter(({ constant }) => !constant)
    // These are for whoever holds a role already, or wrap other calls.
    const open = ['consumeScheduledOp', 'execute', 'multicall', 'renounceRole', 'schedule', 'cancel']
    const closed = changing.map(({ name }) => name).filter((name) => !open.includes(name))
    expect(closed).to.include.members(['grantRole', 'revokeRole', 'setTargetClosed', 'updateAuthority'])
    for (const method of closed) {
      const call = () =>
        manager
          .connect(admin)
          .getFunction(method)
          .staticCall(...zeros(manager, method))
      await expectRefusals(manager, 'AccessManagerUnauthorizedAccount', [call])
    }
    const grant = manager.interface.encodeFunctionData('grantRole', [0, admin.address, 0])
    await expect(manager.connect(admin).execute(manager, grant)).to.be.revertedWithCustomError(
      manager,
      'AccessManagerUnauthorizedCall',
    )
    await expect(manager.connect(admin).multicall([grant])).to.be.revertedWithCustomError(
      manager,
      'AccessManagerUnauthorizedAccount',
    )
  })
})

describe('Council: what no quorum can do', () => {
  it('consent, register or rotate for a patient, or write where it is no provider', async () => {
    const world = await loadFixture(fiveHospitals)
    const { consents, patients, records, council, nearly, keyAccounts, pseudonym, doctor, patient, hospital } = world
    const grantee = await consents.personId(doctor, none32)
    const terms = { from: 0, until: world.until, purposes: 1 << purpose.treat, categories: 1, useLimit: 0 }
    const register = [await patient.getAddress(), random32(), hospital, random32(), '0x']
    const attempts = [
      { contract: consents, name: 'grant', args: [pseudonym, grantee, none32, terms], error: 'ConsentNotController' },
      { contract: consents, name: 'revoke', args: [pseudonym, grantee, none32], error: 'ConsentNotController' },
      { contract: patients, name: 'register', args: register, error: 'PatientBadSignature' },
      {
        contract: patients,
        name: 'rotateController',
        args: [pseudonym, await council.getAddress()],
        error: 'PatientNotController',
      },
      { contract: records, name: 'anchor', args: [deposit(pseudonym)], error: 'RecordNotDepositor' },
    ] as const
    for (const { contract, name, args, error } of attempts) {
      const proposal = await nearly([await callOf(contract, name, args)])
      await expectRefusals(contract, error, [() => council.connect(keyAccounts[2]).confirm(proposal)])
    }
  })

  it('accept a key in place of its key nodes', async () => {
    const { committee, council, nearly, agree, keyAccounts, operators } = await loadFixture(fiveHospitals)
    const full = { committee, keyAccounts, operators }
    await agree([await callOf(committee, 'openCeremony', [true, 3, [], [...operators], window])])
    await dealAll(full, { ceremony: 1, k: 3 })
    const shares = operators.map(() => random32())
    const proposal = await nearly([await callOf(committee, 'accept', [1, random32(), shares, random32()])])
    await expectRefusals(committee, 'KeyCommitteeNotMember', [() => council.connect(keyAccounts[2]).confirm(proposal)])
    expect(await committee.activeEpoch()).to.equal(0n)
  })
})

describe('Council: what a quorum can do', () => {
  it('hand over to another council: contracts are immutable, who administers is not', async () => {
    const world = await loadFixture(fiveHospitals)
    const { manager, actors, council, agree, memberHospitals } = world
    const Council = await ethers.getContractFactory('Council')
    const successor = await Council.deploy(actors, memberHospitals.slice(0, 3), 2)
    await agree([
      await callOf(manager, 'grantRole', [0, await successor.getAddress(), 0]),
      await callOf(manager, 'renounceRole', [0, await council.getAddress()]),
    ])
    expect(await holders(manager)).to.deep.equal([`0 ${await successor.getAddress()}`])
    const admission = [random16(), kind.host, none16, await world.others[8].getAddress(), random32()]
    await expectRefusals(actors, 'AccessManagedUnauthorized', [
      async () => await agree([await callOf(actors, 'registerOrganization', admission)]),
    ])
  })
})
