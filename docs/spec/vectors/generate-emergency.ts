import { encode } from '@sharewell/sdk/cbor'
import { keyIdOf, publicKeyOf } from '@sharewell/sdk/envelope'
import { basePoint, encodePoint, encodeScalar, randomScalar } from '@sharewell/sdk/group'
import { officersKeyId, openOfficersPart, sealOfficersPart } from '@sharewell/sdk/release'
import { emergencyParts, wrapEmergency } from '../../../sdk/src/release/emergency.ts'
import { type Scenario, seeded, toVectors } from './scenarios.ts'
import { whenRun, writeVectors } from './vector.ts'

const random = seeded('emergency')
const flip = (bytes: Uint8Array<ArrayBuffer>, at = 0) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))

const record = { networkId: random(32), recordId: random(32), version: 1, sealHash: random(32) }
const dek = random(32)
// The nodes' emergency key, held here by one: how partials of several give the same is in the part `release`.
const x = randomScalar(random)
const nodesKey = encodePoint(basePoint.multiply(x))
const seeds = [random(32), random(32)]
const officers = seeds.map(publicKeyOf)
const to = { nodesKey, officers }
const wrapSeed = 'emergency wrap'
const wrap = await wrapEmergency(record, { dek, to }, { random: seeded(wrapSeed) })
const parts = emergencyParts(record, wrap)
const part = await openOfficersPart(parts, { seed: seeds[1] as Uint8Array, at: 1 })

const whole = { record, wrap, x: encodeScalar(x), at: 1, seed: seeds[1] }
const open = (name: string, comment: string, expect: string, changes: object = {}): Scenario => ({
  name,
  comment,
  operation: 'open',
  expect,
  input: { ...whole, ...changes },
  ...(expect === 'success' && { output: { dek, part, hash: parts.hash } }),
})
const otherRecord = { ...record, recordId: random(32) }
const otherKey = { ...wrap, keyIds: [keyIdOf(random(32)), wrap.keyIds[1]] }
const otherOfficers = { ...wrap, keyIds: [wrap.keyIds[0], officersKeyId([publicKeyOf(random(32))])] }

const clinician = random(32)
const handed = { windowId: random(32), recordId: record.recordId, version: 1 }
const sealed = await sealOfficersPart(publicKeyOf(clinician), handed, part, { random })
const hand = (name: string, comment: string, expect: string, changes: object = {}): Scenario => ({
  name,
  comment,
  operation: 'handed',
  expect,
  input: { seed: clinician, to: handed, ...sealed, ...changes },
  ...(expect === 'success' && { output: { part, context: encode([handed.windowId, handed.recordId, 1]) } }),
})

/** Vectors of emergency wraps (docs/spec/break-glass.md#wrap). */
export const emergencyVectors = toVectors([
  {
    name: 'wrap',
    comment: 'two parts, one to the nodes, one sealed to each of two officers',
    operation: 'wrap',
    expect: 'success',
    input: { record, dek, to, seed: wrapSeed },
    output: wrap,
  },
  {
    name: 'officers',
    comment: 'the id of a list of officers is the hash over the hashes of their keys, in order',
    operation: 'officers',
    expect: 'success',
    input: { officers },
    output: { id: officersKeyId(officers) },
  },
  open('open', 'the second officer and the nodes open it', 'success'),
  open('open-altered', 'a bit of the wrapped key is another', 'WRAP', { wrap: { ...wrap, wrap: flip(wrap.wrap) } }),
  open('open-other-nodes', 'nodes of another key refuse it', 'CIPHERTEXT', { x: encodeScalar(randomScalar(random)) }),
  open('open-other-officer', 'the seed of one officer does not open what is for the other', 'ENVELOPE', { at: 0 }),
  open('open-no-officer', 'there is no third officer', 'CIPHERTEXT', { at: 2 }),
  open('open-moved', 'it lies at another record', 'CIPHERTEXT', { record: otherRecord }),
  open('open-renamed-nodes', 'it names another key of the nodes', 'CIPHERTEXT', { wrap: otherKey }),
  open('open-renamed-officers', 'it names other officers', 'CIPHERTEXT', { wrap: otherOfficers }),
  hand('handed', 'what an officer hands on opens with the key of the window', 'success'),
  hand('handed-other-window', 'it was handed on for another window', 'ENVELOPE', {
    to: { ...handed, windowId: random(32) },
  }),
  hand('handed-other-version', 'it was handed on for another version', 'ENVELOPE', { to: { ...handed, version: 2 } }),
  hand('handed-other-key', 'another clinician’s key', 'ENVELOPE', { seed: random(32) }),
])

whenRun(import.meta.url, () => writeVectors('emergency', emergencyVectors))
