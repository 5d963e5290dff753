/**
 * Deterministic CBOR (RFC 8949 section 4.2.1): one value, one encoding, so that hashes and signatures of stored
 * objects mean one thing. Integers, byte strings, text, arrays, maps with text keys, booleans and null; nothing else.
 *
 * Format and refusals: docs/spec/encoding.md.
 * @module
 */
export { CborError, type CborValue, decode, encode } from './cbor.ts'
export { CborFieldError, field, type Reader } from './field.ts'
