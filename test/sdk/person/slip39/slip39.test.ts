import { readFileSync } from 'node:fs'
import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { combineWords, RecoveryWordsError, shareFacts, splitWords } from '@sharewell/sdk/person'
import { expect } from 'chai'
import fc from 'fast-check'

type Published = readonly [description: string, mnemonics: readonly string[], secret: string, xprv: string]
const file = new URL('../../../data/slip39/vectors.json', import.meta.url)
const published = JSON.parse(readFileSync(file, 'utf8')) as readonly Published[]

const hexOf = (secret: Uint8Array) => toHex(secret).slice(2)

/** What a call was refused for. */
function faultOf(attempt: () => unknown): Pick<RecoveryWordsError, 'fault' | 'share' | 'word'> {
  try {
    attempt()
  } catch (error) {
    if (error instanceof RecoveryWordsError) return { fault: error.fault, share: error.share, word: error.word }
    throw error
  }
  return expect.fail('nothing was refused')
}

/** Why each of the published sets must be refused, and which share is named. */
const refused: Readonly<Record<number, readonly [RecoveryWordsError['fault'], share?: number, word?: number]>> = {
  2: ['checksum', 0, 19],
  3: ['padding', 0],
  5: ['missing'],
  6: ['set', 1],
  7: ['set', 1],
  8: ['set', 2],
  9: ['set', 1],
  10: ['numbers', 0],
  11: ['twice', 1],
  12: ['group', 1],
  13: ['digest'],
  14: ['missing'],
  15: ['missing'],
  16: ['missing'],
  21: ['checksum', 0, 32],
  22: ['padding', 0],
  24: ['missing'],
  25: ['set', 1],
  26: ['set', 1],
  27: ['set', 2],
  28: ['set', 1],
  29: ['numbers', 0],
  30: ['twice', 1],
  31: ['group', 1],
  32: ['digest'],
  33: ['missing'],
  34: ['missing'],
  35: ['missing'],
  39: ['length', 0],
  40: ['length', 0],
}

describe('recovery words (SLIP-39)', () => {
  for (const [at, [description, mnemonics, secret]] of published.entries())
    it(`published: ${description}`, () => {
      const combine = () => combineWords(mnemonics, { passphrase: 'TREZOR' })
      if (secret) return expect(hexOf(combine())).to.equal(secret)
      const [fault, share, word] = refused[at + 1] ?? expect.fail('a refusal that nobody explained')
      return expect(faultOf(combine)).to.deep.equal({ fault, share, word })
    })

  const seed = fromHex(`0x${'1f'.repeat(16)}${'c3'.repeat(16)}`)
  const guardians = { groups: [{ needed: 2, of: 3 }], exponent: 0 }

  it('writes a vault seed as 33 words, and half of one as 20', () => {
    for (const [secret, count] of [
      [seed, 33],
      [seed.subarray(0, 16), 20],
    ] as const)
      for (const text of splitWords(secret, guardians).flat()) expect(text.split(' ')).to.have.length(count)
  })

  it('gives the secret from any shares that are enough, in any order, and from no fewer', () => {
    const policy = fc.integer({ min: 2, max: 6 }).chain((of) =>
      fc.record({
        of: fc.constant(of),
        needed: fc.integer({ min: 2, max: of }),
      }),
    )
    const secrets = fc.uint8Array({ minLength: 8, maxLength: 16 }).map((half) => Uint8Array.from([...half, ...half]))
    fc.assert(
      fc.property(secrets, policy, fc.infiniteStream(fc.nat()), (secret, group, order) => {
        const [shares = []] = splitWords(secret, { groups: [group], exponent: 0 })
        const mixed = shares
          .map((text) => [order.next().value ?? 0, text] as const)
          .sort(([a], [b]) => a - b)
          .map(([, text]) => text)
        expect(combineWords(mixed.slice(0, group.needed))).to.deep.equal(secret)
        expect(combineWords(mixed)).to.deep.equal(secret)
        const few = () => combineWords(mixed.slice(0, group.needed - 1))
        expect(faultOf(few).fault).to.equal('missing')
      }),
      { numRuns: 12 },
    )
  })

  it('takes groups: two of the family, or one lawyer with three friends', () => {
    const groups = [
      { needed: 2, of: 2 },
      { needed: 1, of: 1 },
      { needed: 3, of: 5 },
    ]
    const [family = [], lawyer = [], friends = []] = splitWords(seed, { groups, groupsNeeded: 2, exponent: 0 })
    expect(combineWords([...family, ...lawyer])).to.deep.equal(seed)
    expect(combineWords([...friends.slice(1, 4), ...lawyer])).to.deep.equal(seed)
    expect(faultOf(() => combineWords([...friends.slice(0, 2), ...lawyer])).fault).to.equal('missing')
    expect(faultOf(() => combineWords([...friends, ...family.slice(0, 1)])).fault).to.equal('missing')
  })

  it('opens to something else under another passphrase, and says nothing', () => {
    const [[one = '', two = ''] = []] = splitWords(seed, { ...guardians, passphrase: 'a river' })
    expect(combineWords([one, two], { passphrase: 'a river' })).to.deep.equal(seed)
    expect(combineWords([one, two])).not.to.deep.equal(seed)
  })

  it('notices up to three wrong words, and names the share and the word where it is one', () => {
    const [[one = '', two = ''] = []] = splitWords(seed, guardians)
    const right = two.split(' ')
    const place = fc.record({ at: fc.nat({ max: 32 }), by: fc.constantFrom('academic', 'zero', 'river', 'ocean') })
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 3 }), (places) => {
        const words = [...right]
        for (const { at, by } of places) words[at] = by
        const wrong = words.flatMap((word, at) => (word === right[at] ? [] : [at]))
        if (wrong.length === 0) return
        const { fault, share, word } = faultOf(() => combineWords([one, words.join(' ')]))
        expect({ fault, share }).to.deep.equal({ fault: 'checksum', share: 1 })
        if (wrong.length === 1) expect(word).to.equal(wrong[0])
        // Three can look like one wrong word elsewhere; two cannot.
        if (wrong.length === 2) expect(word).to.equal(undefined)
      }),
    )
  })

  it('names each word of a share when that one is wrong, also the one that says which checksum it is', () => {
    const [[, two = ''] = []] = splitWords(seed, guardians)
    const right = two.split(' ')
    for (const at of right.keys())
      for (const by of ['academic', 'zero', 'echo', 'lips', 'response'])
        if (right[at] !== by) expect(faultOf(() => shareFacts(right.with(at, by).join(' '))).word).to.equal(at)
  })

  it('names the word that is not in the list', () => {
    const [[one = '', two = ''] = []] = splitWords(seed, guardians)
    const words = two.split(' ')
    words[7] = 'xylophone'
    expect(faultOf(() => combineWords([one, words.join(' ')]))).to.deep.equal({ fault: 'word', share: 1, word: 7 })
    words[7] = '__proto__'
    expect(faultOf(() => combineWords([one, words.join(' ')])).fault).to.equal('word')
  })

  it('forgives capitals, line breaks and four letters for a word', () => {
    const [[one = '', two = ''] = []] = splitWords(seed, guardians)
    const short = two.split(' ').map((word) => word.slice(0, 4).toUpperCase())
    expect(combineWords([`  ${one.replaceAll(' ', '\n')}`, short.join('\t')])).to.deep.equal(seed)
  })

  it('takes the same share twice for one', () => {
    const [[one = '', two = ''] = []] = splitWords(seed, guardians)
    expect(faultOf(() => combineWords([one, one])).fault).to.equal('missing')
    expect(combineWords([one, one, two])).to.deep.equal(seed)
  })

  it('keeps two sets of one seed apart', () => {
    const [[one = ''] = []] = splitWords(seed, guardians)
    const [[, two = ''] = []] = splitWords(seed, guardians)
    expect(faultOf(() => combineWords([one, two]))).to.deep.equal({ fault: 'set', share: 1, word: undefined })
  })

  it('refuses what the standard does not take', () => {
    for (const groups of [
      [],
      [{ needed: 1, of: 2 }],
      [{ needed: 3, of: 2 }],
      [{ needed: 2, of: 17 }],
      [{ needed: 0, of: 1 }],
    ])
      expect(faultOf(() => splitWords(seed, { groups })).fault).to.equal('policy')
    const attempts = [
      () => splitWords(seed.subarray(0, 15), guardians),
      () => splitWords(seed.subarray(0, 17), guardians),
      () => splitWords(seed, { ...guardians, passphrase: 'é' }),
      () => splitWords(seed, { ...guardians, exponent: 16 }),
      () => splitWords(seed, { ...guardians, groupsNeeded: 2 }),
    ]
    for (const attempt of attempts) expect(faultOf(attempt).fault).to.equal('policy')
    expect(faultOf(() => combineWords([])).fault).to.equal('missing')
  })
})
