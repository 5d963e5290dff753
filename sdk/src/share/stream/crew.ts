import { startThread, type Thread, type ThreadModule } from '#primitives'
import { BaseError } from '../../errors.ts'
import { type Done, packWork, perform, type Work } from './work.ts'

/** A piece of work and who waits for it. */
export type Job = {
  readonly work: Work
  /** The work's arrays may be moved. */
  readonly take: boolean
  readonly done: (done: Done<Work>) => void
  readonly fail: (error: unknown) => void
}

type Slot = { readonly thread: Thread; ready: boolean; job: Job | undefined }
type Answer = { readonly ready?: true; readonly done?: Done<Work>; readonly refused?: Work }

/** Threads that ended before they were ready, after which none is started any more. */
const mostRefusals = 3

/** Does a job in this thread. */
export const doHere = (job: Job): void => void perform(job.work).then(job.done, job.fail)

/** The threads of a pool, each at one job at a time. `free` is called when one may be free, or is no more. */
export function createCrew({ threads, module, free }: createCrew.Options): createCrew.ReturnType {
  const slots = new Set<Slot>()
  let refusals = 0
  const some = (is: (slot: Slot) => boolean) => [...slots].some(is)

  const leave = (slot: Slot): Job | undefined => {
    const { job } = slot
    slot.job = undefined
    slot.thread.hold(false)
    return job
  }
  const hear = (slot: Slot, { ready, done, refused }: Answer) => {
    if (ready) slot.ready = true
    const job = leave(slot)
    if (done) job?.done(done)
    // Its bytes went there and came back.
    if (refused && job) doHere({ ...job, work: refused })
    free()
  }
  const start = () => {
    const slot: Slot = {
      thread: startThread(module, {
        message: (message) => hear(slot, message as Answer),
        ended: () => {
          slots.delete(slot)
          if (!slot.ready) refusals += 1
          leave(slot)?.fail(new ShareThreadError())
          free()
        },
      }),
      ready: false,
      job: undefined,
    }
    slots.add(slot)
  }
  return {
    starting: () => some(({ ready }) => !ready),
    ready: () => some(({ ready }) => ready),
    grow() {
      if (some(({ ready, job }) => !ready || !job) || slots.size >= threads || refusals >= mostRefusals) return
      try {
        start()
      } catch {
        refusals = mostRefusals
      }
    },
    take(job) {
      const slot = [...slots].find((one) => one.ready && !one.job)
      if (!slot) return false
      slot.job = job
      slot.thread.hold(true)
      const { content, moved } = packWork(job.work, job.take)
      slot.thread.post(content, moved)
      return true
    },
    async stop() {
      const all = [...slots]
      // Whoever comes now gets another thread.
      slots.clear()
      for (const slot of all) {
        // To be stopped while it starts is no refusal.
        slot.ready = true
        leave(slot)?.fail(new ShareThreadError())
      }
      await Promise.all(all.map(({ thread }) => thread.stop()))
    },
  }
}
export declare namespace createCrew {
  type Options = { readonly threads: number; readonly module: ThreadModule; readonly free: () => void }
  type ReturnType = {
    readonly starting: () => boolean
    /** Whether there is a thread that takes work, now or when it is free. */
    readonly ready: () => boolean
    /** Starts one more thread where none is idle. */
    grow(): void
    /** Gives a job to a thread that is free. */
    take(job: Job): boolean
    stop(): Promise<void>
  }
}

/** Thrown when a thread ended while it cut or joined a chunk. The next piece of work gets another thread. */
export class ShareThreadError extends BaseError<'SHARE_THREAD'> {
  override readonly name = 'ShareThreadError'
  constructor() {
    super('SHARE_THREAD', 'The thread that worked on a chunk has ended.', {
      hints: ['Try again; the pool starts another thread. If it happens again, the machine lacks memory.'],
      docs: 'share-engine.md#streams-and-threads',
    })
  }
}
