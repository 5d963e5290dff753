import { purposes } from '@sharewell/sdk/chain'
import {
  type Accounting,
  type Alert,
  accessesOf,
  defaultAlertRules,
  disclosuresCsv,
  evaluateAlerts,
} from '@sharewell/sdk/flow/book'
import { auditBundle, type NamesOf } from '@sharewell/sdk/record'
import type { Hex } from 'viem'
import { lower, type Name, names } from './names.ts'

/** One line of "Who saw what". */
export type Seen = {
  readonly id: string
  readonly at: number
  /** Unknown where no key node explains a use that the chain counted. */
  readonly reader?: Hex | undefined
  readonly recordId?: Hex | undefined
  readonly purpose?: number | undefined
  /** Until when a declared emergency lasts; nothing need have been opened in it. */
  readonly until?: number | undefined
  /** False: it was released without being announced in the public ledger. */
  readonly announced: boolean
  /** What is unusual about it. */
  readonly unusual: readonly Alert['kind'][]
}

/** What the list is narrowed to; a part that is absent narrows nothing. */
export type SeenFilter = {
  readonly reader?: Hex | undefined
  readonly recordId?: Hex | undefined
  /** How many days back. */
  readonly days?: number | undefined
}

/** Openings, emergencies and what nobody explains, newest first, with what is unusual about them by the rules that hold for all. */
export function seenIn(accounting: Accounting, timeZone: string): Seen[] {
  const { disclosures, unexplained, emergencies } = accounting
  const unusual = new Map<Hex, Alert['kind'][]>()
  for (const { kind, access } of evaluateAlerts(defaultAlertRules, accessesOf(accounting), { timeZone })) {
    const known = unusual.get(access.requestHash) ?? []
    if (!known.includes(kind)) unusual.set(access.requestHash, [...known, kind])
  }
  const shown = disclosures.map(({ requestHash: id, at, reader, recordId, purpose, logged }): Seen => {
    return { id, at, reader, recordId, purpose, announced: logged !== undefined, unusual: unusual.get(id) ?? [] }
  })
  const dark = unexplained.map(({ requestHash: id, at }): Seen => ({ id, at, announced: true, unusual: [] }))
  const declared = emergencies.map(({ windowId: id, openedAt: at, clinician, until, closedAt = until }): Seen => {
    return { id, at, reader: lower(clinician), until: closedAt, announced: true, unusual: unusual.get(id) ?? [] }
  })
  return [...shown, ...dark, ...declared].sort((a, b) => b.at - a.at)
}

/** The lines that a filter leaves. What nobody explains may be anybody's and of any record: only time leaves it out. */
export function filterSeen(
  all: readonly Seen[],
  { reader, recordId, days }: SeenFilter,
  now = Math.floor(Date.now() / 1_000),
): readonly Seen[] {
  return all.filter(
    (one) =>
      (days === undefined || one.at > now - days * 86_400) &&
      (reader === undefined || one.reader === undefined || lower(one.reader) === lower(reader)) &&
      (recordId === undefined || one.recordId === undefined || lower(one.recordId) === lower(recordId)),
  )
}

/** Only names that verify go into a file. */
const verified = (name: Name | undefined): string | undefined => (name?.verified ? name.text : undefined)
const fileNames: NamesOf = {
  reader: (id) => verified(names.accounts.get(lower(id))),
  organization: (id) => verified(names.organizations.get(lower(id))),
  record: (id) => verified(names.records.get(lower(id))),
}

/** The whole list as a table for a spreadsheet. */
export const seenAsCsv = (accounting: Accounting): Blob =>
  new Blob([disclosuresCsv(accounting, fileNames)], { type: 'text/csv' })

/** The whole list for another system: FHIR AuditEvents by IHE BALP. */
export function seenAsFhir({ disclosures }: Accounting, networkId: Hex): Blob {
  const audited = disclosures.map((one) => ({ ...one, purpose: purposes[one.purpose] ?? '' }))
  const bundle = auditBundle(audited, { networkId, names: fileNames })
  return new Blob([JSON.stringify(bundle, null, 2)], { type: 'application/fhir+json' })
}
