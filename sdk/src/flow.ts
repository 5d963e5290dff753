/**
 * A record's journey in two calls: {@link deposit} seals, splits, places and anchors; {@link retrieve} asks for the
 * release, gathers, rebuilds, verifies and opens. Read this file first.
 *
 * @module
 */
import type { Bytes } from './bytes.ts'
import type { DepositOptions, Receipt, RetrieveOptions, Retrieved } from './flow/types.ts'

export type * from './flow/types.ts'

/**
 * Deposits a record: a fresh key seals it, n shares go to n operators, and the chain fixes what was placed.
 *
 * @example
 * const receipt = await deposit(file.stream(), { chain, patient, categoryBit, mime: 'application/fhir+json' })
 */
export declare function deposit(source: AsyncIterable<Bytes> | Iterable<Bytes>, options: DepositOptions): Promise<Receipt>

/**
 * Retrieves a record: the key is released under consent, an untrusted worker rebuilds, and every byte is checked.
 *
 * @example
 * const record = await retrieve({ chain, recordId, as: { kind: 'reader', purpose: 0, credentialId } })
 * for await (const bytes of record.bytes) await file.write(bytes)
 */
export declare function retrieve(options: RetrieveOptions): Promise<Retrieved>
