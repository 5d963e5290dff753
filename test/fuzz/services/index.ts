import type { Fuzzed } from '../requests.ts'
import { fuzzedDirectory } from './directory.ts'
import { fuzzedKeyNode } from './key-node.ts'
import { fuzzedReconstructor } from './reconstructor.ts'
import { fuzzedRelayer } from './relayer.ts'
import { fuzzedStorageNode } from './storage-node.ts'

/** Every service, in this process and without a chain. */
export const fuzzedServices: Readonly<Record<string, () => Promise<Fuzzed>>> = {
  directory: fuzzedDirectory,
  'key node': fuzzedKeyNode,
  reconstructor: fuzzedReconstructor,
  relayer: fuzzedRelayer,
  'storage node': fuzzedStorageNode,
}
