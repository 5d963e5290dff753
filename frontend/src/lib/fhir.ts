import type { CodeableConcept, Dosage, FhirResource, Observation, Bundle as ResourceBundle } from 'fhir/r4'
import { type Reference, referenceFor } from './lab-references.ts'

/** A FHIR R4 bundle whose entries hold resources of the R4 types. */
export type Bundle = ResourceBundle<FhirResource>

/** A line of a clinical list: what, when, and a word on how it stands. */
export type Entry = {
  readonly id: string
  readonly title: string
  readonly detail?: string | undefined
  readonly status?: string | undefined
  readonly active: boolean
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly kind: string
}

/** One measured quantity over time. */
export type Series = {
  readonly code: string
  readonly name: string
  readonly unit: string
  readonly points: readonly { readonly date: string; readonly value: number }[]
  readonly reference?: Reference | undefined
}

/** A text that somebody wrote. */
export type ClinicalNote = {
  readonly id: string
  readonly title: string
  readonly date?: string | undefined
  readonly text: string
}

/** Reads a FHIR R4 bundle, or undefined where the text is something else: then it is shown as a file. */
export function readBundle(text: string): Bundle | undefined {
  try {
    const json: unknown = JSON.parse(text)
    if (typeof json !== 'object' || json === null || !('resourceType' in json)) return undefined
    if (json.resourceType !== 'Bundle')
      return { resourceType: 'Bundle', type: 'collection', entry: [{ resource: json as FhirResource }] }
    return json as Bundle
  } catch {
    return undefined
  }
}

/** All resources of one type. */
export function ofType<type extends FhirResource['resourceType']>(
  bundle: Bundle,
  type: type,
): Extract<FhirResource, { resourceType: type }>[] {
  const resources = (bundle.entry ?? []).flatMap(({ resource }) => (resource ? [resource] : []))
  return resources.filter(
    (resource): resource is Extract<FhirResource, { resourceType: type }> => resource.resourceType === type,
  )
}

/** A coded thing in words, without the class that SNOMED puts behind: "Gingivitis (disorder)" reads "Gingivitis". */
export function words(concept: CodeableConcept | undefined): string {
  const text = concept?.text ?? concept?.coding?.find(({ display }) => display)?.display ?? concept?.coding?.[0]?.code
  return (text ?? 'Unnamed').replace(
    / \((?:disorder|finding|procedure|situation|substance|qualifier value|physical object|regime\/therapy|observable entity|morphologic abnormality|body structure)\)$/,
    '',
  )
}

/** The name of a measurement without how it was measured: LOINC's long names bury what they are about. */
export function shortName(name: string): string {
  return name
    .replace(/ \[[^\]]*\]/g, '')
    .replace(/ by (?:Automated|Creatinine|Coagulation|Test strip|Screen).*$/, '')
    .replace(/ in Serum or Plasma$/, '')
    .replace('/Hemoglobin.total', '')
}

/** Problems, the active ones first, then the latest. */
export function conditionsOf(bundle: Bundle): Entry[] {
  return ofType(bundle, 'Condition')
    .map((condition, index) => {
      const status = condition.clinicalStatus?.coding?.[0]?.code
      return {
        id: condition.id ?? `condition-${index}`,
        kind: 'Condition',
        title: words(condition.code),
        status,
        active: status === 'active' || status === 'recurrence' || status === 'relapse',
        from: condition.onsetDateTime ?? condition.recordedDate,
        to: condition.abatementDateTime,
      }
    })
    .sort(activeThenLatest)
}

/** Prescriptions and given medicines. */
export function medicationsOf(bundle: Bundle): Entry[] {
  const named = new Map(ofType(bundle, 'Medication').map((medication) => [medication.id, words(medication.code)]))
  const nameOf = (concept?: CodeableConcept, reference?: string): string =>
    concept
      ? words(concept)
      : (named.get(reference?.replace(/^(?:urn:uuid:|Medication\/)/, '')) ?? 'Medicine named elsewhere')
  const requests = ofType(bundle, 'MedicationRequest').map((request, index) => ({
    id: request.id ?? `request-${index}`,
    kind: 'Medication',
    title: nameOf(request.medicationCodeableConcept, request.medicationReference?.reference),
    detail: request.dosageInstruction?.[0] && dosageWords(request.dosageInstruction[0]),
    status: request.status,
    active: request.status === 'active',
    from: request.authoredOn,
  }))
  const given = ofType(bundle, 'MedicationAdministration').map((administration, index) => ({
    id: administration.id ?? `given-${index}`,
    kind: 'Medication',
    title: nameOf(administration.medicationCodeableConcept, administration.medicationReference?.reference),
    status: 'given once',
    active: false,
    from: administration.effectiveDateTime ?? administration.effectivePeriod?.start,
  }))
  return [...requests, ...given].sort(activeThenLatest)
}

const units: Record<string, string> = { h: 'hour', d: 'day', wk: 'week', mo: 'month' }

function dosageWords(dosage: Dosage): string | undefined {
  const { frequency, period, periodUnit } = dosage.timing?.repeat ?? {}
  const unit = periodUnit ? (units[periodUnit] ?? periodUnit) : undefined
  const often =
    frequency && period && unit ? `${frequency} × every ${period === 1 ? unit : `${period} ${unit}s`}` : undefined
  const parts = [
    often,
    dosage.asNeededBoolean ? 'as needed' : undefined,
    dosage.text?.replace(/ \(qualifier value\)$/, ''),
  ]
  return parts.filter(Boolean).join(', ') || undefined
}

/** Allergies with what they do. */
export function allergiesOf(bundle: Bundle): Entry[] {
  return ofType(bundle, 'AllergyIntolerance').map((allergy, index) => ({
    id: allergy.id ?? `allergy-${index}`,
    kind: 'Allergy',
    title: words(allergy.code),
    detail: allergy.reaction?.flatMap(({ manifestation }) => manifestation.map(words)).join(', '),
    status: allergy.criticality ? `${allergy.criticality} risk` : undefined,
    active: allergy.clinicalStatus?.coding?.[0]?.code !== 'resolved',
    from: allergy.recordedDate,
  }))
}

const activeThenLatest = (a: Entry, b: Entry): number =>
  Number(b.active) - Number(a.active) || (b.from ?? '').localeCompare(a.from ?? '')

/** Everything measured, one series a code, components of panels apart; the most often measured first. */
export function seriesOf(bundle: Bundle): Series[] {
  const series = new Map<
    string,
    { name: string; unit: string; points: { date: string; value: number }[]; own?: Reference }
  >()
  const add = (
    part: Pick<Observation, 'code' | 'valueQuantity' | 'referenceRange'>,
    date: string | undefined,
  ): void => {
    const { value, unit = '' } = part.valueQuantity ?? {}
    const code = part.code.coding?.[0]?.code ?? words(part.code)
    if (value === undefined || !date) return
    const key = `${code}|${unit}`
    const one = series.get(key) ?? { name: words(part.code), unit: unit.replace(/^\{(.*)\}$/, '$1'), points: [] }
    one.points.push({ date, value })
    const { low, high } = part.referenceRange?.[0] ?? {}
    if (low || high) one.own = { low: low?.value, high: high?.value, source: 'record' }
    series.set(key, one)
  }
  for (const observation of ofType(bundle, 'Observation')) {
    const date = observation.effectiveDateTime ?? observation.effectivePeriod?.start ?? observation.issued
    add(observation, date)
    for (const component of observation.component ?? []) add(component, date)
  }
  return [...series]
    .map(([key, { own, points, ...rest }]) => {
      const code = key.slice(0, key.indexOf('|'))
      const sorted = points.sort((a, b) => a.date.localeCompare(b.date))
      return { ...rest, code, points: sorted, reference: own ?? referenceFor(code, rest.unit) }
    })
    .sort((a, b) => b.points.length - a.points.length || a.name.localeCompare(b.name))
}

/** Findings that are words, not numbers: smoking status, a urine strip, a culture. */
export function findingsOf(bundle: Bundle): Entry[] {
  return ofType(bundle, 'Observation')
    .flatMap((observation, index) => {
      const value =
        observation.valueString ?? (observation.valueCodeableConcept && words(observation.valueCodeableConcept))
      if (!value) return []
      const id = observation.id ?? `finding-${index}`
      return [
        {
          id,
          kind: 'Finding',
          title: words(observation.code),
          detail: value,
          active: false,
          from: observation.effectiveDateTime,
        },
      ]
    })
    .sort(activeThenLatest)
}

/** Everything with a date, the latest first: visits, procedures, vaccines, images. */
export function timelineOf(bundle: Bundle): Entry[] {
  const encounters = ofType(bundle, 'Encounter').map((encounter, index) => ({
    id: encounter.id ?? `visit-${index}`,
    kind: 'Visit',
    title: words(encounter.type?.[0]),
    detail: encounter.reasonCode?.map(words).join(', ') || encounter.serviceProvider?.display,
    active: encounter.status === 'in-progress',
    from: encounter.period?.start,
    to: encounter.period?.end,
  }))
  const procedures = ofType(bundle, 'Procedure').map((procedure, index) => ({
    id: procedure.id ?? `procedure-${index}`,
    kind: 'Procedure',
    title: words(procedure.code),
    detail:
      procedure.reasonReference
        ?.map(({ display }) => display)
        .filter(Boolean)
        .join(', ') || undefined,
    active: false,
    from: procedure.performedPeriod?.start ?? procedure.performedDateTime,
  }))
  const immunizations = ofType(bundle, 'Immunization').map((immunization, index) => ({
    id: immunization.id ?? `vaccine-${index}`,
    kind: 'Vaccine',
    title: words(immunization.vaccineCode),
    active: false,
    from: immunization.occurrenceDateTime,
  }))
  const images = ofType(bundle, 'ImagingStudy').map((study, index) => ({
    id: study.id ?? `image-${index}`,
    kind: 'Image',
    title: words(study.procedureCode?.[0]),
    detail:
      study.series
        ?.map(({ modality }) => modality.display)
        .filter(Boolean)
        .join(', ') || undefined,
    active: false,
    from: study.started,
  }))
  const plans = ofType(bundle, 'CarePlan').map((plan, index) => ({
    id: plan.id ?? `plan-${index}`,
    kind: 'Care plan',
    title: words(plan.category?.at(-1)),
    detail: plan.activity?.map(({ detail }) => words(detail?.code)).join(', '),
    active: plan.status === 'active',
    from: plan.period?.start,
    to: plan.period?.end,
  }))
  const all: Entry[] = [...encounters, ...procedures, ...immunizations, ...images, ...plans]
  return all.sort((a, b) => (b.from ?? '').localeCompare(a.from ?? ''))
}

/** Notes in plain text, each once: a report and a document often carry the same. */
export function notesOf(bundle: Bundle): ClinicalNote[] {
  const documents = ofType(bundle, 'DocumentReference').map((document) => ({
    title: words(document.type),
    date: document.date,
    parts: document.content.map(({ attachment }) => attachment),
  }))
  const reports = ofType(bundle, 'DiagnosticReport').map((report) => ({
    title: words(report.code),
    date: report.effectiveDateTime ?? report.issued,
    parts: report.presentedForm ?? [],
  }))
  const seen = new Set<string>()
  return [...documents, ...reports]
    .flatMap(({ title, date, parts }) =>
      parts.flatMap(({ contentType, data }) => {
        if (!data || !contentType?.startsWith('text/plain') || seen.has(data)) return []
        seen.add(data)
        return [{ id: `note-${seen.size}`, title, date, text: fromBase64(data).trim() }]
      }),
    )
    .sort((a, b) => (b.date ?? '').localeCompare(a.date ?? ''))
}

const fromBase64 = (data: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)))

/** How many resources of each type. */
export function countsOf(bundle: Bundle): [type: string, count: number][] {
  const counts = new Map<string, number>()
  for (const { resource } of bundle.entry ?? []) {
    if (resource) counts.set(resource.resourceType, (counts.get(resource.resourceType) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])
}
