/**
 * Key files: the key of one sealed file, as a line of text that survives mail, paper and copy and paste.
 * @module
 */
import { type Bytes, fromBase64url, fromUtf8, toBase64url, utf8 } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'
import { readSmall } from '../input.ts'

const prefix = 'sharewell-key-1 '
const maxLength = 4096

/** The text of a key file. */
export function formatKeyFile(dek: Uint8Array, sealedName: string): string {
  return [
    `# Opens ${sealedName.replaceAll(/[^\x20-\x7e]/g, '?')}. Whoever has both can read it: keep this apart.`,
    `${formatKey(dek)}\n`,
  ].join('\n')
}

/** The one line that matters. */
export function formatKey(dek: Uint8Array): string {
  return `${prefix}${toBase64url(dek)}`
}

/**
 * Reads a key from a file, or from stdin for `-`.
 * @throws KeyFileError when it holds no key; the error repeats nothing of the file.
 */
export async function readKeyFile(file: string, signal?: AbortSignal): Promise<Bytes> {
  return parseKeyFile(await readSmall(file, maxLength, signal), file)
}

/** Reads a key from the bytes of a key file. */
export function parseKeyFile(bytes: Uint8Array, name: string): Bytes {
  try {
    const lines = fromUtf8(bytes)
      .split(/\r?\n/)
      .map((line) => line.trim())
    const keys = lines.filter((line) => line.startsWith(prefix)).map((line) => fromBase64url(line.slice(prefix.length)))
    const [key] = keys
    if (key?.length === 32 && keys.length === 1) return key
  } catch (cause) {
    throw new KeyFileError({ name, cause })
  }
  throw new KeyFileError({ name })
}

/** Says whether a file looks like a key file, without reading the key. */
export function isKeyFile(head: Uint8Array): boolean {
  const text = Buffer.from(head).toString('latin1')
  return text.startsWith(prefix) || text.includes(`\n${prefix}`)
}

/** The bytes of a key file. */
export function keyFileBytes(dek: Uint8Array, sealedName: string): Bytes {
  return utf8(formatKeyFile(dek, sealedName))
}

/** Thrown when a file that should hold a key does not. */
export class KeyFileError extends BaseError<'KEY_FILE'> {
  override readonly name = 'KeyFileError'
  constructor({ name = '', cause }: { name?: string; cause?: unknown }) {
    super('KEY_FILE', `${name} holds no Sharewell key, or more than one.`, {
      hints: ["a key file has one line that starts with 'sharewell-key-1', as 'sharewell seal' writes it"],
      cause: cause instanceof BaseError ? undefined : cause,
    })
  }
}
