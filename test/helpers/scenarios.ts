import { readdirSync, readFileSync } from 'node:fs'
import { fromHex } from '@sharewell/sdk/bytes'
import { expect } from 'chai'
import type { Scenario } from '../../docs/spec/vectors/scenarios.ts'
import { codeOf } from './code-of.ts'

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

/** What runs a vector's operation: its output, or an error with a code. */
export type Operations = { readonly [operation: string]: (input: never) => unknown }

/**
 * Tests that each vector of a part gives what it says, and that the files are what their generator writes.
 * `refused` compares what an error names with the vector's output.
 */
export function testVectors(
  part: string,
  operations: Operations,
  { generated, refused }: { generated: unknown; refused?: (error: unknown, output: unknown) => void },
): void {
  for (const { name, comment, operation, expect: code, input, output } of scenarios(part))
    it(`${name}: ${comment}`, async () => {
      const run = operations[operation]
      if (run === undefined) throw new Error(`no operation ${operation}`)
      const result = Promise.resolve().then(() => run(input as never))
      if (code === 'success') return void expect(await result).to.deep.equal(output)
      expect(await codeOf(result)).to.equal(code)
      refused?.(await result.catch((cause: unknown) => cause), output)
    })

  it('are what their generator writes', () => {
    expect(files(part)).to.deep.equal(generated)
  })
}
