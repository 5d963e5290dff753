import { sha256 } from '@sharewell/sdk/primitives'
import {
  checkPolicy,
  chunkLog2For,
  cidOf,
  cidOfBlock,
  digestOf,
  rowLength,
  TooFewSharesError,
} from '@sharewell/sdk/share'
import { expect } from 'chai'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'

describe('policy', () => {
  it('takes what the code can carry', () => {
    for (const [n, t, r] of [
      [1, 1, 0],
      [5, 3, 2],
      [9, 6, 3],
      [65_535, 1, 0],
      [65_000, 3, 1],
      [32_768, 32_768, 32_000],
    ])
      expect(() => checkPolicy({ n, t, r } as { n: number; t: number; r: number })).not.to.throw()
  })

  it('refuses thresholds that contradict each other and codes that are too large', () => {
    for (const [n, t, r] of [
      [5, 6, 0],
      [5, 3, 3],
      [5, 0, 0],
      [5, 3, -1],
      [5.5, 3, 0],
      [5, Number.NaN, 0],
      [65_536, 3, 1],
      [65_535, 32_769, 32_000],
      [2000, 1025, 0],
    ] as [number, number, number][])
      expect(() => checkPolicy({ n, t, r }), `${n},${t},${r}`)
        .to.throw()
        .with.property('code', 'POLICY')
  })

  it('chooses chunks that keep share-chunks at 1 KiB or more, the largest for large or unknown records', () => {
    expect(chunkLog2For({ n: 5, t: 3, r: 0 }, 1000)).to.equal(16)
    expect(chunkLog2For({ n: 100, t: 65, r: 0 }, 1000)).to.equal(18)
    expect(chunkLog2For({ n: 1100, t: 1024, r: 0 }, 1000)).to.equal(20)
    expect(chunkLog2For({ n: 5, t: 3, r: 0 }, 2 ** 26)).to.equal(16)
    expect(chunkLog2For({ n: 5, t: 3, r: 0 }, 2 ** 26 + 1)).to.equal(20)
    expect(chunkLog2For({ n: 5, t: 3, r: 0 })).to.equal(20)
  })

  it('makes rows of whole groups of 32 bytes', () => {
    expect(rowLength({ n: 5, t: 3, r: 0 }, 272)).to.equal(96)
    expect(rowLength({ n: 9, t: 6, r: 3 }, 2 ** 20)).to.equal(349_536)
    expect(rowLength({ n: 5, t: 3, r: 2 }, 1)).to.equal(32)
  })

  it('says of each missing share why, by number', () => {
    const failures = [{ index: 4, reason: 'no answer', operator: '0x01' }]
    const error = new TooFewSharesError({ needed: 3, available: 2, failures })
    expect(error.message).to.include('2 valid shares, 3 needed').and.to.include('Share 4 at 0x01: no answer')
    expect(error.failures).to.deep.equal(failures)
  })
})

describe('names of blocks', () => {
  it('agree with multiformats, both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (block) => {
        const cid = cidOfBlock(block)
        expect(digestOf(cid)).to.deep.equal(sha256(block))
        expect(cidOf(sha256(block))).to.equal(cid)
        expect(CID.parse(cid).toV1().toString()).to.equal(cid)
      }),
    )
  })

  it('refuse other codecs, versions, hashes and spellings', () => {
    const cid = cidOfBlock(new Uint8Array(3))
    const others = [
      'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
      'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG',
      cid.toUpperCase(),
      `${cid}a`,
      cid.slice(0, -1),
      '',
      'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy?',
    ]
    for (const other of others)
      expect(() => digestOf(other), other)
        .to.throw()
        .with.property('code', 'CID')
    expect(() => cidOf(new Uint8Array(31)))
      .to.throw()
      .with.property('code', 'CID')
  })
})
