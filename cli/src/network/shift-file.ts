/**
 * A session file: the key of one reader session, and what the session is for. Whoever has it reads as its reader until it
 * ends.
 * @module
 */
import { stat } from 'node:fs/promises'
import { fromUtf8, utf8 } from '@sharewell/sdk/bytes'
import type { Network, ReaderSession } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { readSmall } from '../input.ts'
import { KeyFileModeError } from './session.ts'

const isHex = (text: unknown, bytes: number): text is Hex =>
  typeof text === 'string' && new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`).test(text)

/** The content of a session file. */
export function sessionFileBytes(
  { networkId, chainId }: Network,
  { reader, purposes, until }: ReaderSession,
  key: Hex,
): Uint8Array {
  const content = { networkId, chainId, reader: reader.toLowerCase(), key, purposes, until }
  return utf8(`${JSON.stringify(content, null, 2)}\n`)
}

/** Reads a session file. One that others may read is refused.
 * @throws SessionFileError when it holds no session of this network; the error repeats nothing of the file. */
export async function readSessionFile(file: string, network: Network, signal: AbortSignal): Promise<ReaderSession> {
  const bytes = await readSmall(file, 4096, signal)
  const { mode } = await stat(file)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new KeyFileModeError({ file })
  const { networkId, chainId, reader, key, purposes, until } = jsonIn(bytes)
  const whole = isHex(reader, 20) && isHex(key, 32) && Number.isInteger(purposes) && Number.isInteger(until)
  if (!whole) throw new SessionFileError({ file })
  if (networkId !== network.networkId || chainId !== network.chainId)
    throw new SessionFileError({ file, reason: 'is for another network' })
  return { reader, key: privateKeyToAccount(key), purposes: Number(purposes), until: Number(until) }
}

function jsonIn(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(fromUtf8(bytes)))
  } catch {
    return {}
  }
}

/** Thrown when a file that should hold a session does not. */
export class SessionFileError extends BaseError<'SESSION_FILE'> {
  override readonly name = 'SessionFileError'
  constructor({ file = '', reason = 'holds no session' }: { file?: string; reason?: string }) {
    super('SESSION_FILE', `${file} ${reason}.`, {
      hints: ["begin one with 'sharewell session begin -o FILE'"],
      docs: 'session.md#on-a-device',
    })
  }
}
