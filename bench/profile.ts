/**
 * Where the time of the share code goes, part by part. `npm run bench -- profile`.
 *
 * Processor time of this process, the least of nine rounds in which a call and each of its parts take turns: what other work on
 * the machine adds falls on parts unevenly, and parts are to be compared. Parts are run alone over the same bytes as in a call: drawing random rows, copying rows in and out, the kernels, and arrays that are new each
 * time. `kernels, at hand` is the kernels on one strip again and again: what they take where no memory is waited for.
 */
import { fillRandom, randomBytes } from '@sharewell/sdk/primitives'
import { createKernelCode, decodeChunk, encodeChunk, type Policy } from '@sharewell/sdk/share'
import { type Parts, type Shaped, shapedParts } from './profile/parts.ts'
import { type Task, timed } from './rounds.ts'
import { keepResults } from './share/results.ts'
import { significant } from './share/row.ts'

type Case = Shaped & {
  readonly what: string
  readonly call: Task
  readonly payload: number
  /** New arrays, each as long as a row. */
  readonly fresh: number
}

const rows = (count: number, length: number) => Array.from({ length: count }, () => randomBytes(length))

function split(n: number, t: number, payload: number): Case {
  const policy = { n, t, r: t - 1 }
  const chunk = randomBytes(payload)
  const call = () => encodeChunk(policy, chunk)
  const length = 32 * Math.ceil(payload / 32)
  return { what: 'Shamir, split', policy, length, payload, drawn: t - 1, fresh: n, call }
}

function combine(n: number, t: number, payload: number): Case {
  const policy = { n, t, r: t - 1 }
  const shares = Array.from({ length: t }, (_, i) => n - t + i)
  const all = encodeChunk(policy, randomBytes(payload))
  const parts = shares.map((index) => ({ index, body: all[index] as Uint8Array<ArrayBuffer> }))
  const call = () => decodeChunk(policy, parts, payload)
  return { what: 'Shamir, combine', policy, length: payload, payload, drawn: 0, fresh: 1, shares, call }
}

function encode(n: number, t: number, payload: number): Case {
  const { policy, length, code } = coded(n, t, payload)
  const [data, parity] = [rows(t, length), rows(n - t, length)]
  const call = () => code.encodeInto(policy, data, parity)
  return { what: 'Reed-Solomon, encode', policy, length, payload, drawn: 0, fresh: 0, call }
}

function rebuild(n: number, t: number, payload: number): Case {
  const { policy, length, code } = coded(n, t, payload)
  const shares = Array.from({ length: t }, (_, i) => n - t + i)
  const parts = shares.map((index) => ({ index, body: randomBytes(length) }))
  const lost = rows(Math.min(t, n - t), length)
  const call = () => code.decodeInto(policy, parts, lost)
  return { what: 'Reed-Solomon, rebuild', policy, length, payload, drawn: 0, fresh: 0, shares, call }
}

function coded(n: number, t: number, payload: number) {
  const code = createKernelCode()
  if (!code) throw new Error('This Node runs no kernels.')
  const policy: Policy = { n, t, r: 0 }
  return { policy, length: 64 * Math.ceil(payload / t / 64), code }
}

/** The parts that a call of this kind has. */
function tasksOf({ length, drawn, fresh, call }: Case, parts: Parts): Record<string, Task> {
  const room = new Uint8Array(drawn * length)
  return {
    call,
    'rows in': parts.copyIn,
    kernels: parts.compute,
    'kernels, at hand': parts.computeAtHand,
    'rows out': parts.copyOut,
    planning: parts.plan,
    ...(drawn > 0 ? { random: () => fillRandom(room) } : {}),
    // Written to, because the system gives memory only then.
    ...(fresh > 0
      ? { 'new arrays': () => Array.from({ length: fresh }, () => new Uint8Array(length).fill(1, 0, 1)) }
      : {}),
  }
}

const cases = [
  combine(5, 3, 65_536),
  split(20, 10, 65_536),
  split(100, 50, 65_536),
  encode(10, 6, 2 ** 20),
  encode(20, 10, 2 ** 20),
  rebuild(100, 50, 2 ** 20),
  encode(100, 50, 2 ** 20),
  encode(1000, 500, 2 ** 20),
]
const found = []
for (const one of cases) {
  const parts = shapedParts(one)
  const times = await timed(tasksOf(one, parts), { rounds: 9, least: 10 })
  const micros = Object.fromEntries(
    Object.entries(times).map(([name, { rounds }]) => [name, significant(1000 * Math.min(...rounds))]),
  )
  const { what, policy, payload } = one
  const row = { what, policy, payload, path: parts.path, swizzles: parts.swizzles, micros }
  process.stdout.write(`${JSON.stringify(row)}\n`)
  found.push(row)
}
await keepResults('profile', 'µs of processor time of one call and of its parts, the least of nine rounds', {
  rows: found,
})
