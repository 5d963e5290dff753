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

/** What a key generation of 3 of 5 would propose. */
export function generation(operators: readonly string[], next: () => string = random32) {
  const verifyingShares = operators.map(() => next())
  return { k: 3, operators: [...operators], groupKey: next(), verifyingShares, transcriptHash: next() }
}

/** {@link members}, and their first key confirmed by all. */
export async function committee<T extends World>(world: T, next: () => string = random32) {
  const full = await members(world, next)
  const made = generation(full.operators, next)
  await full.committee.propose(1, made.k, made.operators, made.groupKey, made.verifyingShares, made.transcriptHash)
  for (const account of full.keyAccounts) await full.committee.connect(account).confirm(1, made.transcriptHash)
  return { ...full, made }
}
