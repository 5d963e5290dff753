import type { TestNetwork } from './network.ts'

/** A clock that a test turns on, together with the chain's. */
export type TurnedClock = {
  /** How far it is ahead of the machine's, in s. */
  ahead: number
  /** The time it shows, in s since 1970. */
  clock: () => number
  /** Lets so many seconds pass, here and on the chain. */
  pass: (net: TestNetwork, seconds: number) => Promise<void>
}

export function turnedClock(): TurnedClock {
  const time: TurnedClock = {
    ahead: 0,
    clock: () => Math.floor(Date.now() / 1000) + time.ahead,
    pass: async (net, seconds) => {
      time.ahead += seconds
      await net.increaseTime(seconds)
    },
  }
  return time
}
