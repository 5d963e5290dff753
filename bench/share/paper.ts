import { randomBytes } from 'node:crypto'
import { decodeChunk, encodeChunk } from '@sharewell/sdk/share'
import { timed } from '../rounds.ts'
import { distribute, fileLength, prepared, reconstruct } from './paper-scheme.ts'
import { type Row, significant, speedUp } from './row.ts'

/** Both schemes with shares as long as the file, any t of which rebuild it and t - 1 of which say nothing. */
export async function paperRows(): Promise<Row[]> {
  const rows: Row[] = []
  for (const [n, t, count] of [
    [20, 10, 128],
    [100, 50, 32],
    [300, 150, 8],
    [300, 300, 4],
  ] as const) {
    const { blocks, shares, weights } = prepared(fileLength(count), n, t)
    const policy = { n, t, r: t - 1 }
    const chunk = new Uint8Array(randomBytes(65_536))
    const parts = encodeChunk(policy, chunk)
      .map((body, index) => ({ index, body }))
      .slice(-t)
    const times = await timed(
      {
        'paper distribute': () => distribute(blocks, n, t),
        distribute: () => encodeChunk(policy, chunk),
        'paper reconstruct': () => reconstruct(shares, weights),
        reconstruct: () => decodeChunk(policy, parts, chunk.length),
      },
      { rounds: 8 },
    )
    for (const act of ['distribute', 'reconstruct'] as const) {
      const rates = {
        sharewell: significant(chunk.length / 1e3 / times[act].median),
        paper: significant(fileLength(count) / 1e3 / times[`paper ${act}`].median),
      }
      const target = act === 'distribute' ? 100 : 20
      rows.push({
        work: 'paper',
        policy: { n, t, r: t - 1 },
        act,
        rates,
        ratio: speedUp(times, act, `paper ${act}`, chunk.length / fileLength(count)),
        target,
        against: 'the paper',
      })
    }
  }
  return rows
}
