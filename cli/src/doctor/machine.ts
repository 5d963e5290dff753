/**
 * This machine: the program that runs, room on the disk, a place for what must be remembered.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { rm, statfs, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { BaseError, firstLine } from '@sharewell/sdk/errors'
import { lower } from '../failure.ts'
import { formatBytes } from '../progress.ts'
import { stateFolder } from '../state.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

const little = 1_000_000_000
const tooLittle = 100_000_000

/** Checks what needs no network. */
export async function checkMachine(): Promise<readonly Finding[]> {
  return [checkNode(process.versions.node), await checkDisk(process.cwd()), await checkState()]
}

/** The version of Node that runs this. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const runs = major > 22 || (major === 22 && minor >= 18)
  if (!runs)
    return problem('node', `Node ${version} is too old`, 'install Node 24, or run npm install in the repository')
  return major % 2 === 0
    ? ok('node', `Node ${version}`)
    : warning('node', `Node ${version} gets no long support`, 'use an even version, such as 24')
}

/** Room where files will be written. */
async function checkDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder)
  return judgeDisk(bavail * bsize)
}

/** Whether so many free bytes are enough. */
export function judgeDisk(free: number): Finding {
  const said = `${formatBytes(free)} free in this folder`
  if (free < tooLittle) return problem('disk', said, 'free some space, or work in a folder on another disk')
  if (free >= little) return ok('disk', said)
  return warning('disk', said, 'a deposit needs as much as the file, a split several times that')
}

/** The folder that remembers a deposit which was cut off; a file is written there and removed again. */
async function checkState(): Promise<Finding> {
  try {
    const folder = stateFolder('deposits')
    const probe = path.join(folder, `.doctor-${randomUUID()}`)
    await writeFile(probe, 'probe')
    await rm(probe)
    return ok('state-folder', `${path.dirname(folder)} can be written`)
  } catch (error) {
    const said = error instanceof Error ? firstLine(error.message) : ''
    const [hint = 'choose another folder with SHAREWELL_STATE'] = error instanceof BaseError ? error.hints : []
    return problem('state-folder', lower(said), lower(hint))
  }
}
