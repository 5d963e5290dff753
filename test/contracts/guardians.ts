import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { days, ethers, hospitals, networkHelpers, random32 } from './fixture.ts'

/** Kinds of what waits, in order. */
export const waits = { nothing: 0n, recovery: 1n, handover: 2n, circle: 3n } as const

export const none = { needed: 0, places: [] }
/** What guardians sign. */
export const types = {
  Recover: [
    { name: 'pseudonym', type: 'bytes32' },
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'circle', type: 'bytes32' },
    { name: 'round', type: 'uint48' },
    { name: 'deadline', type: 'uint40' },
  ],
  Withdraw: [
    { name: 'pseudonym', type: 'bytes32' },
    { name: 'circle', type: 'bytes32' },
    { name: 'round', type: 'uint48' },
    { name: 'deadline', type: 'uint40' },
  ],
}

const placeOf = (salt: string, account: string) =>
  ethers.keccak256(
    ethers.AbiCoder.defaultAbiCoder().encode(
      ['bytes32', 'bytes32', 'address'],
      [ethers.id('sharewell/person/1 commit'), salt, account],
    ),
  )

/** Guardians with a salt each, and the circle that they make. */
export function circleOf(accounts: readonly string[], needed: number, next: () => string = random32) {
  const named = accounts.map((guardian, place) => ({ guardian, place, salt: next() }))
  return { named, circle: { needed, places: named.map(({ salt, guardian }) => placeOf(salt, guardian)) } }
}

export const circleHash = (pseudonym: string, { needed, places }: { needed: number; places: readonly string[] }) =>
  ethers.keccak256(
    ethers.AbiCoder.defaultAbiCoder().encode(
      ['bytes32', 'bytes32', 'uint8', 'bytes32[]'],
      [ethers.id('sharewell/person/1 guardians'), pseudonym, needed, places],
    ),
  )

/** The hospitals' patient, guarded by any two of three, a thief with the patient's key, and a new phone. */
export async function guarded() {
  return await guard(await hospitals(), random32)
}

/** {@link guarded}, with salts of one's own. */
export async function guard(world: World, next: () => string) {
  const [one, two, three, phone, thief] = world.others
  const people = [one, two, three]
  const { named, circle } = circleOf(
    people.map(({ address }) => address),
    2,
    next,
  )
  await world.patients.connect(world.patient).nameGuardians(world.pseudonym, circle)
  return { ...world, guardians: people, named, circle, phone, thief, ...signing(world, named, circle) }
}

type World = Awaited<ReturnType<typeof hospitals>>
type Named = ReturnType<typeof circleOf>['named']

/** Signatures of guardians over what holds now. */
function signing({ patients, pseudonym }: World, named: Named, circle: { needed: number; places: string[] }) {
  const hash = circleHash(pseudonym, circle)
  const fresh = async () => ({
    deadline: (await networkHelpers.time.latest()) + days(10),
    round: (await patients.pendingOf(pseudonym)).round,
  })
  const approve = async (signers: readonly HardhatEthersSigner[], kind: 'Recover' | 'Withdraw', message: object) => {
    const { chainId } = await ethers.provider.getNetwork()
    const domain = { name: 'Sharewell', version: '1', chainId, verifyingContract: String(patients.target) }
    const some = signers.map(async (signer) => {
      const own = named.find(({ guardian }) => guardian === signer.address)
      const signature = await signer.signTypedData(domain, { [kind]: types[kind] }, message)
      return { guardian: signer.address, place: own?.place ?? 0, salt: own?.salt ?? random32(), signature }
    })
    return (await Promise.all(some)).sort((a, b) => (BigInt(a.guardian) < BigInt(b.guardian) ? -1 : 1))
  }
  /** What `signers` sign for the rotation to `to`, with changes. */
  const recovery = async (signers: readonly HardhatEthersSigner[], to: string, change: object = {}) => {
    const from = await patients.controllerOf(pseudonym)
    const message = { pseudonym, from, to, circle: hash, ...(await fresh()), ...change }
    return { deadline: message.deadline, approvals: await approve(signers, 'Recover', message) }
  }
  const withdrawal = async (signers: readonly HardhatEthersSigner[], change: object = {}) => {
    const message = { pseudonym, circle: hash, ...(await fresh()), ...change }
    return { deadline: message.deadline, approvals: await approve(signers, 'Withdraw', message) }
  }
  const recover = async (signers: readonly HardhatEthersSigner[], to: string, change: object = {}) => {
    const { deadline, approvals } = await recovery(signers, to, change)
    return await patients.proposeRecovery(pseudonym, to, deadline, circle, approvals)
  }
  const withdraw = async (signers: readonly HardhatEthersSigner[], change: object = {}) => {
    const { deadline, approvals } = await withdrawal(signers, change)
    return await patients.cancelByGuardians(pseudonym, deadline, circle, approvals)
  }
  return { hash, recovery, withdrawal, recover, withdraw }
}
