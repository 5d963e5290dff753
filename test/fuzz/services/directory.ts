import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { toHex } from '@sharewell/sdk/bytes'
import { signEntry } from '@sharewell/sdk/flow/directory'
import { createApp } from '../../../services/directory/src/app.ts'
import { openEntryStore } from '../../../services/directory/src/store.ts'
import { paperNetwork } from '../../helpers/parties.ts'
import { silentLog } from '../../helpers/silent-log.ts'
import { paperChain } from '../paper-chain.ts'
import { account } from '../parsers/samples.ts'
import type { Fuzzed } from '../requests.ts'

/** A directory with one name in it. */
export async function fuzzedDirectory(): Promise<Fuzzed> {
  const network = paperNetwork()
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-fuzz-directory-'))
  const entries = await openEntryStore(folder)
  const resource = { resourceType: 'Organization', name: 'City Hospital' }
  const { hash, bytes } = await signEntry(resource, { networkId: network.networkId, signer: account })
  await entries.put(hash, bytes)
  return {
    app: createApp({ chain: paperChain(network), entries, log: silentLog }),
    samples: [
      { method: 'GET', route: '/v1/entries', path: '/v1/entries' },
      { method: 'GET', route: '/v1/entries/:hash', path: `/v1/entries/${toHex(new Uint8Array(32))}` },
      { method: 'PUT', route: '/v1/entries/:hash', path: `/v1/entries/${hash}`, bytes, dear: true },
    ],
    close: () => rm(folder, { recursive: true, force: true }),
  }
}
