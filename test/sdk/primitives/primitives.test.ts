import { type Bytes, concat, fromHex, toHex, utf8 } from '@sharewell/sdk/bytes'
import { expect } from 'chai'
import fc from 'fast-check'
import * as browser from '../../../sdk/src/primitives/browser.ts'
import * as node from '../../../sdk/src/primitives/node.ts'
import aesGcm from '../../data/wycheproof/aes_gcm_256_test.json' with { type: 'json' }

const platforms = { node, browser }
const bytes = (maxLength = 300) => fc.uint8Array({ maxLength }).map((value) => new Uint8Array(value) as Bytes)
const hex = (text: string) => fromHex(`0x${text}`)

for (const [platform, primitives] of Object.entries(platforms))
  describe(`primitives of ${platform}`, () => {
    it('hash the abc of FIPS 180-4, at once, natively and in pieces', async () => {
      const expected = '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
      const abc = utf8('abc')
      expect(toHex(primitives.sha256(abc))).to.equal(expected)
      expect(toHex(await primitives.digest(abc))).to.equal(expected)
      const pieces = primitives.createSha256().update(abc.subarray(0, 1)).update(abc.subarray(1))
      expect(toHex(pieces.digest())).to.equal(expected)
    })

    it('take the MAC of RFC 4231, at once and in pieces', () => {
      const expected = '0x5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
      const [key, data] = [utf8('Jefe'), utf8('what do ya want for nothing?')]
      expect(toHex(primitives.hmacSha256(key, data))).to.equal(expected)
      expect(toHex(primitives.createHmac(key).update(data.subarray(0, 7)).update(data.subarray(7)).digest())).to.equal(
        expected,
      )
    })

    it('derive the keys of RFC 5869', () => {
      const ikm = new Uint8Array(22).fill(0x0b)
      const first = primitives.hkdf(ikm, hex('f0f1f2f3f4f5f6f7f8f9'), {
        salt: hex('000102030405060708090a0b0c'),
        length: 42,
      })
      expect(toHex(first)).to.equal(
        '0x3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
      )
      const noSalt = primitives.hkdf(ikm, new Uint8Array(0), { length: 42 })
      expect(toHex(noSalt)).to.equal(
        '0x8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
      )
      expect(() => primitives.hkdf(ikm, ikm, { length: 255 * 32 + 1 }))
        .to.throw()
        .with.property('code', 'PRIMITIVE_SIZE')
    })

    it('open what is valid in Wycheproof and refuse the rest', async () => {
      const counts = { opened: 0, refused: 0 }
      for (const { tcId, key, iv, aad, msg, ct, tag, result } of aesGcm.testGroups.flatMap(({ tests }) => tests)) {
        const [k, n, a] = [hex(key), hex(iv), hex(aad)]
        const sealed = concat(hex(ct), hex(tag))
        // Nonces of other sizes are valid GCM, but no format of ours has them.
        if (result === 'valid' && n.length === 12) {
          expect(toHex(await primitives.aesGcmOpen(k, n, sealed, a)), `test ${tcId}`).to.equal(`0x${msg}`)
          expect(await primitives.aesGcmSeal(k, n, hex(msg), a), `test ${tcId}`).to.deep.equal(sealed)
          counts.opened++
        } else {
          const code = n.length === 12 ? 'AES_GCM' : 'PRIMITIVE_SIZE'
          expect(await codeOf(primitives.aesGcmOpen(k, n, sealed, a)), `test ${tcId}`).to.equal(code)
          counts.refused++
        }
      }
      expect(counts).to.deep.equal({ opened: 39, refused: 66 })
    })

    it('refuse short keys and what is shorter than a tag', async () => {
      const [nonce, empty] = [new Uint8Array(12), new Uint8Array(0)]
      for (const length of [0, 16, 31, 33])
        expect(await codeOf(primitives.aesGcmSeal(new Uint8Array(length), nonce, empty, empty))).to.equal(
          'PRIMITIVE_SIZE',
        )
      expect(await codeOf(primitives.aesGcmOpen(new Uint8Array(32), nonce, new Uint8Array(15), empty))).to.equal(
        'AES_GCM',
      )
    })

    it('draw as many random bytes as asked, beyond a call of WebCrypto', () => {
      for (const length of [0, 1, 65_536, 200_000]) {
        const drawn = primitives.randomBytes(length)
        expect(drawn.length).to.equal(length)
        if (length > 1000) expect(drawn.subarray(-1000).some((byte) => byte !== 0)).to.equal(true)
      }
    })

    it('fill what they are given and nothing beside it', () => {
      const room = new Uint8Array(200_002)
      primitives.fillRandom(room.subarray(1, -1))
      expect([room[0], room.at(-1)]).to.deep.equal([0, 0])
      for (const from of [1, 65_537, 131_073, 199_001])
        expect(room.subarray(from, from + 1000).some((byte) => byte !== 0)).to.equal(true)
    })

    it('give bytes of their own buffer, so that nothing else travels with them', async () => {
      const made = [
        primitives.sha256(utf8('x')),
        primitives.hmacSha256(utf8('x'), utf8('y')),
        await primitives.digest(utf8('x')),
        await primitives.aesGcmSeal(new Uint8Array(32), new Uint8Array(12), utf8('x'), utf8('y')),
      ]
      for (const bytes of made) expect(bytes.buffer.byteLength).to.equal(bytes.length)
    })
  })

describe('primitives of both platforms', () => {
  it('have the same names', () => {
    expect(Object.keys(node).sort()).to.deep.equal(Object.keys(browser).sort())
  })

  it('open what the other sealed, and hash alike', async () => {
    await fc.assert(
      fc.asyncProperty(bytes(), bytes(40), async (plain, aad) => {
        const [key, nonce] = [node.randomBytes(32), node.randomBytes(12)]
        const sealed = await node.aesGcmSeal(key, nonce, plain, aad)
        expect(await browser.aesGcmOpen(key, nonce, sealed, aad)).to.deep.equal(plain)
        expect(await browser.aesGcmSeal(key, nonce, plain, aad)).to.deep.equal(sealed)
        expect(await browser.digest(plain)).to.deep.equal(node.sha256(plain))
        expect(browser.hkdf(plain, aad)).to.deep.equal(node.hkdf(plain, aad))
      }),
    )
  })
})

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'accepted'
  } catch (error) {
    return (error as { code: string }).code
  }
}
