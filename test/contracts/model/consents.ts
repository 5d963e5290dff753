import { bitsOf } from './actors.ts'
import { Decisions } from './decisions.ts'
import { consentKey, recordIdOf } from './ids.ts'
import { type Act, type Consent, type Decision, type Held, networkId, none } from './types.ts'

/**
 * What the consent registry is to do, in the plainest words: docs/spec/consent.md, sentence by sentence. Nothing here
 * was taken from the contract; where the two differ, one of them does not do what the page says.
 */
export class Consents extends Decisions {
  readonly #nonces = new Set<string>()
  /** Whose key signs for an account that is a contract. */
  readonly owners = new Map<string, string>()

  /** Does what is asked at `time`. Gives the reasons against it; where there are any, nothing is done. */
  act(act: Act, time: number): string[] {
    switch (act.kind) {
      case 'decide':
        if (this.controllers.get(act.pseudonym) !== act.by) return ['ConsentNotController']
        return this.#decided(act.pseudonym, act.decision, time)
      case 'cancelNonce':
        return this.#cancel(act.pseudonym, act.by, act.nonce)
      case 'carry':
        return this.#carry(act.held, time)
      case 'rotate':
        this.controllers.set(act.pseudonym, act.to)
        return []
      case 'attest':
        return this.actors.attest(act, time)
      case 'retract':
        return this.actors.retract(act.account, act.organization)
      case 'switch':
        this.actors.organizations.set(act.organization, { ...this.#organization(act.organization), active: act.active })
        return []
      case 'anchor':
        return this.#anchor(act)
      case 'erase':
        return this.#erase(act.recordId)
    }
  }

  /** The word as `noncesOf` answers it: what can be drawn no more. */
  noncesOf(pseudonym: string, word: bigint): bigint {
    const bits = Array.from({ length: 256 }, (_, bit) => BigInt(bit))
    const gone = bits.filter((bit) => bit < 40n || this.#nonces.has(`${pseudonym} ${word * 256n + bit}`))
    return gone.reduce((all, bit) => all | (1n << bit), 0n)
  }

  #organization(id: string) {
    return this.actors.organizations.get(id) ?? { parent: undefined, active: false }
  }

  /** By the first organization, where every patient is registered; only an active one deposits. */
  #anchor({ pseudonym, salt, category }: Extract<Act, { kind: 'anchor' }>): string[] {
    const [provider = ''] = this.actors.organizations.keys()
    if (!this.actors.isActive(provider)) return ['RecordNotDepositor']
    this.records.set(recordIdOf(networkId, pseudonym, salt), { pseudonym, category, erased: false })
    return []
  }

  #erase(recordId: string): string[] {
    const record = this.records.get(recordId)
    if (!record) return ['RecordUnknown']
    if (record.erased) return ['RecordIsErased']
    record.erased = true
    return []
  }

  #cancel(pseudonym: string, by: string, nonce: bigint): string[] {
    return this.controllers.get(pseudonym) === by ? this.#spend(pseudonym, nonce) : ['ConsentNotController']
  }

  #spend(pseudonym: string, nonce: bigint): string[] {
    if (nonce % 256n < 40n) return ['ConsentBadNonce']
    if (this.#nonces.has(`${pseudonym} ${nonce}`)) return ['ConsentNonceUsed']
    this.#nonces.add(`${pseudonym} ${nonce}`)
    return []
  }

  /** "By signature": the table of checks, in its order. */
  #carry(held: Held, time: number): string[] {
    const { pseudonym, signedAt, deadline, nonce } = held
    if (signedAt > time) return ['ConsentNotYetSigned']
    if (time > deadline) return ['ConsentDeadlineOver']
    if (deadline > signedAt + 15 * 60) return ['ConsentDeadlineTooFar']
    const spent = this.#nonces.has(`${pseudonym} ${nonce}`)
    const refused = this.#spend(pseudonym, nonce)
    if (refused.length > 0) return refused
    const reasons = this.#signed(held)
      ? this.#decided(pseudonym, held.decision, time, signedAt)
      : ['ConsentBadSignature']
    if (reasons.length > 0 && !spent) this.#nonces.delete(`${pseudonym} ${nonce}`)
    return reasons
  }

  #signed({ pseudonym, controller, signer }: Held): boolean {
    const deciding = this.controllers.get(pseudonym)
    return deciding !== undefined && deciding === controller && (this.owners.get(deciding) ?? deciding) === signer
  }

  #decided(pseudonym: string, decision: Decision, time: number, signedAt?: number): string[] {
    switch (decision.kind) {
      case 'grant':
        return this.#grantAll(pseudonym, [decision], time, signedAt)
      case 'grantMany':
        if (decision.consents.length < 1 || decision.consents.length > 64) return ['ConsentBadBatch']
        return this.#grantAll(pseudonym, decision.consents, time, signedAt)
      case 'revoke':
      case 'deny': {
        const { kind, granteeId, recordId } = decision
        const reasons = granteeId === none ? ['ConsentNoGrantee'] : []
        if (kind === 'deny' && this.#isForeign(pseudonym, recordId)) reasons.push('ConsentNotItsRecord')
        if (reasons.length > 0) return reasons
        const key = consentKey(pseudonym, granteeId, recordId)
        const terms = this.slots.get(key)?.terms ?? noTerms
        this.slots.set(key, { terms, changedAt: time, state: kind === 'deny' ? 'denied' : 'revoked' })
        return []
      }
      case 'revokeAll':
        this.floors.set(`${pseudonym} ${decision.granteeId}`, time)
        return []
    }
  }

  /** All or none. */
  #grantAll(pseudonym: string, consents: readonly Consent[], time: number, signedAt?: number): string[] {
    const before = new Map(this.slots)
    for (const consent of consents) {
      const { granteeId, recordId, terms } = consent
      const key = consentKey(pseudonym, granteeId, recordId)
      const decided = Math.max(
        this.slots.get(key)?.changedAt ?? 0,
        this.floorOf(pseudonym, granteeId),
        this.floorOf(pseudonym, none),
      )
      const older = signedAt !== undefined && signedAt <= decided
      const reasons = older ? ['ConsentOlder'] : this.#wrongGrant(pseudonym, consent, time)
      if (reasons.length > 0) {
        this.slots.clear()
        for (const [each, slot] of before) this.slots.set(each, slot)
        return reasons
      }
      this.slots.set(key, { terms, changedAt: signedAt ?? time, state: 'permit' })
    }
    return []
  }

  /** All that is wrong with a grant; which of it a refusal names is not said. */
  #wrongGrant(pseudonym: string, { granteeId, recordId, terms }: Consent, time: number): string[] {
    const wrong: [boolean, string][] = [
      [terms.from >= terms.until, 'ConsentEmptyTime'],
      [terms.until <= time, 'ConsentAlreadyOver'],
      [bitsOf(terms.purposes).includes(2), 'ConsentBreakGlass'],
      [terms.purposes === 0 || terms.purposes > 0xff, 'ConsentBadPurposes'],
      [(recordId === none) === (terms.categories === 0), 'ConsentBadCategories'],
      [terms.useLimit !== 0, 'ConsentUseLimit'],
      [granteeId === none, 'ConsentNoGrantee'],
      [this.#isForeign(pseudonym, recordId), 'ConsentNotItsRecord'],
    ]
    return wrong.filter(([is]) => is).map(([, name]) => name)
  }

  #isForeign(pseudonym: string, recordId: string): boolean {
    return recordId !== none && this.records.get(recordId)?.pseudonym !== pseudonym
  }
}

const noTerms = { from: 0, until: 0, purposes: 0, categories: 0, useLimit: 0 }
