import { toHex } from '@sharewell/sdk/bytes'
import { createApp } from '../../../services/relayer/src/app.ts'
import { createBudgets } from '../../../services/relayer/src/budgets.ts'
import { createCarrier } from '../../../services/relayer/src/carrier.ts'
import { createGate } from '../../../services/relayer/src/gate.ts'
import { createSender } from '../../../services/relayer/src/sender.ts'
import { paperNetwork } from '../../helpers/parties.ts'
import { silentLog } from '../../helpers/silent-log.ts'
import { paperChain } from '../paper-chain.ts'
import { signedConsents } from '../parsers/messages.ts'
import { account, filled, hexOf } from '../parsers/samples.ts'
import type { Fuzzed } from '../requests.ts'

/** A relayer on a chain that says whatever comes to mind, and mines nothing. */
export async function fuzzedRelayer(): Promise<Fuzzed> {
  const chain = paperChain(paperNetwork())
  const many = 1_000_000_000
  const stop = new AbortController()
  const carrier = createCarrier({
    chain,
    account: account.address,
    sender: createSender(chain, account),
    budgets: createBudgets({
      patientMinute: many,
      patientDay: many,
      readerMinute: many,
      readerDay: many,
      minute: { opening: many, closing: many, registration: many, beginning: many, ending: many, asking: many },
    }),
    gate: createGate(4),
    maxGas: 1_000_000n,
    receiptTimeout: 1,
    signal: stop.signal,
  })
  const registration = {
    controller: account.address,
    rho: toHex(filled(1)),
    provider: hexOf(2, 16),
    selfKeyHash: hexOf(3),
    signature: hexOf(4, 65),
  }
  const [reader, key, signature] = [account.address.toLowerCase(), hexOf(5, 20), hexOf(4, 65)]
  const opened = { reader, key, purposes: 1, until: 2_000_000_000 }
  const opening = { kind: 'OpenSession', message: opened, keySignature: signature, signature }
  const ending = { kind: 'EndSession', message: { key }, signature }
  const asking = { message: { reader, requestHash: hexOf(6), notAfter: 2_000_000_000 }, signature }
  const post = { method: 'POST' } as const
  return {
    app: createApp({ chain, account: account.address, carrier, requests: 8, bodyTimeout: 5_000, log: silentLog }),
    samples: [
      ...signedConsents.map((json) => ({ ...post, route: '/v1/consents', path: '/v1/consents', json })),
      { ...post, route: '/v1/registrations', path: '/v1/registrations', json: registration },
      { ...post, route: '/v1/sessions', path: '/v1/sessions', json: opening },
      { ...post, route: '/v1/sessions', path: '/v1/sessions', json: ending },
      { ...post, route: '/v1/requests', path: '/v1/requests', json: asking },
      { method: 'GET', route: '/v1/status', path: '/v1/status' },
    ],
    close: async () => stop.abort(),
  }
}
