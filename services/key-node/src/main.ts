import path from 'node:path'
import { createLog, hex, type Listening, type Log, listen, readConfig, runService, serverShape } from '@sharewell/host'
import { type Bytes, fromHex, type Hex } from '@sharewell/sdk/bytes'
import { type Chain, connect, operatorOf, parseNetwork } from '@sharewell/sdk/chain'
import { publicKeyOf, seedLength } from '@sharewell/sdk/envelope'
import { BaseError } from '@sharewell/sdk/errors'
import { labelText } from '@sharewell/sdk/labels'
import { randomBytes } from '@sharewell/sdk/primitives'
import { privateKeyToAccount } from 'viem/accounts'
import * as z from 'zod'
import { openAnswerStore } from './answers.ts'
import { createApp } from './app.ts'
import { startSchedule } from './book/schedule.ts'
import { createBook } from './book/service.ts'
import { openSignedLast } from './book/signed-last.ts'
import { createCeremonies, watchCeremonies } from './ceremony.ts'
import { createDkg } from './dkg.ts'
import { startDuties } from './duties.ts'
import { openErasures } from './erasures.ts'
import { eraseAsides, openObjectStore } from './files.ts'
import { type KeyStore, openKeyStore } from './keystore.ts'
import { startReleasedLog } from './released.ts'
import { startTransfer } from './transfer/watch.ts'

/** What a key node is told: a JSON file, readable by its process alone. */
export const configShape = z.strictObject({
  ...serverShape,
  /** Folder of everything it keeps. */
  folder: z.string().min(1),
  /** The network's description. With two rpcUrls or more, all of them must agree before it releases. */
  network: z.unknown(),
  /** The operator's chain key: transactions and EIP-712 signatures, nothing else. */
  privateKey: hex(32),
  /** Opens the key store; kept apart from the folder's backups. */
  secret: hex(32),
  budgets: z
    .strictObject({ minute: z.int().positive(), day: z.int().positive(), patient: z.int().positive() })
    .default({ minute: 30, day: 500, patient: 20 }),
  /** Records for which this node releases nothing. */
  withdrawn: z.array(hex(32)).default([]),
  /** Milliseconds to wait for a batch of `Released`. */
  /** Seconds from one checkpoint of the book to the next; 0: this node starts none, and signs those of others. */
  checkpointInterval: z.int().min(0).default(3_600),
  releasedInterval: z.int().positive().default(5_000),
  /** Milliseconds between two looks at whether a ceremony, or another duty, waits for this node. */
  ceremonyInterval: z.int().positive().default(15_000),
  /** Seconds between two rounds of taking from other members what they keep and this node does not. */
  transferInterval: z.int().positive().default(3_600),
  /** Age in seconds at which the members renew their shares; 0: only when the council opens a refresh. */
  refreshInterval: z.int().min(0).default(2_592_000),
})

/** Options of {@link start}, as in the JSON file. */
export type Config = z.input<typeof configShape>

/**
 * Starts a key node. Its operator may be registered later: until then it is not ready.
 * @example
 * const node = await start({ port: 0, folder, network, privateKey, secret })
 */
export async function start(input: Config, options: start.Options = {}): Promise<Listening> {
  const config = readConfig(configShape, input)
  const log = options.log ?? createLog({ service: 'key-node', level: config.logLevel })
  const network = parseNetwork(config.network)
  const account = privateKeyToAccount(config.privateKey)
  const sources = await Promise.all(
    network.rpcUrls.map((url) =>
      connect({ ...network, rpcUrls: [url] }, { account, clock: options.clock, patience: 60_000 }),
    ),
  )
  const [chain, ...others] = sources as [Chain, ...Chain[]]
  await eraseAsides(config.folder)
  const keys = openKeyStore(path.join(config.folder, 'keys'), fromHex(config.secret, 32))
  const hpkeSeed = await hpkeSeedOf(keys)
  const operator = ownOperator(chain, account.address)
  const book = createBook({ chain, keys, operator, last: openSignedLast(config.folder) })
  const interval = config.checkpointInterval
  const schedule = interval > 0 ? startSchedule({ chain, keys, book, log }, { interval }) : undefined
  const answers = openAnswerStore(config.folder, config.budgets)
  const objects = openObjectStore(config.folder)
  const erasures = openErasures(config.folder, { objects, networkId: network.networkId })
  const released = startReleasedLog({ chain, answers, log }, { interval: config.releasedInterval })
  const ceremonies = createCeremonies({ chain, keys, hpkeSeed, operator })
  const watched = watchCeremonies({ chain, service: ceremonies, log }, { interval: config.ceremonyInterval })
  const { ceremonyInterval, refreshInterval } = config
  const duties = startDuties({ chain, operator, log }, { interval: ceremonyInterval, refreshInterval })
  const transfer = startTransfer(
    { chain, objects, erasures, operator, log },
    { interval: config.ceremonyInterval, again: config.transferInterval },
  )
  const app = createApp({
    sources: [chain, ...others],
    book,
    keys,
    headers: objects,
    answers,
    erasures,
    transfer,
    duties,
    withdrawn: new Set(config.withdrawn),
    dkg: createDkg({ chain, keys, hpkeSeed, operator }),
    ceremonies,
    operator,
    hpkeSeed,
    hpkePublicKey: publicKeyOf(hpkeSeed),
    log,
    answered: released.wake,
  })
  const server = await listen(app, config)
  log.info({ port: Number(new URL(server.url).port) }, 'listening')
  return {
    url: server.url,
    async close() {
      await server.close()
      await watched.close()
      await transfer.close()
      await duties.close()
      await schedule?.close()
      await released.close()
      answers.close()
      erasures.close()
    },
  }
}
export declare namespace start {
  type Options = {
    /** Where it says what it did; pino on standard output when absent. */
    log?: Log | undefined
    /** Own clock in seconds; tests turn it. */
    clock?: (() => number) | undefined
  }
}

const hpkeLabel = labelText('envelope', 'hpke')

/** The node's HPKE seed, drawn at the first start. */
async function hpkeSeedOf(keys: KeyStore): Promise<Bytes> {
  const kept = await keys.get('hpke', hpkeLabel)
  if (kept) return kept
  const seed = randomBytes(seedLength)
  await keys.put('hpke', hpkeLabel, seed)
  return seed
}

/** Looks the operator up once the chain knows it. */
function ownOperator(chain: Chain, account: Hex): () => Promise<Hex> {
  return async () => {
    const operator = await operatorOf(chain, { account })
    if (!operator) throw new NotRegisteredError({})
    return operator
  }
}

/** Thrown while the chain knows no active operator with this node's account. */
export class NotRegisteredError extends BaseError<'NOT_REGISTERED'> {
  override readonly name = 'NotRegisteredError'
  constructor(_: Record<string, never>) {
    super('NOT_REGISTERED', 'The chain knows no active operator with the account of this node.', {
      hints: ['Let the administration register the operator.'],
      docs: '/key-node#config',
    })
  }
}

await runService(import.meta.url, start)
