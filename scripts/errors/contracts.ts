import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { contractHints } from '@sharewell/sdk/chain'
import type { Explained } from './explained.ts'

const folder = path.join(import.meta.dirname, '../../contracts')

/** Every custom error of our contracts, by its NatSpec and the SDK's hint. */
export function contractErrors(): Explained[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sol') && !file.startsWith('mocks'))
    .sort()
  return files.flatMap((file) => errorsIn(readFileSync(path.join(folder, file), 'utf8')))
}

function errorsIn(source: string): Explained[] {
  const declared = source.matchAll(/((?:^ *\/\/\/.*\n)+) *error (\w+)\(([^)]*)\);/gm)
  return [...declared].map(([, comment = '', code = '', parameters = '']) => {
    const why = comment
      .replaceAll(/^ *\/\/\/ ?(?:@notice |@dev )?/gm, '')
      .replaceAll(/\s+/g, ' ')
      .trim()
    const hint = contractHints[code]
    if (!hint) throw new Error(`${code} has no hint in sdk/src/chain/refusals.ts`)
    return { code, says: `${code}(${parameters.replaceAll(/\s+/g, ' ').trim()})`, why, todo: [hint], http: [] }
  })
}
