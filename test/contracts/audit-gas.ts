import type { ContractTransactionResponse } from 'ethers'
import { ask, begin, buildAudited, seatAuditors, wordOf } from './audits-world.ts'
import { ethers, networkHelpers } from './fixture.ts'

/** What an audit may cost: of a share of five, judged by the auditors of three houses. */
export const auditBars = {
  'challenge a node': 210_000,
  'draw an audit': 190_000,
  'the last word on a node': 90_000,
} as const

/** Measures {@link auditBars}; the node was asked before, and missed nothing. */
export async function measureAudits(
  next: () => string,
  gasOf: (sent: Promise<ContractTransactionResponse>) => Promise<number>,
): Promise<Record<keyof typeof auditBars, number>> {
  const world = await buildAudited(next)
  // Just as many as it takes: which of more were looked at first would be chance.
  const auditors = await seatAuditors(world, 3, next)
  await ask(world)
  const second = { ...world, audits: world.audits.connect(world.second) }
  const challenged = await gasOf(ask(second))
  await networkHelpers.time.increase(24 * 60 * 60)
  const audit = await begin(world)
  await networkHelpers.mine(3)
  const drawn = await gasOf(world.audits.draw(audit))
  const word = async (k: number) => {
    const signature = await wordOf(world, auditors, { audit, k, shown: true })
    const gas = await gasOf(world.audits.testify(audit, true, k, signature))
    // The chunk is drawn, so its signature is another in each run; a zero byte is cheaper by 12.
    return gas + 12 * ethers.getBytes(signature).filter((byte) => byte === 0).length
  }
  await word(0)
  return { 'challenge a node': challenged, 'draw an audit': drawn, 'the last word on a node': await word(1) }
}
