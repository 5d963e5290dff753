import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'

type Observation = {
  resourceType: string
  code?: { text?: string; coding?: { code?: string }[] }
  effectiveDateTime?: string
  valueQuantity?: { value: number; unit: string }
}

const demo = path.join(import.meta.dirname, '../../demo/patients')

/** The text of a demo patient's bundle, as the hospital had it. */
export function demoBundle(file: string): string {
  return gunzipSync(readFileSync(path.join(demo, `${file}.json.gz`))).toString('utf8')
}

/** The newest value of a laboratory code (LOINC) of a demo patient: its name, and its number as a screen shows it. */
export function knownLabValue(file: string, loinc: string): { readonly name: RegExp; readonly shown: RegExp } {
  const bundle = JSON.parse(demoBundle(file)) as { entry: { resource: Observation }[] }
  const values = bundle.entry
    .map(({ resource }) => resource)
    .filter(({ code, valueQuantity }) => valueQuantity && code?.coding?.some((coding) => coding.code === loinc))
    .sort((a, b) => (a.effectiveDateTime ?? '').localeCompare(b.effectiveDateTime ?? ''))
  const newest = values.at(-1)
  if (!newest?.valueQuantity || !newest.code?.text) throw new Error(`No ${loinc} in ${file}.`)
  // A screen shows four digits, and the part of the name before the method.
  const digits = String(Number(newest.valueQuantity.value.toPrecision(4))).replace('.', '\\.')
  const [name = ''] = newest.code.text.split(/[/[]/)
  return { name: new RegExp(name.trim()), shown: new RegExp(`${digits}(?![0-9])`) }
}
