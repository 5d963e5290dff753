import type { Bytes } from '@sharewell/sdk/bytes'
import {
  type Bundle,
  categoryBits,
  categoryMask,
  joinBundle,
  recordFromFile,
  recordId,
  splitBundle,
} from '@sharewell/sdk/record'
import { expect } from 'chai'
import { recordVectors } from '../../../docs/spec/vectors/generate-record.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { files, scenarios } from '../../helpers/scenarios.ts'

const operations: { readonly [operation: string]: (input: never) => unknown } = {
  id: (parts: recordId.Parts) => ({ recordId: recordId(parts) }),
  bits: ({ categoryKey, categories }: { categoryKey: Bytes; categories: number[] }) => ({
    bits: categoryBits(categoryKey),
    mask: categoryMask(categoryKey, categories),
  }),
  split: ({ bundle }: { bundle: Bundle }) => {
    const { persona, parts } = splitBundle(bundle)
    expect(joinBundle(persona, parts)).to.deep.equal(bundle)
    return { persona, parts }
  },
  file: ({ mime }: { mime: string }) => ({ category: recordFromFile(new Uint8Array(0), mime).category }),
}

describe('record vectors', () => {
  for (const { name, comment, operation, expect: code, input, output } of scenarios('record'))
    it(`${name}: ${comment}`, async () => {
      const run = operations[operation]
      if (run === undefined) throw new Error(`no operation ${operation}`)
      const result = Promise.resolve().then(() => run(input as never))
      if (code === 'success') expect(await result).to.deep.equal(output)
      else expect(await codeOf(result)).to.equal(code)
    })

  it('are what their generator writes', () => {
    expect(files('record')).to.deep.equal(recordVectors)
  })
})
