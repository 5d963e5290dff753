import type { Hex } from '@sharewell/sdk/bytes'
import * as z from 'zod'

const hexOf = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`), `${bytes} bytes in hex`)
    .transform((text) => text as Hex)

const checkpointShape = z.strictObject({
  book: hexOf(32),
  time: z.int().min(1).max(0xff_ffff_ffff),
  size: z.int().positive(),
  root: hexOf(32),
})

/** A commitment of round 1. */
export const commitmentShape = z.strictObject({
  i: z.int().min(1).max(16),
  hiding: hexOf(32),
  binding: hexOf(32),
})

/** A share of round 2. */
export const shareShape = z.strictObject({ i: z.int().min(1).max(16), share: hexOf(32), signature: hexOf(65) })

/** Bodies of the routes below `/v1/book`. */
export const bookShapes = {
  confirm: z.strictObject({ epoch: z.int().min(1).max(0xffff_ffff), transcriptHash: hexOf(32) }),
  commit: z.strictObject({ checkpoint: checkpointShape }),
  sign: z.strictObject({ checkpoint: checkpointShape, commitments: z.array(commitmentShape).min(2).max(16) }),
}
