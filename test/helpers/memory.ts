import { existsSync } from 'node:fs'
import { type FileHandle, open, readFile } from 'node:fs/promises'

/** Whether the memory of another process can be read here: Linux, and the process is our own child. */
export const memoryIsReadable = existsSync('/proc/self/pagemap')

const page = 4_096
/** Bit 63: the page is in memory; bit 62: it was swapped out. Pages without either were never touched. */
const touched = 0xc0
/** Overlap of the pieces of one run, so that nothing is cut in two. */
const overlap = 64
const piece = 2 ** 22

/** Everything that a process holds in memory and could have written itself: heaps, stacks, buffers outside of V8's heap. */
export async function* memoryOf(pid: number): AsyncGenerator<Buffer> {
  const maps = await readFile(`/proc/${pid}/maps`, 'latin1')
  await using memory = await open(`/proc/${pid}/mem`)
  await using pages = await open(`/proc/${pid}/pagemap`)
  for (const region of maps.split('\n').flatMap(writable))
    for (const { from, to } of await runs(pages, region))
      for (let at = from; at < to; at += piece - overlap) {
        const buffer = Buffer.alloc(Math.min(piece, to - at))
        // A page may be gone by the time it is read.
        const read = await memory.read(buffer, 0, buffer.length, at).catch(() => undefined)
        if (read && read.bytesRead > 0) yield buffer.subarray(0, read.bytesRead)
      }
}

type Region = { readonly from: number; readonly to: number }

function writable(line: string): Region[] {
  const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? []
  return from ? [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }] : []
}

/** The parts of a region that were ever touched. */
async function runs(pages: FileHandle, { from, to }: Region): Promise<Region[]> {
  const marks = Buffer.alloc(((to - from) / page) * 8)
  await pages.read(marks, 0, marks.length, (from / page) * 8)
  const found: Region[] = []
  let start: number | undefined
  for (let at = 0; at <= marks.length; at += 8) {
    const present = ((marks[at + 7] ?? 0) & touched) !== 0
    if (present) start ??= at
    else if (start !== undefined) {
      found.push({ from: from + (start / 8) * page, to: from + (at / 8) * page })
      start = undefined
    }
  }
  return found
}
