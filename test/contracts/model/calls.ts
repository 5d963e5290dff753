import type { Kind } from '../messages.ts'
import type { Consent, Decision, Slot, Terms } from './types.ts'

/** A decision as the contract's function takes it. */
export function callOf(pseudonym: string, decision: Decision): [string, unknown[]] {
  switch (decision.kind) {
    case 'grant':
      return ['grant', [pseudonym, decision.granteeId, decision.recordId, decision.terms]]
    case 'grantMany':
      return ['grantMany', [pseudonym, decision.consents.map((one) => ({ ...one, terms: wordOf(one.terms) }))]]
    case 'revoke':
    case 'deny':
      return [decision.kind, [pseudonym, decision.granteeId, decision.recordId]]
    case 'revokeAll':
      return ['revokeAll', [pseudonym, decision.granteeId]]
  }
}

/** A decision as its EIP-712 message says it. */
export function messageOf(decision: Decision): [Kind, Record<string, unknown>] {
  const { kind } = decision
  switch (kind) {
    case 'grant':
      return ['Grant', flat(decision)]
    case 'grantMany':
      return ['GrantMany', { consents: decision.consents.map(flat) }]
    case 'revoke':
    case 'deny':
      return [kind === 'deny' ? 'Deny' : 'Revoke', { granteeId: decision.granteeId, recordId: decision.recordId }]
    case 'revokeAll':
      return ['RevokeAll', { granteeId: decision.granteeId }]
  }
}

/** A slot as the model remembers it: none where nothing was ever said. */
export function slotOf(
  found: Record<keyof Terms | 'used' | 'changedAt' | 'state' | 'counted', bigint>,
): Slot | undefined {
  const state = (['none', 'permit', 'revoked', 'denied'] as const)[Number(found.state)]
  if (state === undefined || state === 'none') return undefined
  const terms = {
    from: Number(found.from),
    until: Number(found.until),
    purposes: Number(found.purposes),
    categories: Number(found.categories),
    useLimit: Number(found.useLimit),
  }
  const [used, changedAt, counted] = [Number(found.used), Number(found.changedAt), Number(found.counted)]
  return { terms, used, changedAt, state, counted }
}

const flat = ({ granteeId, recordId, terms }: Consent) => ({ granteeId, recordId, ...terms })

function wordOf({ from, until, purposes, categories, useLimit }: Terms): bigint {
  const fields = [useLimit, categories, purposes, until, from].map(BigInt)
  const bits = [16n, 32n, 16n, 40n, 40n]
  return fields.reduce((word, field, i) => (word << (bits[i] ?? 0n)) | field, 0n)
}
