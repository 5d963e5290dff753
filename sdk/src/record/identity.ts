import type { Address, FhirResource, HumanName, Identifier, Observation } from 'fhir/r4.js'

/** Words that identify a patient, found in the patient's own resources. */
export type Identity = {
  /** Numbers, addresses and telephones: replaced wherever they stand. */
  readonly numbers: readonly string[]
  /** Names and the date of birth: replaced in text that people read. */
  readonly names: readonly string[]
}

/** Shorter numbers would be found inside codes and values. */
const shortestNumber = 5
/** Shorter names are particles of many other words; scripts without capitals write names in two signs. */
const shortestName = (name: string) => (/\p{Lo}/u.test(name) ? 2 : 3)

/** Questionnaire answers that repeat an identity: LOINC "Address", "First name", "Last name". */
const identifyingAnswers = new Set(['56799-0', '45392-8', '45394-4'])

const maidenName = 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName'

/** Collects what identifies the patient from patient, related persons, coverages and answers of questionnaires. */
export function identityOf(resources: readonly FhirResource[]): Identity {
  const found = resources.map(fromResource)
  return {
    numbers: longestFirst(found.flatMap(({ numbers }) => numbers).filter((one) => one.length >= shortestNumber)),
    names: longestFirst(found.flatMap(({ names }) => names).filter((one) => one.length >= shortestName(one))),
  }
}

function fromResource(resource: FhirResource): Identity {
  switch (resource.resourceType) {
    case 'Patient': {
      const contacts = resource.contact ?? []
      const names = [...(resource.name ?? []), ...contacts.flatMap(({ name }) => (name === undefined ? [] : [name]))]
      const addresses = [
        ...(resource.address ?? []),
        ...contacts.flatMap(({ address }) => (address === undefined ? [] : [address])),
      ]
      const telecom = [...(resource.telecom ?? []), ...contacts.flatMap((contact) => contact.telecom ?? [])]
      const maiden = (resource.extension ?? []).flatMap(({ url, valueString }) =>
        url === maidenName && valueString ? [valueString] : [],
      )
      return {
        numbers: [
          ...(resource.id ? [resource.id] : []),
          ...numbersOf({ identifier: resource.identifier, telecom, addresses }),
        ],
        names: [...names.flatMap(namesOf), ...maiden.flatMap(words), ...datesOf(resource.birthDate)],
      }
    }
    case 'RelatedPerson':
    case 'Person':
      return {
        numbers: numbersOf({ identifier: resource.identifier, telecom: resource.telecom, addresses: resource.address }),
        names: [...(resource.name ?? []).flatMap(namesOf), ...datesOf(resource.birthDate)],
      }
    case 'Coverage':
      return { numbers: resource.subscriberId ? [resource.subscriberId] : [], names: [] }
    case 'FamilyMemberHistory':
      return { numbers: [], names: resource.name ? words(resource.name) : [] }
    case 'Observation':
      return { numbers: answersOf(resource), names: [] }
    default:
      return { numbers: [], names: [] }
  }
}

function numbersOf({
  identifier = [],
  telecom = [],
  addresses = [],
}: {
  identifier?: readonly Identifier[] | undefined
  telecom?: readonly { value?: string | undefined }[] | undefined
  addresses?: readonly Address[] | undefined
}): string[] {
  const values = [...identifier, ...telecom].flatMap(({ value }) => (value === undefined ? [] : [value]))
  return [...values, ...addresses.flatMap(addressLines)]
}

/** The lines as they stand, and the street without its apartment. */
function addressLines({ line: lines = [], text }: Address): string[] {
  const line = lines.filter(isText)
  const streets = line.map((one) => one.replace(/\s+(?:apt|apartment|suite|ste|unit|#).*$/iu, ''))
  return [...line, ...streets, ...(text === undefined ? [] : [text])]
}

function namesOf({ family, given = [], text }: HumanName): string[] {
  return [
    ...(family === undefined ? [] : [family]),
    ...given.filter(isText),
    ...(text === undefined ? [] : [text]),
  ].flatMap(words)
}

/** FHIR JSON writes null where only an extension stands. */
const isText = (one: string | null): one is string => one !== null

/** A name whole and in its words, also in capitals as headings and labels have it; particles stay. */
function words(name: string): string[] {
  const parts = [name, ...name.split(/[\s,]+/u)].filter((part) => !/^\p{Ll}/u.test(part))
  return [...parts, ...parts.map((part) => part.toUpperCase())]
}

function datesOf(birthDate: string | undefined): string[] {
  return birthDate === undefined || birthDate.length < 10 ? [] : [birthDate]
}

function answersOf({ code, component = [], valueString }: Observation): string[] {
  const answers = [{ code, valueString }, ...component]
  return answers.flatMap((answer) => {
    const identifies = answer.code?.coding?.some(
      (coding) => coding.code !== undefined && identifyingAnswers.has(coding.code),
    )
    return identifies && answer.valueString !== undefined ? [answer.valueString] : []
  })
}

function longestFirst(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort((a, b) => b.length - a.length)
}
