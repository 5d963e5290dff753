import { type Bytes, fromUtf8 } from '@sharewell/sdk/bytes'
import {
  type Bundle,
  type CategoryName,
  categoryOf,
  recordFromFile,
  recordFromPart,
  recordFromPersona,
  splitBundle,
} from '@sharewell/sdk/record'
import { attempt, isMap } from '../guess.ts'
import { type Input, openInput, readSmall } from '../input.ts'
import { mimeOf } from '../mime.ts'

/** One record to deposit. */
export type PlannedRecord = {
  readonly category: number
  readonly mime: string
  readonly size: number | undefined
  readonly bytes: AsyncIterable<Bytes> | Iterable<Bytes>
}

/** A bundle is parsed whole, so a longer file is one record. */
const maxBundle = 128 << 20

/**
 * What a file becomes: a FHIR R4 bundle one record for each category and one for the identity, any other file one
 * record as it is. A category named on the command line keeps a bundle whole.
 */
export async function planDeposit(
  file: string,
  {
    category,
    mime = mimeOf(file),
    signal,
  }: { category?: CategoryName | undefined; mime?: string | undefined; signal: AbortSignal },
): Promise<readonly PlannedRecord[]> {
  const input: Input = await openInput(file, signal)
  const small = input.size !== undefined && input.size <= maxBundle
  const bundle = category === undefined && mime.includes('json') && small ? await readBundle(file, signal) : undefined
  if (bundle === undefined) {
    const { id } =
      category === undefined ? categoryOf(recordFromFile(new Uint8Array(), mime).category) : categoryOf(category)
    return [{ category: id, mime, size: input.size, bytes: input.bytes }]
  }
  const { persona, parts } = splitBundle(bundle)
  return [recordFromPersona(persona), ...parts.map(recordFromPart)].map(({ bytes, ...record }) => ({
    ...record,
    size: bytes.length,
    bytes: [bytes],
  }))
}

async function readBundle(file: string, signal: AbortSignal): Promise<Bundle | undefined> {
  const text = fromUtf8(await readSmall(file, maxBundle, signal))
  const content = attempt((): unknown => JSON.parse(text))
  // `splitBundle` checks the rest of it, in words of its own.
  return isMap(content) && content.resourceType === 'Bundle' ? (content as unknown as Bundle) : undefined
}
