/** Threads of this program, alike under Node and in browsers. @module */

/** What a thread and its host hear of each other. */
export type ThreadEvents = {
  readonly message: (message: unknown) => void
  /** The thread is no more: it was stopped, it crashed, or it could not be loaded. Comes once. */
  readonly ended: () => void
}

/** Another thread of this program. */
export type Thread = {
  /** Sends a message. Buffers in `moved` go over without a copy, and are empty here from then on. */
  post(message: unknown, moved: ArrayBuffer[]): void
  /** Whether the process stays alive for this thread. It does not at first. */
  hold(held: boolean): void
  /** Ends it wherever it is; resolves when it is gone. */
  stop(): Promise<void>
}

/** Which module a thread runs: bundlers find it by the words in `web`, Node by the other two. */
export type ThreadModule = { readonly base: string; readonly file: string; readonly web: () => Worker }

/** This thread's end of the line to who started it. */
export type ThreadPort = {
  listen(hear: (message: unknown) => void): void
  post(message: unknown, moved: ArrayBuffer[]): void
}

/** What the platform must give. */
export type Threads = {
  /** How many threads can run at once here. */
  readonly parallelism: () => number
  /** Lets what waits in the event loop come to its turn, messages of threads among it. */
  readonly turn: () => Promise<void>
  readonly startThread: (module: ThreadModule, events: ThreadEvents) => Thread
  /** Undefined in a thread that was not started by {@link Threads.startThread}. */
  readonly threadPort: () => ThreadPort | undefined
}
