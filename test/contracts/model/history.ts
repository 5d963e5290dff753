import type { Consents } from './consents.ts'
import { day, drawDelegation, drawTerms } from './drawn.ts'
import { consentKey, credentialId, groupId, personId } from './ids.ts'
import type { Random } from './random.ts'
import { type Setting, stage } from './stage.ts'
import { type Act, asDelegate, type Decision, type Held, none, noRole, type Path, type Query } from './types.ts'

const strange = `0x${'ee'.repeat(32)}`

/** A slot, and a reader to whom it matters. */
type Target = { pseudonym: string; granteeId: string; recordId: string; reader: string; salt: string }

/** Draws what people do and ask: most of it sensible, all about the same few things, so that acts meet each other. */
export class History {
  /** What was signed and may still be carried, or carried again. */
  readonly #held: Held[] = []
  /** To whom something was granted, and to what it lets them. */
  readonly #lately: Target[] = []
  readonly #model: Consents
  readonly #setting: Setting
  readonly #random: Random
  constructor(model: Consents, setting: Setting, random: Random) {
    this.#model = model
    this.#setting = setting
    this.#random = random
  }

  /** Seconds until the next act; often none, because the same second is where orders matter. */
  pause(): number {
    return this.#random.weighted([
      [8, 0],
      [8, 1],
      [4, 7],
      [2, 60],
      [0.8, 500],
      [0.3, 3_000],
      [0.1, day],
      [0.02, 40 * day],
    ])
  }

  act(time: number): Act {
    const pseudonym = this.#random.pick(this.#setting.pseudonyms)
    if (this.#model.records.size < 4) return this.#anchorOrErase(pseudonym)
    return this.#random.weighted<() => Act>([
      [10, () => this.#decide(pseudonym, time)],
      [10, () => this.#carry(pseudonym, time)],
      [1, () => ({ kind: 'cancelNonce', by: this.#decider(pseudonym), pseudonym, nonce: this.#nonce() })],
      [0.6, () => this.#rotate(pseudonym)],
      [3, () => this.#attest(time)],
      [1, () => this.#retract()],
      [1, () => this.#switch()],
      [0.2, () => this.#anchorOrErase(pseudonym)],
      [2, () => this.#use(time)],
      [1, () => this.#delegate(pseudonym, time)],
      [0.5, () => ({ kind: 'endDelegation', by: this.#ender(pseudonym), pseudonym, account: this.#reader() })],
    ])()
  }

  /** A question: mostly about something granted lately, often about an instant at which something begins or ends. */
  query(time: number): Query {
    const lately = this.#random.chance(0.6) ? this.#lately.at(-1 - this.#random.below(12)) : undefined
    const stranger = this.#random.chance(0.02) ? strange : this.#random.pick(this.#setting.pseudonyms)
    const pseudonym = lately?.pseudonym ?? stranger
    const recordId = this.#random.chance(0.9) ? (lately?.recordId ?? this.#asked(pseudonym)) : this.#asked(pseudonym)
    const known = this.#model.records.get(recordId)?.category ?? this.#random.pick(stage.categories)
    return {
      pseudonym,
      recordId,
      categoryBit: this.#random.chance(0.97) ? known : this.#random.pick([3, 5, 31, 32, 255]),
      reader: lately?.reader ?? this.#reader(),
      salt: this.#random.chance(0.8) ? (lately?.salt ?? none) : this.#random.pick(stage.salts),
      purpose: this.#random.chance(0.97) ? this.#random.pick([0, 0, 0, 1, 5]) : this.#random.pick([2, 7, 8, 255]),
      at: this.#random.chance(0.7) ? time : this.#edge(time),
    }
  }

  /** A way to the slot: mostly one that the reader has, at times none. */
  path(query: Query): Path {
    const pick = <T>(from: readonly T[]) => this.#random.pick(from)
    if (this.#random.chance(0.85)) return pick(this.#model.pathsOf(query.reader))
    return {
      credentialId: credentialId(this.#reader(), this.#organization()),
      level: pick([0, 1, 2, 3, 4, 255]),
      role: pick([...stage.roles, noRole, 32, asDelegate]),
      wide: this.#random.chance(0.5),
    }
  }

  #decide(pseudonym: string, time: number): Act {
    return { kind: 'decide', by: this.#decider(pseudonym), pseudonym, decision: this.#decision(pseudonym, time) }
  }

  /** Signs something, or takes what was signed before; carries it now or lays it by. */
  #carry(pseudonym: string, time: number): Act {
    const old = this.#held.length > 0 && this.#random.chance(0.6)
    // Mostly a young one: the deadline is near.
    const held = old ? this.#random.pick(this.#held.slice(-6)) : this.#sign(pseudonym, time)
    if (old || this.#random.chance(0.4)) return { kind: 'carry', held }
    return this.#decide(pseudonym, time)
  }

  #sign(pseudonym: string, time: number): Held {
    const named = this.#model.controllers.get(pseudonym) ?? ''
    const controller = this.#random.chance(0.95) ? named : this.#random.pick(this.#accounts())
    const rightful = this.#model.owners.get(controller) ?? controller
    const signedAt = time + this.#random.pick([0, 0, 0, 0, 0, -1, -5, -60, -800, 1, 20])
    const held = {
      decision: this.#decision(pseudonym, time),
      pseudonym,
      controller,
      signer: this.#random.weighted([
        [85, rightful],
        [12, this.#delegateOf(pseudonym)],
        [3, this.#random.pick([...stage.keys, stage.owner, stage.outsider])],
      ]),
      nonce: this.#nonce(),
      signedAt,
      deadline: signedAt + this.#random.pick([900, 900, 900, 300, 10, 0, 901]),
    }
    this.#held.push(held)
    if (this.#held.length > 12) this.#held.shift()
    return held
  }

  #decision(pseudonym: string, time: number): Decision {
    const { granteeId, recordId } = this.#target(pseudonym)
    return this.#random.weighted<() => Decision>([
      [8, () => ({ kind: 'grant', ...this.#grant(pseudonym, time) })],
      [3, () => ({ kind: 'grantMany', consents: this.#batch(pseudonym, time) })],
      [2, () => ({ kind: 'revoke', granteeId, recordId })],
      [0.5, () => ({ kind: 'deny', granteeId, recordId })],
      [1.5, () => ({ kind: 'revokeAll', granteeId: this.#random.chance(0.4) ? none : granteeId })],
    ])()
  }

  #batch(pseudonym: string, time: number) {
    const count = this.#random.weighted([
      [10, 2],
      [10, 3],
      [5, 1],
      [3, 7],
      [0.3, 0],
    ])
    return Array.from({ length: count }, () => this.#grant(pseudonym, time))
  }

  #grant(pseudonym: string, time: number) {
    const target = this.#target(pseudonym)
    this.#lately.push(target)
    const { granteeId, recordId } = target
    return { granteeId, recordId, terms: drawTerms(this.#random, time, recordId) }
  }

  /** Often a slot that something was said about lately: acts about different slots never meet. */
  #target(pseudonym: string): Target {
    const lately = this.#lately.slice(-12).filter((target) => target.pseudonym === pseudonym)
    if (lately.length > 0 && this.#random.chance(0.5)) return this.#random.pick(lately)
    return { pseudonym, recordId: this.#scope(pseudonym), ...this.#grantee() }
  }

  /** Somebody, or some group to which somebody may belong. */
  #grantee(): { granteeId: string; reader: string; salt: string } {
    const salt = this.#random.pick(stage.salts)
    const [reader, workplace] = this.#random.pick(stage.workplaces)
    if (this.#random.chance(0.01)) return { granteeId: none, reader, salt }
    if (this.#random.chance(0.35)) return { granteeId: personId(reader, salt), reader, salt }
    const organization = this.#random.pick(this.#model.actors.pathOf(workplace))
    const role = this.#random.chance(0.5) ? noRole : this.#random.pick(stage.roles)
    return { granteeId: groupId(organization, role, salt), reader, salt }
  }

  #scope(pseudonym: string): string {
    if (this.#random.chance(0.02)) return this.#random.pick([strange, ...this.#model.records.keys()])
    return this.#random.chance(0.6) ? this.#record(pseudonym) : none
  }

  #asked(pseudonym: string): string {
    return this.#random.weighted([
      [6, this.#record(pseudonym)],
      [3, none],
      [0.3, this.#random.pick([strange, ...this.#model.records.keys()])],
    ])
  }

  /** One of the pseudonym's, mostly one that stands; 0 where there is none. */
  #record(pseudonym: string): string {
    const own = [...this.#model.records].filter(([, record]) => record.pseudonym === pseudonym)
    const standing = own.filter(([, { erased }]) => !erased)
    const some = this.#random.chance(0.9) ? standing : own
    return some.length > 0 ? this.#random.pick(some)[0] : none
  }

  /** Two to four records stand at a time. */
  #anchorOrErase(pseudonym: string): Act {
    const standing = [...this.#model.records].filter(([, { erased }]) => !erased)
    if (standing.length > 2 && this.#random.chance(standing.length > 3 ? 1 : 0.5))
      return { kind: 'erase', recordId: this.#random.pick(standing)[0] }
    const salt = `0x${this.#model.records.size.toString(16).padStart(64, '5a')}`
    return { kind: 'anchor', pseudonym, salt, category: this.#random.pick(stage.categories) }
  }

  /** Mostly a use that there is, of something granted lately. */
  #use(time: number): Act {
    const limited = this.#lately.slice(-40).filter((one) => this.#slot(one)?.terms.useLimit)
    const target = limited.length > 0 ? this.#random.pick(limited) : this.#target(this.#setting.pseudonyms[0] ?? '')
    const { pseudonym, recordId, reader, salt, granteeId } = target
    const ways = this.#model.pathsOf(reader).filter(({ role, wide }) => role !== asDelegate && !wide)
    const scope = { pseudonym, recordId, salt, number: 0 }
    const right = ways.find((way) => this.#model.slotOfUse(reader, { ...scope, ...way }).granteeId === granteeId)
    const way = right && this.#random.chance(0.95) ? right : this.path(this.query(time))
    const counted = this.#slot(target)?.counted ?? 0
    const number = this.#random.chance(0.75) ? counted : this.#random.pick([0, counted + 1, Math.max(0, counted - 1)])
    const { credentialId: credential, level, role } = way
    const by = this.#random.chance(0.95) ? reader : this.#reader()
    return { kind: 'use', by, use: { ...scope, credentialId: credential, level, role, number } }
  }

  #slot({ pseudonym, granteeId, recordId }: Target) {
    return this.#model.slots.get(consentKey(pseudonym, granteeId, recordId))
  }

  #delegate(pseudonym: string, time: number): Act {
    const by = this.#controller(pseudonym)
    const account = this.#random.chance(0.95) ? this.#reader() : this.#random.pick(this.#accounts())
    return { kind: 'delegate', by, pseudonym, account, terms: drawDelegation(this.#random, time) }
  }

  /** Somebody who may consent for the pseudonym, where there is one. */
  #delegateOf(pseudonym: string): string {
    const may = stage.readers.filter((reader) => this.#model.delegationOf(pseudonym, reader)?.grants)
    return may.length > 0 ? this.#random.pick(may) : this.#reader()
  }

  #controller(pseudonym: string): string {
    const right = this.#model.controllers.get(pseudonym) ?? ''
    return this.#random.chance(0.95) ? right : this.#reader()
  }

  #ender(pseudonym: string): string {
    return this.#random.chance(0.7) ? (this.#model.controllers.get(pseudonym) ?? '') : this.#reader()
  }

  #attest(time: number): Act {
    const [account, organization] = this.#random.pick(stage.workplaces)
    const roles = this.#random.pick([1, 2, 4, 3, 7, 0x80000001, 0x80000000, 31])
    const until = time + this.#random.pick([60, 5_000, 2 * day, 100 * day, 100 * day, 300 * day])
    return { kind: 'attest', organization, account, roles, until }
  }

  #retract(): Act {
    const [account, organization] = this.#random.pick(stage.workplaces)
    return { kind: 'retract', organization, account }
  }

  #rotate(pseudonym: string): Act {
    const by = this.#model.controllers.get(pseudonym) ?? ''
    return { kind: 'rotate', by, pseudonym, to: this.#random.pick(this.#accounts()) }
  }

  /** Most switches are on most of the time. */
  #switch(): Act {
    const organization = this.#organization()
    const off = [...this.#model.actors.organizations].find(([, { active }]) => !active)
    return off && this.#random.chance(0.8)
      ? { kind: 'switch', organization: off[0], active: true }
      : { kind: 'switch', organization, active: false }
  }

  /** An instant at which a consent or an affiliation begins or ends, or the second before. */
  #edge(time: number): number {
    const slots = [...this.#model.slots.values()].flatMap(({ terms }) => [terms.from, terms.until])
    const ends = [...this.#model.actors.credentials.values()].map(({ until }) => until)
    const edges = [...slots, ...ends].filter((edge) => edge > 1)
    return edges.length > 0 ? this.#random.pick(edges) - this.#random.below(2) : time
  }

  #decider(pseudonym: string): string {
    const right = this.#model.controllers.get(pseudonym) ?? ''
    if (this.#random.chance(0.15)) return this.#delegateOf(pseudonym)
    return this.#random.chance(0.97) ? right : this.#random.pick([...this.#accounts(), stage.outsider])
  }

  /** Few, so that they meet; some that are none. */
  #nonce(): bigint {
    return this.#random.weighted<() => bigint>([
      [20, () => BigInt(40 + this.#random.below(216))],
      [20, () => 256n * BigInt(1 + this.#random.below(500)) + BigInt(40 + this.#random.below(216))],
      [1, () => BigInt(this.#random.below(40)) + 256n * BigInt(this.#random.below(2))],
    ])()
  }

  #accounts(): string[] {
    return [...stage.keys, ...this.#setting.contracts]
  }
  #reader(): string {
    return this.#random.pick(stage.readers)
  }
  #organization(): string {
    return this.#random.pick(stage.organizations).id
  }
}
