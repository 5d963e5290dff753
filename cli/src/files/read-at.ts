import type { FileHandle } from 'node:fs/promises'
import type { Bytes } from '@sharewell/sdk/bytes'

/** Reads `length` bytes at `position`, or fewer where the file ends. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Bytes> {
  const bytes = new Uint8Array(length)
  let read = 0
  while (read < length) {
    const { bytesRead } = await handle.read(bytes, read, length - read, position + read)
    if (bytesRead === 0) break
    read += bytesRead
  }
  return bytes.subarray(0, read)
}
