/**
 * The directory: signed names of organizations and practitioners, each under the hash that ActorRegistry names. Whoever
 * reads checks hash and signature, so any copy of it is as good as this one (docs/spec/directory.md).
 * @module
 */
import { createService, type Log, type Problem, readBody, signalOf } from '@sharewell/host'
import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, isListed, view } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { openObject } from '@sharewell/sdk/signed'
import type { Hono } from 'hono'
import type { EntryStore } from './store.ts'

/** Parts of a directory. */
export type Components = { readonly chain: Chain; readonly entries: EntryStore; readonly log: Log }

/** Builds the app from its parts. */
export function createApp({ chain, entries, log }: Components): Hono {
  const ready = async ({ signal }: { signal: AbortSignal }) => void (await view(chain, { signal }))
  const { app } = createService({ log, ready, statuses, problemOf })

  app.get('/v1/entries', async (c) => c.json({ entries: await entries.list() }))
  app.get('/v1/entries/:hash', async (c) => {
    const bytes = await entries.get(parseHash(c.req.param('hash')))
    if (!bytes) throw new EntryError({ problem: 'UNKNOWN_ENTRY' })
    // The name is the hash of the content: it never changes.
    return c.body(bytes, 200, {
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })
  app.put('/v1/entries/:hash', async (c) => {
    const hash = parseHash(c.req.param('hash'))
    const bytes = await readBody(c, { limit: 65_536 })
    const { payload, hash: actual } = openObject('directory', bytes, fromHex(chain.network.networkId, 32))
    if (toHex(actual) !== hash) throw new EntryError({ problem: 'OTHER_HASH' })
    checkResource(payload)
    if (!(await isListed(chain, { directoryHash: hash }, { signal: signalOf(c) })))
      throw new EntryError({ problem: 'NOT_LISTED' })
    await entries.put(hash, bytes)
    log.info({ bytes: bytes.length }, 'entry kept')
    return c.body(null, 204)
  })
  return app
}

function parseHash(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) throw new EntryError({ problem: 'BAD_HASH' })
  return text.toLowerCase() as Hex
}

function checkResource(payload: Uint8Array): void {
  try {
    const { resourceType } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) as Record<
      string,
      unknown
    >
    if (resourceType === 'Organization' || resourceType === 'Practitioner') return
  } catch (cause) {
    throw new EntryError({ problem: 'NO_NAME', cause })
  }
  throw new EntryError({ problem: 'NO_NAME' })
}

/** Everything a directory may answer instead of an entry: HTTP status, what it says, what to do. */
export const problems = {
  BAD_HASH: { status: 400, says: 'This is no hash.', hint: 'Name the entry by its SHA-256 in hex.' },
  OTHER_HASH: { status: 400, says: 'The bytes have another hash.', hint: 'Send the signed file unchanged.' },
  NO_NAME: { status: 400, says: 'This is no FHIR Organization or Practitioner.', hint: 'Sign one of the two as JSON.' },
  NOT_LISTED: {
    status: 403,
    says: 'The registry does not name this hash.',
    hint: 'Write the hash to ActorRegistry first.',
  },
  UNKNOWN_ENTRY: { status: 404, says: 'There is no such entry here.', hint: 'Ask another directory.' },
} as const

/** Thrown when the directory does not have or does not take an entry; `problem` is the code on the wire. */
export class EntryError extends BaseError<'ENTRY'> {
  override readonly name = 'EntryError'
  readonly problem: keyof typeof problems
  constructor({ problem = 'BAD_HASH', cause }: { problem?: keyof typeof problems; cause?: unknown }) {
    super('ENTRY', problems[problem].says, { cause, hints: [problems[problem].hint], docs: '/directory#answers' })
    this.problem = problem
  }
}

function problemOf(error: BaseError): Problem | undefined {
  if (!(error instanceof EntryError)) return undefined
  const { status, says, hint } = problems[error.problem]
  return { status, code: error.problem, detail: says, hint }
}

/** A view that reverts, or names nothing, is the chain client's failure: this service sends no transaction. */
export const statuses: Readonly<Record<string, number>> = {
  CONTRACT_REFUSAL: 503,
  CBOR: 400,
  CBOR_FIELD: 400,
  SIGNED_OBJECT: 400,
  STALE_HEAD: 503,
  // The chain at its client is another one than this network's: it was reset.
  NETWORK: 503,
  CHAIN_CALL: 503,
  CHAIN_TIMEOUT: 503,
}
