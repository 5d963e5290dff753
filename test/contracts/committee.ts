import { type buildHospitals, ethers, kind, node, none16, random32 } from './fixture.ts'

type World = Awaited<ReturnType<typeof buildHospitals>>

/** Five hospitals with a key node each; nothing proposed yet. */
export async function members<T extends World>(world: T, next: () => string = random32) {
  const { actors, others } = world
  const id = () => ethers.dataSlice(next(), 0, 16)
  const keyAccounts = [others[0], others[1], others[2], others[3], others[4]] as const
  const memberHospitals = [id(), id(), id(), id(), id()] as const
  const operators = [id(), id(), id(), id(), id()] as const
  for (const i of [0, 1, 2, 3, 4] as const) {
    const [account, hospital, operator] = [keyAccounts[i], memberHospitals[i], operators[i]]
    await actors.registerOrganization(hospital, kind.hospital, none16, account, next())
    await actors.registerOperator(operator, node.key, hospital, account, `http://127.0.0.1:${4000 + i}`, next())
  }
  return { ...world, keyAccounts, memberHospitals, operators }
}

/** What a key generation of 3 of 5 would accept. */
export function generation(operators: readonly string[], next: () => string = random32) {
  const verifyingShares = operators.map(() => next())
  return { k: 3, operators: [...operators], groupKey: next(), verifyingShares, transcriptHash: next() }
}

/** Seconds that each step of a ceremony has. */
export const window = 600
const proof = '0x01'

/** The package of a dealer, and what it commits to first. */
export function packageOf(ceremony: number, operator: string, commitment: readonly string[]) {
  const types = ['uint32', 'bytes16', 'bytes32[]', 'bytes']
  const encoded = ethers.AbiCoder.defaultAbiCoder().encode(types, [ceremony, operator, commitment, proof])
  return { hash: ethers.keccak256(encoded), commitment: [...commitment], proof }
}

type Full = Awaited<ReturnType<typeof members<World>>>
type Made = ReturnType<typeof generation>

/** Commits and reveals for these dealers; in a resharing each begins with its own share. */
export async function dealAll(
  { committee, keyAccounts, operators }: Pick<Full, 'committee' | 'keyAccounts' | 'operators'>,
  { ceremony, k, firsts, dealers = [0, 1, 2, 3, 4] }: Dealt,
) {
  const dealt = dealers.map((i) => {
    const account = keyAccounts[i as 0]
    const rest = Array.from({ length: k - 1 }, () => ethers.id(`${ceremony} ${i}`))
    return { account, ...packageOf(ceremony, operators[i as 0], [firsts?.[i] ?? ethers.id(`first ${i}`), ...rest]) }
  })
  for (const { account, hash } of dealt) await committee.connect(account).commit(ceremony, hash)
  for (const { account, commitment, proof } of dealt)
    await committee.connect(account).reveal(ceremony, commitment, proof)
}
type Dealt = {
  ceremony: number
  k: number
  firsts?: readonly (string | undefined)[]
  dealers?: readonly number[]
}

/** Has every account accept a result. */
export async function acceptAll(
  { committee, keyAccounts }: Pick<Full, 'committee'> & { keyAccounts: readonly Full['keyAccounts'][number][] },
  ceremony: number,
  { groupKey, verifyingShares, transcriptHash }: Made,
) {
  for (const account of keyAccounts)
    await committee.connect(account).accept(ceremony, groupKey, verifyingShares, transcriptHash)
}

/** {@link members}, and their first key accepted by all. */
export async function committee<T extends World>(world: T, next: () => string = random32) {
  const full = await members(world, next)
  const made = generation(full.operators, next)
  await full.committee.openCeremony(true, made.k, [], made.operators, window)
  await dealAll(full, { ceremony: 1, k: made.k })
  await acceptAll(full, 1, made)
  return { ...full, made }
}
