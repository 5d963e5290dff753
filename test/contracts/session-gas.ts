import type { ContractTransactionResponse } from 'ethers'
import { buildHospitals, ethers, networkHelpers } from './fixture.ts'
import { hours, shift, sign } from './sessions.ts'

/** What a shift may cost, sent by the reader or carried. */
export const sessionBars = {
  'open a session': 60_000,
  'open a session by signature': 68_000,
  'end a session': 32_000,
  'end a session by signature': 38_000,
} as const

/** Measures {@link sessionBars} with keys and times that are the same in each run. */
export async function measureSessions(
  next: () => string,
  gasOf: (sent: Promise<ContractTransactionResponse>) => Promise<number>,
): Promise<Record<keyof typeof sessionBars, number>> {
  const world = await buildHospitals(next)
  const { actors, doctor, stranger } = world
  const start = 0x7171_7100
  await networkHelpers.time.increaseTo(start)
  const until = start + hours(8)
  const [sent, carried] = [new ethers.Wallet(next()), new ethers.Wallet(next())]
  const opened = await gasOf((await shift(world, { key: sent, until })).open())
  const openedBySignature = await gasOf((await shift(world, { key: carried, until })).carry())
  const signature = await sign(world, carried, 'EndSession', { key: carried.address })
  return {
    'open a session': opened,
    'open a session by signature': openedBySignature,
    'end a session': await gasOf(actors.connect(doctor).endSession(sent.address)),
    'end a session by signature': await gasOf(
      actors.connect(stranger).endSessionBySignature(carried.address, signature),
    ),
  }
}
