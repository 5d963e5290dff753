/**
 * Recognizes files by their content.
 * @module
 */
import type { FileHandle } from 'node:fs/promises'
import { equal, toHex } from '@sharewell/sdk/bytes'
import { parseSealHeader } from '@sharewell/sdk/seal'
import { chunkCount } from '@sharewell/sdk/share'
import { openInput } from '../input.ts'
import { formatBytes } from '../progress.ts'
import type { Terminal } from '../terminal.ts'
import { watched } from '../watched.ts'
import type { Description } from './description.ts'
import { identifyObject } from './identify-object.ts'
import { identifyText } from './identify-text.ts'
import { sealedMagic, shareMagic } from './magic.ts'
import { footerLength, parseFoot, readSealedFile } from './sealed-file.ts'
import { chunkCountOf, openShareFile } from './share-file.ts'

/** What {@link identify} looks at. */
export type Subject = {
  readonly handle: FileHandle
  readonly file: string
  readonly size: number
  /** Read it all and recompute its digests. */
  readonly check: boolean
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** Objects and texts of ours are small; what is longer is somebody's file. */
const maxObjectLength = 8 << 20

/** Says what a file is. */
export async function identify(subject: Subject): Promise<Description> {
  const { handle, size } = subject
  const start = await readStart(handle, sealedMagic.length)
  if (equal(start, sealedMagic)) return identifySealed(subject)
  if (equal(start.subarray(0, shareMagic.length), shareMagic)) return identifyShare(subject)
  const whole = size <= maxObjectLength ? await readStart(handle, size) : new Uint8Array()
  return (
    identifyObject(whole) ??
    identifyText(whole) ?? {
      kind: 'plain file',
      size: formatBytes(size),
      note: 'nothing of Sharewell: not sealed, not a share',
    }
  )
}

async function identifySealed({ handle, file, size, check, terminal, signal }: Subject): Promise<Description> {
  const input = await openInput(file, signal)
  const sealed = await readSealedFile(check ? watched(input, terminal, 'checking') : input.bytes, file)
  const { recordId, version, chunkLog2 } = parseSealHeader(sealed.sealHeader)
  const foot = new Uint8Array(footerLength)
  await handle.read(foot, 0, footerLength, Math.max(0, size - footerLength))
  const { sealedLength, contentRoot } = parseFoot(foot, file)
  if (check) for await (const _ of sealed.chunks);
  return {
    kind: 'sealed file',
    size: formatBytes(size),
    recordId: toHex(recordId),
    version,
    chunk: formatChunk(chunkLog2),
    chunks: chunkCount({ chunkLog2, sealedLen: sealedLength }),
    contentRoot: toHex(contentRoot),
    check: check ? 'every digest matches' : 'complete to its end; --check reads it all',
  }
}

async function identifyShare({ file, size, check, terminal, signal }: Subject): Promise<Description> {
  const share = await openShareFile(file)
  try {
    const { info, index } = share
    const chunks = chunkCountOf(info)
    const bad: string[] = []
    const progress = terminal.progress('checking', chunks, 'count')
    for (let i = 0; check && i < chunks; i++) {
      signal.throwIfAborted()
      if ((await share.readRow(i)) === undefined) bad.push(String(i))
      progress.add(1)
    }
    return {
      kind: 'share file',
      share: `number ${index} of ${info.n}, numbered from 0`,
      needed: `any ${info.t} of ${info.n} rebuild the file; any ${info.r} know nothing`,
      of: info.content === 'sealed' ? 'a sealed file' : 'a file that is not sealed',
      size: formatBytes(size),
      whole: formatBytes(info.length),
      set: toHex(info.set),
      chunk: formatChunk(info.chunkLog2),
      chunks,
      contentRoot: info.sealed && toHex(info.sealed.contentRoot),
      check: check
        ? bad.length === 0
          ? 'every digest matches'
          : `DAMAGED: rows ${bad.slice(0, 20).join(', ')} were altered`
        : 'complete to its end; --check reads it all',
    }
  } finally {
    await share.close()
  }
}

async function readStart(handle: FileHandle, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length)
  const { bytesRead } = await handle.read(bytes, 0, length, 0)
  return bytes.subarray(0, bytesRead)
}

function formatChunk(chunkLog2: number): string {
  return `${2 ** (chunkLog2 - 10)} KiB`
}
