import { mkdir, open, readFile } from 'node:fs/promises'
import path from 'node:path'

/** One accepted request, and the time of the block that carried it (seconds since 1970). */
export type Entry = {
  readonly method: string
  readonly params: unknown
  readonly time: number
  readonly result: unknown
}

/** What the journal begins with: the birth of the chain, so that a replay has the same genesis. */
export type Birth = { readonly initialDate: string }

export type Journal = {
  readonly birth: Birth
  /** What an earlier run accepted, in order. */
  readonly entries: readonly Entry[]
  /** Writes an entry and returns once the disk has it. */
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
  const text = await readFile(file, 'utf8').catch(() => '')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const [first, ...rest] = whole.split('\n').filter((line) => line !== '')

  const handle = await open(file, 'a')
  await handle.truncate(Buffer.byteLength(whole))
  const write = async (value: unknown) => {
    await handle.appendFile(`${JSON.stringify(value)}\n`)
    await handle.datasync()
  }

  const birth = first === undefined ? { initialDate: now().toISOString() } : (JSON.parse(first) as Birth)
  if (first === undefined) await write(birth)

  return {
    birth,
    entries: rest.map((line) => JSON.parse(line) as Entry),
    append: write,
    close: () => handle.close(),
  }
}
