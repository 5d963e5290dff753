/**
 * What is wrong with an AuditEvent: by the structure of FHIR R4, and by the profile PatientRead of IHE BALP.
 * @module
 */

type Json = Readonly<Record<string, unknown>>

const coding = ['system', 'version', 'code', 'display', 'userSelected']
const reference = ['reference', 'type', 'identifier', 'display']
/** Elements that a node of the resource may have; `!` is required, `*` repeats. */
const structure: Readonly<Record<string, readonly string[]>> = {
  '': [
    'resourceType!',
    'id',
    'meta',
    'text',
    'contained*',
    'type!',
    'subtype*',
    'action',
    'period',
    'recorded!',
    'outcome',
    'outcomeDesc',
    'purposeOfEvent*',
    'agent!*',
    'source!',
    'entity*',
  ],
  type: coding,
  subtype: coding,
  agent: [
    'type',
    'role*',
    'who',
    'altId',
    'name',
    'requestor!',
    'location',
    'policy*',
    'media',
    'network',
    'purposeOfUse*',
  ],
  'agent.who': reference,
  'agent.network': ['address', 'type', 'extension*'],
  source: ['site', 'observer!', 'type*'],
  'source.observer': reference,
  'source.type': coding,
  entity: ['what', 'type', 'role', 'lifecycle', 'securityLabel*', 'name', 'description', 'query', 'detail*'],
  'entity.what': reference,
  'entity.type': coding,
  'entity.role': coding,
}
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/
const fixed: Readonly<Record<string, readonly string[]>> = {
  action: ['C', 'R', 'U', 'D', 'E'],
  outcome: ['0', '4', '8', '12'],
}

/** Faults of structure; empty where there are none. */
export function structureFaults(event: unknown): string[] {
  if (!isObject(event) || event.resourceType !== 'AuditEvent') return ['it is no AuditEvent']
  const faults = nodeFaults(event, '')
  if (!instant.test(String(event.recorded))) faults.push('recorded is no instant')
  if (event.id !== undefined && !/^[A-Za-z0-9.-]{1,64}$/.test(String(event.id))) faults.push('id is no id')
  for (const [name, codes] of Object.entries(fixed))
    if (event[name] !== undefined && !codes.includes(String(event[name]))) faults.push(`${name} has another code`)
  for (const agent of objects(event.agent))
    if (typeof agent.requestor !== 'boolean') faults.push('agent.requestor is no boolean')
  // sev-1
  if (objects(event.entity).some(({ name, query }) => name !== undefined && query !== undefined))
    faults.push('entity has a name and a query')
  return faults
}

function nodeFaults(node: Json, path: string): string[] {
  const known = structure[path]
  if (!known) return []
  const named = new Map(known.map((one) => [one.replace(/[!*]+$/, ''), one]))
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  const missing = [...named].filter(([name, one]) => one.includes('!') && node[name] === undefined)
  const nodes = Object.entries(node).flatMap(([name, value]): string[] => {
    const one = named.get(name)
    if (one === undefined) return [`${at(name)} is unknown`]
    if (one.endsWith('*') !== Array.isArray(value)) return [`${at(name)} is ${Array.isArray(value) ? 'a' : 'no'} list`]
    if (isEmpty(value)) return [`${at(name)} is empty`]
    return (Array.isArray(value) ? value : [value]).filter(isObject).flatMap((child) => nodeFaults(child, at(name)))
  })
  return [...missing.map(([name]) => `${at(name)} is missing`), ...nodes]
}

const isEmpty = (value: unknown): boolean =>
  value === '' || value === null || (typeof value === 'object' && Object.keys(value).length === 0)

const dicom = 'http://dicom.nema.org/resources/ontology/DCM'
const terminology = 'http://terminology.hl7.org/CodeSystem'
const isCoding = (value: unknown, system: string, code: string): boolean =>
  isObject(value) && value.system === system && value.code === code
const isConcept = (value: unknown, system: string, code: string): boolean =>
  isObject(value) && objects(value.coding).some((one) => isCoding(one, system, code))

/** What keeps a sound AuditEvent from being a PatientRead; empty where nothing does. */
export function patientReadFaults(event: Json): string[] {
  const faults: string[] = []
  const rule = (name: string, holds: boolean): void => void (holds || faults.push(name))
  const agents = objects(event.agent)
  const one = (system: string, code: string) => agents.filter(({ type }) => isConcept(type, system, code))
  const entities = (code: string) =>
    objects(event.entity).filter(({ type }) => isCoding(type, `${terminology}/audit-entity-type`, code))
  const [meta, subtypes] = [event.meta, objects(event.subtype)]
  const profiles = isObject(meta) && Array.isArray(meta.profile) ? meta.profile : []
  rule(
    'meta.profile',
    profiles.includes('https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead'),
  )
  rule('type', isCoding(event.type, `${terminology}/audit-event-type`, 'rest'))
  rule(
    'subtype',
    subtypes.some((each) => isCoding(each, 'http://hl7.org/fhir/restful-interaction', 'read')),
  )
  rule('action', event.action === 'R')
  rule('outcome', event.outcome === '0')
  for (const [name, code] of [
    ['client', '110152'],
    ['server', '110153'],
  ] as const) {
    const [found, ...more] = one(dicom, code)
    rule(`agent:${name}`, found !== undefined && more.length === 0)
    rule(`agent:${name}.who`, isObject(found?.who))
    rule(`agent:${name}.network`, isObject(found?.network))
    rule(`agent:${name}.media`, found?.media === undefined)
  }
  const [user, ...users] = one(`${terminology}/v3-ParticipationType`, 'IRCP')
  rule('agent:user', users.length === 0)
  rule('agent:user.who', user === undefined || isObject(user.who))
  rule('agent:user.requestor', user === undefined || user.requestor === true)
  rule('agent:user.network', user?.network === undefined && user?.media === undefined)
  const [patient, data] = [entities('1'), entities('2')]
  rule('entity:patient', patient.length === 1 && isCoding(patient[0]?.role, `${terminology}/object-role`, '1'))
  const who = patient[0]?.what
  rule('entity:patient.what', isObject(who) && (who.type === 'Patient' || String(who.reference).startsWith('Patient/')))
  rule('entity:data', data.length === 1 && isObject(data[0]?.what))
  rule(
    'entity:data.role',
    ['3', '4', '20'].some((code) => isCoding(data[0]?.role, `${terminology}/object-role`, code)),
  )
  return faults
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const objects = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : [])
