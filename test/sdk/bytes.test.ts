import {
  type Bytes,
  collect,
  concat,
  equal,
  fromBase64url,
  fromHex,
  fromUtf8,
  lp,
  release,
  toBase64url,
  toHex,
  u8,
  u16,
  u32,
  u64,
  utf8,
} from '@sharewell/sdk/bytes'
import { expect } from 'chai'
import fc from 'fast-check'

const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes) as Bytes)

describe('bytes', () => {
  it('come back from hex and from base64url, as other tools write them', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(fromHex(toHex(bytes))).to.deep.equal(bytes)
        expect(toHex(bytes)).to.equal(`0x${Buffer.from(bytes).toString('hex')}`)
        expect(fromBase64url(toBase64url(bytes))).to.deep.equal(bytes)
        expect(toBase64url(bytes)).to.equal(Buffer.from(bytes).toString('base64url'))
      }),
    )
  })

  it('writes long base64url without overflowing the stack', () => {
    const bytes = new Uint8Array(1_000_000).fill(200)
    expect(fromBase64url(toBase64url(bytes)).length).to.equal(1_000_000)
  })

  it('refuses hex and base64url that are not exact', () => {
    for (const hex of ['', '00', '0x0', '0xzz', '0x00 ', '0X00']) refused(() => fromHex(hex))
    refused(() => fromHex('0x0011', 3))
    for (const text of ['A', 'AA==', 'A+', 'AB', 'AAB', 'AA\n']) refused(() => fromBase64url(text))
  })

  it('compares by content', () => {
    expect(equal(u32(1), u32(1))).to.equal(true)
    expect(equal(u32(1), u32(2))).to.equal(false)
    expect(equal(u32(1), u16(1))).to.equal(false)
    // Long ones go four bytes at once: each bit counts, wherever the bytes lie, in a Buffer too.
    for (const [length, offset] of [
      [255, 0],
      [256, 0],
      [257, 1],
      [258, 2],
      [1_023, 3],
    ] as const) {
      const one = Uint8Array.from({ length }, (_, i) => i * 7)
      for (const room of [new Uint8Array(length + offset), Buffer.alloc(length + offset)]) {
        const other = room.subarray(offset)
        other.set(one)
        expect(equal(one, other)).to.equal(true)
        for (let at = 0; at < 8 * length; at += 13) {
          const byte = other[at >> 3] as number
          other[at >> 3] = byte ^ (1 << (at & 7))
          expect(equal(other, one), `bit ${at} of ${length}`).to.equal(false)
          other[at >> 3] = byte
        }
      }
    }
  })

  it('writes integers big-endian, within their size only', () => {
    expect(toHex(concat(u8(255), u16(258), u32(16909060), u64(2n ** 64n - 1n)))).to.equal(
      '0xff010201020304ffffffffffffffff',
    )
    expect(toHex(u64(Number.MAX_SAFE_INTEGER))).to.equal('0x001fffffffffffff')
    for (const value of [-1, 1.5, 256, Number.NaN]) refused(() => u8(value))
    refused(() => u64(2 ** 53))
    refused(() => u64(2n ** 64n))
    refused(() => u64(-1n))
  })

  it('puts a length before bytes, so that neighbours cannot change places', () => {
    expect(toHex(lp(utf8('ab')))).to.equal('0x000000026162')
  })

  it('encodes text in NFC and decodes only UTF-8', () => {
    expect(utf8('e\u0301')).to.deep.equal(utf8('\u00e9'))
    expect(fromUtf8(utf8('Zo\u00eb'))).to.equal('Zo\u00eb')
    refused(() => fromUtf8(Uint8Array.of(0xff)))
  })

  it('are gathered from a stream in whatever pieces they come, and no further than the limit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyBytes), fc.nat({ max: 2_000 }), async (pieces, limit) => {
        const whole = concat(...pieces)
        const gathered = await collect(new Blob(pieces).stream(), limit)
        expect(gathered).to.deep.equal(whole.length > limit ? undefined : whole)
      }),
    )
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(100).fill(++sent)),
    })
    expect(await collect(endless, 10_000)).to.equal(undefined)
    expect(sent).to.be.lessThan(110)
    const single = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < 9_000; at++) controller.enqueue(Uint8Array.of(at % 256))
        controller.close()
      },
    })
    const one = await collect(single, 9_000)
    expect(one).to.deep.equal(Uint8Array.from({ length: 9_000 }, (_, at) => at % 256))
    expect(await collect(null, 10)).to.deep.equal(new Uint8Array())
  })

  it('give memory back at once, but for what is a part of something larger', () => {
    const whole = new Uint8Array(100).fill(7)
    const part = new Uint8Array(100).fill(7).subarray(1)
    const none = new Uint8Array(0)
    release(whole, part, none)
    release(whole)
    expect([whole.length, part.length, part[98]]).to.deep.equal([0, 99, 7])
  })
})

function refused(run: () => unknown): void {
  expect(run).to.throw().with.property('code', 'ENCODING')
}
