/**
 * The pictures of docs/measurements.md, drawn from the kept results.
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Chart, drawn } from './chart.ts'
import type { ReaderRow } from './reader.ts'
import type { Row } from './row.ts'

type FileRow = {
  readonly n: number
  readonly t: number
  readonly bytes: number
  readonly distribute: { readonly paper: number; readonly shamir: number; readonly deposit: number }
  readonly reconstruct: { readonly paper: number; readonly shamir: number }
}
type PaperResults = {
  readonly bySize: readonly FileRow[]
  readonly byNodes: readonly FileRow[]
}
type LeopardRow = {
  readonly act: string
  readonly policy: { readonly n: number }
  readonly bytes: number
  readonly rates: Record<'sharewell' | 'ssse3' | 'best', number>
}
type ShareResults = { readonly rows: readonly Row[] }

const folder = path.join(import.meta.dirname, '../results')
const read = async <results>(name: string): Promise<results> =>
  JSON.parse(await readFile(path.join(folder, `${name}.json`), 'utf8')) as results
const write = (name: string, chart: Chart): Promise<void> => writeFile(path.join(folder, `${name}.svg`), drawn(chart))

const three = (value: number): number => Number(value.toPrecision(3))
const size = (bytes: number): string =>
  bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${three(bytes / 1000)} kB` : `${three(bytes / 1e6)} MB`
const time = (ms: number): string => (ms < 1 ? `${three(ms * 1000)} µs` : ms < 1000 ? `${ms} ms` : `${ms / 1000} s`)
/** Millions of bytes, as an axis has them. */
const rate = (value: number): string =>
  value < 1 ? `${three(value * 1000)} kB` : value < 1000 ? `${value} MB` : `${value / 1000} GB`
const times = { label: 'processor time', log: true, words: time }
const files = { label: 'length of the file', log: true, words: size }
const nodes = { label: 'n nodes, any t = n / 2 of which rebuild', ticks: [0, 50, 100, 150, 200, 250, 300] }
const small = [20, 100, 300] as const

/** Draws what `npm run bench -- paper` kept. */
export async function drawPaper(): Promise<void> {
  const { bySize, byNodes } = await read<PaperResults>('paper')
  const drawOne = async (act: 'distribute' | 'reconstruct', words: Pick<Chart, 'title' | 'note'>): Promise<void> => {
    const line = (name: string, scheme: 'paper' | 'shamir', n: number) => ({
      name: `${name}, n = ${n}`,
      points: bySize.filter((row) => row.n === n).map((row) => [row.bytes, row[act][scheme]] as const),
    })
    await write(`paper-${act}`, {
      ...words,
      x: files,
      y: times,
      lines: [...small.map((n) => line('paper', 'paper', n)), ...small.map((n) => line('Sharewell', 'shamir', n))],
    })
  }
  await drawOne('distribute', {
    title: 'Distribution: time against the length of the file',
    note: 'The same function, Shamir with t = n / 2: the paper’s scheme in BigInt, and ours. Mean of 8.',
  })
  await drawOne('reconstruct', {
    title: 'Reconstruction: time against the length of the file',
    note: 'The same function, Shamir with t = n / 2; the paper’s weights computed once. Mean of 8.',
  })
  await write('paper-nodes', {
    title: 'Time against the number of nodes',
    note: `A file of ${size(byNodes[0]?.bytes ?? 0)}, Shamir with t = n / 2. Mean of 8.`,
    x: nodes,
    y: times,
    lines: [
      { name: 'paper, distribution', points: byNodes.map((row) => [row.n, row.distribute.paper] as const) },
      { name: 'paper, reconstruction', points: byNodes.map((row) => [row.n, row.reconstruct.paper] as const) },
      { name: 'Sharewell, distribution', points: byNodes.map((row) => [row.n, row.distribute.shamir] as const) },
      { name: 'Sharewell, reconstruction', points: byNodes.map((row) => [row.n, row.reconstruct.shamir] as const) },
    ],
  })
}

/** Draws what `npm run bench -- reader` kept. */
export async function drawReader(): Promise<void> {
  const { readers } = await read<{ readonly readers: readonly ReaderRow[] }>('reader')
  const sealed = readers.filter(({ policy }) => policy.r === 0)
  const shamir = readers.filter(({ policy }) => policy.r > 0)
  const bytes = size(readers[0]?.bytes ?? 0)
  const points = (rows: readonly ReaderRow[], of: (row: ReaderRow) => number) =>
    rows.map((row) => [row.policy.n, of(row)] as const)
  await write('reader-time', {
    title: 'The reader’s processor time, with a reconstructor and without',
    note: `A record of ${bytes} over HTTP, checked, rebuilt, opened. Mean of 8.`,
    x: nodes,
    y: times,
    lines: [
      { name: 'alone, r = t − 1', points: points(shamir, ({ spent }) => spent.alone) },
      { name: 'alone, r = 0', points: points(sealed, ({ spent }) => spent.alone) },
      { name: 'with a reconstructor, r = 0', points: points(sealed, ({ spent }) => spent.outsourced) },
      { name: 'alone, r = 0, bytes at hand', points: points(sealed, ({ spent }) => spent.aloneAtHand) },
      { name: 'with a reconstructor, bytes at hand', points: points(sealed, ({ spent }) => spent.outsourcedAtHand) },
      { name: 'the same, signatures not looked at', points: points(sealed, ({ spent }) => spent.unsignedAtHand) },
    ],
  })
  await write('reader-bytes', {
    title: 'Bytes that the reader receives, with a reconstructor and without',
    note: `A record of ${bytes}; share-chunks and leaf lists, or frames. Counted.`,
    x: nodes,
    y: { label: 'bytes on the wire', log: true, words: size },
    lines: [
      { name: 'alone, r = t − 1', points: points(shamir, ({ wire }) => wire.alone) },
      { name: 'alone, r = 0', points: points(sealed, ({ wire }) => wire.alone) },
      { name: 'with a reconstructor, r = 0', points: points(sealed, ({ wire }) => wire.outsourced) },
    ],
  })
}

/** Draws what `npm run bench -- leopard` kept: the longer payload. */
export async function drawLeopard(): Promise<void> {
  const { rows } = await read<{ readonly rows: readonly LeopardRow[] }>('leopard')
  const longest = Math.max(...rows.map(({ bytes }) => bytes))
  const names = [
    ['sharewell', 'Sharewell, WebAssembly of 128 bits'],
    ['ssse3', 'klauspost, Go, SSSE3: 128 bits'],
    ['best', 'klauspost, Go, all that the processor has'],
  ] as const
  for (const [act, file, title] of [
    ['encode', 'leopard-encode', 'encoding'],
    ['all', 'leopard-rebuild', 'rebuilding, all data lost'],
  ] as const) {
    const some = rows.filter((row) => row.act === act && row.bytes === longest)
    await write(file, {
      title: `Beside leopard in Go: ${title}, ${longest / 2 ** 20} MiB`,
      note: 'Alternating, one thread each; processor time; median of 5. Higher is better.',
      x: { label: 'n shares, any t = n / 2 of which rebuild', log: true, ticks: [100, 200, 300, 500, 1000] },
      y: { label: 'payload a second', log: true, words: rate },
      lines: names.map(([key, name]) => ({
        name,
        points: some.map(({ policy, rates }) => [policy.n, rates[key]] as const),
      })),
    })
  }
}

/** Draws what `npm run bench -- share` kept: payload a second against n, beside the others. */
export async function drawShare(): Promise<void> {
  const { rows } = await read<ShareResults>('share')
  const drawOne = async (work: Row['work'], act: string, title: string, payload?: number) => {
    const some = rows.filter((row) => row.work === work && row.act === act && row.payload === payload)
    const names = [...new Set(some.flatMap(({ rates }) => Object.keys(rates)))].filter(
      (name) => !/anew|1 MiB/.test(name),
    )
    await write(`${work}-${act}`, {
      title,
      note: 'Each candidate alternating in one process; processor time; median of 5. Higher is better.',
      x: { label: 'n shares (t: 3 of 5, 6 of 10, 10 of 20, 50 of 100)', log: true, ticks: [5, 10, 20, 50, 100] },
      y: {
        label: 'payload a second',
        log: true,
        words: rate,
      },
      lines: names.map((name) => ({
        name,
        points: some.flatMap(({ policy, rates }) =>
          rates[name] === undefined ? [] : [[policy.n, rates[name]] as const],
        ),
      })),
    })
  }
  await drawOne('shamir', 'split', 'Shamir: splitting')
  await drawOne('shamir', 'combine', 'Shamir: combining')
  await drawOne('reed-solomon', 'encode', 'Reed-Solomon: encoding 1 MiB', 2 ** 20)
  await drawOne('reed-solomon', 'rebuild', 'Reed-Solomon: rebuilding 1 MiB, as much lost as can be', 2 ** 20)
}
