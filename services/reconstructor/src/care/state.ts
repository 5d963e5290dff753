import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { writeDurably } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import type { RecordHealth } from '@sharewell/sdk/flow/health'
import * as z from 'zod'

/** What a caretaker found, as it keeps it. */
export type CareState = {
  readonly organization: Hex
  readonly checkedAt: number
  /** Records that are not healthy, worst first. */
  readonly records: readonly RecordHealth[]
  readonly silentSince: ReadonlyMap<Hex, number>
}

const hex = z.string().regex(/^0x[0-9a-f]{32}$/)
const kept = z.object({ silentSince: z.record(hex, z.int().min(0)) })

/** `health.json` in a folder: for people to read, and to know after a restart since when nodes are silent. */
export function openCareState(folder: string) {
  const file = path.join(folder, 'health.json')
  return {
    /** Since when operators are silent; empty where nothing readable is kept, which only delays. */
    async silentSince(): Promise<Map<Hex, number>> {
      const text = await readFile(file, 'utf8').catch(() => '{}')
      const found = kept.safeParse(parsed(text))
      return new Map(found.success ? (Object.entries(found.data.silentSince) as [Hex, number][]) : [])
    },
    async write({ silentSince, ...state }: CareState): Promise<void> {
      const text = JSON.stringify({ ...state, silentSince: Object.fromEntries(silentSince) }, undefined, 2)
      await writeDurably(file, `${text}\n`, 0o600)
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
