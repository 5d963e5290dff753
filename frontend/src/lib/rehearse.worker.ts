/**
 * Tries a policy apart from the page, which stays quick meanwhile.
 *
 * @module
 */
import { type Rehearsal, rehearse } from '@sharewell/sdk/flow'
import type { Policy } from '@sharewell/sdk/share'
import { type PlainError, plainError } from './plain-error.ts'

/** What the worker says. */
export type RehearsalWord =
  | { readonly kind: 'progress'; readonly part: number }
  | { readonly kind: 'done'; readonly found: Rehearsal }
  | { readonly kind: 'failed'; readonly error: PlainError }

const say = (word: RehearsalWord): void => globalThis.postMessage(word)

globalThis.addEventListener('message', ({ data }: MessageEvent<Policy>) => {
  rehearse(data, { onProgress: (part) => say({ kind: 'progress', part }) }).then(
    (found) => say({ kind: 'done', found }),
    (error: unknown) => say({ kind: 'failed', error: plainError(error) }),
  )
})
