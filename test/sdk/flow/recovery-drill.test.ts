import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  attest,
  type Chain,
  cancelByGuardians,
  cancelPending,
  controllerOf,
  executePending,
  guardiansOf,
  nameGuardians,
  noGuardians,
  pendingOf,
  personId,
  proposeHandover,
  proposeRecovery,
  registerPatient,
  revoke,
  rotateController,
  signMessage,
} from '@sharewell/sdk/chain'
import {
  answersRequest,
  approvalOf,
  approveRequest,
  findPlaces,
  guardianRequests,
  rotationOf,
  scattered,
} from '@sharewell/sdk/flow/recovery'
import {
  combineWords,
  createVault,
  guardianApproval,
  guardianCircle,
  guardianCode,
  guardianLetter,
  guardianOf,
  guardianRequest,
  guardianSeedOf,
  openGuardianShare,
  placeKeys,
  sealGuardianShare,
  splitWords,
  type Vault,
} from '@sharewell/sdk/person'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import type { LocalAccount } from 'viem'
import { codeOf } from '../../helpers/code-of.ts'
import { byDoctor, byPatient, depositBytes, open, permit, someBytes } from '../../helpers/journeys.ts'
import { newAccount } from '../../helpers/parties.ts'
import { startWholeNetwork, type WholeNetwork, type WholePatient } from '../../helpers/whole-network.ts'

const week = 7 * 86_400
const year = 365 * 86_400

/** A guardian has a vault of an own, and gives out a code. */
type Friend = { readonly seed: Bytes; readonly code: string }

describe('a patient who loses everything', () => {
  let whole: WholeNetwork
  let turned = 0
  const wallClock = Date.now
  before(async function () {
    this.timeout(120_000)
    // Every clock is turned together, as time would: the chain's, and that of each service and client.
    Date.now = () => wallClock() + turned * 1000
    whole = await startWholeNetwork({ storage: 5, workers: 1 })
  })
  after(async () => {
    Date.now = wallClock
    await whole.close()
  })

  const pass = async (seconds: number) => {
    turned += seconds
    await whole.net.increaseTime(seconds)
  }
  const networkId = () => fromHex(whole.net.network.networkId, 32)

  /** Registers a pseudonym under an account of a wallet, which no vault brings back. */
  async function register(vault: Vault, gen: number, wallet: LocalAccount): Promise<WholePatient> {
    const { hospital, net } = whole
    const keys = placeKeys(vault, { providerId: fromHex(hospital.id, 16), gen }, wallet.address)
    const chain = await net.as(wallet)
    const pseudonym = toHex(keys.pseudonym)
    const selfKeyHash = toHex(sha256(keys.self.publicKey))
    const signature = await signMessage(chain, 'Register', { pseudonym, provider: hospital.id, selfKeyHash })
    const { address: controller } = wallet
    await registerPatient(hospital.chain, {
      controller,
      rho: toHex(keys.rho),
      provider: hospital.id,
      selfKeyHash,
      signature,
    })
    return { vault, chain, pseudonym, selfSeed: keys.self.seed, selfPublicKey: keys.self.publicKey }
  }

  const newFriend = (): Friend => {
    const seed = guardianSeedOf(createVault(networkId()))
    return { seed, code: guardianCode.write({ networkId: networkId(), ...guardianOf(seed) }) }
  }

  /** Two pseudonyms of one patient, guarded by any two of three friends, each with a sealed share. */
  async function prepared() {
    const vault = createVault(networkId())
    const wallets = [newAccount(), newAccount()] as const
    const [one, two] = await Promise.all([register(vault, 0, wallets[0]), register(vault, 1, wallets[1])])
    const friends = [newFriend(), newFriend(), newFriend()] as const
    const codes = friends.map(({ code }) => guardianCode.read(code, { networkId: networkId() }))
    for (const { pseudonym, chain } of [one, two]) {
      const keys = codes.map(({ key }) => key)
      const { circle } = guardianCircle(vault, keys, fromHex(pseudonym, 32), 2)
      await nameGuardians(chain, { pseudonym, circle })
    }
    const [shares = []] = splitWords(vault.seed, { groups: [{ needed: 2, of: 3 }] })
    const letters = await Promise.all(
      codes.map(async (code, at) => {
        const letter = await sealGuardianShare(code, shares[at] ?? '', { networkId: networkId() })
        return guardianLetter.write({ networkId: networkId(), ...letter })
      }),
    )
    return { one, two, friends, letters }
  }

  /** The words of a letter, read out by the friend. */
  const readOut = async ({ seed }: Friend, letter = '') =>
    await openGuardianShare(seed, guardianLetter.read(letter, { networkId: networkId() }), { networkId: networkId() })

  /** As friends do it: each gets a request as text, signs, and answers as text. */
  async function signedBy(
    asking: { readonly chain: Chain; readonly vault: Vault },
    {
      friends,
      pseudonym,
      to,
      act,
    }: { friends: readonly Friend[]; pseudonym: Hex; to: Hex; act?: 'recover' | 'withdraw' },
  ) {
    const { chain, vault } = asking
    const expected = { networkId: networkId() }
    const guardianKeys = friends.map(({ code }) => guardianCode.read(code, expected).key)
    const requests = await guardianRequests(chain, vault, { pseudonym, to, guardianKeys, act })
    const answers = requests.map(async (request, at) => {
      const { seed } = friends[at] as Friend
      const asked = guardianRequest.read(guardianRequest.write(request), expected)
      return guardianApproval.write(await approveRequest(chain, seed, asked))
    })
    const approvals = (await Promise.all(answers)).map((text) => approvalOf(guardianApproval.read(text, expected)))
    const circle = (await guardiansOf(chain, { pseudonym })) ?? noGuardians
    return { pseudonym, to, deadline: requests[0]?.deadline ?? 0, circle, approvals }
  }

  it('comes back with two of three friends, opens an old record and revokes an old grant', async function () {
    this.timeout(120_000)
    const { one, two, friends, letters } = await prepared()
    const bytes = someBytes(10_000)
    const { recordId } = await depositBytes(whole, bytes, { patient: one })
    const { doctor } = whole
    await permit({ patient: one, doctor }, recordId, { until: Math.floor(Date.now() / 1000) + year })
    expect((await open(byDoctor(doctor, recordId))).bytes).to.deep.equal(bytes)

    // Phone, laptop and wallet are gone. One share says nothing; two restore the vault on a new phone.
    const words = [await readOut(friends[2], letters[2]), await readOut(friends[0], letters[0])]
    expect(() => combineWords(words.slice(1)))
      .to.throw()
      .with.property('fault', 'missing')
    const phone = newAccount()
    const chain = await whole.net.as(phone)
    const vault: Vault = { networkId: networkId(), seed: combineWords(words), profiles: [] }
    expect(vault.seed).to.deep.equal(one.vault.seed)

    // It finds its pseudonyms again, whatever wallet they were under.
    const places = await findPlaces(chain, vault)
    expect(places.map(({ pseudonym }) => pseudonym)).to.have.members([one.pseudonym, two.pseudonym])
    expect(places.map(({ profile }) => profile.gen)).to.have.members([0, 1])

    // One pseudonym after the other, each to an account of its own, at times of its own.
    const helping = [friends[0], friends[2]]
    const accounts = [phone, newAccount()] as const
    const times = scattered(2, {
      from: 0,
      random: (below) => randomBytes(1).reduce((sum, byte) => (sum * 256 + byte) % below, 0),
    })
    for (const [at, { pseudonym }] of places.entries()) {
      await pass((times[at] ?? 0) + 60)
      const to = (accounts[at] as LocalAccount).address
      await proposeRecovery(chain, await signedBy({ chain, vault }, { friends: helping, pseudonym, to }))
      expect(await pendingOf(chain, { pseudonym })).to.include({ kind: 'recovery', to })
    }
    const found = places.findIndex(({ pseudonym }) => pseudonym === one.pseudonym)
    const mine = await whole.net.as(accounts[found] as LocalAccount)

    // Six days are not enough, and until then the phone decides nothing.
    await pass(week - 86_400)
    for (const { pseudonym } of places)
      expect(await codeOf(executePending(chain, { pseudonym }))).to.equal('CONTRACT_REFUSAL')
    const granteeId = personId(doctor.account.address)
    expect(await codeOf(revoke(mine, { pseudonym: one.pseudonym, granteeId, recordId }))).to.equal('CONTRACT_REFUSAL')
    await pass(86_400)
    for (const { pseudonym } of places) await executePending(chain, { pseudonym })
    for (const [at, { pseudonym }] of places.entries())
      expect(await controllerOf(chain, { pseudonym })).to.equal((accounts[at] as LocalAccount).address)

    // The old record opens with the key that follows from the seed.
    const place = { providerId: fromHex(whole.hospital.id, 16), gen: 0 }
    const { self } = placeKeys(vault, place, one.chain.wallet?.account.address ?? '0x')
    const patient = { ...one, chain: mine, selfSeed: self.seed }
    expect((await open(byPatient(patient, recordId))).bytes).to.deep.equal(bytes)

    // The old grant stood all the time; now it is over, and the lost wallet can say nothing.
    const until = Math.floor(Date.now() / 1000) + 3_600
    const terms = { organization: whole.hospital.id, roles: 1, until, directoryHash: toHex(randomBytes(32)) }
    await attest(whole.hospital.chain, { account: doctor.account.address, ...terms })
    expect((await open(byDoctor(doctor, recordId))).bytes).to.deep.equal(bytes)
    await revoke(mine, { pseudonym: one.pseudonym, granteeId, recordId })
    const refused = await open(byDoctor(doctor, recordId)).catch((error: unknown) => error)
    expect(refused).to.include({ code: 'CONSENT_REFUSED', reason: 'REVOKED' })
    expect(await codeOf(permit({ patient: one, doctor }, recordId))).to.equal('CONTRACT_REFUSAL')
  })

  it('is not robbed by friends who conspire: the patient sees the recovery and vetoes it', async function () {
    this.timeout(60_000)
    const { one, friends, letters } = await prepared()
    const { chain, pseudonym } = one
    // Two friends together have the seed: they read, but they do not decide.
    const words = await Promise.all(friends.slice(0, 2).map((friend, at) => readOut(friend, letters[at])))
    const vault = { networkId: networkId(), seed: combineWords(words), profiles: [] }
    const thief = newAccount()
    const stolen = await whole.net.as(thief)
    const by = { friends: friends.slice(0, 2), pseudonym, to: thief.address }
    const signed = await signedBy({ chain: stolen, vault }, by)
    await proposeRecovery(stolen, signed)
    expect((await pendingOf(chain, { pseudonym })).kind).to.equal('recovery')
    await pass(week)
    await cancelPending(chain, { pseudonym })
    expect(await codeOf(executePending(stolen, { pseudonym }))).to.equal('CONTRACT_REFUSAL')
    expect(await codeOf(proposeRecovery(stolen, signed))).to.equal('CONTRACT_REFUSAL')
    expect(await controllerOf(chain, { pseudonym })).to.equal(chain.wallet?.account.address)
  })

  it("is not robbed by a thief with the wallet's key: friends stop what the thief began", async function () {
    this.timeout(60_000)
    const { one, friends } = await prepared()
    const { chain: stolen, pseudonym, vault } = one
    const thief = newAccount()
    expect(await codeOf(rotateController(stolen, { pseudonym, controller: thief.address }))).to.equal(
      'CONTRACT_REFUSAL',
    )
    const chain = await whole.net.as(newAccount())
    const none: Hex = `0x${'00'.repeat(20)}`
    for (const begin of [
      () => nameGuardians(stolen, { pseudonym, circle: noGuardians }),
      () => proposeHandover(stolen, { pseudonym, to: thief.address }),
    ]) {
      await begin()
      await pass(week - 86_400)
      const by = { friends: friends.slice(1), pseudonym, to: none, act: 'withdraw' as const }
      await cancelByGuardians(chain, await signedBy({ chain, vault }, by))
      await pass(2 * 86_400)
      expect(await codeOf(executePending(stolen, { pseudonym }))).to.equal('CONTRACT_REFUSAL')
    }
    expect(await guardiansOf(chain, { pseudonym })).to.include({ needed: 2 })
  })

  it('does nothing for one friend too few, names a wrong share and a wrong approval', async function () {
    this.timeout(60_000)
    const { one, two, friends, letters } = await prepared()
    const { chain, vault, pseudonym } = one
    const phone = newAccount()
    const by = { friends: friends.slice(0, 1), pseudonym, to: phone.address }
    const alone = await signedBy({ chain, vault }, by)
    expect(await codeOf(proposeRecovery(chain, alone))).to.equal('CONTRACT_REFUSAL')
    // The same friend twice, or a friend for another pseudonym of the patient, counts as nobody.
    const [approval] = alone.approvals
    const [elsewhere] = (await signedBy({ chain, vault }, { ...by, pseudonym: two.pseudonym })).approvals
    for (const approvals of [
      [approval, approval],
      [approval, elsewhere],
    ].map((some) => some.filter((each) => each !== undefined)))
      expect(await codeOf(proposeRecovery(chain, { ...alone, approvals }))).to.equal('CONTRACT_REFUSAL')
    expect((await pendingOf(chain, { pseudonym })).kind).to.equal('nothing')

    const words = await Promise.all(friends.map((friend, at) => readOut(friend, letters[at])))
    const strangers = splitWords(randomBytes(32), { groups: [{ needed: 2, of: 3 }] })
    expect(() => combineWords([words[0] ?? '', strangers[0]?.[1] ?? '']))
      .to.throw()
      .with.property('share', 1)
    const mistyped = (words[1] ?? '').split(' ').with(20, 'zero').join(' ')
    expect(() => combineWords([words[0] ?? '', mistyped]))
      .to.throw()
      .include({ fault: 'checksum', share: 1, word: 20 })

    const expected = { networkId: networkId() }
    const guardianKeys = friends.slice(0, 2).map(({ code }) => guardianCode.read(code, expected).key)
    const requests = await guardianRequests(chain, vault, { pseudonym, to: phone.address, guardianKeys })
    const [request, other] = requests
    if (!request || !other) return expect.fail('nobody was asked')
    const answer = await approveRequest(chain, friends[0].seed, { v: 1, ...request })
    const fits = (change: Partial<typeof answer>, asked = request) =>
      answersRequest(chain, vault, { request: asked, approval: { ...answer, ...change } })
    expect(await fits({})).to.equal(true)
    expect(await fits({ signature: answer.signature.with(5, (answer.signature[5] ?? 0) ^ 1) })).to.equal(false)
    expect(await fits({ pseudonym: fromHex(two.pseudonym, 32) })).to.equal(false)
    expect(await fits({}, { ...request, deadline: request.deadline + 1 })).to.equal(false)
    expect(await fits({}, { ...request, round: request.round + 1 })).to.equal(false)
    expect(await fits({}, other)).to.equal(false)
    expect(await codeOf(approveRequest(chain, friends[1].seed, { v: 1, ...request }))).to.equal('GUARDIAN')
    return undefined
  })

  it('goes on where it was cut off, and lapses when nobody finishes it', async function () {
    this.timeout(60_000)
    const { one, two, friends } = await prepared()
    const { vault, pseudonym } = one
    const phone = newAccount()
    const to = phone.address
    const chain = await whole.net.as(phone)
    const stepAt = async (code: Hex) => (await rotationOf(chain, { pseudonym: code, to })).step
    expect(await stepAt(pseudonym)).to.equal('ask')
    expect(await stepAt((await whole.newPatient()).pseudonym)).to.equal('unguarded')

    const helping = friends.slice(0, 2)
    await proposeRecovery(chain, await signedBy({ chain, vault }, { friends: helping, pseudonym, to }))
    expect(await stepAt(pseudonym)).to.equal('waits')
    // One code at a time: the other is as it was.
    expect(await stepAt(two.pseudonym)).to.equal('ask')
    expect(await rotationOf(chain, { pseudonym, to: newAccount().address })).to.include({
      step: 'ask',
      other: 'recovery',
    })
    await pass(week)
    expect(await stepAt(pseudonym)).to.equal('ready')
    const { lapsesAt = 0, readyAt = 0 } = await rotationOf(chain, { pseudonym, to })
    expect(lapsesAt - readyAt).to.equal(30 * 86_400)
    await pass(30 * 86_400)
    expect(await stepAt(pseudonym)).to.equal('ask')
    expect(await codeOf(executePending(chain, { pseudonym }))).to.equal('CONTRACT_REFUSAL')

    // Nothing is lost by that: friends sign again, and this time it is finished.
    await proposeRecovery(chain, await signedBy({ chain, vault }, { friends: helping, pseudonym, to }))
    await pass(week)
    await executePending(chain, { pseudonym })
    expect(await stepAt(pseudonym)).to.equal('yours')
  })

  it('gives nobody a link between pseudonyms that the same friends guard', async () => {
    const { one, two, friends } = await prepared()
    const circles = await Promise.all([one, two].map(({ chain, pseudonym }) => guardiansOf(chain, { pseudonym })))
    const words = circles.flatMap((circle) => circle?.places ?? [])
    expect(new Set(words).size).to.equal(6)
    const phone = newAccount()
    const chain = await whole.net.as(phone)
    const asked = await Promise.all(
      [one, two].map(({ vault, pseudonym }) =>
        signedBy({ chain, vault }, { friends: friends.slice(0, 2), pseudonym, to: phone.address }),
      ),
    )
    const accounts = asked.flatMap(({ approvals }) => approvals.map(({ guardian }) => guardian))
    expect(new Set(accounts).size).to.equal(4)
    const [first] = friends
    const open = asked.flatMap(({ approvals }) => approvals.flatMap(({ salt }) => salt))
    expect(new Set(open).size).to.equal(4)
    expect(first.code).not.to.include(accounts[0]?.slice(2))
  })
})
