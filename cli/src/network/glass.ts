/**
 * What an emergency leaves on a device: the clinician's file of one emergency, and an officer's key.
 * @module
 */
import { stat } from 'node:fs/promises'
import { type Bytes, fromHex, fromUtf8, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, credentialsOf, type GlassWindow, glassStateOf } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { encodeGlassAsk, type GlassAsk, parseGlassAsk } from '@sharewell/sdk/flow'
import { UsageError } from '../command.ts'
import { readSmall } from '../input.ts'
import { painted } from '../text.ts'
import { KeyFileModeError } from './session.ts'

/** Role bits of docs/spec/actors.md. */
export const emergencyRoles = { clinician: 8, reviewer: 9 } as const

/** What the clinician keeps: the ask, and the key to which the officer seals its part. */
export type EmergencyFile = { readonly ask: GlassAsk; readonly partSeed: Bytes }

/** The content of an emergency file. */
export const emergencyFileText = ({ ask, partSeed }: EmergencyFile): string =>
  `${JSON.stringify({ ask: encodeGlassAsk(ask), partKey: toHex(partSeed) }, null, 2)}\n`

/** Reads an emergency file. One that others may read is refused.
 * @throws EmergencyFileError when it holds no emergency; the error repeats nothing of the file. */
export async function readEmergencyFile(file: string, signal: AbortSignal): Promise<EmergencyFile> {
  const bytes = await readSmall(file, 1 << 16, signal)
  const { mode } = await stat(file)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new KeyFileModeError({ file })
  try {
    const { ask, partKey } = JSON.parse(fromUtf8(bytes)) as { ask: string; partKey: string }
    return { ask: parseGlassAsk(ask), partSeed: fromHex(partKey, 32) }
  } catch (cause) {
    throw new EmergencyFileError({ file, cause })
  }
}

/** The live affiliation of an account in a role, or a word on who gives one. */
export async function credentialIn(
  chain: Chain,
  { account, role, named }: { readonly account: Hex; readonly role: number; readonly named: string },
  signal: AbortSignal,
): Promise<Hex> {
  const held = await credentialsOf(chain, { account }, { signal })
  const found = held.find((one) => (one.roles >>> role) & 1 && !one.retracted && one.until > chain.clock())
  if (found) return found.id
  throw new UsageError({
    problem: `no organization attests you as ${named}`,
    hints: ["the organization says so with 'sharewell staff attest'"],
  })
}

/** How a window stands, as a person reads it. */
export function standing(window: GlassWindow, now: number) {
  const state = glassStateOf(window, now)
  if (window.review) return painted(window.review.verdict === 'justified' ? 'good' : 'bad', window.review.verdict)
  if (state === 'overdue') return painted('bad', 'review overdue')
  return state === 'open' ? painted('careful', 'open') : painted('careful', 'to be reviewed')
}

/** Thrown when a file that should hold an emergency does not. */
export class EmergencyFileError extends BaseError<'EMERGENCY_FILE'> {
  override readonly name = 'EmergencyFileError'
  constructor({ file = '', cause }: { file?: string; cause?: unknown }) {
    super('EMERGENCY_FILE', `${file} holds no emergency.`, {
      cause,
      hints: ["'sharewell break-glass ask' writes one"],
      docs: 'break-glass.md#opening',
    })
  }
}
