import { field } from '../cbor/index.ts'
import { createCode } from './code.ts'

/**
 * What a patient asks one guardian to sign: `sharewell-request1:`. It tells that guardian, and nobody else, which
 * pseudonym it is about; the tweak and salt are of this guardian alone.
 */
export const guardianRequest = createCode(
  'sharewell-request1:',
  field.record({
    v: field.literal(1),
    networkId: field.bytes(32),
    act: field.literal('recover', 'withdraw'),
    pseudonym: field.bytes(32),
    from: field.bytes(20),
    to: field.bytes(20),
    circle: field.bytes(32),
    round: field.integer(0, 2 ** 48 - 1),
    deadline: field.integer(0, 2 ** 40 - 1),
    place: field.integer(0, 15),
    salt: field.bytes(32),
    tweak: field.bytes(32),
    guardianKey: field.bytes(33),
  }),
)
/** What {@link guardianRequest} reads. */
export type GuardianRequest = ReturnType<typeof guardianRequest.read>

/** What a guardian answers: `sharewell-approval1:`. It is public once it is on chain. */
export const guardianApproval = createCode(
  'sharewell-approval1:',
  field.record({
    v: field.literal(1),
    networkId: field.bytes(32),
    pseudonym: field.bytes(32),
    guardian: field.bytes(20),
    place: field.integer(0, 15),
    salt: field.bytes(32),
    signature: field.bytes(65),
  }),
)
/** What {@link guardianApproval} reads. */
export type GuardianApproval = ReturnType<typeof guardianApproval.read>
