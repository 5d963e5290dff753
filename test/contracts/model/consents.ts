import { bitsOf } from './actors.ts'
import { Decisions } from './decisions.ts'
import { consentKey, groupId, personId, recordIdOf } from './ids.ts'
import {
  type Act,
  type Consent,
  type Decision,
  type Delegation,
  type Held,
  networkId,
  none,
  noRole,
  type Slot,
  type Terms,
  type Use,
} from './types.ts'

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
        return this.#byTransaction(act.pseudonym, act.by, act.decision, time)
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
      case 'delegate':
        return this.#delegate(act, time)
      case 'endDelegation':
        return this.#endDelegation(act, time)
      case 'use':
        return this.#use(act.by, act.use, time)
    }
  }

  /** The slot of which a use is counted. */
  slotOfUse(
    reader: string,
    { salt, credentialId, level, role, recordId }: Use,
  ): { granteeId: string; recordId: string } {
    if (credentialId === none) return { granteeId: personId(reader, salt), recordId }
    const organization = this.actors.credentials.get(credentialId)?.organization ?? ''
    const place = this.actors.pathOf(organization)[level]
    return { granteeId: place ? groupId(place, role, salt) : none, recordId }
  }

  /** "Uses": the table, in its order. */
  #use(reader: string, use: Use, time: number): string[] {
    const credential = this.actors.credentials.get(use.credentialId)
    if (use.credentialId !== none) {
      const live = credential && this.actors.isLive(use.credentialId, time) && credential.account === reader
      const reached = credential && this.actors.pathOf(credential.organization)[use.level] !== undefined
      const named = credential && (use.role === noRole || bitsOf(credential.roles).includes(use.role))
      if (!live || !reached || !named) return ['ConsentNotAffiliated']
    }
    const { granteeId, recordId } = this.slotOfUse(reader, use)
    const key = consentKey(use.pseudonym, granteeId, recordId)
    const slot = this.slots.get(key)
    const stands = slot?.state === 'permit' && slot.terms.from <= time && time < slot.terms.until
    if (!slot || !stands || slot.terms.useLimit === 0) return ['ConsentNothingToCount']
    if (slot.used >= slot.terms.useLimit) return ['ConsentUsedUp']
    if (use.number !== slot.counted) return ['ConsentUseTaken']
    this.slots.set(key, { ...slot, used: slot.used + 1, counted: slot.counted + 1 })
    return []
  }

  #delegate({ by, pseudonym, account, terms }: Extract<Act, { kind: 'delegate' }>, time: number): string[] {
    const controller = this.controllers.get(pseudonym)
    if (controller !== by) return ['DelegationNotController']
    const purposes = [...bitsOf(terms.reads), ...bitsOf(terms.grants)]
    const reasons: string[] = []
    if (account === controller) reasons.push('DelegationBadDelegate')
    if (terms.until <= time) reasons.push('DelegationAlreadyOver')
    if (purposes.length === 0 || purposes.some((bit) => bit > 7 || bit === 2)) reasons.push('DelegationBadPurposes')
    if (terms.categories === 0) reasons.push('DelegationNoCategories')
    if (reasons.length === 0)
      this.delegations.set(`${pseudonym} ${controller} ${account}`, { ...terms, changedAt: time })
    return reasons
  }

  #endDelegation({ by, pseudonym, account }: Extract<Act, { kind: 'endDelegation' }>, time: number): string[] {
    const controller = this.controllers.get(pseudonym)
    const own = by === account && this.delegationOf(pseudonym, account)
    if (controller !== by && !own) return ['DelegationNotController']
    this.delegations.set(`${pseudonym} ${controller} ${account}`, { ...ended, changedAt: time })
    return []
  }

  #byTransaction(pseudonym: string, by: string, decision: Decision, time: number): string[] {
    if (this.controllers.get(pseudonym) === by) return this.#decided(pseudonym, decision, { time })
    const delegate = this.#mayConsent(pseudonym, by, time)
    if (!delegate || !delegable.includes(decision.kind)) return ['ConsentNotController']
    return this.#decided(pseudonym, decision, { time, delegate })
  }

  /** The delegation of who may consent for the pseudonym now. */
  #mayConsent(pseudonym: string, account: string, time: number): Delegate | undefined {
    const delegation = this.delegationOf(pseudonym, account)
    const may = delegation && delegation.grants !== 0 && time < delegation.until
    return may ? { ...delegation, account } : undefined
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
    const delegate = this.#signedByDelegate(held, time)
    const reasons =
      this.#signed(held) || delegate
        ? this.#decided(pseudonym, held.decision, { time, signedAt, delegate })
        : ['ConsentBadSignature']
    if (reasons.length > 0 && !spent) this.#nonces.delete(`${pseudonym} ${nonce}`)
    return reasons
  }

  #signed({ pseudonym, controller, signer }: Held): boolean {
    const deciding = this.controllers.get(pseudonym)
    return deciding !== undefined && deciding === controller && (this.owners.get(deciding) ?? deciding) === signer
  }

  /** By a key of its own, after it was named, and nothing that is the controller's alone. */
  #signedByDelegate({ pseudonym, controller, signer, signedAt, decision }: Held, time: number): Delegate | undefined {
    if (this.controllers.get(pseudonym) !== controller || signer === controller) return undefined
    const delegate = this.#mayConsent(pseudonym, signer, time)
    return delegate && signedAt > delegate.changedAt && delegable.includes(decision.kind) ? delegate : undefined
  }

  #decided(pseudonym: string, decision: Decision, by: Decider): string[] {
    const { time } = by
    switch (decision.kind) {
      case 'grant':
        return this.#grantAll(pseudonym, [decision], by)
      case 'grantMany':
        if (decision.consents.length < 1 || decision.consents.length > 64) return ['ConsentBadBatch']
        return this.#grantAll(pseudonym, decision.consents, by)
      case 'revoke':
      case 'deny':
        return this.#close(pseudonym, decision, by)
      case 'revokeAll':
        this.floors.set(`${pseudonym} ${decision.granteeId}`, time)
        return []
    }
  }

  #close(pseudonym: string, decision: Extract<Decision, { kind: 'revoke' | 'deny' }>, by: Decider): string[] {
    const { kind, granteeId, recordId } = decision
    const reasons = granteeId === none ? ['ConsentNoGrantee'] : []
    if (kind === 'deny' && this.#isForeign(pseudonym, recordId)) reasons.push('ConsentNotItsRecord')
    const key = consentKey(pseudonym, granteeId, recordId)
    const slot = this.slots.get(key)
    const { terms, used, counted } = slot ?? nothing
    if (by.delegate) reasons.push(...this.#beyondRevoking(recordId, slot, by.delegate))
    if (reasons.length > 0) return reasons
    const state = kind === 'deny' ? 'denied' : 'revoked'
    this.slots.set(key, { terms, used, changedAt: by.time, state, counted })
    return []
  }

  /** All or none. */
  #grantAll(pseudonym: string, consents: readonly Consent[], { time, signedAt, delegate }: Decider): string[] {
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
      if (delegate && !older) reasons.push(...this.#beyondGranting(consent, this.slots.get(key), delegate))
      if (reasons.length > 0) {
        this.slots.clear()
        for (const [each, slot] of before) this.slots.set(each, slot)
        return reasons
      }
      const counted = this.slots.get(key)?.counted ?? 0
      this.slots.set(key, { terms, used: 0, changedAt: signedAt ?? time, state: 'permit', counted })
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
      [granteeId === none, 'ConsentNoGrantee'],
      [this.#isForeign(pseudonym, recordId), 'ConsentNotItsRecord'],
    ]
    return wrong.filter(([is]) => is).map(([, name]) => name)
  }

  /** "Consenting" of docs/spec/delegation.md: all that a delegate's grant is refused for. */
  #beyondGranting({ granteeId, recordId, terms }: Consent, slot: Slot | undefined, by: Delegate): string[] {
    if (slot?.state === 'denied') return ['ConsentDeniedByController']
    const itself = granteeId === personId(by.account, none)
    const within = !itself && terms.until <= by.until && this.#isWithin(recordId, terms, by)
    return within ? [] : ['ConsentBeyondDelegation']
  }

  #beyondRevoking(recordId: string, slot: Slot | undefined, by: Delegate): string[] {
    if (slot?.state === 'denied') return ['ConsentDeniedByController']
    if (slot?.state !== 'permit') return ['ConsentNothingToRevoke']
    return this.#isWithin(recordId, slot.terms, by) ? [] : ['ConsentBeyondDelegation']
  }

  #isWithin(recordId: string, { purposes, categories }: Terms, by: Delegate): boolean {
    const own = this.records.get(recordId)?.category
    const covered = recordId === none ? bitsOf(categories) : own === undefined ? [] : [own]
    const named = (mask: number) => (bit: number) => bitsOf(mask).includes(bit)
    return bitsOf(purposes).every(named(by.grants)) && covered.every(named(by.categories))
  }

  #isForeign(pseudonym: string, recordId: string): boolean {
    return recordId !== none && this.records.get(recordId)?.pseudonym !== pseudonym
  }
}

/** Who decides, by what: a signature has a time of its own, a delegate its limits. */
type Decider = { time: number; signedAt?: number; delegate?: Delegate | undefined }
type Delegate = Delegation & { changedAt: number; account: string }

/** What a delegate may decide at all. */
const delegable: readonly Decision['kind'][] = ['grant', 'grantMany', 'revoke']

const ended: Delegation = { until: 0, reads: 0, grants: 0, categories: 0 }

const nothing = { terms: { from: 0, until: 0, purposes: 0, categories: 0, useLimit: 0 }, used: 0, counted: 0 }
