import path from 'node:path'
import { writeDurably } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import type { Checkpoint } from '@sharewell/sdk/chain'
import * as z from 'zod'
import { readIfThere } from '../files.ts'

/** The last checkpoint that this node signed of each book. It is on disk before a signature leaves. */
export type SignedLast = {
  of(book: Hex): Promise<Checkpoint | undefined>
  set(checkpoint: Checkpoint): Promise<void>
}

const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((text) => text as Hex)
const shape = z.strictObject({ book: hash, time: z.int(), size: z.int().positive(), root: hash })

/** Opens what is kept in `folder`. */
export function openSignedLast(folder: string): SignedLast {
  const fileOf = (book: Hex) => path.join(folder, 'book', `${book.slice(2)}.json`)
  return {
    async of(book) {
      const bytes = await readIfThere(fileOf(book))
      return bytes && shape.parse(JSON.parse(new TextDecoder().decode(bytes)))
    },
    set: async ({ book, time, size, root }) =>
      await writeDurably(fileOf(book), JSON.stringify({ book, time, size, root })),
  }
}
