import type { Bytes } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import type { Wrap, WrappedRecord } from '@sharewell/sdk/envelope'
import { basePoint, decodeScalar, encodePoint } from '@sharewell/sdk/group'
import {
  combine,
  createReaderKey,
  type EmergencyRecipients,
  finish,
  type HandedPart,
  officersKeyId,
  openHandedPart,
  openOfficersPart,
  partial,
} from '@sharewell/sdk/release'
import { emergencyVectors } from '../../../docs/spec/vectors/generate-emergency.ts'
import { seeded } from '../../../docs/spec/vectors/scenarios.ts'
import { emergencyParts, unwrapEmergency, wrapEmergency } from '../../../sdk/src/release/emergency.ts'
import { type Operations, testVectors } from '../../helpers/scenarios.ts'

type Wrapping = { record: WrappedRecord; dek: Bytes; to: EmergencyRecipients; seed: string }
type Opening = { record: WrappedRecord; wrap: Wrap; x: Bytes; at: number; seed: Bytes }
type Handed = { seed: Bytes; to: HandedPart; enc: Bytes; ct: Bytes }

const operations: Operations = {
  wrap: ({ record, dek, to, seed }: Wrapping) => wrapEmergency(record, { dek, to }, { random: seeded(seed) }),
  officers: ({ officers }: { officers: Bytes[] }) => ({ id: officersKeyId(officers) }),
  open: async ({ record, wrap, x, at, seed }: Opening) => {
    const parts = emergencyParts(record, wrap)
    const part = await openOfficersPart(parts, { seed, at })
    // The nodes' part, as one node that holds the whole key gives it.
    const groupKey = encodePoint(basePoint.multiply(decodeScalar(x)))
    const reader = createReaderKey()
    const statement = { networkId: record.networkId, requestHash: new Uint8Array(32), ct: parts.ct, Yr: reader.Yr }
    const answer = partial({ i: 1, keyEpoch: 1, share: x, groupKey }, statement)
    const { A, B } = combine([answer], { keyEpoch: 1, k: 1, verifyingShares: [groupKey] }, statement)
    const nodesPart = finish(reader.y, parts.ct, { A, B })
    return { dek: await unwrapEmergency(record, wrap, { nodesPart, officersPart: part }), part, hash: parts.hash }
  },
  handed: async ({ seed, to, enc, ct }: Handed) => ({
    part: await openHandedPart(seed, to, { enc, ct }),
    context: encode([to.windowId, to.recordId, to.version]),
  }),
}

describe('emergency vectors', () => {
  testVectors('emergency', operations, { generated: emergencyVectors })
})
