import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { UsageError } from '../command.ts'

/** Reads a checkpoint key from the command line. */
export function parseCheckpointKey(given: string): Hex {
  const key = given.trim().toLowerCase()
  if (/^0x[0-9a-f]{64}$/.test(key)) return toHex(fromHex(key, 32))
  throw new UsageError({ problem: `${given} is no checkpoint key`, hints: ['it is 0x and 64 hex digits'] })
}
