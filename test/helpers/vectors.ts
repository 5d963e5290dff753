import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Vector } from '../../docs/spec/vectors/vector.ts'

const folder = path.resolve(import.meta.dirname, '../../docs/spec/vectors')

/** The committed scenarios of one part: name and the file as it stands. */
export function vectorFiles(part: string): { readonly name: string; readonly text: string }[] {
  return readdirSync(path.join(folder, part))
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ name: file.slice(0, -5), text: readFileSync(path.join(folder, part, file), 'utf8') }))
}

/** The committed scenarios of one part, parsed. */
export function vectors<fields>(part: string): ({ readonly name: string } & Vector & fields)[] {
  return vectorFiles(part).map(({ name, text }) => ({ name, ...(JSON.parse(text) as Vector & fields) }))
}
