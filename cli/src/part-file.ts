/**
 * An output that stays as `FILE.part` when the command is cut off, so that the next run goes on with it.
 * @module
 */
import { createReadStream, existsSync, rmSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { toHex, utf8 } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'
import { sha256 } from '@sharewell/sdk/primitives'
import { checkFree, NoFolderError, publish } from './output.ts'
import { inState, openAlone, stateFolder } from './state.ts'

/** A file that grows from its beginning and may have begun in an earlier run. */
export type PartFile = {
  readonly name: string
  /** Bytes that an earlier run left, to be believed only after they were compared. */
  readonly left: number
  /** The bytes that an earlier run left. */
  bytes(): AsyncIterable<Uint8Array>
  /** So many bytes from the beginning are right as they lie there. */
  keep(length: number): void
  /** Appends to what was written or kept; bytes that lie there already are not written again. */
  write(bytes: Uint8Array): Promise<void>
  /** Gives the file its name; nothing has that name before. */
  commit(): Promise<void>
  /** Lets go; what was written stays, unless there is nothing. Harmless after `commit`. */
  close(): Promise<void>
  /** Removes what was written: it turned out not to be the record. */
  discard(): Promise<void>
}

/** Opens `FILE.part`, going on with one that an earlier run left. Replaces a file of that name only with `force`. */
export async function openPart(file: string, { force = false }: { force?: boolean | undefined }): Promise<PartFile> {
  await checkFree(file, force)
  const partial = `${file}.part`
  const mark = path.join(stateFolder('parts'), `${toHex(sha256(utf8(path.resolve(file)))).slice(2, 34)}.sqlite`)
  const lock = openAlone(mark, 'CREATE TABLE IF NOT EXISTS part (begun INTEGER);')
  if (!lock) throw new OutputBusyError({ file })
  try {
    await checkOwn(partial, lock, force)
    const handle = await open(partial, existsSync(partial) ? 'r+' : 'wx+').catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new NoFolderError({ folder: path.dirname(file), cause: error }) : error
    })
    return partFile({
      file,
      partial,
      handle,
      force,
      left: (await handle.stat()).size,
      lock,
      release: () => release(lock, mark),
    })
  } catch (error) {
    lock.close()
    throw error
  }
}

/** A part file that no run of ours began is somebody's file. */
async function checkOwn(partial: string, lock: DatabaseSync, force: boolean): Promise<void> {
  const begun = lock.prepare('SELECT begun FROM part').get() !== undefined
  if (!begun && !force && (await stat(partial).catch(() => undefined))) throw new PartExistsError({ partial })
  inState(partial, () => {
    if (!begun) lock.exec('INSERT INTO part VALUES (1)')
  })
}

/** Forgets the part file while it is locked, then lets go. */
function release(lock: DatabaseSync, mark: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${mark}${end}`, { force: true })
  lock.close()
}

type Parts = {
  readonly file: string
  readonly partial: string
  readonly handle: Awaited<ReturnType<typeof open>>
  readonly force: boolean
  readonly left: number
  readonly lock: DatabaseSync
  readonly release: () => void
}

function partFile({ file, partial, handle, force, left, lock, release }: Parts): PartFile {
  let open = true
  let at = 0
  let kept = 0
  const discard = async () => {
    open = false
    await handle.close()
    await rm(partial, { force: true })
    release()
  }
  return {
    name: file,
    left,
    bytes: () => createReadStream(partial, { highWaterMark: 1 << 20 }),
    keep(length) {
      kept = Math.max(kept, length)
    },
    async write(bytes) {
      const skipped = Math.min(bytes.length, Math.max(0, kept - at))
      for (let from = skipped; from < bytes.length; )
        from += (await handle.write(bytes, from, bytes.length - from, at + from)).bytesWritten
      at += bytes.length
    },
    async commit() {
      await handle.truncate(at)
      await handle.sync()
      await handle.close()
      open = false
      await (force ? rename(partial, file) : publish(partial, file))
      release()
    },
    async close() {
      if (!open) return
      if ((await handle.stat()).size === 0) return await discard()
      open = false
      await handle.close()
      lock.close()
    },
    discard,
  }
}

/** Thrown when another process writes the same output. */
export class OutputBusyError extends BaseError<'OUTPUT_BUSY'> {
  override readonly name = 'OutputBusyError'
  constructor({ file = '' }: { file?: string }) {
    super('OUTPUT_BUSY', `Another process is writing ${file}.`, {
      hints: ['let it end, or choose another name with -o'],
      docs: 'resume.md#a-retrieval',
    })
  }
}

/** Thrown when the name of the part file is taken by something that no interrupted run left. */
export class PartExistsError extends BaseError<'PART_EXISTS'> {
  override readonly name = 'PartExistsError'
  constructor({ partial = '' }: { partial?: string }) {
    super('PART_EXISTS', `${partial} exists, and no interrupted retrieval left it.`, {
      hints: ['move it away, choose another name with -o, or use it up with --force'],
      docs: 'resume.md#a-retrieval',
    })
  }
}
