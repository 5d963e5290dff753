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
  const place = {
    pseudonym: hexOf(7),
    recordId: hexOf(8),
    salt: hexOf(9),
    credentialId: hexOf(1),
    level: 0,
    role: 255,
  }
  const counted = { requestHash: hexOf(6), consentKey: hexOf(3), number: 0, deadline: 2_000_000_000 }
  const using = { message: counted, reader, place, signature }
  const who = { pseudonym: hexOf(7), controller: reader, account: key }
  const times = { signedAt: 1_900_000_000, deadline: 1_900_000_900 }
  const terms = { until: 2_000_000_000, reads: 1, grants: 1, categories: 3 }
  const delegations = [
    { kind: 'Delegate', message: { ...who, ...terms, ...times }, signature },
    { kind: 'EndDelegation', message: { ...who, ...times }, signature },
  ]
  const round = { pseudonym: hexOf(7), circle: hexOf(8), round: 3, deadline: 2_000_000_000 }
  const byGuardians = {
    circle: { needed: 2, places: [hexOf(1), hexOf(2)] },
    approvals: [{ guardian: key, place: 0, salt: hexOf(3), signature }],
  }
  const recoveries = [
    { kind: 'Recover', message: { ...round, from: reader, to: key }, ...byGuardians },
    { kind: 'Withdraw', message: round, ...byGuardians },
  ]
  const post = { method: 'POST' } as const
  return {
    app: createApp({ chain, account: account.address, carrier, requests: 8, bodyTimeout: 5_000, log: silentLog }),
    samples: [
      ...signedConsents.map((json) => ({ ...post, route: '/v1/consents', path: '/v1/consents', json })),
      ...delegations.map((json) => ({ ...post, route: '/v1/delegations', path: '/v1/delegations', json })),
      ...recoveries.map((json) => ({ ...post, route: '/v1/recoveries', path: '/v1/recoveries', json })),
      { ...post, route: '/v1/registrations', path: '/v1/registrations', json: registration },
      { ...post, route: '/v1/sessions', path: '/v1/sessions', json: opening },
      { ...post, route: '/v1/sessions', path: '/v1/sessions', json: ending },
      { ...post, route: '/v1/requests', path: '/v1/requests', json: asking },
      { ...post, route: '/v1/uses', path: '/v1/uses', json: using },
      { method: 'GET', route: '/v1/status', path: '/v1/status' },
    ],
    close: async () => stop.abort(),
  }
}
