import { mkdir, open, readFile } from 'node:fs/promises'
import path from 'node:path'

/** One accepted request, and the time of the block that carried it (seconds since 1970). */
export type Entry = {
  readonly method: string
  readonly params: unknown
  readonly time: number
  readonly result: unknown
  /** Times of the blocks without a transaction that came before it; journals from before they were kept have none. */
  readonly empty?: readonly number[]
}

/** What the journal begins with: the birth of the chain, so that a replay has the same genesis. */
export type Birth = { readonly initialDate: string }

export type Journal = {
  readonly birth: Birth
  /** What was accepted, in order. */
  readonly entries: readonly Entry[]
  /** Writes an entry and returns once the disk has it. When it throws, the journal is as it was before. */
  append(entry: Entry): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the journal of the local chain, or begins one.
 *
 * One JSON document per line, the birth first. A last line without its line break was being written when power went:
 * its sender never had an answer, so it is cut off.
 */
export async function openJournal(file: string, now: () => Date = () => new Date()): Promise<Journal> {
  await mkdir(path.dirname(file), { recursive: true })
  const bytes = await readFile(file).catch(() => Buffer.alloc(0))
  let end = bytes.lastIndexOf('\n') + 1
  const lines = bytes.toString('utf8', 0, end).split('\n')
  const [first, ...rest] = lines.map((line, at) => parse(line, at + 1)).filter((value) => value !== undefined)
  const entries = rest as Entry[]

  const handle = await open(file, bytes.length > 0 ? 'r+' : 'w+')
  const write = async (value: unknown) => {
    const line = Buffer.from(`${JSON.stringify(value)}\n`)
    try {
      for (let at = 0; at < line.length; ) at += (await handle.write(line, at, line.length - at, end + at)).bytesWritten
      await handle.datasync()
    } catch (error) {
      // What is torn would make the next line unreadable. Cutting off needs no room.
      await handle.truncate(end)
      throw error
    }
    end += line.length
  }
  await handle.truncate(end)
  const birth = (first as Birth | undefined) ?? { initialDate: now().toISOString() }
  if (first === undefined) {
    await write(birth)
    await syncFolder(path.dirname(file))
  }

  return {
    birth,
    entries,
    async append(entry) {
      await write(entry)
      entries.push(entry)
    },
    close: () => handle.close(),
  }
}

function parse(line: string, number: number): unknown {
  if (line === '') return undefined
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new JournalError(`Line ${number} of the chain's journal cannot be read. Start anew with --fresh.`, { cause })
  }
}

/** The name of a new file is in its folder, which a disk may write later than the file. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Thrown when the journal cannot be read. */
export class JournalError extends Error {
  override readonly name = 'JournalError'
}
