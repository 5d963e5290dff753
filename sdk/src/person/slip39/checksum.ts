/** RS1024, the checksum of SLIP-39: three words that notice any three wrong ones. @module */

const generator = [
  0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120,
]
/** Words that the checksum takes. */
export const checksumWords = 3

/** The checksum of the words before it; `extendable` says under which of the two names. */
export function checksumOf(data: readonly number[], extendable: boolean): number[] {
  const remainder = reduce([...nameOf(extendable), ...data, ...new Array<number>(checksumWords).fill(0)]) ^ 1
  return [remainder >>> 20, (remainder >>> 10) & 1023, remainder & 1023]
}

/** Whether words, checksum included, are as they were written. */
export function isWhole(words: readonly number[], extendable: boolean): boolean {
  return reduce([...nameOf(extendable), ...words]) === 1
}

/**
 * The place of the one word that is wrong, where changing one could be enough: the checksum tells any two sets of words
 * apart that differ in up to three places, so that there is at most one. Which word belongs there is not said: a guess
 * would make other words right that are not on the paper either.
 */
export function wrongWord(words: readonly number[], extendable: boolean): number | undefined {
  const asRead = reduce([...nameOf(extendable), ...words]) ^ 1
  const asOther = reduce([...nameOf(!extendable), ...words]) ^ 1
  // What one bit of the last word does to the checksum, then of the one before it, and so on.
  let bits = Array.from({ length: 10 }, (_, bit) => 1 << bit)
  for (let at = words.length - 1; at >= 0; at--) {
    const effects = [0]
    for (let change = 1; change < 1024; change++) {
      const lowest = 31 - Math.clz32(change & -change)
      effects.push((effects[change & (change - 1)] as number) ^ (bits[lowest] as number))
    }
    const found = effects.findIndex((effect, change) => {
      const other = at === markedWord && (change & extendableBit) !== 0
      return change > 0 && effect === (other ? asOther : asRead)
    })
    if (found > 0) return at
    bits = bits.map((bit) => step(bit, 0))
  }
  return undefined
}
/** The second word says under which name the checksum was made. */
const markedWord = 1
const extendableBit = 1 << 4

const nameOf = (extendable: boolean): number[] =>
  [...(extendable ? 'shamir_extendable' : 'shamir')].map((letter) => letter.charCodeAt(0))

const reduce = (values: readonly number[]): number => values.reduce(step, 1)

function step(rest: number, value: number): number {
  const top = rest >>> 20
  return generator.reduce((next, word, bit) => next ^ (word & -((top >>> bit) & 1)), ((rest & 0xfffff) << 10) ^ value)
}
