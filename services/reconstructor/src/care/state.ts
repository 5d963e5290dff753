import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { writeDurably } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import type { RecordHealth } from '@sharewell/sdk/flow/health'
import * as z from 'zod'
import type { Renewed } from './refresh.ts'

/** What a caretaker found, as it keeps it. */
export type CareState = {
  readonly organization: Hex
  readonly checkedAt: number
  /** Records that are not healthy, worst first. */
  readonly records: readonly RecordHealth[]
  readonly silentSince: ReadonlyMap<Hex, number>
  /** When the shares that stand were made, of records whose shares were made anew. */
  readonly renewed: ReadonlyMap<Hex, Renewed>
}

const hex = (bytes: number) => z.templateLiteral(['0x', z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))])
const kept = z.object({
  silentSince: z.record(hex(16), z.int().min(0)),
  renewed: z
    .record(hex(32), z.object({ renewals: z.int().min(1), at: z.int().min(0), unretired: z.array(hex(16)) }))
    .default({}),
})

/** `health.json` in a folder: for people to read, and to know after a restart since when nodes are silent. */
export function openCareState(folder: string) {
  const file = path.join(folder, 'health.json')
  return {
    /** What a round goes on from; empty where nothing readable is kept, which only delays. */
    async read(): Promise<{ silentSince: Map<Hex, number>; renewed: Map<Hex, Renewed> }> {
      const text = await readFile(file, 'utf8').catch(() => '{}')
      const { data } = kept.safeParse(parsed(text))
      return { silentSince: mapOf(data?.silentSince), renewed: mapOf(data?.renewed) }
    },
    async write({ silentSince, renewed, ...state }: CareState): Promise<void> {
      const maps = { silentSince: Object.fromEntries(silentSince), renewed: Object.fromEntries(renewed) }
      const text = JSON.stringify({ ...state, ...maps }, undefined, 2)
      await writeDurably(file, `${text}\n`, 0o600)
    },
  }
}

const mapOf = <value>(entries: Readonly<Record<string, value>> = {}): Map<Hex, value> =>
  new Map(Object.entries(entries) as [Hex, value][])

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
