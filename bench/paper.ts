/**
 * The figures of the paper on outsourced reconstruction, with its own scheme beside ours. `npm run bench -- paper`.
 *
 * Processor time of this process, candidates alternating, the mean of eight rounds as in the paper; bytes are counted.
 * Whoever reads the numbers should know that
 *
 * - `paper` is its scheme (share/paper-scheme.ts), weights computed once; `shamir` is ours with r = t - 1: the same function;
 *   `deposit` is what Sharewell does with r = 0, another function: seal, split, fingerprint every block. Ours writes to arrays
 *   that are there (`into`); `share.json` has it with new ones, too.
 * - The scheme is linear in the length of the file; it is run on short files, and nothing is extrapolated.
 * - What a reader spends, with a reconstructor and without, is in `npm run bench -- reader`.
 */
import { randomBytes } from '@sharewell/sdk/primitives'
import { decodeChunk, encodeChunk } from '@sharewell/sdk/share'
import { type Timed, timed } from './rounds.ts'
import { distribute, fileLength, prepared, reconstruct } from './share/paper-scheme.ts'
import { drawPaper } from './share/pictures.ts'
import { deposit } from './share/placed.ts'
import { keepResults } from './share/results.ts'
import { significant } from './share/row.ts'

const rounds = 8
const mean = ({ rounds: all }: Timed): number => significant(all.reduce((sum, one) => sum + one, 0) / all.length)
const say = (row: object): boolean => process.stdout.write(`${JSON.stringify(row)}\n`)

/** One file under one policy, by all three. */
async function fileRow(n: number, t: number, bytes: number) {
  const { blocks, shares, weights } = prepared(bytes, n, t)
  const policy = { n, t, r: t - 1 }
  const file = randomBytes(fileLength(blocks.length))
  const into = encodeChunk(policy, file)
  const parts = into.map((body, index) => ({ index, body: body.slice() })).slice(-t)
  const joined = new Uint8Array(into[0]?.length ?? 0)
  const times = await timed(
    {
      paperDistribute: () => distribute(blocks, n, t),
      shamirDistribute: () => encodeChunk(policy, file, { into }),
      deposit: () => deposit({ n, t, r: 0 }, file),
      paperReconstruct: () => reconstruct(shares, weights),
      shamirReconstruct: () => decodeChunk(policy, parts, file.length, { into: joined }),
    },
    { rounds },
  )
  const row = {
    n,
    t,
    bytes: file.length,
    distribute: {
      paper: mean(times.paperDistribute),
      shamir: mean(times.shamirDistribute),
      deposit: mean(times.deposit),
    },
    reconstruct: { paper: mean(times.paperReconstruct), shamir: mean(times.shamirReconstruct) },
  }
  say(row)
  return row
}

const bySize = []
for (const [n, t, largest] of [
  [20, 10, 65_536],
  [100, 50, 8192],
  [300, 150, 1024],
] as const)
  for (const part of [16, 8, 4, 2, 1]) bySize.push(await fileRow(n, t, largest / part))

const byNodes = []
for (const n of [20, 60, 100, 140, 180, 220, 260, 300]) byNodes.push(await fileRow(n, n / 2, 512))

await keepResults('paper', `ms of processor time, the mean of ${rounds}`, { bySize, byNodes })
await drawPaper()
