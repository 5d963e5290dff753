import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import { type Rekeyed, type RekeyOptions, rekey } from '@sharewell/sdk/flow'
import type { WholeNetwork, WholeNode, WholePatient } from './whole-network.ts'

/** Re-keys as the patient, who opens the record alone. */
export const rekeyByPatient = (
  { chain, selfSeed, ...patient }: WholePatient,
  recordId: Hex,
  options: Partial<RekeyOptions> = {},
): Promise<Rekeyed> =>
  rekey({ chain, recordId, patient, from: { kind: 'open', as: { kind: 'patient', selfSeed } }, ...options })

/** Re-keys as the provider's own account, from a copy of what it deposited. */
export const rekeyFromCopy = (
  { hospital }: WholeNetwork,
  patient: Pick<WholePatient, 'pseudonym' | 'selfPublicKey'>,
  { recordId, bytes, mime = 'application/octet-stream' }: { recordId: Hex; bytes: Bytes; mime?: string },
): Promise<Rekeyed> =>
  rekey({
    chain: hospital.chain,
    recordId,
    patient,
    from: { kind: 'copy', source: [bytes], mime, size: bytes.length },
  })

/** Names of all files that a node's folder holds. */
export async function filesOf({ folder }: Pick<WholeNode, 'folder'>, below = '.'): Promise<string[]> {
  const found = await readdir(path.join(folder, below), { recursive: true, withFileTypes: true }).catch(() => [])
  return found.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

/** Names of all blocks and key headers that all nodes hold. */
export async function heldByAll({ storage, keys }: Pick<WholeNetwork, 'storage' | 'keys'>): Promise<Set<string>> {
  const all = await Promise.all([
    ...storage.map((node) => filesOf(node, 'blocks')),
    ...keys.map((node) => filesOf(node, 'headers')),
  ])
  return new Set(all.flat())
}
