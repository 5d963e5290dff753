import type { ContractTransactionResponse, Wallet } from 'ethers'
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
  /** A session of a key under which no signature has a zero byte, which would be cheaper. */
  const dearShift = async (): Promise<{ key: Wallet; made: Awaited<ReturnType<typeof shift>>; end: string }> => {
    const key = new ethers.Wallet(next())
    const made = await shift(world, { key, until })
    const end = await sign(world, key, 'EndSession', { key: key.address })
    const said = ethers.getBytes(ethers.concat([key.address, made.keySignature, made.signature, end]))
    return said.includes(0) ? await dearShift() : { key, made, end }
  }
  const [sent, carried] = [await dearShift(), await dearShift()]
  const opened = await gasOf(sent.made.open())
  const openedBySignature = await gasOf(carried.made.carry())
  return {
    'open a session': opened,
    'open a session by signature': openedBySignature,
    'end a session': await gasOf(actors.connect(doctor).endSession(sent.key.address)),
    'end a session by signature': await gasOf(
      actors.connect(stranger).endSessionBySignature(carried.key.address, carried.end),
    ),
  }
}
