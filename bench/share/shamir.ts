import { randomBytes } from 'node:crypto'
import { decodeChunk, encodeChunk } from '@sharewell/sdk/share'
import { type Task, timed } from '../rounds.ts'
import { grempe, massey, privy, werle } from './peers.ts'
import { type Row, ratesOf, speedUp } from './row.ts'

/** Bytes for the two slowest: their cost is at least linear, so a shorter secret favours them. */
const shortSecret = 2048
const longSecret = 65_536

type Both = { readonly split: Task; readonly combine: Task; readonly length: number }

async function peersFor(n: number, t: number): Promise<Record<string, Both>> {
  const [a, b, c, d] = [await privy(), await massey(), await grempe(), await werle()]
  const secret = new Uint8Array(randomBytes(longSecret))
  const short = secret.subarray(0, shortSecret)
  const hex = Buffer.from(short).toString('hex')
  const shares = await a.split(secret, n, t)
  const parts = b.split(randomBytes, n, t, secret)
  const chosen = Object.fromEntries(Object.entries(parts).slice(0, t))
  c.init(8)
  const strings = c.share(hex, n, t)
  const opaque = d.split(short, { shares: n, threshold: t })
  return {
    'shamir-secret-sharing': {
      length: longSecret,
      split: () => a.split(secret, n, t),
      combine: () => a.combine(shares.slice(0, t)),
    },
    shamir: { length: longSecret, split: () => b.split(randomBytes, n, t, secret), combine: () => b.join(chosen) },
    'secrets.js-grempe': {
      length: shortSecret,
      split: () => c.share(hex, n, t),
      combine: () => c.combine(strings.slice(0, t)),
    },
    'shamirs-secret-sharing': {
      length: shortSecret,
      split: () => d.split(short, { shares: n, threshold: t }),
      combine: () => d.combine(opaque.slice(0, t)),
    },
  }
}

function ours(n: number, t: number, length: number): Both {
  const policy = { n, t, r: t - 1 }
  const chunk = new Uint8Array(randomBytes(length))
  const parts = encodeChunk(policy, chunk).map((body, index) => ({ index, body }))
  const last = parts.slice(-t)
  if (!Buffer.from(chunk).equals(decodeChunk(policy, last, length))) throw new Error('Ours does not combine.')
  return { length, split: () => encodeChunk(policy, chunk), combine: () => decodeChunk(policy, last, length) }
}

/** Ours into the same arrays again and again, as who splits or combines much may do; none of the others can. */
function oursInto(n: number, t: number, length: number): Both {
  const policy = { n, t, r: t - 1 }
  const chunk = new Uint8Array(randomBytes(length))
  const into = encodeChunk(policy, chunk)
  const last = into.map((body, index) => ({ index, body })).slice(-t)
  const joined = decodeChunk(policy, last, length)
  return {
    length,
    split: () => encodeChunk(policy, chunk, { into }),
    combine: () => decodeChunk(policy, last, length, { into: joined }),
  }
}

const [plain, kept] = ['sharewell 64 KiB', 'sharewell 64 KiB, arrays kept'] as const
const against = 'shamir-secret-sharing'

/** How many times faster than `shamir-secret-sharing` splitting and combining is meant to be. */
const sizes = [
  { n: 5, t: 3, split: 200, combine: 200 },
  { n: 10, t: 6, split: 200, combine: 200 },
  { n: 20, t: 10, split: 200, combine: 200 },
  { n: 100, t: 50, split: 400, combine: 500 },
] as const

type Act = 'split' | 'combine'

async function measured(all: Record<string, Both>, act: Act) {
  const tasks = Object.entries(all).map(([name, both]) => [name, both[act]])
  const times = await timed(Object.fromEntries(tasks), { least: 40 })
  return {
    rates: ratesOf(times, (name) => all[name]?.length ?? 0),
    ratio: speedUp(times, plain, against),
    ratioKept: speedUp(times, kept, against),
  }
}

/** Shamir's scheme, a full share for each of n: random rows drawn, rows copied in and out. */
export async function shamirRows(): Promise<Row[]> {
  const rows: Row[] = []
  for (const { n, t, ...targets } of sizes) {
    const all = {
      [plain]: ours(n, t, longSecret),
      [kept]: oursInto(n, t, longSecret),
      ...(await peersFor(n, t)),
      ...(n <= 20 ? { 'sharewell 1 MiB': ours(n, t, 2 ** 20) } : {}),
    }
    for (const act of ['split', 'combine'] as const)
      rows.push({
        work: 'shamir',
        policy: { n, t, r: t - 1 },
        act,
        ...(await measured(all, act)),
        target: targets[act],
        against,
      })
  }
  return rows
}
