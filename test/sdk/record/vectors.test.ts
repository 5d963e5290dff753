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
import { type Operations, testVectors } from '../../helpers/scenarios.ts'

const operations: Operations = {
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
  testVectors('record', operations, { generated: recordVectors })
})
