import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/**
 * Writes a file so that after a crash it is there whole, as it was or as it is now. Its folder is made where it is missing.
 * What a kill leaves aside has a name of its own ({@link isAside}): a service removes it when it starts.
 *
 * @param mode - Rights of a new file; by default all may read.
 * @example
 * await writeDurably(path.join(folder, 'notes.json'), text, 0o600)
 */
export async function writeDurably(file: string, bytes: Uint8Array | string, mode = 0o644): Promise<void> {
  const folder = path.dirname(file)
  await mkdir(folder, { recursive: true })
  const aside = `${file}.${randomUUID()}.tmp`
  try {
    await using handle = await open(aside, 'wx', mode)
    await handle.writeFile(bytes)
    await handle.sync()
    await rename(aside, file)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
  await using directory = await open(folder)
  await directory.sync()
}

/** Whether a file's name says that {@link writeDurably} was writing it. */
export const isAside = (name: string): boolean => /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/.test(name)
