import { type Bytes, concat, u32 } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import { aesGcmSeal } from '@sharewell/sdk/primitives'
import { bundleFromBytes, joinBundle, personaFromBytes, splitBundle } from '@sharewell/sdk/record'
import { openAll, parseSealHeader, readTrailer, seal } from '@sharewell/sdk/seal'
import { deriveKeys, nonceOf } from '../../../sdk/src/seal/keys.ts'
import { type Driven, target } from '../drive.ts'
import { bitten, type Random } from '../random.ts'
import { bittenTree, type Tree } from '../trees.ts'
import { bittenCbor, bittenJson, filled } from './samples.ts'

const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      fullUrl: 'urn:uuid:1',
      resource: {
        resourceType: 'Patient',
        id: '1',
        name: [{ family: 'Carter', given: ['Ada'] }],
        gender: 'female',
        birthDate: '1980-01-01',
        telecom: [{ system: 'phone', value: '555' }],
        photo: [{ contentType: 'image/png', data: 'AAAA' }],
      },
    },
    {
      fullUrl: 'urn:uuid:2',
      resource: {
        resourceType: 'Observation',
        id: '2',
        subject: { reference: 'Patient/1', display: 'Ada Carter' },
        code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
        category: [{ coding: [{ code: 'vital-signs' }] }],
        valueQuantity: { value: 60 },
      },
    },
    {
      resource: {
        resourceType: 'DocumentReference',
        id: '3',
        content: [{ attachment: { data: 'AAAA', title: 'Ada' } }],
      },
    },
  ],
} as unknown as Parameters<typeof splitBundle>[0]

const { persona, parts } = splitBundle(bundle)

/** What a record holds, once it is open: FHIR that a stranger wrote. */
export const records: Readonly<Record<string, Driven>> = {
  'FHIR bundle': target({
    make: (random) => bittenJson([bundle], random),
    parse: (bytes) => splitBundle(bundleFromBytes(bytes)),
    codes: ['BUNDLE'],
  }),
  'persona and parts': target({
    make: (random) => ({
      persona: random.once(2) ? bittenJson([persona], random) : json(persona),
      parts: parts.map((part) => (random.once(2) ? bittenJson([part.bundle], random) : json(part.bundle))),
    }),
    parse: (sent) =>
      joinBundle(
        personaFromBytes(sent.persona),
        parts.map((part, at) => ({ ...part, bundle: bundleFromBytes(sent.parts[at] as Bytes) })),
      ),
    codes: ['BUNDLE'],
  }),
  'bundle that is no JSON text': target({
    make: (random) => bittenTree([bundle as unknown as Tree], random),
    parse: (value) => splitBundle(value as unknown as typeof bundle),
    codes: ['BUNDLE'],
  }),
}

const json = (value: unknown): Bytes => new TextEncoder().encode(JSON.stringify(value))

/** Sealed bytes: headers, chunks and what stands in the last of them. */
export async function sealedRecords(): Promise<Readonly<Record<string, Driven>>> {
  const recordId = filled(2)
  const sealed = seal([filled(7, 70_000)], { recordId, version: 1, mime: 'text/plain', chunkLog2: 16 })
  const chunks: Bytes[] = []
  for await (const chunk of sealed.chunks) chunks.push(chunk)
  const { header, dek } = sealed
  const ptCommit = await sealed.ptCommit
  const sealedLen = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  const last = chunks.at(-1) as Bytes
  const keys = deriveKeys(dek, parseSealHeader(header))
  return {
    'seal header': target({
      make: (random) => bittenCbor([header], random),
      parse: (bytes) => parseSealHeader(bytes, { recordId, version: 1 }),
      codes: ['SEAL_HEADER'],
    }),
    'sealed trailer': target({
      make: (random) => ({ chunk: bitten([last], random), length: sealedLen + random.pick([0, 0, 0, 1, -1, 2 ** 40]) }),
      parse: ({ chunk, length }) => readTrailer({ header, dek, sealedLen: length, chunk }),
      codes: ['OPEN'],
    }),
    'trailer, well sealed': target({
      make: (random) => aesGcmSeal(keys.enc, nonceOf(chunks.length - 1, true), trailer(random), keys.aad),
      parse: (chunk) => readTrailer({ header, dek, sealedLen, chunk }),
      codes: ['OPEN'],
    }),
    'sealed record': target({
      make: (random) => ({
        header: random.once(4) ? bittenCbor([header], random) : header,
        chunks: chunks.flatMap((chunk) => {
          if (!random.once(3)) return [chunk]
          return random.once(4) ? [] : [bitten([chunk.slice(0, 300), chunk], random)]
        }),
      }),
      parse: async (sent) => {
        for await (const _ of openAll({ header: sent.header, dek, chunks: sent.chunks, ptCommit }).bytes);
      },
      codes: ['OPEN'],
    }),
  }
}

/** 256 bytes: a length, CBOR, zeros. */
function trailer(random: Random): Bytes {
  const fields = bittenCbor([encode({ mime: 'text/plain', realLen: 70_000 })], random).slice(0, 252)
  const length = u32(random.pick([fields.length, fields.length, fields.length, 2 ** 32 - 1, 253, 0]))
  return concat(length, fields, new Uint8Array(Math.max(0, 252 - fields.length)))
}
