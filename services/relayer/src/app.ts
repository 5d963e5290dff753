/**
 * A relayer: carries to the chain what patients decided and readers' sessions, and logs what is about to be opened; it
 * pays for it. It can refuse and delay, and nothing else (docs/spec/relayer.md).
 * @module
 */

import { createService, type Log, limiting, type Problem, readJson } from '@sharewell/host'
import { type Carried, type Chain, view, type WaitOptions } from '@sharewell/sdk/chain'
import type { BaseError } from '@sharewell/sdk/errors'
import { firstLine } from '@sharewell/sdk/errors'
import type { Context, Hono } from 'hono'
import { Counter, Gauge } from 'prom-client'
import type { Address } from 'viem'
import type { Carrier } from './carrier.ts'
import { type Load, readByGuardians, readConsent, readDelegation, readRegistration } from './messages.ts'
import { LimitError, RefusalError, refusals } from './refusals.ts'
import { readRequest, readSession, readUse } from './sessions.ts'

/** Parts of a relayer. */
export type Components = {
  readonly chain: Chain
  /** Who pays. */
  readonly account: Address
  readonly carrier: Carrier
  /** Requests at once. */
  readonly requests: number
  /** Milliseconds for a whole body. */
  readonly bodyTimeout: number
  readonly log: Log
}

/** A batch of 64 consents has 20 kB. */
const longestBody = 32_768

/** Builds the app from its parts. */
export function createApp({ chain, account, carrier, requests, bodyTimeout, log }: Components): Hono {
  const ready = async ({ signal }: { signal: AbortSignal }) => void (await view(chain, { signal }))
  const service = createService({ log, ready, statuses, problemOf, headers: { expose: ['retry-after'] } })
  const { app } = service
  const count = counting(service.registry, carrier)

  const carry = (read: Reading) => async (c: Context) => {
    try {
      const json = await readJson(c, { limit: longestBody, total: bodyTimeout })
      const load = await read(chain, json, { signal: c.req.raw.signal })
      const carried = await carrier.carry(load)
      count.carried(load.kind)
      log.info({ kind: load.kind }, 'carried')
      return c.json(answerOf(carried))
    } catch (error) {
      const { code } = service.problemOf(error)
      count.refused(code)
      log.info({ code }, 'not carried')
      throw error
    }
  }
  const bounded = limiting(requests)
  app.post('/v1/consents', bounded, carry(readConsent))
  app.post('/v1/delegations', bounded, carry(readDelegation))
  app.post('/v1/recoveries', bounded, carry(readByGuardians))
  app.post('/v1/registrations', bounded, carry(readRegistration))
  app.post('/v1/sessions', bounded, carry(readSession))
  app.post('/v1/requests', bounded, carry(readRequest))
  app.post('/v1/uses', bounded, carry(readUse))
  app.get('/v1/status', (c) => {
    const { networkId, chainId } = chain.network
    return c.json({ account, networkId, chainId, underWay: carrier.count() })
  })
  return app
}

/** Makes a load of a body. */
type Reading = (chain: Chain, json: unknown, options: WaitOptions) => Load | Promise<Load>

const answerOf = ({ transactionHash, blockNumber }: Carried) => ({ transactionHash, blockNumber: Number(blockNumber) })

function counting(registry: ReturnType<typeof createService>['registry'], carrier: Carrier) {
  const registers = [registry]
  const carried = new Counter({ name: 'carried_total', help: 'Messages carried.', labelNames: ['kind'], registers })
  const refused = new Counter({
    name: 'carry_refusals_total',
    help: 'Messages not carried, by code.',
    labelNames: ['code'],
    registers,
  })
  new Gauge({
    name: 'carry_under_way',
    help: 'Messages under way.',
    registers,
    collect() {
      this.set(carrier.count())
    },
  })
  return { carried: (kind: string) => carried.inc({ kind }), refused: (code: string) => refused.inc({ code }) }
}

/** What an error becomes on the wire; a chain that fails is this relayer's problem. */
function problemOf(error: BaseError): Problem | undefined {
  if (error instanceof LimitError) {
    const detail = firstLine(error.message)
    const headers = { 'retry-after': `${error.seconds}` }
    return { status: 429, code: error.limit, detail, hint: error.hints[0] ?? '', headers }
  }
  if (error instanceof RefusalError) return asProblem(error.refusal)
  if (error.code === 'STALE_HEAD') return asProblem('STALE_HEAD')
  if (['CHAIN_CALL', 'CHAIN_TIMEOUT', 'NETWORK'].includes(error.code)) return asProblem('CHAIN_UNAVAILABLE')
  return undefined
}

function asProblem(code: keyof typeof refusals): Problem {
  const { status, says, hint } = refusals[code]
  return { status, code, detail: says, hint }
}

/** HTTP status of the errors that are not the relayer's own. */
export const statuses: Readonly<Record<string, number>> = { MESSAGE: 400, CONTRACT_REFUSAL: 409 }
