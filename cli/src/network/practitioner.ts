import { fromUtf8, type Hex } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'
import { UsageError } from '../command.ts'
import { attempt, isMap } from '../guess.ts'
import { readSmall } from '../input.ts'

/** A practitioner's directory entry before it is signed, and how it is read aloud. */
export type Practitioner = { readonly content: Readonly<Record<string, unknown>>; readonly name: string }

const maxEntry = 60_000

/** The FHIR Practitioner that `--name` or `--entry` describes; undefined where neither is given. The same words make
 * the same entry, so that giving a command twice publishes one. */
export async function practitionerOf(
  { name, entry }: { name?: string | undefined; entry?: string | undefined },
  account: Hex,
  signal: AbortSignal,
): Promise<Practitioner | undefined> {
  if (name !== undefined && entry !== undefined)
    throw new UsageError({ problem: '--name and --entry say the same', hints: ['leave one of them away'] })
  const identifier = [{ system: 'urn:sharewell:account', value: account.toLowerCase() }]
  if (name !== undefined) {
    const said = name.trim()
    if (said === '' || said.length > 200)
      throw new UsageError({ problem: 'a name has 1 to 200 characters', hints: ['such as --name "Dr. Ada Berg"'] })
    const id = account.slice(2).toLowerCase()
    return {
      content: { resourceType: 'Practitioner', id, active: true, identifier, name: [{ text: said }] },
      name: said,
    }
  }
  if (entry === undefined) return undefined
  const text = fromUtf8(await readSmall(entry, maxEntry, signal))
  const content = attempt((): unknown => JSON.parse(text))
  if (!isMap(content) || content.resourceType !== 'Practitioner') throw new PractitionerFileError({ file: entry })
  return { content: { ...content, identifier: content.identifier ?? identifier }, name: `as in ${entry}` }
}

/** Thrown when a file that should hold a FHIR Practitioner does not. */
export class PractitionerFileError extends BaseError<'PRACTITIONER_FILE'> {
  override readonly name = 'PractitionerFileError'
  constructor({ file = '' }: { file?: string }) {
    super('PRACTITIONER_FILE', `${file} is no FHIR Practitioner.`, {
      hints: ['it must be JSON with "resourceType": "Practitioner" and a name; or use --name'],
    })
  }
}
