import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { writeDurably } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import { encodeFaultFile, type FaultFile, judgeFault, maxFaultFileLength } from '@sharewell/sdk/place'

/** A proof that is kept: `fault` names it. */
export type KeptFault = {
  readonly fault: Hex
  readonly kind: FaultFile['proof']['kind']
  /** The storage node that lied; absent where a depositor split wrongly. */
  readonly operator?: Hex | undefined
  readonly manifestHash: Hex
  readonly time: number
}

/** Keeps what convicts storage nodes and depositors. */
export type FaultStore = {
  /** Keeps a proof once; one that convicts nobody is refused with `FaultRefusedError`. */
  add(file: FaultFile, time: number): Promise<void>
  /** What was met since the start, oldest first, the last 200. */
  list(): readonly KeptFault[]
  /** The file of a proof, as it is checked anywhere; undefined where there is none. */
  read(fault: Hex): Promise<string | undefined>
}

/** Opens the store over a folder, one file a proof; without one it keeps them in memory. It keeps at most 100 against one
 * operator and 10 against depositors, whose proofs hold sealed bytes. */
export function openFaultStore(folder?: string): FaultStore {
  const last: KeptFault[] = []
  const counts = new Map<string, number>()
  const texts = new Map<Hex, string>()
  const known = new Set<string>(folder === undefined ? [] : filesIn(folder))
  const keep = async (fault: Hex, text: string) => {
    if (folder === undefined) return void texts.set(fault, text)
    await writeDurably(path.join(folder, nameOf(fault)), text)
  }
  return {
    async add(file, time) {
      const { fault, kind, operator, manifestHash } = await judgeFault(file, judged)
      const against = operator ?? kind
      const count = counts.get(against) ?? 0
      if (known.has(nameOf(fault)) || count >= (kind === 'upload' ? 10 : 100)) return
      const text = encodeFaultFile(file)
      if (text.length > maxFaultFileLength) return
      known.add(nameOf(fault))
      counts.set(against, count + 1)
      last.push({ fault, kind, operator, manifestHash, time })
      if (last.length > mostListed) texts.delete(last.shift()?.fault ?? '0x')
      await keep(fault, text)
    },
    list: () => last,
    async read(fault) {
      if (!known.has(nameOf(fault))) return undefined
      return folder === undefined ? texts.get(fault) : await readFile(path.join(folder, nameOf(fault)), 'utf8')
    },
  }
}

const mostListed = 200

/** The signatures were judged where the lie was met. */
const judged: judgeFault.Verifiers = { verifyShare: async () => true, verifyFrame: async () => true }
const nameOf = (fault: Hex): string => `${fault.slice(2)}.json`

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
