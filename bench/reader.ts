/**
 * What reading a record costs its reader, with a reconstructor and without. `npm run bench -- reader`.
 *
 * Processor time of this process alone, candidates alternating, the mean of eight rounds; bytes are counted. Servers are a
 * process of their own on loopback, without TLS. Whoever reads the numbers should know that
 *
 * - without a reconstructor the last t shares are taken, so that with r = 0 most of the record has to be computed;
 * - leaf lists count among the bytes; fetching and checking them is not in the time, nor is asking for a stream.
 */
import { drawReader } from './share/pictures.ts'
import { type ReaderRow, readerRow } from './share/reader.ts'
import { keepResults } from './share/results.ts'

const readers: ReaderRow[] = []
for (const n of [20, 60, 100, 200, 300])
  for (const r of [0, n / 2 - 1]) {
    const row = await readerRow({ n, t: n / 2, r }, 524_288)
    process.stdout.write(`${JSON.stringify(row)}\n`)
    readers.push(row)
  }
await keepResults('reader', 'ms of processor time, the mean of 8', { readers })
await drawReader()
