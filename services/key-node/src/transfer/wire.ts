import * as z from 'zod'

/** The name of a kept object, as members see it. */
const nameShape = z.string().regex(/^(?:headers|capsules\/0x[0-9a-f]{64})\/0x[0-9a-f]{64}$/)

/** Bodies of the routes below `/v1/transfer`. */
export const transferShapes = {
  list: z.strictObject({ ticket: z.unknown(), after: z.union([z.literal(''), nameShape]) }),
  get: z.strictObject({ ticket: z.unknown(), name: nameShape }),
}

/** One page of names. */
export const namesShape = z.strictObject({ names: z.array(nameShape).max(1_000) })
