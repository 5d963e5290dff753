import { getHeapStatistics } from 'node:v8'
import { BaseError } from '@sharewell/sdk/errors'
import { createRandom, type Random } from './random.ts'

/** `SHAREWELL_LONG=1`: the full count of everything. */
export const long = process.env.SHAREWELL_LONG === '1'

/** Inputs for one target in the full count. */
export const full = 10_000

/** Where the random choices begin: the same in each run, unless `SHAREWELL_SEED` names another. The long run draws one. */
export const seed = Number(process.env.SHAREWELL_SEED ?? (long ? Math.floor(Math.random() * 2 ** 31) : 1))

/** A parser of foreign bytes, and what it is given. */
export type Target<input> = {
  /** Makes an input: a valid one bitten, or nothing but noise. */
  readonly make: (random: Random) => input | Promise<input>
  readonly parse: (input: input) => unknown
  /** Codes that the inputs must bring out, so that they are known to get that far. */
  readonly codes: readonly string[]
}

/** A target of which it is forgotten what its inputs are, so that all stand in one list. */
export type Driven = {
  readonly codes: readonly string[]
  /** Says whether the target is for this parser: it is driven as it is, or by its name. */
  readonly isFor: (name: string, parser: unknown) => boolean
  /** Drives so many inputs through. */
  readonly drive: (name: string, count: number) => Promise<Outcome>
  /** The same, with a mistake planted: where the parser would say `code`, it throws what a careless one would. */
  readonly driveCareless: (name: string, count: number, code: string) => Promise<Outcome>
}

/** Makes a target ready to be driven. */
export function target<input>(one: Target<input>): Driven {
  const careless = (code: string) => async (input: input) => {
    try {
      return await one.parse(input)
    } catch (error) {
      if (isTyped(error) && error.code === code) throw new TypeError('Cannot read properties of undefined')
      throw error
    }
  }
  return {
    codes: one.codes,
    isFor: (name, parser) => one.parse === parser || wordsOf(one.parse).has(name),
    drive: (name, count) => drive(name, one, count),
    driveCareless: (name, count, code) => drive(name, { ...one, parse: careless(code) }, count),
  }
}

/** The words in the text of a target's own `parse`. A parser that is driven as it is has another name: whom it calls in
 * turn has no target by that. */
const wordsOf = (parse: (input: never) => unknown): ReadonlySet<string> =>
  new Set(parse.name === 'parse' ? String(parse).match(/\w+/g) : [])

/** What came out: how many were taken, and how often each code was thrown. */
export type Outcome = { readonly taken: number; readonly codes: ReadonlyMap<string, number> }

/** More than any input may cost, in milliseconds of this process's own time. */
const mostTime = 3_000
/** More memory than any input may take, in bytes: none of them is longer than a chunk. */
const mostMemory = 128 * 2 ** 20

/** Gives a parser so many inputs. Fails, with the seed and the input, when it throws anything but a typed error of ours,
 * or takes too long or too much memory. */
async function drive<input>(name: string, one: Target<input>, count: number): Promise<Outcome> {
  const random = createRandom(seed)
  const codes = new Map<string, number>()
  let taken = 0
  for (let at = 0; at < count; at += 1) {
    const input = await one.make(random)
    const [before, held] = [process.cpuUsage(), memoryInUse()]
    try {
      await one.parse(input)
      taken += 1
    } catch (error) {
      if (!isTyped(error)) throw new Error(`${whichInput(name, at, input)} threw ${describe(error)}`, { cause: error })
      codes.set(error.code, (codes.get(error.code) ?? 0) + 1)
    }
    const { user, system } = process.cpuUsage(before)
    if (user + system > mostTime * 1_000) throw new Error(`${whichInput(name, at, input)} took ${user + system} µs`)
    const more = memoryInUse() - held
    if (more > mostMemory) throw new Error(`${whichInput(name, at, input)} took ${more} bytes`)
  }
  return { taken, codes }
}

/** Memory of this process, with what nobody needs any more and was not collected yet. */
function memoryInUse(): number {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}

/** An error of a class of ours, with a code and something to read. */
export function isTyped(error: unknown): error is BaseError {
  return error instanceof BaseError && error.constructor !== BaseError && error.code !== '' && error.message !== ''
}

export const whichInput = (name: string, at: number, input: unknown): string =>
  `${name}: input ${at} of SHAREWELL_SEED=${seed} (${show(input)})`

const describe = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error))

function show(input: unknown): string {
  const text = input instanceof Uint8Array ? Buffer.from(input).toString('hex') : String(JSON.stringify(input, bigints))
  return text.length > 600 ? `${text.slice(0, 600)}… ${text.length}` : text
}

const bigints = (_: string, value: unknown) => {
  if (typeof value === 'bigint') return `${value}n`
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
}
