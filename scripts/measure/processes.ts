import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** A process of the tree below another, as Linux accounts for it. */
export type ProcessUse = {
  readonly pid: number
  /** What runs, in a word: the service's name where there is one. */
  readonly name: string
  /** Peak resident memory so far, in bytes (VmHWM). */
  readonly peak: number
  /** Memory in bytes with what is shared divided among those who share it (PSS). */
  readonly proportional: number
  /** Seconds of processor time used so far. */
  readonly cpu: number
}

/** All processes at and below `root`, as they are now; those that end meanwhile are left out. */
export async function processesBelow(root: number): Promise<ProcessUse[]> {
  const all = await readdir('/proc').catch(() => [])
  const parents = new Map<number, number>()
  for (const pid of all.map(Number).filter((pid) => pid > 0)) {
    const stat = await statOf(pid)
    if (stat) parents.set(pid, stat.parent)
  }
  const isBelow = (pid: number | undefined): boolean => pid !== undefined && (pid === root || isBelow(parents.get(pid)))
  const uses = await Promise.all([...parents.keys()].filter(isBelow).map(useOf))
  return uses.filter((use) => use !== undefined)
}

/** What one process has used, or undefined when it is gone. */
export async function useOf(pid: number): Promise<ProcessUse | undefined> {
  const [stat, status, rollup, command] = await Promise.all([
    statOf(pid),
    textOf(pid, 'status'),
    textOf(pid, 'smaps_rollup'),
    textOf(pid, 'cmdline'),
  ])
  if (!stat || command === '') return undefined
  return {
    pid,
    name: nameOf(command.split('\0').filter((word) => word !== '')),
    peak: kibibytes(status, 'VmHWM'),
    proportional: kibibytes(rollup, 'Pss'),
    cpu: stat.ticks / ticksPerSecond,
  }
}

/** USER_HZ, the same on every Linux that Node runs on. */
const ticksPerSecond = 100

async function statOf(pid: number): Promise<{ parent: number; ticks: number } | undefined> {
  const text = await textOf(pid, 'stat')
  // The second field, a name in brackets, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [, parent] = fields
  return parent === undefined ? undefined : { parent: Number(parent), ticks: Number(fields[11]) + Number(fields[12]) }
}

const textOf = (pid: number, file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')

const kibibytes = (text: string, field: string) =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024

function nameOf(words: readonly string[]): string {
  const config = words.find((word) => /[/\\]config[/\\][\w-]+\.json$/.test(word))
  if (config) return path.basename(config, '.json')
  const script = words.slice(1).find((word) => /\.(?:ts|mjs|js)$|[/\\]next$/.test(word))
  return path.basename(script ?? words[0] ?? '')
}
