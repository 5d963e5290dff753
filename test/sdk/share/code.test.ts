import { type Bytes, concat, equal } from '@sharewell/sdk/bytes'
import { randomBytes } from '@sharewell/sdk/primitives'
import {
  decodeChunk,
  encodeChunk,
  type Part,
  PartError,
  type Policy,
  rowLength,
  type ShareCode,
  tableCode,
} from '@sharewell/sdk/share'
import { expect } from 'chai'
import fc from 'fast-check'
import { fastestCode } from '../../../sdk/src/share/engine/index.ts'
import { cantorBasis, fieldOf } from '../../../sdk/src/share/field.ts'
import { encodingMatrix } from '../../../sdk/src/share/matrix.ts'
import { rank, smallPolicies, subsets } from '../../helpers/code-rank.ts'

describe('share code', () => {
  it('rebuilds from any t shares, for any policy and length', () => {
    fc.assert(
      fc.property(policies(40), fc.uint8Array({ minLength: 1, maxLength: 900 }), fc.infiniteStream(fc.nat()), check),
      { numRuns: 150 },
    )
  })

  it('rebuilds over the larger field too', () => {
    const large = fc.constantFrom({ n: 300, t: 150, r: 0 }, { n: 300, t: 20, r: 19 }, { n: 260, t: 5, r: 2 })
    const chunks = fc.uint8Array({ minLength: 1, maxLength: 9000 })
    fc.assert(fc.property(large, chunks, fc.infiniteStream(fc.nat()), check), { numRuns: 12 })
  })

  it('rebuilds at the largest sizes a policy may have', () => {
    const policy = { n: 65_000, t: 3, r: 1 }
    const chunk = randomBytes(100)
    const parts = partsOf(encodeChunk(policy, chunk))
    expect(decodeChunk(policy, [parts[64_999], parts[77], parts[0]] as Part[], 100)).to.deep.equal(chunk)
    const wide = { n: 1100, t: 1024, r: 0 }
    const bytes = randomBytes(2 ** 16)
    expect(equal(decodeChunk(wide, partsOf(encodeChunk(wide, bytes)).slice(76), 2 ** 16), bytes)).to.equal(true)
  })

  /** The choices of t shares that do not give the chunk back. */
  const failing = (policy: Policy, code: ShareCode = fastestCode()): number[][] => {
    const chunk = randomBytes(50)
    const parts = partsOf(encodeChunk(policy, chunk, { code }))
    const fails = (some: Part[]) => {
      try {
        return !equal(decodeChunk(policy, some, 50, { code }), chunk)
      } catch (error) {
        // No word of the code.
        if (error instanceof PartError) return true
        throw error
      }
    }
    return [...subsets(parts, policy.t)].filter(fails).map((some) => some.map(({ index }) => index))
  }

  it('survives every pattern of n - t losses, for every small policy', () => {
    for (const policy of smallPolicies(6)) expect(failing(policy)).to.deep.equal([])
  })

  it('is seen where one pattern does not survive', () => {
    const policy = { n: 5, t: 3, r: 1 }
    const unlucky = [0, 2, 4]
    // Right but for the shares of one pattern.
    const decode: ShareCode['decode'] = (shape, parts) => {
      const rows = tableCode.decode(shape, parts)
      return unlucky.every((index) => parts.some((part) => part.index === index)) ? rows.toReversed() : rows
    }
    expect(failing(policy, { ...tableCode, decode })).to.deep.equal([unlucky])
    // Two shares that say the same.
    const encode: ShareCode['encode'] = (shape, rows) => {
      const shares = tableCode.encode(shape, rows)
      return shares.with(4, shares[3] as Bytes)
    }
    expect(failing(policy, { ...tableCode, encode })).to.have.length(6)
  })

  it('does not mind order, nor more shares than needed', () => {
    const policy = { n: 9, t: 6, r: 3 }
    const chunk = randomBytes(1000)
    const parts = partsOf(encodeChunk(policy, chunk))
    expect(decodeChunk(policy, parts.toReversed(), 1000)).to.deep.equal(chunk)
  })

  it('joins the data shares of r = 0 without any field work', () => {
    const policy = { n: 5, t: 3, r: 0 }
    const chunk = randomBytes(3 * 64)
    const parts = encodeChunk(policy, chunk)
    expect(concat(...parts.slice(0, 3))).to.deep.equal(chunk)
  })

  it('gives every engine the t rows that the definition names', () => {
    const policy = { n: 5, t: 3, r: 1 }
    const seen: number[] = []
    const code = {
      ...tableCode,
      encode: (given: Policy, rows: readonly Bytes[]) => {
        seen.push(...rows.map((row) => row.length))
        return tableCode.encode(given, rows)
      },
    }
    encodeChunk(policy, randomBytes(100), { code, random: (length) => new Uint8Array(length) })
    expect(seen).to.deep.equal([64, 64, 64])
  })

  it('refuses too few, repeated, unknown and resized shares, and an empty chunk', () => {
    const policy = { n: 5, t: 3, r: 1 }
    const [a, b, c] = partsOf(encodeChunk(policy, randomBytes(100))) as [Part, Part, Part]
    const refused = (parts: Part[], code: string, length = 100) =>
      expect(() => decodeChunk(policy, parts, length))
        .to.throw()
        .with.property('code', code)
    refused([a, b], 'TOO_FEW_SHARES')
    refused([], 'TOO_FEW_SHARES')
    refused([a, b, b], 'PART')
    refused([a, b, c, c], 'PART')
    refused([a, b, { index: 5, body: c.body }], 'PART')
    refused([a, b, { index: -1, body: c.body }], 'PART')
    refused([a, b, { index: 1.5, body: c.body }], 'PART')
    refused([a, b, { index: 2, body: c.body.slice(1) }], 'PART')
    refused([a, b, c], 'PART', 0)
    expect(() => encodeChunk(policy, new Uint8Array(0)))
      .to.throw()
      .with.property('code', 'PART')
    expect(() => encodeChunk(policy, new Uint8Array(9), { random: () => new Uint8Array(1) }))
      .to.throw()
      .with.property('code', 'PART')
  })

  it('gives shares of their own also where a chunk fills its rows, whatever array it comes in', () => {
    for (const policy of [
      { n: 5, t: 3, r: 0 },
      { n: 5, t: 3, r: 2 },
    ]) {
      const chunk = Buffer.from(randomBytes(96))
      const parts = partsOf(encodeChunk(policy, chunk))
      const before = Uint8Array.from(chunk)
      for (const { body } of parts.slice(0, 2)) body.fill(0)
      expect(chunk.equals(before)).to.equal(true)
      chunk.fill(0)
      expect(decodeChunk(policy, parts.slice(2), 96).some((byte) => byte !== 0)).to.equal(true)
      for (const { body } of parts) expect(body.buffer.byteLength).to.equal(body.length)
    }
  })

  it('writes shares where the caller says, over whatever is there', () => {
    for (const code of [tableCode, undefined])
      for (const [n, t, r, length] of [
        [5, 3, 0, 100],
        [5, 3, 2, 100],
        [20, 10, 0, 10_000],
        [20, 10, 9, 10_000],
      ] as const) {
        const policy = { n, t, r }
        const into = Array.from({ length: n }, () => randomBytes(rowLength(policy, length)))
        for (const chunk of [randomBytes(length), randomBytes(length)]) {
          const random = length < 1_000 ? randomBytes : undefined
          const shares = encodeChunk(policy, chunk, { code, into, random })
          shares.forEach((share, i) => {
            expect(share).to.equal(into[i])
          })
          expect(decodeChunk(policy, partsOf(shares).slice(-t), length)).to.deep.equal(chunk)
          expect(decodeChunk(policy, partsOf(shares).slice(0, t), length)).to.deep.equal(chunk)
        }
      }
  })

  it('writes the chunk where the caller says, over whatever is there', () => {
    for (const code of [tableCode, undefined])
      for (const [n, t, r] of [
        [5, 3, 0],
        [5, 3, 2],
        [20, 10, 4],
      ] as const) {
        const policy = { n, t, r }
        const into = randomBytes((t - r) * rowLength(policy, 1_000) + 5)
        const after = into.slice(-5)
        for (const chunk of [randomBytes(1_000), randomBytes(1_000)]) {
          const parts = partsOf(encodeChunk(policy, chunk)).slice(-t)
          const joined = decodeChunk(policy, parts, 1_000, { code, into })
          expect(joined).to.deep.equal(chunk)
          expect(joined.buffer).to.equal(into.buffer)
          expect(into.slice(-5)).to.deep.equal(after)
          expect(() => decodeChunk(policy, parts, 1_000, { into: into.subarray(6) }))
            .to.throw()
            .with.property('code', 'PART')
        }
      }
  })

  it('refuses room for other shares, and leaves it as it was', () => {
    const policy = { n: 5, t: 3, r: 2 }
    const rows = (count: number, length: number) => Array.from({ length: count }, () => new Uint8Array(length))
    const right = rowLength(policy, 100)
    const [first, ...others] = rows(5, right)
    const twice = [first, ...others.slice(1), first] as Bytes[]
    const longer = [...rows(4, right), new Uint8Array(right + 1)]
    for (const into of [[], rows(4, right), rows(6, right), twice, longer]) {
      expect(() => encodeChunk(policy, randomBytes(100), { into }))
        .to.throw()
        .with.property('code', 'PART')
      expect(into.every((row) => row.every((byte) => byte === 0))).to.equal(true)
    }
  })

  it('draws fresh random rows for every chunk', () => {
    const policy = { n: 5, t: 3, r: 2 }
    const chunk = new Uint8Array(64)
    expect(encodeChunk(policy, chunk)[0]).not.to.deep.equal(encodeChunk(policy, chunk)[0])
  })
})

describe('privacy of the share code', () => {
  it('makes any r shares uniform, whatever the data: counted over all random rows', () => {
    for (const policy of [
      { n: 5, t: 2, r: 1 },
      { n: 4, t: 3, r: 2 },
    ]) {
      for (const data of [0, 1, 0xa7]) {
        const seen = jointCounts(policy, data)
        for (const counts of seen) expect(counts.size).to.equal(256 ** policy.r)
      }
    }
  })

  it('has full rank on every r shares over the random rows, and on every t shares over all rows', () => {
    for (const policy of smallPolicies(8)) {
      if (policy.r === 0) continue
      const { field, coefficient } = encodingMatrix(policy)
      const shares = Array.from({ length: policy.n }, (_, i) => i)
      const randomColumns = shares.slice(policy.t - policy.r, policy.t)
      for (const some of subsets(shares, policy.r))
        expect(
          rank(
            field,
            some.map((i) => randomColumns.map((j) => coefficient(i, j))),
          ),
        ).to.equal(policy.r)
      for (const some of subsets(shares, policy.t))
        expect(
          rank(
            field,
            some.map((i) => shares.slice(0, policy.t).map((j) => coefficient(i, j))),
          ),
        ).to.equal(policy.t)
    }
  })

  it('holds no data row verbatim in a share when r > 0', () => {
    const policy = { n: 9, t: 6, r: 3 }
    const rows = Array.from({ length: 6 }, () => randomBytes(64))
    for (const share of tableCode.encode(policy, rows)) for (const row of rows) expect(share).not.to.deep.equal(row)
  })
})

describe('fields of the share code', () => {
  it('have the basis that the rule b = even root of z^2 + z gives', () => {
    for (let i = 1; i < 16; i++) {
      const { multiply } = fieldOf(i < 8 ? 8 : 16)
      const z = cantorBasis[i] as number
      expect(z % 2).to.equal(0)
      expect(multiply(z, z) ^ z).to.equal(cantorBasis[i - 1])
    }
  })

  it('obey the laws of a field', () => {
    for (const bits of [8, 16] as const) {
      const { multiply } = fieldOf(bits)
      const element = fc.nat(2 ** bits - 1)
      fc.assert(
        fc.property(element, element, element, (a, b, c) => {
          expect(multiply(a, b)).to.equal(multiply(b, a))
          expect(multiply(a, multiply(b, c))).to.equal(multiply(multiply(a, b), c))
          expect(multiply(a, b ^ c)).to.equal(multiply(a, b) ^ multiply(a, c))
          expect(multiply(a, 1)).to.equal(a)
          if (a !== 0 && b !== 0) expect(multiply(a, b)).not.to.equal(0)
        }),
      )
    }
  })
})

const partsOf = (bodies: readonly Bytes[]): Part[] => bodies.map((body, index) => ({ index, body }))

const policies = (most: number) =>
  fc
    .tuple(fc.integer({ min: 1, max: most }), fc.nat(), fc.nat())
    .map(([n, a, b]) => ({ n, t: 1 + (a % n), r: b % (1 + (a % n)) }))

/** Rebuilds from t shares in the order that the stream of numbers chooses. */
function check(policy: Policy, given: Uint8Array, choices: Iterator<number>): void {
  const chunk = new Uint8Array(given)
  const bodies = encodeChunk(policy, chunk)
  expect(bodies.length).to.equal(policy.n)
  expect(bodies.every((body) => body.length === rowLength(policy, chunk.length))).to.equal(true)
  const left = partsOf(bodies)
  const some = Array.from({ length: policy.t }, () => left.splice(choices.next().value % left.length, 1)[0] as Part)
  expect(equal(decodeChunk(policy, some, chunk.length), chunk)).to.equal(true)
}

/** For every r-subset of shares: which values it takes over all values of the random rows. */
function jointCounts(policy: Policy, data: number): Set<number>[] {
  const k = policy.t - policy.r
  const total = 256 ** policy.r
  const row = (value: (column: number) => number) => Uint8Array.from({ length: total }, (_, i) => value(i))
  const dataRows = Array.from({ length: k }, () => row(() => data))
  const randomRows = Array.from({ length: policy.r }, (_, j) => row((i) => (i >> (8 * j)) & 255))
  const shares = tableCode.encode(policy, [...dataRows, ...randomRows])
  return [...subsets(shares, policy.r)].map((some) => {
    const seen = new Set<number>()
    for (let i = 0; i < total; i++) seen.add(some.reduce((sum, share) => sum * 256 + (share[i] as number), 0))
    return seen
  })
}
