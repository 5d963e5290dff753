import { Actors, bitsOf } from './actors.ts'
import { consentKey, groupId, personId, recordIdOf } from './ids.ts'
import {
  type Act,
  type Answer,
  type Consent,
  type Decision,
  type Held,
  networkId,
  none,
  noRole,
  type Path,
  type Query,
  type Slot,
} from './types.ts'

/** The codes of docs/spec/consent.md. */
export const code = {
  permit: 0,
  noConsent: 1,
  otherCategories: 2,
  notYetValid: 3,
  expired: 4,
  wrongPurpose: 5,
  notAffiliated: 6,
  revoked: 7,
  denied: 8,
  unknownPurpose: 9,
  wrongCategory: 10,
  wrongPseudonym: 11,
  erased: 12,
  unknownRecord: 13,
  unknownPseudonym: 14,
} as const

type Grantee = { person: boolean; id: (salt: string) => string }
type Scope = 'record' | 'categories'

/**
 * What the consent registry is to do, in the plainest words: docs/spec/consent.md, sentence by sentence. Nothing here
 * was taken from the contract; where the two differ, one of them does not do what the page says.
 */
export class Consents {
  readonly actors = new Actors()
  readonly controllers = new Map<string, string>()
  readonly records = new Map<string, { pseudonym: string; category: number; erased: boolean }>()
  readonly slots = new Map<string, Slot>()
  readonly floors = new Map<string, number>()
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
      case 'anchor': {
        const id = recordIdOf(networkId, act.pseudonym, act.salt)
        this.records.set(id, { pseudonym: act.pseudonym, category: act.category, erased: false })
        return []
      }
      case 'erase':
        return this.#erase(act.recordId)
    }
  }

  decide(query: Query): Answer {
    const wrong = this.#wrongQuestion(query)
    if (wrong !== code.permit) return { code: wrong, key: none }
    let answer = this.#ask(query, person(query), ['record', 'categories'])
    if (answer.code === code.denied) return answer
    for (const id of this.actors.credentialsOf(query.reader)) {
      if (answer.code === code.permit) break
      const live = this.actors.isLive(id, query.at)
      for (const grantee of this.#groups(id)) {
        const said = this.#ask(query, grantee, ['record', 'categories'])
        const counts = live ? said.code : said.code === code.permit ? code.notAffiliated : code.noConsent
        answer = first(answer, { ...said, code: counts })
      }
    }
    return answer
  }

  decideAlong(query: Query, path: Path): Answer {
    const wrong = this.#wrongQuestion(query)
    if (wrong !== code.permit) return { code: wrong, key: none }
    const denial = this.#ask(query, person(query), ['record', 'categories'])
    if (denial.code === code.denied) return denial
    const scope: Scope = path.wide || query.recordId === none ? 'categories' : 'record'
    if (path.credentialId === none) return this.#ask(query, person(query), [scope])
    const credential = this.actors.credentials.get(path.credentialId)
    const live = credential && this.actors.isLive(path.credentialId, query.at) && credential.account === query.reader
    const organization = live ? this.actors.pathOf(credential.organization)[path.level] : undefined
    const named = credential && (path.role === noRole || bitsOf(credential.roles).includes(path.role))
    if (!organization || !named) return { code: code.notAffiliated, key: none }
    return this.#ask(query, group(organization, path.role), [scope])
  }

  /** Every path that a reader could name. */
  pathsOf(reader: string): Path[] {
    const places = [{ credentialId: none, level: 0, role: noRole }]
    for (const credentialId of this.actors.credentialsOf(reader)) {
      const { organization = '', roles = 0 } = this.actors.credentials.get(credentialId) ?? {}
      for (const level of this.actors.pathOf(organization).keys()) {
        for (const role of [noRole, ...bitsOf(roles)]) places.push({ credentialId, level, role })
      }
    }
    return places.flatMap((place) => [
      { ...place, wide: false },
      { ...place, wide: true },
    ])
  }

  floorOf(pseudonym: string, granteeId: string): number {
    return this.floors.get(`${pseudonym} ${granteeId}`) ?? 0
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

  /** "The question": the largest code of what is wrong with it. */
  #wrongQuestion({ pseudonym, recordId, categoryBit, purpose }: Query): number {
    const record = this.records.get(recordId)
    const wrong: number[] = [code.permit]
    if (!this.controllers.has(pseudonym)) wrong.push(code.unknownPseudonym)
    if (recordId !== none && !record) wrong.push(code.unknownRecord)
    if (record?.erased) wrong.push(code.erased)
    if (record && record.pseudonym !== pseudonym) wrong.push(code.wrongPseudonym)
    if (record && record.category !== categoryBit) wrong.push(code.wrongCategory)
    if (categoryBit > 31) wrong.push(code.wrongCategory)
    if (purpose > 7 || purpose === 2) wrong.push(code.unknownPurpose)
    return Math.max(...wrong)
  }

  /** "A grantee": its salted id, then its bare one; the record, then the categories. Denials count in every scope. */
  #ask(query: Query, grantee: Grantee, scopes: readonly Scope[]): Answer {
    const salts = query.salt === none ? [none] : [query.salt, none]
    const all: readonly Scope[] = query.recordId === none ? ['categories'] : ['record', 'categories']
    const slots = salts.flatMap((salt) => all.map((scope) => ({ id: grantee.id(salt), scope })))
    let answer: Answer = { code: code.noConsent, key: none }
    for (const { id, scope } of slots) {
      const key = consentKey(query.pseudonym, id, scope === 'record' ? query.recordId : none)
      const said = this.#says(query, key, id, scope, grantee.person)
      if (scopes.includes(scope) || said === code.denied) answer = first(answer, { code: said, key })
    }
    return answer
  }

  /** What one slot says. */
  #says(query: Query, key: string, granteeId: string, scope: Scope, isPerson: boolean): number {
    const slot = this.slots.get(key)
    if (!slot) return code.noConsent
    if (slot.state === 'denied') return isPerson ? code.denied : code.revoked
    const floor = Math.max(this.floorOf(query.pseudonym, granteeId), this.floorOf(query.pseudonym, none))
    if (slot.state === 'revoked' || slot.changedAt <= floor) return code.revoked
    if (!bitsOf(slot.terms.purposes).includes(query.purpose)) return code.wrongPurpose
    if (query.at >= slot.terms.until) return code.expired
    if (query.at < slot.terms.from) return code.notYetValid
    const other = scope === 'categories' && !bitsOf(slot.terms.categories).includes(query.categoryBit)
    return other ? code.otherCategories : code.permit
  }

  /** Upward from the affiliation's organization: it, then its roles. */
  #groups(id: string): Grantee[] {
    const { organization = '', roles = 0 } = this.actors.credentials.get(id) ?? {}
    const levels = this.actors.pathOf(organization)
    return levels.flatMap((level) => [noRole, ...bitsOf(roles)].map((role) => group(level, role)))
  }
}

const noTerms = { from: 0, until: 0, purposes: 0, categories: 0, useLimit: 0 }
const person = ({ reader }: Query): Grantee => ({ person: true, id: (salt) => personId(reader, salt) })
const group = (organization: string, role: number): Grantee => ({
  person: false,
  id: (salt) => groupId(organization, role, salt),
})

/** Denied wins, then Permit, then the largest code; of equals the first. */
function first(a: Answer, b: Answer): Answer {
  return rank(b.code) > rank(a.code) ? b : a
}
const rank = (found: number) => (found === code.denied ? 100 : found === code.permit ? 99 : found)
