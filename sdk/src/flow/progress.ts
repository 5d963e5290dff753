import type { Hex } from '../bytes.ts'
import type { OnProgress, Progress, Step } from './types.ts'

/** Turns what a journey does into progress events; counts so that no caller has to. */
export type Watch = {
  start(step: Step, of?: number): void
  /** One more of the step is done, by `who` where it was one of the operators. */
  next(step: Step, who?: Hex | undefined): void
  done(step: Step): void
  failed(step: Step, who: Hex, problem: string): void
  /** Passes bytes through and counts them. */
  bytes<piece extends Uint8Array>(
    step: Step,
    source: AsyncIterable<piece> | Iterable<piece>,
    of?: number,
  ): AsyncIterable<piece>
  /** Passes items through and counts them. */
  chunks<item>(step: Step, source: AsyncIterable<item>, of?: number): AsyncIterable<item>
}

/** Makes the watch of one journey. */
export function watch(onProgress: OnProgress = () => undefined): Watch {
  const counts = new Map<Step, { done: number; of?: number | undefined }>()
  const tell = (step: Step, status: Progress['status'], more: { who?: Hex; problem?: string } = {}) => {
    const { done: counted = 0, of } = counts.get(step) ?? {}
    // More may come than is needed: nodes are asked to be on the safe side.
    const done = Math.min(counted, of ?? counted)
    onProgress({ step, status, done, ...(of !== undefined && { of }), ...more })
  }
  const add = (step: Step, amount: number, who?: Hex) => {
    const count = counts.get(step) ?? { done: 0 }
    counts.set(step, { ...count, done: count.done + amount })
    tell(step, 'progress', who === undefined ? {} : { who })
  }
  const start = (step: Step, of?: number) => {
    counts.set(step, { done: 0, of })
    tell(step, 'start')
  }

  async function* counted<item>(
    step: Step,
    source: AsyncIterable<item> | Iterable<item>,
    of: number | undefined,
    size: (item: item) => number,
  ): AsyncGenerator<item> {
    start(step, of)
    for await (const item of source) {
      add(step, size(item))
      yield item
    }
    tell(step, 'done')
  }

  return {
    start,
    next: (step, who) => add(step, 1, who),
    done: (step) => tell(step, 'done'),
    failed: (step, who, problem) => tell(step, 'failed', { who, problem }),
    bytes: (step, source, of) => counted(step, source, of, (piece) => piece.length),
    chunks: (step, source, of) => counted(step, source, of, () => 1),
  }
}

/** A journey's helpers share its watch and its signal. */
export type Journey = { readonly tell: Watch; readonly signal?: AbortSignal | undefined }
