/**
 * The whole way of a deposit on the depositor's device, beside the sum of its parts. `npm run bench -- pipeline`.
 *
 * Pipeline: seal, cut, hash, sign manifest and placement, place on n stores in memory, which compare every block with its
 * CID. Parts, each alone on what the one before it made: sealing, cutting, hashing, signing, placing. Processor time of this process,
 * all its threads, candidates alternating in five rounds. Parts give back arrays that are used up, as the pipeline does. 80 % means that the pipeline takes a quarter more than its parts.
 *
 * `MIB=32 npm run bench -- pipeline`
 */
import { type Bytes, fromHex, release } from '@sharewell/sdk/bytes'
import { createMemoryStore, type PlacedPart, type RecordBlocks } from '@sharewell/sdk/place'
import { digest } from '@sharewell/sdk/primitives'
import { encodeChunk, type Policy } from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import {
  type BenchRecord,
  cutterOf,
  networkId,
  type Put,
  placeHere,
  plaintext,
  sealedAgain,
  uploader,
} from './record/record.ts'
import { writeResults } from './results.ts'
import { median, type Timed, timed } from './rounds.ts'
import { significant } from './share/row.ts'

const mebibytes = Math.max(1, Number(process.env.MIB) || 32)
const target = 0.8
const policies: readonly Policy[] = [
  { n: 5, t: 3, r: 0 },
  { n: 9, t: 6, r: 0 },
  { n: 9, t: 6, r: 3 },
  { n: 20, t: 10, r: 0 },
]

/** Stores that live as long as one run. */
function stores({ n }: Policy): Put {
  const all = Array.from({ length: n }, createMemoryStore)
  return async (index, cid, body) => await all[index]?.put(cid, body)
}

async function whole(record: BenchRecord): Promise<RecordBlocks> {
  const sealed = sealedAgain(record)
  const cut = cutterOf(record, sealed)
  const close = async () => cut.close(await sealed.ptCommit)
  return await placeHere(record.policy, stores(record.policy), cut.parts(sealed.chunks), close, cut.placed)
}

async function collect<item>(items: AsyncIterable<item>): Promise<item[]> {
  const all: item[] = []
  for await (const item of items) all.push(item)
  return all
}

async function* given<item>(items: readonly item[]): AsyncGenerator<item> {
  yield* items
}

async function measure(policy: Policy) {
  const record: BenchRecord = { policy, length: mebibytes * 2 ** 20 }
  const chunks: Bytes[] = await collect(sealedAgain(record).chunks)
  // Sealed chunks go on and leave: each run is given its own.
  const copies = async function* () {
    for (const chunk of chunks) yield chunk.slice()
  }
  const shares = chunks.map((chunk) => encodeChunk(policy, chunk))
  const sealed = sealedAgain(record)
  const cut = cutterOf(record, sealed)
  const parts: (readonly PlacedPart[])[] = await collect(cut.parts(sealed.chunks))
  const blocks = await cut.close(await sealed.ptCommit)
  return await timed({
    pipeline: () => whole(record),
    read: async () => {
      for await (const _ of plaintext(record.length));
    },
    seal: async () => {
      for await (const chunk of sealedAgain(record).chunks) release(chunk)
    },
    cut: async () => {
      for await (const chunk of copies()) release(chunk, ...encodeChunk(policy, chunk))
    },
    copy: async () => {
      for await (const chunk of copies()) release(chunk)
    },
    hash: async () => {
      for (const [i, chunk] of chunks.entries())
        await Promise.all([chunk, ...(shares[i] ?? [])].map((bytes) => digest(bytes)))
    },
    sign: async () => {
      await signObject('manifest', blocks.manifest, fromHex(networkId), uploader)
      await signObject('placement', blocks.placement, fromHex(networkId), uploader)
    },
    place: () => placeHere(policy, stores(policy), given(parts), async () => blocks),
  })
}

/** The sum of the parts of each round, against the pipeline of the same round. Copies made for a part alone do not count. */
function shareOf(times: Record<'pipeline' | 'seal' | 'cut' | 'copy' | 'hash' | 'sign' | 'place', Timed>): number {
  const at = (name: keyof typeof times, round: number) => times[name].rounds[round] ?? Number.NaN
  const rounds = times.pipeline.rounds.map((time, round) => {
    const sum = (['seal', 'cut', 'hash', 'sign', 'place'] as const).reduce((total, name) => total + at(name, round), 0)
    return (sum - at('copy', round)) / time
  })
  return significant(median(rounds))
}

const rows = []
for (const policy of policies) {
  const { read, ...times } = await measure(policy)
  const share = shareOf(times)
  const milliseconds = Object.fromEntries(
    Object.entries({ read, ...times }).map(([name, one]) => [name, significant(one.median / mebibytes)]),
  )
  rows.push({ policy, share, target, milliseconds })
  const each = Object.entries(milliseconds).map(([name, time]) => `${name} ${time}`)
  process.stdout.write(
    `(${Object.values(policy)}): ${(100 * share).toFixed(0)} % (aim ${100 * target} %)  ${each.join(' | ')} ms a MiB\n`,
  )
}
await writeResults('pipeline', { mebibytes, unit: 'ms of processor time for each MiB of plaintext', rows })
