import type { ContractTransactionResponse } from 'ethers'
import { buildCouncil, callOf } from './council.ts'
import { node } from './fixture.ts'

/** What deciding together may cost: a proposal that admits an operator, its second and its executing confirmation. */
export const councilBars = {
  'propose to the council': 400_000,
  'confirm a proposal': 120_000,
  'confirm and execute a proposal': 330_000,
} as const

/** Measures {@link councilBars} on a council of five. */
export async function measureCouncil(
  next: () => string,
  gasOf: (sent: Promise<ContractTransactionResponse>) => Promise<number>,
): Promise<Record<keyof typeof councilBars, number>> {
  const { council, actors, others, keyAccounts, memberHospitals } = await buildCouncil(next)
  const id = next().slice(0, 34)
  const endpoint = 'https://storage.example.org:7101'
  const args = [id, node.storage, memberHospitals[0], await others[8].getAddress(), endpoint, next()]
  const [calls, salt] = [[await callOf(actors, 'registerOperator', args)], next()]
  const [first, second, third] = keyAccounts
  const proposed = await gasOf(council.connect(first).propose(calls, salt))
  const proposal = await council.proposalIdOf(calls, salt)
  return {
    'propose to the council': proposed,
    'confirm a proposal': await gasOf(council.connect(second).confirm(proposal)),
    'confirm and execute a proposal': await gasOf(council.connect(third).confirm(proposal)),
  }
}
