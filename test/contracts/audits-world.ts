import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import { buildHospitals, deposit, ethers, kind, networkHelpers, node, none16, none32, random32 } from './fixture.ts'

const { Wallet, sha256 } = ethers
type Wallet = InstanceType<typeof Wallet>
type Next = () => string

const acknowledgementTypes = {
  Acknowledgement: [
    { name: 'manifestHash', type: 'bytes32' },
    { name: 'placementHash', type: 'bytes32' },
    { name: 'index', type: 'uint16' },
    { name: 'shareRoot', type: 'bytes32' },
    { name: 'bytes', type: 'uint64' },
    { name: 'time', type: 'uint40' },
  ],
}
/** What an auditor signs. */
export const wordTypes = {
  AuditWord: [
    { name: 'audit', type: 'bytes32' },
    { name: 'i', type: 'uint32' },
    { name: 'shown', type: 'bool' },
  ],
}

/** The fields that an audit reads, among those that it does not: 5 shares, 9 chunks of 1 MiB and one of 272 bytes. */
export const manifestOf = (recordId: string, next: Next, change: Parameters<typeof encode>[0] = {}): Hex => {
  const five = Array.from({ length: 5 }, () => fromHex(next()))
  const fields = {
    ...{ T: five, chunkLog2: 20, contentRoot: fromHex(next()), n: 5, prev: { recordId: fromHex(next()) } },
    ...{ recordId: fromHex(recordId as Hex), sealedLen: 8 * 2 ** 20 + 273, shareLeaves: five.map((one) => [one]) },
  }
  return toHex(
    encode([encode({ ...fields, ...(change as object) }), new Uint8Array(20).fill(7), new Uint8Array(65).fill(7)]),
  )
}

/** A record that five nodes hold; the first of them, of a house of its own, acknowledged share 2. */
export async function buildAudited(next: Next) {
  const world = await buildHospitals(next)
  const { actors, records, audits, desk, pseudonym, otherHospital } = world
  const [account, operator] = [new Wallet(next()), next().slice(0, 34)]
  await actors.registerOperator(operator, node.storage, otherHospital, account, 'http://x', next())
  const anchored = deposit(pseudonym, {}, next)
  const recordId = await records.recordIdOf(pseudonym, anchored.salt)
  const manifest = manifestOf(recordId, next)
  const manifestHash = sha256(manifest)
  await records.connect(desk).anchor({ ...anchored, manifestHash })
  const { placementHash } = anchored
  const promised = { manifestHash, placementHash, index: 2, shareRoot: next(), size: 5_000_000, time: 1_800_000_000 }
  const target = { operator, account, manifest, promised }
  return { ...world, audits: audits.connect(desk), recordId, target }
}
export type Audited = Awaited<ReturnType<typeof buildAudited>>
type Target = Audited['target']

/** What a house's auditor signs with. */
export type Auditor = { readonly house: string; readonly operator: string; readonly account: Wallet }

/** `count` houses, each with a reconstructor that enrolled. */
export async function seatAuditors(world: Audited, count: number, next: Next): Promise<Auditor[]> {
  const seated: Auditor[] = []
  for (let at = 0; at < count; at++) {
    const account = new Wallet(next(), ethers.provider)
    const [house, operator] = [next().slice(0, 34), next().slice(0, 34)]
    const speaker = new Wallet(next())
    await world.actors.registerOrganization(house, kind.host, none16, speaker, next())
    await world.actors.registerOperator(operator, node.reconstructor, house, account, 'http://x', next())
    await networkHelpers.setBalance(account.address, 10n ** 19n)
    await world.audits.connect(account).enroll()
    seated.push({ house, operator, account })
  }
  return seated
}

/** {@link buildAudited}, and five houses that judge; for `loadFixture`. */
export async function fiveHouses() {
  const world = await buildAudited(random32)
  return { ...world, auditors: await seatAuditors(world, 5, random32) }
}

/** The node's signature on what it promised. */
export async function promise(world: Audited, target: Target = world.target): Promise<string> {
  const { size, ...message } = target.promised
  const domain = await domainOf(world.records)
  return await target.account.signTypedData(domain, acknowledgementTypes, { ...message, bytes: size })
}

type Change = { operator?: string; promised?: object; signature?: string; manifest?: string; credential?: string }

/** Asks the node, with parts of the question exchanged. */
export async function ask(world: Audited, change: Change = {}, target: Target = world.target) {
  const { operator, promised, manifest } = target
  const signature = change.signature ?? (await promise(world, target))
  return await world.audits.challenge(
    change.operator ?? operator,
    { ...promised, ...change.promised },
    signature,
    change.manifest ?? manifest,
    change.credential ?? none32,
  )
}

/** Asks, and says which audit it is. */
export async function begin(world: Audited, target: Target = world.target): Promise<string> {
  const receipt = await (await ask(world, {}, target)).wait()
  const events = await world.audits.queryFilter(world.audits.filters.AuditChallenged(), receipt?.blockNumber)
  const audit = events.at(-1)?.args.audit
  if (audit === undefined) throw new Error('no audit')
  return audit
}

/** Asks and draws. */
export async function beginDrawn(world: Audited, target: Target = world.target): Promise<string> {
  const audit = await begin(world, target)
  await networkHelpers.mine(3)
  await world.audits.draw(audit)
  return audit
}

/** The word of the k-th auditor of an audit, signed by whoever that is. */
export async function wordOf(world: Audited, auditors: readonly Auditor[], said: Said): Promise<string> {
  const { i, auditors: drawn } = await world.audits.auditOf(said.audit)
  const seat = auditors.find(({ operator }) => operator === drawn[said.k])
  if (!seat) throw new Error('nobody sits there')
  const domain = await domainOf(world.audits)
  return await seat.account.signTypedData(domain, wordTypes, { audit: said.audit, i, shown: said.shown })
}
type Said = { readonly audit: string; readonly k: number; readonly shown: boolean }

/** Sends that word. */
export async function say(world: Audited, auditors: readonly Auditor[], said: Said) {
  const signature = await wordOf(world, auditors, said)
  return await world.audits.testify(said.audit, said.shown, said.k, signature)
}

/** Lets an audit's deadline pass. */
export async function passDeadline(world: Audited, audit: string): Promise<number> {
  const { deadline } = await world.audits.auditOf(audit)
  await networkHelpers.time.setNextBlockTimestamp(deadline)
  return Number(deadline)
}

/** An audit in which two auditors saw nothing; the second word's transaction. */
export async function miss(world: Audited, auditors: readonly Auditor[], target: Target = world.target) {
  const audit = await beginDrawn(world, target)
  const deadline = await passDeadline(world, audit)
  await say(world, auditors, { audit, k: 0, shown: false })
  return { audit, deadline, sent: await say(world, auditors, { audit, k: 2, shown: false }) }
}

/** The domain of what is signed to one contract. */
export async function domainOf({ target }: { readonly target: unknown }) {
  const { chainId } = await ethers.provider.getNetwork()
  return { name: 'Sharewell', version: '1', chainId, verifyingContract: String(target) }
}
