import { type Bytes, fromHex, toHex } from '@sharewell/sdk/bytes'
import { CborError, type CborValue, decode, encode, field } from '@sharewell/sdk/cbor'
import { expect } from 'chai'
import fc from 'fast-check'

const key = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => text !== '__proto__')
const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme' }).map((text) => text.normalize('NFC')),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
    fc.array(tie('value')),
    fc.dictionary(
      key.map((text) => text.normalize('NFC')),
      tie('value'),
      { noNullPrototype: true },
    ),
  ),
}))

describe('deterministic CBOR', () => {
  it('is not read where a few bytes would take much memory', () => {
    const items = (count: number, one = 0x40) => {
      const bytes = new Uint8Array(5 + count).fill(one)
      bytes.set([0x9a, ...new Uint8Array(new Uint32Array([count]).buffer).reverse()])
      return bytes
    }
    expect(decode(items(70_000))).to.have.length(70_000)
    for (const one of [0x40, 0x60, 0x80, 0x00, 0xf6])
      expect(() => decode(items(2 ** 18, one)), String(one)).to.throw(CborError, 'items')
    const long = [new Uint8Array(2 ** 18 + 1), 'x'.repeat(300), 2 ** 40, new Uint8Array(70_000), 'é'.repeat(100)]
    expect(decode(encode(long))).to.deep.equal(long)
    expect(() => decode(encode([...long, Array.from({ length: 2 ** 18 }, () => 0)]))).to.throw(CborError, 'items')
    for (const cut of [[0x5b], [0x1c], [0x5f, 0xff], [0x9b, 255, 255, 255, 255, 255, 255, 255, 255]])
      expect(() => decode(Uint8Array.from(cut))).to.throw(CborError, 'cannot be read')
  })

  it('gives back what it encoded, as the same bytes', () => {
    fc.assert(
      fc.property(value, (value) => {
        const bytes = encode(value)
        expect(encode(decode(bytes) as CborValue)).to.deep.equal(bytes)
        expect(decode(bytes)).to.deep.equal(Object.is(value, -0) ? 0 : value)
      }),
    )
  })

  it('gives bytes that are nobody else’s, of whatever length', () => {
    for (const length of [0, 1, 24, 100, 172, 1_000, 5_000, 100_000]) {
      const bytes = encode({ a: new Uint8Array(length), text: 'x'.repeat(length % 60) })
      expect(bytes.constructor).to.equal(Uint8Array)
      expect(bytes.buffer.byteLength).to.equal(bytes.length)
    }
  })

  it('orders keys by their encoded bytes and leaves absent fields out', () => {
    expect(toHex(encode({ bb: 1, a: 2, gone: undefined, c: 3 }))).to.equal('0xa3616102616303626262' + '01')
    expect(encode({ a: 1, b: 2 })).to.deep.equal(encode({ b: 2, a: 1 }))
  })

  it('has one encoding for a text, composed or not', () => {
    expect(encode('e\u0301')).to.deep.equal(encode('\u00e9'))
    expect(() => encode({ 'e\u0301': 1, '\u00e9': 2 }))
      .to.throw()
      .with.property('code', 'CBOR')
  })

  it('refuses values that have no deterministic form', () => {
    const wrong = [
      1.5,
      Number.NaN,
      Infinity,
      2 ** 53,
      undefined,
      [undefined],
      new Map(),
      new Date(0),
      () => 1,
      Symbol('x'),
      2n ** 64n,
    ]
    for (const value of wrong)
      expect(() => encode(value as CborValue))
        .to.throw()
        .with.property('code', 'CBOR')
    let deep: CborValue = 1
    for (let i = 0; i < 40; i++) deep = [deep]
    expect(() => encode(deep))
      .to.throw()
      .with.property('code', 'CBOR')
  })

  it('refuses every cut, and every byte behind the end', () => {
    fc.assert(
      fc.property(value, fc.nat(), (value, at) => {
        const bytes = encode(value)
        expect(() => decode(bytes.subarray(0, at % bytes.length)))
          .to.throw()
          .with.property('code', 'CBOR')
        expect(() => decode(new Uint8Array([...bytes, 0])))
          .to.throw()
          .with.property('code', 'CBOR')
      }),
    )
  })

  it('never throws another error, whatever arrives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(encode(decode(bytes) as CborValue)).to.deep.equal(new Uint8Array(bytes))
        } catch (error) {
          expect((error as { code?: string }).code).to.equal('CBOR')
        }
      }),
      { numRuns: 500 },
    )
    const nested = new Uint8Array(100_000).fill(0x81) as Bytes
    expect(() => decode(nested))
      .to.throw()
      .with.property('code', 'CBOR')
    expect(() => decode(fromHex('0x9bffffffffffffffff')))
      .to.throw()
      .with.property('code', 'CBOR')
    expect(() => decode(fromHex('0x5b00000fffffffffff')))
      .to.throw()
      .with.property('code', 'CBOR')
  })
})

describe('fields', () => {
  const read = field.record({
    v: field.literal(1),
    id: field.bytes(2),
    name: field.text(4),
    list: field.array(field.integer(0, 9)),
    note: field.optional(field.bytes()),
    more: field.map(field.literal('x', 'y')),
  })
  const good = { v: 1, id: new Uint8Array(2), name: 'four', list: [1, 9], more: { a: 'x' } }

  it('take an object of exactly these fields', () => {
    expect(read(good)).to.deep.equal(good)
    const noted = { ...good, note: new Uint8Array(3) }
    expect(read(noted)).to.deep.equal(noted)
  })

  it('refuse missing, further and other fields, and name the path', () => {
    const wrong: [object, string][] = [
      [{ ...good, v: 2 }, 'v'],
      [{ ...good, id: new Uint8Array(3) }, 'id'],
      [{ ...good, id: 'no' }, 'id'],
      [{ ...good, name: 'fives' }, 'name'],
      [{ ...good, list: [1, 10] }, 'list[1]'],
      [{ ...good, list: {} }, 'list'],
      [{ ...good, more: { a: 'z' } }, 'more.a'],
      [{ ...good, more: [] }, 'more'],
      [{ ...good, note: 1 }, 'note'],
      [{ ...good, extra: 1 }, 'object'],
      [{ v: 1 }, 'id'],
      [[], 'object'],
    ]
    for (const [value, path] of wrong)
      expect(() => read(value))
        .to.throw()
        .with.property('message')
        .that.includes(`Field ${path}:`)
    expect(() => read(null))
      .to.throw()
      .with.property('code', 'CBOR_FIELD')
  })
})
