/**
 * Deposits and retrieves real files byte for byte, over HTTP through 9 operators, under three policies: as a doctor
 * under one grant for all categories (W1) under the first, as the patient (W0) under the others. Prints a table; exits
 * with 1 when any byte differs.
 *
 * @module
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import { deposit, type RetrieveOptions, retrieve } from '@sharewell/sdk/flow'
import { recordFromFile } from '@sharewell/sdk/record'
import type { Policy } from '@sharewell/sdk/share'
import { grantAll, type MeasuredNetwork, startMeasuredNetwork } from './network.ts'
import { type Column, head, row, seconds } from './table.ts'

const help = `npm run measure files [-- OPTIONS]

  --data FOLDER     where the folders fhir-synthea-ma, ccda, hl7v2 and dicom lie (default: ../shared/data)
  --only TEXT       only files whose path contains it
  --processes       every service a process of its own
  --json FILE       write the results there as well`

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: path.join(import.meta.dirname, '../../../shared/data') },
    only: { type: 'string', default: '' },
    processes: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const folders = ['fhir-synthea-ma', 'ccda', 'hl7v2', 'dicom']
const policies: readonly Policy[] = [
  { n: 5, t: 3, r: 0 },
  { n: 9, t: 6, r: 3 },
  { n: 5, t: 3, r: 2 },
]
const types: Readonly<Record<string, string>> = {
  '.json': 'application/fhir+json',
  '.ccda': 'application/xml',
  '.xml': 'application/xml',
  '.hl7': 'x-application/hl7-v2+er7',
  '.dcm': 'application/dicom',
  '.md': 'text/markdown',
}

type Result = {
  readonly file: string
  readonly size: number
  readonly policy: string
  readonly by: 'doctor' | 'patient'
  readonly depositMs: number
  readonly retrieveMs: number
  readonly sealedBytes: number
  readonly storedBytes: number
  readonly operators: readonly Hex[]
  readonly exact: boolean
  /** Why it is not. */
  readonly problem?: string
  /** Operators that failed meanwhile and were replaced. */
  readonly faults: readonly string[]
}

const columns: readonly Column[] = [
  { title: 'file', width: 52 },
  { title: 'bytes', width: 9, right: true },
  { title: 'policy', width: 6 },
  { title: 'by', width: 7 },
  { title: 'deposit s', width: 9, right: true },
  { title: 'retrieve s', width: 10, right: true },
  { title: 'sealed', width: 9, right: true },
  { title: 'stored', width: 9, right: true },
  { title: 'exact', width: 5 },
]

async function main(signal: AbortSignal): Promise<boolean> {
  const files = (await filesBelow(path.resolve(options.data))).filter((file) => file.includes(options.only))
  await using network = disposable(await startMeasuredNetwork({ processes: options.processes, signal }))
  await grantAll(network, signal)
  console.log(head(columns))
  const results: Result[] = []
  for (const [at, policy] of policies.entries())
    for (const file of files) {
      const result = await journey(network, file, { policy, by: at === 0 ? 'doctor' : 'patient', signal })
      results.push(result)
      console.log(row(columns, cells(result)))
      for (const line of [result.problem ?? [], result.faults].flat()) console.log(`  ${line}`)
    }
  console.log(`\n${summary(files.length, results)}`)
  if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`)
  return results.every(({ exact }) => exact)
}

type Journey = { readonly policy: Policy; readonly by: Result['by']; readonly signal: AbortSignal }

async function journey(network: MeasuredNetwork, file: string, { policy, by, signal }: Journey): Promise<Result> {
  const bytes = await contentOf(file)
  const mime = types[path.extname(file.replace(/\.gz$/, '')).toLowerCase()] ?? 'application/octet-stream'
  const about = {
    file: path.relative(path.resolve(options.data), file),
    size: bytes.length,
    policy: `${policy.n},${policy.t},${policy.r}`,
    by,
  }
  const { patient, doctor } = network
  const before = await network.stored()
  const started = performance.now()
  const receipt = await deposit([bytes], {
    chain: patient.hospital,
    patient,
    categoryBit: patient.bit(recordFromFile(bytes, mime).category),
    mime,
    size: bytes.length,
    policy,
    signal,
  })
  const deposited = performance.now()
  const storedBytes = (await network.stored()) - before
  const asked = performance.now()
  const as: Pick<RetrieveOptions, 'chain' | 'as'> =
    by === 'doctor'
      ? { chain: doctor, as: { kind: 'reader', purpose: 0 } }
      : { chain: patient.chain, as: { kind: 'patient', selfSeed: patient.selfSeed } }
  const opened = await open({ recordId: receipt.recordId, signal, ...as }, { bytes, mime })
  return {
    ...about,
    depositMs: deposited - started,
    retrieveMs: performance.now() - asked,
    sealedBytes: receipt.sealedLength,
    storedBytes,
    operators: receipt.acknowledgements.map(({ operator }) => operator),
    ...opened,
  }
}

/** Opens a record and compares it byte by byte. A node or worker that failed and was replaced is told, no failure. */
async function open(
  how: RetrieveOptions,
  { bytes, mime }: { bytes: Bytes; mime: string },
): Promise<Pick<Result, 'exact' | 'problem' | 'faults'>> {
  try {
    const opened = await retrieve(how)
    let at = 0
    for await (const piece of opened.bytes) {
      if (Buffer.compare(piece, bytes.subarray(at, at + piece.length)) !== 0)
        throw new Error(`other bytes from ${at} on`)
      at += piece.length
    }
    const trailer = await opened.trailer
    if (at !== bytes.length) throw new Error(`${at} bytes instead of ${bytes.length}`)
    if (trailer.mime !== mime || trailer.size !== at) throw new Error(`described as ${JSON.stringify(trailer)}`)
    return { exact: true, faults: opened.faults.map(({ role, operator, code }) => `${role} ${operator}: ${code}`) }
  } catch (error) {
    how.signal?.throwIfAborted()
    return {
      exact: false,
      faults: [],
      problem: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    }
  }
}

function cells({ file, size, policy, by, depositMs, retrieveMs, sealedBytes, storedBytes, exact }: Result) {
  return [
    file,
    size,
    policy,
    by,
    seconds(depositMs),
    seconds(retrieveMs),
    sealedBytes,
    storedBytes,
    exact ? 'yes' : 'NO',
  ]
}

function summary(files: number, results: readonly Result[]): string {
  const sum = (of: (result: Result) => number) => results.reduce((total, result) => total + of(result), 0)
  const operators = new Set(results.flatMap((result) => result.operators))
  const exact = results.filter((result) => result.exact).length
  return (
    `${files} files, ${policies.length} policies, ${operators.size} operators: ${exact} of ${results.length} byte-exact; ` +
    `${sum(({ size }) => size)} bytes in, ${sum(({ storedBytes }) => storedBytes)} stored; ` +
    `deposits ${seconds(sum(({ depositMs }) => depositMs))} s, retrievals ${seconds(sum(({ retrieveMs }) => retrieveMs))} s`
  )
}

async function filesBelow(data: string): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const all = await readdir(path.join(data, folder), { recursive: true, withFileTypes: true }).catch(
        () => undefined,
      )
      if (!all) throw new Error(`There is no folder ${folder} in ${data}. Say with --data where the files lie.`)
      return all.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
    }),
  )
  return found.flat().sort()
}

async function contentOf(file: string): Promise<Bytes> {
  const bytes = await readFile(file)
  return new Uint8Array(file.endsWith('.json.gz') ? gunzipSync(bytes) : bytes)
}

const disposable = (network: MeasuredNetwork) => ({ ...network, [Symbol.asyncDispose]: network.close })

if (options.help) console.log(help)
else {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort())
  try {
    if (!(await main(interrupted.signal))) process.exitCode = 1
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}
