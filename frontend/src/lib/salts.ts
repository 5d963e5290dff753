import { toHex } from '@sharewell/sdk/bytes'
import type { ConsentReceipt, Grantee } from '@sharewell/sdk/chain'
import { randomBytes } from '@sharewell/sdk/primitives'
import type { Hex } from 'viem'
import { isSameGrantee } from './grant-draft.ts'

/**
 * The salt under which a grantee stays hidden: the one of an earlier receipt, so that a new permission takes the place of
 * the old one and the receipt that was handed over goes on to serve; else a random one.
 */
export const saltAmong =
  (given: readonly ConsentReceipt[]) =>
  (grantee: Grantee): Hex =>
    given.find((one) => isSameGrantee(one.grantee, grantee))?.salt ?? toHex(randomBytes(32))
