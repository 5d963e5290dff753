/**
 * Files that appear whole or not at all.
 *
 * An output is written beside its final name, flushed to the disk, and only then given that name. It replaces nothing
 * unless told to, and it is removed when the command fails, is interrupted, or exits in any other way.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { existsSync, unlinkSync } from 'node:fs'
import { type FileHandle, link, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { BaseError } from '@sharewell/sdk/errors'

/** Where a command writes bytes. */
export type Output = {
  write(bytes: Uint8Array): Promise<void>
  /** Gives the output its name; nothing is visible before. */
  commit(): Promise<void>
  /** Removes what was written. Harmless after `commit`. */
  discard(): Promise<void>
  readonly name: string
}

const unfinished = new Set<string>()

/** Removes outputs that a sudden exit would leave behind; synchronous, for `process.on('exit')`. */
export function discardUnfinished(): void {
  for (const file of unfinished) {
    try {
      unlinkSync(file)
    } catch {
      // It is gone already.
    }
  }
}

/** Opens `file` for writing; `-` is stdout, which can be neither refused nor taken back. */
export async function openOutput(
  file: string,
  { force = false, mode = 0o666 }: openOutput.Options = {},
): Promise<Output> {
  if (file === '-') return stdoutOutput()
  await checkFree(file, force)
  const folder = path.dirname(file)
  const partial = path.join(folder, `.${path.basename(file).slice(0, 200)}.${randomBytes(6).toString('hex')}.part`)
  const handle = await open(partial, 'wx', mode).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new NoFolderError({ folder, cause: error }) : error
  })
  unfinished.add(partial)
  return fileOutput({ file, partial, handle, force })
}

export declare namespace openOutput {
  type Options = { readonly force?: boolean | undefined; readonly mode?: number }
}

/** Refuses now what `commit` would refuse after the work is done. */
export async function checkFree(file: string, force = false): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  if (found?.isDirectory()) throw new OutputIsFolderError({ file })
  if (found && !force) throw new OutputExistsError({ file })
}

/** Several outputs that succeed together: if one cannot be committed, those before it are removed again. */
export async function commitAll(outputs: readonly Output[]): Promise<void> {
  const done: string[] = []
  try {
    for (const output of outputs) {
      await output.commit()
      done.push(output.name)
    }
  } catch (error) {
    for (const file of done) await rm(file, { force: true })
    throw error
  }
}

/** Makes a folder and its parents; returns the topmost one that was missing, to be removed if nothing comes of it. */
export async function makeFolder(folder: string): Promise<string | undefined> {
  return mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' || error.code === 'ENOTDIR' ? new NotAFolderError({ folder, cause: error }) : error
  })
}

type Parts = { file: string; partial: string; handle: FileHandle; force: boolean }

function fileOutput({ file, partial, handle, force }: Parts): Output {
  let open = true
  return {
    name: file,
    async write(bytes) {
      for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten
    },
    async commit() {
      await handle.sync()
      await handle.close()
      open = false
      await (force ? rename(partial, file) : publish(partial, file))
      unfinished.delete(partial)
    },
    async discard() {
      if (open) await handle.close()
      open = false
      await rm(partial, { force: true })
      unfinished.delete(partial)
    },
  }
}

/** `link` fails where the name is taken, `rename` would replace it: so nobody's file is lost to a race. */
export async function publish(partial: string, file: string): Promise<void> {
  try {
    await link(partial, file)
    await rm(partial, { force: true })
  } catch (error) {
    if (existsSync(file)) throw new OutputExistsError({ file, cause: error })
    // Some file systems know no links.
    await rename(partial, file)
  }
}

function stdoutOutput(): Output {
  return {
    name: '-',
    write: (bytes) =>
      new Promise((resolve, reject) => {
        process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()))
      }),
    commit: async () => {},
    discard: async () => {},
  }
}

/** Thrown before anything is written when the output's name is taken. */
export class OutputExistsError extends BaseError<'OUTPUT_EXISTS'> {
  override readonly name = 'OutputExistsError'
  constructor({ file = '', cause }: { file?: string; cause?: unknown }) {
    super('OUTPUT_EXISTS', `${file} already exists.`, {
      hints: ['choose another name with -o, or replace it with --force'],
      cause,
    })
  }
}

/** Thrown when an output names a folder. */
export class OutputIsFolderError extends BaseError<'OUTPUT_IS_FOLDER'> {
  override readonly name = 'OutputIsFolderError'
  constructor({ file = '' }: { file?: string }) {
    super('OUTPUT_IS_FOLDER', `${file} is a folder.`, {
      hints: [`name a file in it, such as ${path.join(file, 'record')}`],
    })
  }
}

/** Thrown when the folder of an output does not exist. */
export class NoFolderError extends BaseError<'NO_FOLDER'> {
  override readonly name = 'NoFolderError'
  constructor({ folder = '', cause }: { folder?: string; cause?: unknown }) {
    super('NO_FOLDER', `There is no folder ${folder}.`, { hints: [`make it first: mkdir -p ${folder}`], cause })
  }
}

/** Thrown when a folder is wanted and something else has its name. */
export class NotAFolderError extends BaseError<'NOT_A_FOLDER'> {
  override readonly name = 'NotAFolderError'
  constructor({ folder = '', cause }: { folder?: string; cause?: unknown }) {
    super('NOT_A_FOLDER', `${folder} is not a folder.`, { hints: ['choose a folder with -o'], cause })
  }
}
