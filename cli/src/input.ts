/**
 * Bytes from files and from stdin, piece by piece.
 * @module
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Bytes } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'
import { UsageError } from './command.ts'

const pieceLength = 1 << 20

/** An input: its bytes, and its length where it can be known beforehand. */
export type Input = { readonly name: string; readonly size: number | undefined; readonly bytes: AsyncIterable<Bytes> }

/** Opens a file, or stdin when `file` is `-`. Its bytes can be read once. */
export async function openInput(file: string, signal?: AbortSignal): Promise<Input> {
  if (file === '-') return { name: 'stdin', size: undefined, bytes: readStdin(signal) }
  const found = await checkFile(file)
  // A pipe or device has a length only once it was read.
  return { name: file, size: found.isFile() ? found.size : undefined, bytes: readFilePieces(file, signal) }
}

/** Makes sure that `file` can be read, in words that say which of the usual slips it is. */
export async function checkFile(file: string) {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' || error.code === 'ENOTDIR' ? new NoSuchFileError({ file, cause: error }) : error
  })
  if (found.isDirectory()) throw new InputIsFolderError({ file })
  return found
}

/** Reads a small input whole; more than `limit` bytes are refused before they fill the memory. */
export async function readSmall(file: string, limit: number, signal?: AbortSignal): Promise<Bytes> {
  const { name, bytes } = await openInput(file, signal)
  const parts: Bytes[] = []
  let length = 0
  for await (const part of bytes) {
    length += part.length
    if (length > limit) throw new InputTooLargeError({ name, limit })
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}

async function* readFilePieces(file: string, signal?: AbortSignal): AsyncGenerator<Bytes> {
  for await (const piece of createReadStream(file, { highWaterMark: pieceLength })) {
    signal?.throwIfAborted()
    yield piece
  }
}

async function* readStdin(signal?: AbortSignal): AsyncGenerator<Bytes> {
  if (process.stdin.isTTY)
    throw new UsageError({
      problem: 'stdin is a terminal, so there is nothing to read',
      hints: ['pipe something in, or name a file instead of -'],
    })
  const onAbort = () => process.stdin.destroy(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    for await (const piece of process.stdin) {
      signal?.throwIfAborted()
      yield piece
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}

/** Thrown when an input file is not there. */
export class NoSuchFileError extends BaseError<'NO_SUCH_FILE'> {
  override readonly name = 'NoSuchFileError'
  constructor({ file = '', cause }: { file?: string; cause?: unknown }) {
    super('NO_SUCH_FILE', `There is no file ${file}.`, {
      hints: ['check the spelling and the folder you are in'],
      cause,
    })
  }
}

/** Thrown when an input is a folder. */
export class InputIsFolderError extends BaseError<'INPUT_IS_FOLDER'> {
  override readonly name = 'InputIsFolderError'
  constructor({ file = '' }: { file?: string }) {
    super('INPUT_IS_FOLDER', `${file} is a folder.`, {
      hints: [`name one file, or pack the folder first: tar -cf folder.tar ${file}`],
    })
  }
}

/** Thrown when something that should be small, such as a key file, is not. */
export class InputTooLargeError extends BaseError<'INPUT_TOO_LARGE'> {
  override readonly name = 'InputTooLargeError'
  constructor({ name = '', limit = 0 }: { name?: string; limit?: number }) {
    super('INPUT_TOO_LARGE', `${name} is longer than ${limit} bytes, so it cannot be what was asked for.`)
  }
}
