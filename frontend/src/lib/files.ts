import type { Bytes } from '@sharewell/sdk/bytes'

/** What a browser holds in memory without trouble: 512 MB. */
export const browserLimit = 512 * 1024 * 1024

/** What a browser reads and divides as one JSON text: 128 MB. */
export const bundleLimit = 128 * 1024 * 1024

const piece = 1024 * 1024

/** So many pieces are handed to the browser at once. It keeps them where it likes, also on disk; this page forgets them. */
const handful = 16

/** Refuses what does not fit, before a byte of it is read. Throws FileTooLargeError. */
export function checkSize({ size }: Pick<Blob, 'size'>, limit = browserLimit): void {
  if (size > limit) throw new FileTooLargeError(size, limit)
}

/** A file piece by piece, so that it is never in memory whole. */
export async function* piecesOf(file: Blob): AsyncGenerator<Bytes> {
  for (let at = 0; at < file.size; at += piece) yield new Uint8Array(await file.slice(at, at + piece).arrayBuffer())
}

/** Collects verified bytes for the browser to keep, up to the limit. */
export async function collect(bytes: AsyncIterable<Bytes>): Promise<Blob> {
  const parts: Blob[] = []
  let pieces: Bytes[] = []
  let size = 0
  for await (const one of bytes) {
    size += one.length
    checkSize({ size })
    pieces.push(one)
    if (pieces.length < handful) continue
    parts.push(new Blob(pieces))
    pieces = []
  }
  return new Blob([...parts, ...pieces])
}

const byEnding: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  hl7: 'application/hl7-v2',
  dcm: 'application/dicom',
  pdf: 'application/pdf',
  txt: 'text/plain',
  png: 'image/png',
  jpg: 'image/jpeg',
}

/** The media type of a file: the browser's word, else by its ending. */
export function mimeOf({ name, type }: File): string {
  return type || (byEnding[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream')
}

/** A name for a download: no patient's name in it, because it lands in a shared folder. */
export function fileNameOf(recordId: string, mime: string): string {
  const ending = mime.endsWith('+json')
    ? 'json'
    : (Object.entries(byEnding).find(([, type]) => mime.startsWith(type))?.[0] ?? 'bin')
  return `record-${recordId.slice(2, 10)}.${ending}`
}

/** Saves a blob through the browser's own download. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** Thrown for a file that only the command line can handle. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError'
  readonly code = 'FILE_TOO_LARGE'

  constructor(size: number, limit: number) {
    const [has, takes] = [size, limit].map((count) => new Intl.NumberFormat('en-GB').format(count))
    super(`It has ${has} bytes; this page takes ${takes}.`)
  }
}
