import { BadRequestError, hex } from '@sharewell/host'
import {
  type Carried,
  type Chain,
  type ContractCall,
  carriedByGuardians,
  carriedConsent,
  carriedDelegation,
  carriedRegistration,
  consentCall,
  delegationCall,
  guardiansCall,
  parseMessage,
  pseudonymOf,
  registrationCall,
  type SignedByGuardians,
  type SignedConsent,
  type SignedDelegation,
  type WaitOptions,
} from '@sharewell/sdk/chain'
import * as z from 'zod'
import type { Act } from './budgets.ts'

/** Something signed, ready to be carried. */
export type Load = {
  readonly act: Act
  /** What is counted by kind. */
  readonly kind: string
  /** Whose budget it uses: a pseudonym's, or a reader's. */
  readonly subject: string
  /** The very call that carries it. */
  readonly call: ContractCall
  /** Last second in which it can be carried; undefined where it has none. */
  readonly deadline?: number | undefined
  /** What no contract checks: whether this is carried for whoever signed it. Gives the transaction that carried it, where
   * one did and the contract would take it again. Errors: `RefusalError`, `LimitError`. */
  admit?(options: WaitOptions): Promise<Carried | undefined>
  /** The transaction that carried it, if one did. */
  carried(options: WaitOptions): Promise<Carried | undefined>
}

/** Longer than ECDSA's 65 bytes where a contract account signs. */
export const signature = z
  .string()
  .regex(/^0x(?:[0-9a-fA-F]{2}){65,1024}$/, '65 to 1,024 bytes in hex')
  .transform((text) => text.toLowerCase() as `0x${string}`)

const acts = {
  Grant: 'opening',
  GrantMany: 'opening',
  Revoke: 'closing',
  Deny: 'closing',
  RevokeAll: 'closing',
} as const

const consentShape = z.strictObject({
  kind: z.enum(['Grant', 'GrantMany', 'Revoke', 'Deny', 'RevokeAll']),
  message: z.unknown(),
  signature,
})

const registrationShape = z.strictObject({
  controller: hex(20),
  rho: hex(32),
  provider: hex(16),
  selfKeyHash: hex(32),
  signature,
})

/** Reads the body of `POST /v1/consents`. Errors: `BadRequestError`, `MessageError`. */
export function readConsent(chain: Chain, json: unknown): Load {
  const { kind, message, signature } = read(consentShape, json)
  const signed = { kind, message: parseMessage(kind, message), signature } as SignedConsent
  return {
    act: acts[kind],
    kind,
    subject: signed.message.pseudonym,
    call: consentCall(chain.network, signed),
    deadline: signed.message.deadline,
    carried: (options) => carriedConsent(chain, signed, options),
  }
}

const delegationShape = z.strictObject({ kind: z.enum(['Delegate', 'EndDelegation']), message: z.unknown(), signature })

/** Reads the body of `POST /v1/delegations`. Errors: `BadRequestError`, `MessageError`. */
export function readDelegation(chain: Chain, json: unknown): Load {
  const { kind, message, signature } = read(delegationShape, json)
  const signed = { kind, message: parseMessage(kind, message), signature } as SignedDelegation
  return {
    act: kind === 'Delegate' ? 'opening' : 'closing',
    kind,
    subject: signed.message.pseudonym,
    call: delegationCall(chain.network, signed),
    deadline: signed.message.deadline,
    carried: (options) => carriedDelegation(chain, signed, options),
  }
}

const mostGuardians = 16
const guardiansShape = z.strictObject({
  kind: z.enum(['Recover', 'Withdraw']),
  message: z.unknown(),
  circle: z.strictObject({ needed: z.int().min(0).max(255), places: z.array(hex(32)).max(mostGuardians) }),
  approvals: z
    .array(z.strictObject({ guardian: hex(20), place: z.int().min(0).max(255), salt: hex(32), signature }))
    .max(mostGuardians),
})

/** Reads the body of `POST /v1/recoveries`: what guardians signed. Errors: `BadRequestError`, `MessageError`. */
export function readByGuardians(chain: Chain, json: unknown): Load {
  const { kind, message, circle, approvals } = read(guardiansShape, json)
  const signed = { kind, message: parseMessage(kind, message), circle, approvals } as SignedByGuardians
  return {
    act: kind === 'Recover' ? 'opening' : 'closing',
    kind,
    subject: signed.message.pseudonym,
    call: guardiansCall(chain.network, signed),
    deadline: signed.message.deadline,
    carried: (options) => carriedByGuardians(chain, signed, options),
  }
}

/** Reads the body of `POST /v1/registrations`. Errors: `BadRequestError`. */
export function readRegistration(chain: Chain, json: unknown): Load {
  const registration = read(registrationShape, json)
  const pseudonym = pseudonymOf(chain.network.networkId, registration.controller, registration.rho)
  return {
    act: 'registration',
    kind: 'Register',
    subject: pseudonym,
    call: registrationCall(chain.network, registration),
    carried: (options) => carriedRegistration(chain, { ...registration, pseudonym }, options),
  }
}

/** Reads JSON of one shape. Errors: `BadRequestError`. */
export function read<shape extends z.ZodType>(shape: shape, json: unknown): z.output<shape> {
  const parsed = shape.safeParse(json)
  if (parsed.success) return parsed.data
  // Zod's own words name fields and forms, and repeat no value.
  throw new BadRequestError({ reason: z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ') })
}
