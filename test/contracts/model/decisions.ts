import { Actors, bitsOf } from './actors.ts'
import { consentKey, delegationKey, groupId, personId } from './ids.ts'
import { type Answer, asDelegate, type Delegation, none, noRole, type Path, type Query, type Slot } from './types.ts'

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
  usedUp: 15,
} as const

type Grantee = { person: boolean; id: (salt: string) => string }
type Scope = 'record' | 'categories'

/** "Decision": what is remembered, and what it says to a question. */
export class Decisions {
  readonly actors = new Actors()
  readonly controllers = new Map<string, string>()
  readonly records = new Map<string, { pseudonym: string; category: number; erased: boolean }>()
  readonly slots = new Map<string, Slot>()
  readonly floors = new Map<string, number>()
  /** By pseudonym, controller and account. */
  readonly delegations = new Map<string, Delegation & { changedAt: number }>()

  decide(query: Query): Answer {
    const wrong = this.#wrongQuestion(query)
    if (wrong !== code.permit) return { code: wrong, key: none }
    let answer = this.#ask(query, person(query), ['record', 'categories'])
    if (answer.code === code.denied) return answer
    answer = first(answer, this.#asDelegate(query))
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
    if (path.credentialId === none && path.role === asDelegate) return this.#asDelegate(query)
    const scope: Scope = path.wide || query.recordId === none ? 'categories' : 'record'
    if (path.credentialId === none) return this.#ask(query, person(query), [scope])
    const credential = this.actors.credentials.get(path.credentialId)
    const live = credential && this.actors.isLive(path.credentialId, query.at) && credential.account === query.reader
    const organization = live ? this.actors.pathOf(credential.organization)[path.level] : undefined
    const named = credential && (path.role === noRole || bitsOf(credential.roles).includes(path.role))
    if (!organization || !named) return { code: code.notAffiliated, key: none }
    return this.#ask(query, group(organization, path.role), [scope])
  }

  /** What the controller that decides now said about the account. */
  delegationOf(pseudonym: string, account: string): (Delegation & { changedAt: number }) | undefined {
    return this.delegations.get(`${pseudonym} ${this.controllers.get(pseudonym)} ${account}`)
  }

  /** "Reading" of docs/spec/delegation.md. */
  #asDelegate({ pseudonym, reader, purpose, categoryBit, at }: Query): Answer {
    const delegation = this.delegationOf(pseudonym, reader)
    const key = delegationKey(pseudonym, this.controllers.get(pseudonym) ?? none, reader)
    if (!delegation) return { code: code.noConsent, key: none }
    if (delegation.until === 0) return { code: code.revoked, key }
    if (delegation.reads === 0) return { code: code.noConsent, key: none }
    if (!bitsOf(delegation.reads).includes(purpose)) return { code: code.wrongPurpose, key }
    if (at >= delegation.until) return { code: code.expired, key }
    const covered = bitsOf(delegation.categories).includes(categoryBit)
    return { code: covered ? code.permit : code.otherCategories, key }
  }

  /** Every path that a reader could name. */
  pathsOf(reader: string): Path[] {
    const places = [
      { credentialId: none, level: 0, role: noRole },
      { credentialId: none, level: 0, role: asDelegate },
    ]
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
    if (other) return code.otherCategories
    return slot.terms.useLimit > 0 && slot.used >= slot.terms.useLimit ? code.usedUp : code.permit
  }

  /** Upward from the affiliation's organization: it, then its roles. */
  #groups(id: string): Grantee[] {
    const { organization = '', roles = 0 } = this.actors.credentials.get(id) ?? {}
    const levels = this.actors.pathOf(organization)
    return levels.flatMap((level) => [noRole, ...bitsOf(roles)].map((role) => group(level, role)))
  }
}

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
