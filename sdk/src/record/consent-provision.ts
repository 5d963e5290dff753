import type { Hex } from '../bytes.ts'
import {
  type ConsentDraft,
  type ConsentGrantee,
  type ConsentPurpose,
  codeSystems,
  consentPurposes,
  type PermitDraft,
  urns,
} from './consent.ts'
import { categoriesNamed, everyCategory } from './consent-labels.ts'
import { readPeriod } from './consent-time.ts'
import { type Known, nameOf, recordNamed, whoIs } from './consent-who.ts'
import type { Element } from './element.ts'

const names = [
  ...(['type', 'period', 'actor', 'action', 'securityLabel', 'purpose', 'data', 'provision'] as const),
  'modifierExtension',
] as const
type Fields = ReturnType<Element['fields']> & { readonly [name in (typeof names)[number]]?: Element | undefined }

/** The consents that a provision and its exceptions are; undefined where it was refused, partly or whole. */
export function readProvision(provision: Element, known: Known): readonly ConsentDraft[] | undefined {
  const fields: Fields = provision.fields(names)
  checkActions(fields.action)
  const type = fields.type?.text()
  if (type === undefined) return fields.type ? undefined : provision.missing('type', 'neither permit nor deny')
  if (type === 'deny') return readDenial(provision, fields, known)
  return type === 'permit' ? readPermit(provision, fields, known) : fields.type?.refuse('neither permit nor deny')
}

/** A person reads nothing, or not these records: all that can be denied. */
function readDenial(provision: Element, fields: Fields, known: Known): readonly ConsentDraft[] {
  const narrower = ['period', 'securityLabel', 'purpose', 'modifierExtension'] as const
  for (const name of narrower) fields[name]?.refuse('a denial is for every kind of record, every purpose, every time')
  fields.provision?.refuse('a denial has no exceptions')
  if (!fields.actor) provision.missing('actor', 'only a person can be denied; what nobody was permitted nobody may')
  const actors = readActors(fields.actor, known)
  for (const { element, grantee } of actors)
    if (grantee.kind !== 'person') element.refuse('only a person can be denied; revoke what you granted to others')
  const records: readonly (Hex | undefined)[] = fields.data ? readRecords(fields.data) : [undefined]
  return actors.flatMap(({ grantee }) => records.map((recordId) => ({ kind: 'deny', grantee, recordId }) as const))
}

function readPermit(provision: Element, fields: Fields, known: Known): readonly ConsentDraft[] {
  const period = readPeriod(fields.period, known.startOfDay)
  const purposes = fields.purpose ? readPurposes(fields.purpose) : []
  if (!fields.purpose) provision.missing('purpose', 'a grant names its purposes')
  const useLimit = readLimit(fields.modifierExtension)
  const actors = fields.actor ? readActors(fields.actor, known).map(({ grantee }) => grantee) : known.everyone
  if (!actors) provision.missing('actor', 'whom "everybody" means here is not known')
  const terms = { ...period, purposes, useLimit }
  if (fields.data) {
    fields.securityLabel?.refuse('a grant of single records names no kinds')
    fields.provision?.refuse('a grant of single records has no exceptions')
    const records = readRecords(fields.data)
    return (actors ?? []).flatMap((grantee) =>
      records.map((recordId) => ({ kind: 'permit', grantee, recordId, categories: [], ...terms }) as const),
    )
  }
  const granted = fields.securityLabel ? readLabels(fields.securityLabel) : everyCategory
  const exceptions = (fields.provision?.items() ?? []).map((one) => readException(one, known, purposes))
  const less = exceptions.flatMap((one) => (one?.type === 'deny' ? one.categories : []))
  const more = exceptions.flatMap((one) => (one?.type === 'permit' ? [one] : []))
  const base = granted.filter((id) => !less.includes(id))
  if (granted.length > 0 && base.length === 0) provision.refuse('its exceptions leave nothing of it')
  const drafts = [
    ...(actors ?? []).map((grantee) => ({ grantee, categories: base, purposes })),
    ...more.flatMap((one) => checkedActors(one, { all: actors, named: !!fields.actor, less })),
  ].map((one): PermitDraft => ({ kind: 'permit', ...terms, ...one }))
  return merged(drafts, provision)
}

type Exception = {
  readonly type: 'permit' | 'deny'
  readonly element: Element
  readonly actors: readonly ConsentGrantee[] | undefined
  readonly categories: readonly number[]
  readonly purposes: readonly ConsentPurpose[]
}

/** An exception takes categories from everybody, or gives some to somebody. */
function readException(element: Element, known: Known, inherited: readonly ConsentPurpose[]): Exception | undefined {
  const fields: Fields = element.fields(names)
  checkActions(fields.action)
  const type = fields.type?.text()
  if (type !== 'permit' && type !== 'deny') return element.missing('type', 'neither permit nor deny')
  fields.provision?.refuse('exceptions of exceptions are not kept')
  fields.period?.refuse('an exception lasts as long as what it is of')
  fields.data?.refuse('an exception is for kinds of records, not for single ones')
  fields.modifierExtension?.refuse('it changes what is meant, and is not known here')
  if (!fields.securityLabel)
    return fields.data ? undefined : element.missing('securityLabel', 'an exception names kinds of records')
  const categories = readLabels(fields.securityLabel)
  if (type === 'deny') {
    fields.actor?.refuse('kinds of records are denied to nobody in particular')
    fields.purpose?.refuse('kinds of records are denied for every purpose')
    return { type, element, categories, actors: undefined, purposes: inherited }
  }
  const actors = fields.actor && readActors(fields.actor, known).map(({ grantee }) => grantee)
  const purposes = fields.purpose ? readPurposes(fields.purpose) : inherited
  if (purposes.some((one) => !inherited.includes(one)))
    fields.purpose?.refuse('it is wider than what it is an exception of')
  return { type, element, categories, actors, purposes }
}

/** What an exception gives, to whom: nobody whom the grant itself does not name, and nothing that another one takes. */
function checkedActors(
  { element, actors, categories, purposes }: Exception,
  from: {
    readonly all: readonly ConsentGrantee[] | undefined
    readonly named: boolean
    readonly less: readonly number[]
  },
): readonly Pick<PermitDraft, 'grantee' | 'categories' | 'purposes'>[] {
  const all = new Set((from.all ?? []).map(idOf))
  if (from.named && actors?.some((one) => !all.has(idOf(one))))
    element.missing('actor', 'the grant names others, and an exception adds nobody')
  if (categories.some((id) => from.less.includes(id)))
    element.missing('securityLabel', 'another exception denies the same')
  return (actors ?? from.all ?? []).map((grantee) => ({ grantee, categories, purposes }))
}

const idOf = (grantee: ConsentGrantee): string => JSON.stringify(Object.entries(grantee).sort())

/** One grant for each grantee: the chain keeps one for kinds of records, and a later one takes its place. */
function merged(drafts: readonly PermitDraft[], provision: Element): readonly PermitDraft[] {
  const groups = Map.groupBy(drafts, ({ grantee }) => idOf(grantee))
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return []
    if (others.some(({ purposes }) => purposes.join() !== first.purposes.join()))
      provision.missing('provision', 'one grantee would have two grants with other purposes, and keeps one')
    const categories = [...new Set([first, ...others].flatMap((one) => one.categories))].sort((a, b) => a - b)
    return [{ ...first, categories }]
  })
}

/** Reading is all that is ever permitted; a consent that names no action means no other here. */
function checkActions(action: Element | undefined): void {
  for (const item of action?.items() ?? [])
    if (!item.codes().includes(`${codeSystems.action}|access`)) item.refuse('only access is granted here')
}

const recipients = ['IRCP', 'PRCP'].map((code) => `${codeSystems.participation}|${code}`)

function readActors(
  actor: Element | undefined,
  known: Known,
): readonly { readonly element: Element; readonly grantee: ConsentGrantee }[] {
  return (actor?.items() ?? []).flatMap((element) => {
    const { role, reference } = element.fields(['role', 'reference'])
    if (!role) element.missing('role', 'it is not there')
    else if (!role.codes().some((code) => recipients.includes(code))) role.refuse('only who receives can be named')
    const name = reference ? nameOf(reference) : element.missing('reference', 'it names nobody')
    if (name === undefined) return []
    const grantee = whoIs(name, known)
    if (grantee === undefined) reference?.refuse('nobody known here')
    else if (grantee === 'patient') reference?.refuse('the patient needs no grant')
    return typeof grantee === 'object' ? [{ element, grantee }] : []
  })
}

function readPurposes(purpose: Element): readonly ConsentPurpose[] {
  const found = purpose.items().flatMap((item) => {
    const codes = item.codes()
    const known = consentPurposes.find((code) => codes.includes(`${codeSystems.purpose}|${code}`))
    const reason = codes.includes(`${codeSystems.purpose}|BTG`)
      ? 'breaking the glass asks nobody, and cannot be granted'
      : 'no purpose of this network'
    return known === undefined ? (item.refuse(reason) ?? []) : [known]
  })
  return consentPurposes.filter((code) => found.includes(code))
}

function readLabels(securityLabel: Element): readonly number[] {
  const found = securityLabel.items().flatMap((item) => {
    const [code = ''] = item.codes()
    return categoriesNamed(code) ?? item.refuse('no label of this network is exactly that') ?? []
  })
  return [...new Set(found)].sort((a, b) => a - b)
}

function readRecords(data: Element): readonly Hex[] {
  return data.items().flatMap((item) => {
    const { meaning, reference } = item.fields(['meaning', 'reference'])
    if (meaning?.value !== 'instance') {
      const reason = 'only records themselves are granted, not what belongs to them'
      return (meaning ? meaning.refuse(reason) : item.missing('meaning', reason)) ?? []
    }
    const name = reference ? nameOf(reference) : item.missing('reference', 'it names nothing')
    const recordId = name === undefined ? undefined : recordNamed(name)
    if (name !== undefined && recordId === undefined) reference?.refuse('no record of this network')
    return recordId === undefined ? [] : [recordId]
  })
}

function readLimit(extensions: Element | undefined): number {
  const [limit = 0] = (extensions?.items() ?? []).flatMap((item) => {
    const { url, valuePositiveInt } = item.fields(['url', 'valuePositiveInt'])
    const value = valuePositiveInt?.value
    if (
      url?.value === urns.useLimit &&
      typeof value === 'number' &&
      Number.isInteger(value) &&
      value > 0 &&
      value < 65_536
    )
      return [value]
    return item.refuse('it changes what is meant, and is not known here') ?? []
  })
  return limit
}
