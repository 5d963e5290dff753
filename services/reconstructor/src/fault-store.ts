import { appendFile } from 'node:fs/promises'
import type { Hex } from '@sharewell/sdk/bytes'
import { type ShareFaultProof, toJson } from '@sharewell/sdk/place'

/** A storage node's signed lie, as it is kept. */
export type KeptFault = {
  readonly operator: Hex
  readonly manifestHash: Hex
  readonly time: number
  readonly proof: ShareFaultProof
}

/** Keeps proofs against storage nodes: one JSON line each, never rewritten. */
export type FaultStore = {
  add(fault: KeptFault): Promise<void>
  /** The last ones, oldest first. */
  list(): readonly KeptFault[]
}

/** Opens the store over a file; without one it keeps the proofs in memory. The last 200 are listed. */
export function openFaultStore(path?: string): FaultStore {
  const last: KeptFault[] = []
  const known = new Set<string>()
  return {
    async add(fault) {
      const { j, i } = fault.proof.response.message
      const key = `${fault.operator}/${fault.manifestHash}/${j}/${i}`
      if (known.has(key)) return
      known.add(key)
      last.push(fault)
      if (last.length > 200) last.shift()
      if (known.size > 10_000) known.clear()
      if (path) await appendFile(path, `${toJson(fault)}\n`)
    },
    list: () => last,
  }
}
