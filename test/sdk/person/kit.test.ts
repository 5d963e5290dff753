import { fromHex } from '@sharewell/sdk/bytes'
import {
  combineWords,
  readSheet,
  shareFacts,
  splitWords,
  wordsBegin,
  wordsEnd,
  writeSheetCode,
} from '@sharewell/sdk/person'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'

const networkId = randomBytes(32)
const seed = fromHex(`0x${'5a'.repeat(32)}`)
const [sheets = []] = splitWords(seed, { groups: [{ needed: 3, of: 5 }], exponent: 0 })

describe('sheets of a recovery kit', () => {
  it('give their words back from the text of their QR code, which fits a picture of 45 modules', () => {
    const codes = sheets.map((words) => writeSheetCode({ networkId, words }))
    for (const [at, code] of codes.entries()) {
      expect(readSheet(`\n${code}  `, { networkId })).to.equal(sheets[at])
      // Version 7 at level L.
      expect(code.length).to.be.at.most(154)
    }
    const read = codes.slice(1, 4).map((code) => readSheet(code, { networkId }))
    expect(combineWords(read)).to.deep.equal(seed)
  })

  it('say of which set they are, which one of it, and how many are needed', () => {
    const facts = sheets.map(shareFacts)
    expect(new Set(facts.map(({ set }) => set)).size).to.equal(1)
    expect(facts.map(({ at }) => at)).to.deep.equal([1, 2, 3, 4, 5])
    expect(facts.map(({ needed }) => needed)).to.deep.equal([3, 3, 3, 3, 3])
  })

  it('are read from a page with other text around them, with the numbers of the words', () => {
    const words = (sheets[0] ?? '').split(' ')
    const rows = words.map((word, at) => `${at + 1} ${word}`).join('\n')
    const page = `Sheet 1 of 5\n${wordsBegin}\n${rows}\n${wordsEnd}\nKeep it dry.`
    expect(combineWords([readSheet(page, { networkId }), ...sheets.slice(1, 3)])).to.deep.equal(seed)
    expect(readSheet(`  ${words.join('\n')} `, { networkId }).split(/\s+/)).to.deep.equal(words)
  })

  it('refuse a code that is of another network, damaged, or holds words that are none', () => {
    const [words = ''] = sheets
    const code = writeSheetCode({ networkId, words })
    expect(() => readSheet(code, { networkId: randomBytes(32) }))
      .to.throw()
      .with.property('code', 'GUARDIAN')
    expect(() => readSheet(code.slice(0, -3), { networkId }))
      .to.throw()
      .with.property('code', 'GUARDIAN')
    // The words stand before the network in the code.
    const altered = `${code.slice(0, 50)}${code[50] === 'A' ? 'B' : 'A'}${code.slice(51)}`
    expect(() => readSheet(altered, { networkId }))
      .to.throw()
      .with.property('code', 'RECOVERY_WORDS')
    expect(() => writeSheetCode({ networkId, words: words.replace(/^\w+/, 'academic') }))
      .to.throw()
      .with.property('code', 'RECOVERY_WORDS')
  })
})
