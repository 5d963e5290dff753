import { describe, expect, it } from 'vitest'
import { browserLimit, checkSize, collect } from './files.ts'
import { explain } from './problems.ts'

describe('the largest file for a browser', () => {
  it('is 512 MB to the byte', () => {
    expect(() => checkSize({ size: browserLimit })).not.toThrow()
    expect(() => checkSize({ size: browserLimit + 1 })).toThrow('536,870,913 bytes')
  })

  it('sends whoever has a larger one to the command line', () => {
    try {
      checkSize({ size: browserLimit + 1 })
      expect.unreachable()
    } catch (error) {
      expect(explain(error)).toMatchObject({
        code: 'FILE_TOO_LARGE',
        todo: expect.stringContaining('sharewell deposit'),
      })
    }
  })

  it('also when it only shows on the way', async () => {
    const much = { length: browserLimit + 1 } as Uint8Array<ArrayBuffer>
    const bytes = (async function* () {
      yield much
    })()
    await expect(collect(bytes)).rejects.toThrow('this page takes')
  })
})

describe('what is collected', () => {
  it('is every byte in its order, however many pieces it came in', async () => {
    const pieces = Array.from({ length: 40 }, (_, index) => new Uint8Array([index, 255 - index]))
    const bytes = (async function* () {
      yield* pieces
    })()
    const blob = await collect(bytes)
    expect([...new Uint8Array(await blob.arrayBuffer())]).toEqual(pieces.flatMap((one) => [...one]))
  })
})
