import { type Bytes, concat, equal } from '@sharewell/sdk/bytes'
import { lpLabel } from '@sharewell/sdk/labels'
import { createHmac, hkdfExpand, hkdfExtract, randomBytes } from '@sharewell/sdk/primitives'
import { openAll, openBytes, padme, parseSealHeader, readTrailer, seal } from '@sharewell/sdk/seal'
import { expect } from 'chai'
import fc from 'fast-check'

const recordId = new Uint8Array(32).fill(1)
const options = { recordId, version: 1, mime: 'application/fhir+json', chunkLog2: 16 } as const
const chunkData = 2 ** 16 - 16

describe('seal and open', () => {
  it('gives back every byte, at the sizes around every edge', async () => {
    for (const size of [0, 1, 4095, 4096, 4097, chunkData - 1, chunkData, chunkData + 1, 3 * chunkData, 300_000]) {
      const plain = randomBytes(size)
      const sealed = await sealWhole(plain)
      expect(equal(await openWhole(sealed), plain), `${size} bytes`).to.equal(true)
    }
  })

  it('gives back records with runs of zeros, at their end too', async () => {
    const pieces = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 40_000 })), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(pieces, async (pieces) => {
        const plain = concat(...pieces.map(([zero, length]) => new Uint8Array(length).fill(zero ? 0 : 7)))
        const sealed = await sealWhole(plain)
        expect(equal(await openWhole(sealed), plain)).to.equal(true)
      }),
      { numRuns: 40 },
    )
  })

  it('gives back any bytes, however the source cuts them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 12 }), async (pieces) => {
        const sealed = await collect(seal(pieces, options))
        expect(await openWhole(sealed)).to.deep.equal(concat(...pieces))
      }),
      { numRuns: 40 },
    )
  })

  it('tells the media type and the length once the record is open', async () => {
    const opened = openAll(await sealWhole(randomBytes(5000)))
    for await (const _ of opened.bytes);
    expect(await opened.trailer).to.deep.equal({ mime: 'application/fhir+json', realLen: 5000 })
  })

  it('empties chunks that are given up, once they are opened, and no others', async () => {
    const plain = randomBytes(200_000)
    const [kept, taken] = [await sealWhole(plain), await sealWhole(plain)]
    const lengths = kept.chunks.map(({ length }) => length)
    expect(await drain(openAll(kept).bytes)).to.deep.equal(plain)
    expect(await drain(openAll({ ...taken, take: true }).bytes)).to.deep.equal(plain)
    expect(kept.chunks.map(({ length }) => length)).to.deep.equal(lengths)
    expect(taken.chunks.slice(0, -1).every(({ length }) => length === 0)).to.equal(true)
  })

  it('seals under a fresh key and salt each time', async () => {
    const [a, b] = [await sealWhole(new Uint8Array(10)), await sealWhole(new Uint8Array(10))]
    expect(a.dek).not.to.deep.equal(b.dek)
    expect(parseSealHeader(a.header).salt).not.to.deep.equal(parseSealHeader(b.header).salt)
    expect(a.chunks[0]).not.to.deep.equal(b.chunks[0])
  })

  it('shows the padded length and nothing finer', async () => {
    const lengthOf = async (size: number) => concat(...(await sealWhole(new Uint8Array(size))).chunks).length
    expect(await lengthOf(0)).to.equal(4096 + 16 + 272)
    expect(await lengthOf(1000)).to.equal(await lengthOf(4096))
    expect(await lengthOf(30_000)).to.equal(await lengthOf(30_500))
  })

  it('commits to the record by an HMAC that a court can check with its key', async () => {
    const plain = randomBytes(9000)
    const sealed = await sealWhole(plain)
    const prk = hkdfExtract(parseSealHeader(sealed.header).salt, sealed.dek)
    const key = hkdfExpand(prk, lpLabel('seal', 'pt'), 32)
    expect(sealed.ptCommit).to.deep.equal(createHmac(key).update(plain).digest())
  })

  it('keeps one chunk in memory, whatever the length', async () => {
    let ahead = 0
    let most = 0
    const source = async function* () {
      for (let i = 0; i < 64; i++) {
        most = Math.max(most, ++ahead)
        yield new Uint8Array(2 ** 16).fill(i + 1)
      }
    }
    const sealed = seal(source(), options)
    const { bytes } = openAll({ ...sealed, ptCommit: new Uint8Array(32), chunks: sealed.chunks })
    await failure(async () => {
      for await (const _ of bytes) ahead = 0
    })
    expect(most).to.be.lessThan(5)
  })

  it('passes on what the source throws, and never resolves its commitment then', async () => {
    const broken = async function* () {
      yield new Uint8Array(10)
      throw new Error('disk gone')
    }
    const sealed = seal(broken(), options)
    expect((await failure(() => drain(sealed.chunks))).message).to.equal('disk gone')
    expect((await failure(() => sealed.ptCommit)).code).to.equal('SEAL')
  })

  it('refuses ids, versions, sizes and media types that the format has no room for', () => {
    for (const wrong of [
      { recordId: new Uint8Array(31) },
      { version: 0 },
      { version: 1.5 },
      { version: 2 ** 32 },
      { chunkLog2: 17 as 16 },
      { mime: 'x'.repeat(300) },
    ])
      expect(() => seal([], { ...options, ...wrong }))
        .to.throw()
        .with.property('code', 'SEAL')
    return failure(() => drain(seal([1 as unknown as Uint8Array], options).chunks)).then((error) =>
      expect(error.code).to.equal('SEAL'),
    )
  })
})

describe('opening fails closed', () => {
  let sealed: Whole
  before(async () => {
    sealed = await sealWhole(randomBytes(200_000))
  })
  const causeOf = async (altered: Partial<Whole>) => {
    const error = await failure(() => openWhole({ ...sealed, ...altered }))
    expect(error.code).to.equal('OPEN')
    return (error.cause as { code: string }).code
  }

  it('names a wrong key before it opens a chunk', async () => {
    expect(await causeOf({ dek: randomBytes(32) })).to.equal('KEY_MISMATCH')
    expect(await causeOf({ dek: sealed.dek.slice(0, 31) })).to.equal('KEY_MISMATCH')
  })

  it('refuses a header of another record, version or chunk size', async () => {
    const opened = (expected: object) => failure(() => drain(openAll({ ...sealed, expected }).bytes))
    for (const expected of [{ recordId: new Uint8Array(32) }, { version: 2 }, { chunkLog2: 18 }])
      expect(((await opened(expected)).cause as { code: string }).code).to.equal('SEAL_HEADER')
    expect(await causeOf({ header: new Uint8Array(3) })).to.equal('SEAL_HEADER')
  })

  it('names the chunk that was altered, moved or repeated', async () => {
    const altered = sealed.chunks.map((chunk) => chunk.slice())
    const third = altered[2] as Bytes
    third[5] = (third[5] as number) ^ 1
    const error = await failure(() => openWhole({ ...sealed, chunks: altered }))
    expect(error.cause).to.include({ code: 'CHUNK', index: 2 })
    const [a, b, ...rest] = sealed.chunks as [Bytes, Bytes, ...Bytes[]]
    expect(await causeOf({ chunks: [b, a, ...rest] })).to.equal('CHUNK')
    expect(await causeOf({ chunks: [a, a, ...rest] })).to.equal('CHUNK')
    expect(await causeOf({ chunks: [b, ...rest] })).to.equal('CHUNK')
    expect(await causeOf({ chunks: [...sealed.chunks, a] })).to.equal('CHUNK')
  })

  it('notices a missing end', async () => {
    for (let kept = 0; kept < sealed.chunks.length; kept++)
      expect(await causeOf({ chunks: sealed.chunks.slice(0, kept) }), `${kept} chunks`).to.equal('TRUNCATED')
  })

  it('notices a missing end where the last data chunk is as long as a trailer', async () => {
    const short = await sealWhole(randomBytes(16 * chunkData + 256))
    const cut = short.chunks.slice(0, -1)
    const lengths = short.chunks.map((chunk) => chunk.length)
    expect(lengths.slice(-2)).to.deep.equal([272, 272])
    expect(await failureCause(() => openWhole({ ...short, chunks: cut }))).to.equal('TRUNCATED')
  })

  it('notices that the whole is not what was anchored', async () => {
    expect(await causeOf({ ptCommit: randomBytes(32) })).to.equal('COMMITMENT')
  })

  it('notices every flipped bit, wherever it is', async () => {
    const small = await sealWhole(randomBytes(100))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('header', 'dek', 'chunks', 'ptCommit'), fc.nat(), async (part, at) => {
        const altered = { ...small, chunks: small.chunks.map((chunk) => chunk.slice()) }
        const target = part === 'chunks' ? (altered.chunks[at % 2] as Bytes) : small[part].slice()
        target[at % target.length] = (target[at % target.length] as number) ^ (1 << (at % 8))
        const error = await failure(() => openWhole(part === 'chunks' ? altered : { ...altered, [part]: target }))
        expect(error.code).to.equal('OPEN')
      }),
      { numRuns: 60 },
    )
  })
})

describe('range reads', () => {
  let plain: Bytes
  let sealed: Whole
  before(async () => {
    plain = randomBytes(250_000)
    sealed = await sealWhole(plain)
  })
  const fetching = (asked: number[]) => (first: number, count: number) => {
    for (let i = first; i < first + count; i++) asked.push(i)
    return sealed.chunks.slice(first, first + count)
  }
  const sealedLen = () => concat(...sealed.chunks).length

  it('give the bytes of any range, and fetch only their chunks and the trailer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(250_000), fc.nat(260_000), async (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const asked: number[] = []
        const read = await openBytes({ ...sealed, sealedLen: sealedLen(), from, to, fetchChunks: fetching(asked) })
        expect(equal(await drain(read.bytes), plain.subarray(from, to))).to.equal(true)
        const needed = Math.ceil(Math.min(to, 250_000) / chunkData) - Math.floor(from / chunkData)
        expect(asked.length).to.equal(1 + (from < Math.min(to, 250_000) ? needed : 0))
      }),
      { numRuns: 40 },
    )
  })

  it('read the trailer by itself', async () => {
    const chunk = sealed.chunks.at(-1) as Bytes
    expect(await readTrailer({ ...sealed, sealedLen: sealedLen(), chunk })).to.deep.equal({
      mime: 'application/fhir+json',
      realLen: 250_000,
    })
    const data = sealed.chunks[0] as Bytes
    expect(await failureCause(() => readTrailer({ ...sealed, sealedLen: sealedLen(), chunk: data }))).to.equal(
      'TRUNCATED',
    )
    const length = sealedLen() + 1
    expect(await failureCause(() => readTrailer({ ...sealed, sealedLen: length, chunk }))).to.equal('COMMITMENT')
  })

  it('refuse a start beyond the end, and chunks that are missing, too short or altered', async () => {
    const fetchChunks = fetching([])
    const read = { ...sealed, sealedLen: sealedLen(), fetchChunks }
    expect((await failure(() => openBytes({ ...read, from: 250_001 }))).code).to.equal('BYTE_RANGE')
    expect((await failure(() => openBytes({ ...read, from: -1 }))).code).to.equal('BYTE_RANGE')
    expect(await failureCause(() => openBytes({ ...read, fetchChunks: () => [] }))).to.equal('TRUNCATED')
    const only = (chunks: Bytes[]) => (first: number, count: number) =>
      first === sealed.chunks.length - 1 ? fetchChunks(first, count) : chunks
    const partly = await openBytes({ ...read, to: 100_000, fetchChunks: only(sealed.chunks.slice(0, 1)) })
    expect(await failureCause(() => drain(partly.bytes))).to.equal('TRUNCATED')
    const moved = await openBytes({ ...read, to: 1000, fetchChunks: only(sealed.chunks.slice(1, 2)) })
    expect(await failureCause(() => drain(moved.bytes))).to.equal('CHUNK')
    const wrongKey = await failure(() => openBytes({ ...read, dek: randomBytes(32), fetchChunks: () => [] }))
    expect((wrongKey.cause as { code: string }).code).to.equal('KEY_MISMATCH')
  })
})

describe('padded length', () => {
  it('is at most 12 % more, never less, and the same for neighbours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 45 }), (length) => {
        const padded = padme(length)
        expect(padded).to.be.at.least(Math.max(4096, length))
        expect(padded).to.be.at.most(Math.max(4096, length * 1.12))
        expect(padme(padded)).to.equal(padded)
      }),
    )
  })

  it('is exact next to large powers of two', () => {
    expect(padme(2 ** 48 - 1)).to.equal(2 ** 48)
    expect(padme(2 ** 48)).to.equal(2 ** 48)
    expect(padme(4097)).to.equal(4352)
  })
})

type Whole = { header: Bytes; dek: Bytes; chunks: Bytes[]; ptCommit: Bytes }

async function collect(sealed: ReturnType<typeof seal>): Promise<Whole> {
  const chunks: Bytes[] = []
  for await (const chunk of sealed.chunks) chunks.push(chunk)
  return { header: sealed.header, dek: sealed.dek, chunks, ptCommit: await sealed.ptCommit }
}

const sealWhole = (plain: Bytes): Promise<Whole> => collect(seal([plain], options))
const openWhole = (sealed: Whole): Promise<Bytes> => drain(openAll(sealed).bytes)

async function drain(pieces: AsyncIterable<Uint8Array>): Promise<Bytes> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return concat(...all)
}

async function failure(run: () => Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await run()
  } catch (error) {
    return error as Error
  }
  throw new Error('It should have failed.')
}

const failureCause = async (run: () => Promise<unknown>) => ((await failure(run)).cause as { code: string }).code
