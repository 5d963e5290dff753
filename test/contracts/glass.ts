import type { Signer } from 'ethers'
import { committee } from './committee.ts'
import { ethers, kind, networkHelpers, none32, oneRecord, random16, random32 } from './fixture.ts'

const { time } = networkHelpers

/** Role masks. */
export const roles = { physician: 1, officer: 1 << 5, clinician: 1 << 8, reviewer: 1 << 9 } as const

/** An X-Wing public key, as far as a contract can tell. */
export const someKey = () => ethers.hexlify(ethers.randomBytes(1216))

/** A committee that serves; a patient of the first hospital; an emergency clinician of the second; officers and reviewers. */
export async function emergencyWorld() {
  const world = await committee(await oneRecord())
  const { actors, glass, first, second, hospital, otherHospital, others, until } = world
  const [clinician, officer, reviewer, ownReviewer, department] = [
    others[5],
    others[6],
    others[7],
    others[8],
    others[9],
  ]
  const ward = random16()
  await actors.registerOrganization(ward, kind.department, otherHospital, department, random32())
  await actors.connect(department).attest(clinician, ward, roles.physician | roles.clinician, until, random32())
  await actors.connect(first).attest(officer, hospital, roles.officer, until, random32())
  await actors.connect(first).attest(reviewer, hospital, roles.reviewer, until, random32())
  await actors.connect(second).attest(ownReviewer, otherHospital, roles.reviewer, until, random32())
  await glass.connect(first).nameOfficers(hospital, [{ account: officer, publicKey: someKey() }])
  const credential = await actors.credentialId(clinician, ward)
  const reviewing = await actors.credentialId(reviewer, hospital)
  const ownReviewing = await actors.credentialId(ownReviewer, otherHospital)
  const staff = { clinician, officer, reviewer, ownReviewer, department, ward }
  return { ...world, ...staff, credential, reviewing, ownReviewing }
}
export type World = Awaited<ReturnType<typeof emergencyWorld>>

export type Opening = {
  pseudonym: string
  recordId: string
  clinician: string
  credentialId: string
  guardian: string
  reasonCommit: string
  partKeyHash: string
  deadline: number
}

/** The message of docs/spec/break-glass.md, written anew: not what the SDK or the contract has. */
const message = {
  BreakGlass: [
    { name: 'pseudonym', type: 'bytes32' },
    { name: 'recordId', type: 'bytes32' },
    { name: 'clinician', type: 'address' },
    { name: 'credentialId', type: 'bytes32' },
    { name: 'guardian', type: 'address' },
    { name: 'reasonCommit', type: 'bytes32' },
    { name: 'partKeyHash', type: 'bytes32' },
    { name: 'deadline', type: 'uint40' },
  ],
}

type TypedSigner = Pick<Signer, 'signTypedData'>

/** An opening with both signatures, its id, and what carries it. */
export async function prepared(
  world: Pick<World, 'glass' | 'clinician' | 'officer' | 'stranger' | 'pseudonym' | 'credential'>,
  change: Partial<Opening> = {},
  by: { clinician?: TypedSigner; guardian?: TypedSigner } = {},
) {
  const { glass, clinician, officer, stranger, pseudonym, credential } = world
  const opening: Opening = {
    pseudonym,
    recordId: none32,
    clinician: clinician.address,
    credentialId: credential,
    guardian: officer.address,
    reasonCommit: random32(),
    partKeyHash: random32(),
    deadline: (await time.latest()) + 600,
    ...change,
  }
  const { chainId } = await ethers.provider.getNetwork()
  const domain = { name: 'Sharewell', version: '1', chainId, verifyingContract: String(glass.target) }
  const sign = (signer: TypedSigner) => signer.signTypedData(domain, message, opening)
  const [mine, theirs] = [await sign(by.clinician ?? clinician), await sign(by.guardian ?? officer)]
  const id = ethers.TypedDataEncoder.hash(domain, message, opening)
  const open = (other: Partial<Opening> = {}) =>
    glass.connect(stranger).openBreakGlass({ ...opening, ...other }, mine, theirs)
  return { opening, id, open, signatures: [mine, theirs] }
}

/** Opens a window and gives its id. */
export async function opened(world: World, change: Partial<Opening> = {}): Promise<string> {
  const { id, open } = await prepared(world, change)
  await open()
  return id
}

export const hours = (count: number) => count * 60 * 60
