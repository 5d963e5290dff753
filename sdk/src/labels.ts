/**
 * Domain labels: the one table of every `sharewell/<module>/1 <use>` that enters a hash, an HMAC, a key derivation
 * or a hash-to-scalar. No label serves two places, so no output of one part can stand in for that of another.
 *
 * How each use enters its formula: docs/spec/encoding.md.
 * @module
 */
import { type Bytes, lp, utf8 } from './bytes.ts'

/** Every use, by the module that owns it. */
export const labels = {
  seal: ['enc', 'commit', 'pt'],
  share: [
    'job',
    'audit',
    'session',
    'session key',
    'part',
    'mask',
    'piece',
    'vector',
    'beacon',
    'rho',
    'zero',
    'seed',
    'fresh',
    'fault',
    'challenge',
    'auditor',
    'silence',
  ],
  envelope: ['kek', 'w0', 'id', 'hpke'],
  group: ['pok', 'dleq seed', 'dleq d', 'dleq c', 'dleq e'],
  release: [
    'h2c',
    'gbar',
    'e',
    'kem',
    'ctx',
    'reks',
    'nonce',
    'dkg w1',
    'dkg w3 nodes',
    'dkg w3 guardians',
    'dkg reg',
    'dkg log',
    'reshare',
    'response',
    'guardian',
    'guardian part',
    'pq',
  ],
  search: ['child', 'x', 'x scalar', 'res', 'post', 'head', 'scope', 'deal', 'result key', 'capsule'],
  abe: ['kem', 'node', 'deleg', 'fr', 'dkg'],
  person: [
    'nym key',
    'addr key',
    'view key',
    'self key',
    'self',
    'account',
    'rho',
    'nym',
    'null',
    'argon',
    'deal',
    'commit',
    'vault',
    'journal',
    'guardians',
    'guardian key',
    'guardian self',
    'guardian account',
    'guardian place',
    'guardian salt',
    'guardian share',
  ],
  record: ['id', 'category', 'category key', 'note', 'study', 'shift'],
} as const

/** A module that owns labels. */
export type LabelModule = keyof typeof labels
/** A use of one module. */
export type LabelUse<module extends LabelModule> = (typeof labels)[module][number]

/** The label as text; its keccak256 is the first word of a hash on chain. */
export function labelText<const module extends LabelModule>(module: module, use: LabelUse<module>): string {
  return `sharewell/${module}/1 ${use}`
}

/**
 * The label as ASCII bytes: a domain separation tag by itself.
 * @example
 * label('release', 'h2c') // bytes of "sharewell/release/1 h2c"
 */
export function label<const module extends LabelModule>(module: module, use: LabelUse<module>): Bytes {
  return utf8(labelText(module, use))
}

/** The label with its length in front: `<L>` of the formulas, first part of what is hashed or of HKDF's info. */
export function lpLabel<const module extends LabelModule>(module: module, use: LabelUse<module>): Bytes {
  return lp(label(module, use))
}
