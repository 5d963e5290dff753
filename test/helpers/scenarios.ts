import { readdirSync, readFileSync } from 'node:fs'
import { fromHex } from '@sharewell/sdk/bytes'
import type { Scenario } from '../../docs/spec/vectors/scenarios.ts'

const folder = new URL('../../docs/spec/vectors/', import.meta.url)

/** The vectors of one part, 0x hex read as bytes. */
export function scenarios(part: string): Scenario[] {
  const files = readdirSync(new URL(`${part}/`, folder)).filter((file) => file.endsWith('.json'))
  return files.map((file) => {
    const text = readFileSync(new URL(`${part}/${file}`, folder), 'utf8')
    const bytes = (_: string, value: unknown) =>
      typeof value === 'string' && /^0x(?:[0-9a-f]{2})*$/.test(value) ? fromHex(value) : value
    return { name: file.replace(/\.json$/, ''), ...JSON.parse(text, bytes) }
  })
}

/** The vectors of one part as they stand in their files, by name. */
export function files(part: string): { readonly [name: string]: unknown } {
  const names = readdirSync(new URL(`${part}/`, folder)).filter((file) => file.endsWith('.json'))
  const entries = names.map((file) => [
    file.replace(/\.json$/, ''),
    JSON.parse(readFileSync(new URL(`${part}/${file}`, folder), 'utf8')),
  ])
  return Object.fromEntries(entries)
}
