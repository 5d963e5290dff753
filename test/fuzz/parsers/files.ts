import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Bytes, concat } from '@sharewell/sdk/bytes'
import { parseByteRange } from '../../../cli/src/byte-range.ts'
import { parseKeyFile } from '../../../cli/src/files/key-file.ts'
import { readSealedFile } from '../../../cli/src/files/sealed-file.ts'
import { openShareFile } from '../../../cli/src/files/share-file.ts'
import { parseNetworkFile } from '../../../cli/src/network/network-file.ts'
import { paperNetwork } from '../../helpers/parties.ts'
import { scenarios } from '../../helpers/scenarios.ts'
import { type Driven, target } from '../drive.ts'
import { bitten, bittenText } from '../random.ts'
import { bittenTree, type Tree } from '../trees.ts'
import { hexOf } from './samples.ts'

/** What a person gives to a command: files of ours that came by mail, and words on the command line. */
export async function files(): Promise<Readonly<Record<string, Driven>>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-fuzz-'))
  process.once('exit', () => void rm(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'share')
  const sealed = bytesIn('sealed-file')
  const shares = bytesIn('share-file')
  return {
    'sealed file': target({
      make: (random) => bitten(sealed, random),
      parse: async (bytes) => {
        const { chunks, footer } = await readSealedFile(one(bytes), 'file')
        for await (const _ of chunks);
        footer()
      },
      codes: ['NOT_SEALED', 'DAMAGED_FILE'],
    }),
    'share file': target({
      make: (random) => bitten(shares, random),
      parse: async (bytes) => {
        await writeFile(file, bytes)
        const share = await openShareFile(file)
        await share.readRow(0)
        await share.close()
      },
      codes: ['NOT_SHARE', 'DAMAGED_FILE'],
    }),
    'key file': target({
      make: (random) => bitten([keyFile], random),
      parse: (bytes) => parseKeyFile(bytes, 'key'),
      codes: ['KEY_FILE'],
    }),
    'range of bytes': target({
      make: (random) => bittenText(['0-99', '17-', '999999999999999-'], random),
      parse: parseByteRange,
      codes: ['USAGE'],
    }),
    'network file': target({
      make: (random) => bittenTree([network], random),
      parse: (json) => parseNetworkFile(json, 'network.json'),
      codes: ['NETWORK_FILE', 'NETWORK'],
    }),
  }
}

const keyFile = new TextEncoder().encode(`# Opens x\nsharewell-key-1 ${Buffer.alloc(32, 7).toString('base64url')}\n`)

async function* one(bytes: Bytes): AsyncGenerator<Bytes> {
  yield bytes
}

const person = {
  id: 'ada',
  name: 'Ada',
  role: 'patient',
  organizationId: hexOf(1, 16),
  accounts: [{ address: hexOf(2, 20), privateKey: hexOf(3), providerId: hexOf(1, 16) }],
  vaultSeed: hexOf(4),
  patients: [{ pseudonym: hexOf(5), selfPublicKey: hexOf(6, 1216), categoryKey: hexOf(7), label: 'Ada' }],
}
const network = { network: paperNetwork(), demo: { people: [person] } } as unknown as Tree

/** The files that stand in vectors of a part. */
function bytesIn(part: string): Bytes[] {
  const found: Bytes[] = []
  const walk = (value: unknown): void => {
    if (value instanceof Uint8Array && value.length > 60) found.push(concat(value))
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) walk(inner)
  }
  for (const scenario of scenarios(part)) walk(scenario)
  if (found.length === 0) throw new Error(`no files in ${part}`)
  return found
}
