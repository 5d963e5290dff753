import { toHex } from '@sharewell/sdk/bytes'
import { expect } from 'chai'
import { renewalVectors } from '../../../../docs/spec/vectors/generate-renewal.ts'
import { operations } from '../../../../docs/spec/vectors/renewal-operations.ts'
import { formatVector } from '../../../../docs/spec/vectors/vector.ts'
import { codeOf } from '../../../helpers/code-of.ts'
import { vectorFiles, vectors } from '../../../helpers/vectors.ts'

type Fields = { readonly operation: keyof typeof operations; readonly input: object; readonly output?: unknown }

/** A value as it stands in a file. */
const inFile = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one: unknown) => (one instanceof Uint8Array ? toHex(one) : one)))

describe('vectors of renewals', () => {
  for (const { name, comment, operation, input, output, expect: expected } of vectors<Fields>('renewal'))
    it(`${name}: ${comment}`, async () => {
      const run = operations[operation] as (given: object) => unknown
      const promise = (async () => await run(input))()
      expect(await codeOf(promise)).to.equal(expected)
      if (expected === 'success') expect(inFile(await promise)).to.deep.equal(output)
    })

  it('are those that their generator makes', async () => {
    const made = Object.entries(await renewalVectors()).map(([name, vector]) => [name, formatVector(vector)])
    const files = vectorFiles('renewal').map(({ name, text }) => [name, text])
    expect(Object.fromEntries(made)).to.deep.equal(Object.fromEntries(files))
  })
})
