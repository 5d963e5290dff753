/**
 * How fast the share code is, beside what is published for JavaScript and beside the paper's own scheme.
 * `npm run bench -- share`.
 *
 * Processor time of this process, candidates alternating in five rounds, medians; payload in MB of
 * 10^6 bytes per second. Whoever reads the table should read with it that
 *
 * - Shamir: ours draws random rows with the SDK and returns new arrays, as the others do; `arrays kept` writes to those of
 *   the call before. The two slowest get 2 KiB.
 * - Reed-Solomon: ours copies rows in and out of WebAssembly memory; the peers do too. Plans are kept between calls, as
 *   in use; `planned anew` makes them for every call.
 * - Paper: files of the same length, short ones where its scheme is slow; its weights are computed once; the project itself does not split files in this way (docs/spec/seal.md), so
 *   this compares like with like and not what a deposit costs.
 */
import { paperRows } from './share/paper.ts'
import { sharePeers } from './share/peers.ts'
import { drawShare } from './share/pictures.ts'
import { reedSolomonRows } from './share/reed-solomon.ts'
import { keepResults } from './share/results.ts'
import { lineOf, type Row } from './share/row.ts'
import { shamirRows } from './share/shamir.ts'

const rows: Row[] = []
for (const measure of [reedSolomonRows, shamirRows, paperRows]) {
  const some = await measure()
  for (const row of some) process.stdout.write(lineOf(row))
  rows.push(...some)
}

const versions = Object.fromEntries(Object.entries(sharePeers).map(([name, { version }]) => [name, version]))
await keepResults('share', 'MB/s of processor time', { versions, rows })
await drawShare()
