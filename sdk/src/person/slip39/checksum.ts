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

const nameOf = (extendable: boolean): number[] =>
  [...(extendable ? 'shamir_extendable' : 'shamir')].map((letter) => letter.charCodeAt(0))

function reduce(values: readonly number[]): number {
  let rest = 1
  for (const value of values) {
    const top = rest >>> 20
    rest = ((rest & 0xfffff) << 10) ^ value
    generator.forEach((word, bit) => {
      rest ^= word & -((top >>> bit) & 1)
    })
  }
  return rest
}
