import { randomBytes } from 'node:crypto'
import { createKernelCode } from '@sharewell/sdk/share'
import { type Task, timed } from '../rounds.ts'
import { bnb, subspace, wasmErasure } from './peers.ts'
import { type Row, ratesOf, speedUp } from './row.ts'

type Both = { readonly encode?: Task; readonly rebuild?: Task }
type Size = { readonly n: number; readonly t: number; readonly length: number }

/** Rows of equal length, cut from one run of random bytes into arrays of their own. */
const drawn = (count: number, length: number): Uint8Array<ArrayBuffer>[] =>
  Array.from({ length: count }, () => new Uint8Array(randomBytes(length)))

/** Ours, with every row in its own array, copied into and out of WebAssembly memory. */
function ours({ n, t, length }: Size, kept: boolean): Both {
  const code = createKernelCode(kept ? {} : { keptPlans: 0 })
  if (!code) throw new Error('This Node runs no kernels.')
  const policy = { n, t, r: 0 }
  const rows = drawn(t, length)
  const parity = drawn(n - t, length)
  code.encodeInto(policy, rows, parity)
  const parts = [...rows, ...parity].map((body, index) => ({ index, body })).slice(-t)
  const lost = drawn(Math.min(t, n - t), length)
  const rebuild = () => code.decodeInto(policy, parts, lost)
  rebuild()
  if (!lost.every((row, i) => Buffer.from(row).equals(rows[i] as Uint8Array))) throw new Error('Ours does not rebuild.')
  return { encode: () => code.encodeInto(policy, rows, parity), rebuild }
}

/** All shards in one run of bytes, as it wants them; parity and losses are written in place. */
async function subspaceTasks({ n, t, length }: Size): Promise<Both> {
  const peer = await subspace()
  const shards = new Uint8Array(Buffer.concat([...drawn(t, length), Buffer.alloc((n - t) * length)]))
  const available = Array.from({ length: n }, (_, i) => i >= Math.min(t, n - t))
  const checked = (result: number) => {
    if (result !== 0) throw new Error(`@subspace/reed-solomon-erasure.wasm: ${result}`)
  }
  return {
    encode: () => checked(peer.encode(shards, t, n - t)),
    rebuild: () => checked(peer.reconstruct(shards, t, n - t, available)),
  }
}

async function wasmTasks({ n, t, length }: Size): Promise<Both> {
  const peer = await wasmErasure()
  const rows = drawn(t, length)
  const dead = Uint32Array.from({ length: Math.min(t, n - t) }, (_, i) => i)
  const shards = peer.encode(rows, n - t).map((shard, i) => (i < dead.length ? new Uint8Array(0) : shard))
  return {
    encode: () => peer.encode(rows, n - t),
    rebuild: () => peer.reconstruct([...shards], n - t, dead),
  }
}

/** It encodes segments only. */
async function bnbTasks({ n, t, length }: Size): Promise<Both> {
  const { ReedSolomon } = await bnb()
  const code = new ReedSolomon(t, n - t, t * length)
  const bytes = new Uint8Array(randomBytes(t * length))
  return { encode: () => code.encodeSegment(bytes) }
}

/** For 1 MiB, by n. */
const targets: Record<number, number> = { 5: 4, 10: 8, 20: 8, 100: 25 }

/** r = 0: parity of t rows, and the rows again with as many of them lost as may be. */
export async function reedSolomonRows(): Promise<Row[]> {
  const rows: Row[] = []
  for (const payload of [2 ** 20, 16 * 2 ** 20])
    for (const [n, t] of [
      [5, 3],
      [10, 6],
      [20, 10],
      [100, 50],
    ] as const) {
      const size = { n, t, length: 64 * Math.ceil(payload / t / 64) }
      const all: Record<string, Both> = {
        sharewell: ours(size, true),
        'sharewell, planned anew': ours(size, false),
        '@subspace/reed-solomon-erasure.wasm': await subspaceTasks(size),
        'wasm-reed-solomon-erasure': await wasmTasks(size),
        // Pure JavaScript: the larger payload would take minutes and say the same.
        ...(payload === 2 ** 20 ? { '@bnb-chain/reed-solomon': await bnbTasks(size) } : {}),
      }
      for (const act of ['encode', 'rebuild'] as const) {
        const tasks = Object.fromEntries(
          Object.entries(all).flatMap(([name, both]) => (both[act] ? [[name, both[act]]] : [])),
        )
        const times = await timed(tasks)
        const rates = ratesOf(times, () => t * size.length)
        const [against] = Object.entries(rates)
          .filter(([name]) => !name.startsWith('sharewell'))
          .reduce((a, b) => (b[1] > a[1] ? b : a))
        const ratio = speedUp(times, 'sharewell', against)
        rows.push({
          work: 'reed-solomon',
          policy: { n, t, r: 0 },
          act,
          payload,
          rates,
          ratio,
          target: payload === 2 ** 20 ? targets[n] : undefined,
          against,
        })
      }
    }
  return rows
}
