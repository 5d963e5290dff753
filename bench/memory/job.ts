import type { Hex } from '@sharewell/sdk/bytes'
import type { BenchRecord } from '../record/record.ts'

/** A storage node that another process runs. */
export type NodeAt = { readonly operator: Hex; readonly url: string }

/** What a process of the memory bench is to do. */
export type MemoryJob = BenchRecord & {
  /** Where the depositing process leaves manifest and leaf lists for the reading one. */
  readonly folder: string
  /** Real storage nodes; without them shares are counted, and made again for the reader. */
  readonly nodes: readonly NodeAt[]
}

/** What it found. */
export type MemoryReport = {
  /** Bytes of shares that went to the stores, or came from them. */
  readonly shareBytes: number
  readonly megabytesAtMost: number
  readonly seconds: number
  readonly processorSeconds: number
}

export const jobOf = (text: string | undefined): MemoryJob => JSON.parse(text ?? '') as MemoryJob

/** Says what was done, as the last line of a process. */
export function report(shareBytes: number): void {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const found: MemoryReport = {
    shareBytes,
    // Linux and Node say it in KiB.
    megabytesAtMost: Math.round((maxRSS * 1024) / 1e6),
    seconds: Math.round(performance.now() / 1000),
    processorSeconds: Math.round((userCPUTime + systemCPUTime) / 1e6),
  }
  process.stdout.write(`${JSON.stringify(found)}\n`)
}

/** Tells how far it came, at every tenth. */
export function createProgress(what: string, length: number): (done: number) => void {
  let said = 0
  return (done) => {
    const tenth = Math.floor((10 * done) / length)
    if (tenth <= said) return
    said = tenth
    const { rss } = process.memoryUsage()
    process.stderr.write(`${what}: ${10 * tenth} %, ${Math.round(rss / 1e6)} MB\n`)
  }
}
