import { randomBytes } from 'node:crypto'
import { decodeChunk, encodeChunk } from '@sharewell/sdk/share'
import { timed } from '../rounds.ts'
import { distribute, fileLength, prepared, reconstruct } from './paper-scheme.ts'
import { type Row, significant, speedUp } from './row.ts'

/** Both schemes on files of the same length, with shares as long as the file, any t of which rebuild it and t - 1 of which
 * say nothing. */
export async function paperRows(): Promise<Row[]> {
  const rows: Row[] = []
  for (const [n, t, bytes] of [
    [20, 10, 65_536],
    [100, 50, 65_536],
    [300, 150, 16_384],
    [300, 300, 8_192],
  ] as const) {
    const { blocks, shares, weights } = prepared(bytes, n, t)
    const policy = { n, t, r: t - 1 }
    const chunk = new Uint8Array(randomBytes(fileLength(blocks.length)))
    const into = encodeChunk(policy, chunk)
    const parts = into.map((body, index) => ({ index, body: body.slice() })).slice(-t)
    const joined = new Uint8Array(into[0]?.length ?? 0)
    const times = await timed(
      {
        'paper distribute': () => distribute(blocks, n, t),
        distribute: () => encodeChunk(policy, chunk),
        'distribute, kept': () => encodeChunk(policy, chunk, { into }),
        'paper reconstruct': () => reconstruct(shares, weights),
        reconstruct: () => decodeChunk(policy, parts, chunk.length),
        'reconstruct, kept': () => decodeChunk(policy, parts, chunk.length, { into: joined }),
      },
      { least: 40 },
    )
    for (const act of ['distribute', 'reconstruct'] as const) {
      const rate = (name: keyof typeof times) => significant(chunk.length / 1e3 / times[name].median)
      const rates = {
        sharewell: rate(act),
        'sharewell, arrays kept': rate(`${act}, kept`),
        paper: rate(`paper ${act}`),
      }
      const target = act === 'distribute' ? 100 : 20
      rows.push({
        work: 'paper',
        policy: { n, t, r: t - 1 },
        act,
        payload: chunk.length,
        rates,
        ratio: speedUp(times, act, `paper ${act}`),
        ratioKept: speedUp(times, `${act}, kept`, `paper ${act}`),
        target,
        against: 'the paper',
      })
    }
  }
  return rows
}
