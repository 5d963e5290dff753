import {
  type Chain,
  createSession,
  endSession,
  openSession,
  type ReaderSession,
  RelayerError,
  relayEnding,
  relayOpening,
  sessionFinal,
  signEnding,
  signOpening,
} from '@sharewell/sdk/chain'

/** What a shift is for: a mask of purposes, and how long. */
export type ShiftPlan = { readonly purposes: number; readonly hours: number }

/** How a shift begins and ends on chain; tests bring their own. */
export type ShiftActs = {
  /** Resolves once whoever checks the session finds it. */
  open(chain: Chain, session: ReaderSession): Promise<void>
  close(chain: Chain, session: ReaderSession): Promise<void>
}

/** What this tab knows of a shift. */
export type ShiftState = {
  readonly running?: ReaderSession | undefined
  /** The last one ended because nobody was there. */
  readonly locked: boolean
}

/** The one shift of this tab. Its key is in this memory and nowhere else: closing or reloading the tab forgets it. */
export type Shifts = {
  readonly current: () => ShiftState
  readonly subscribe: (listener: () => void) => () => void
  /** Has the reader sign once. */
  begin(chain: Chain, plan: ShiftPlan): Promise<void>
  /** Forgets the key at once, then tells the chain. */
  end(chain: Chain): Promise<void>
  /** The same where nobody is there to be told of a failure: the key is gone in any case. */
  lock(chain: Chain): void
}

/** Kept free so that a chain whose clock is behind does not find twelve hours too long. */
const clockSkew = 60

/** Makes the memory of a tab. */
export function createShifts(acts: ShiftActs = onChain): Shifts {
  let state: ShiftState = { locked: false }
  let timer: ReturnType<typeof setTimeout> | undefined
  const listeners = new Set<() => void>()
  const set = (next: ShiftState): void => {
    state = next
    clearTimeout(timer)
    for (const listener of listeners) listener()
  }
  const leave = async (chain: Chain, locked: boolean): Promise<void> => {
    const { running } = state
    if (!running) return
    set({ locked })
    await acts.close(chain, running)
  }
  return {
    current: () => state,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async begin(chain, { purposes, hours }) {
      const until = chain.clock() + hours * 3_600 - clockSkew
      const session = createSession(chain, { purposes, until })
      await acts.open(chain, session)
      set({ running: session, locked: false })
      timer = setTimeout(() => set({ locked: false }), (until - chain.clock()) * 1_000)
    },
    end: (chain) => leave(chain, false),
    lock: (chain) => void leave(chain, true).catch(() => undefined),
  }
}

const onChain: ShiftActs = {
  async open(chain, session) {
    try {
      await relayOpening(chain, await signOpening(chain, session))
    } catch (error) {
      if (!(error instanceof RelayerError)) throw error
      await openSession(chain, session)
    }
    // Before it is final, those who check it would refuse its key.
    await sessionFinal(chain, session)
  },
  async close(chain, session) {
    try {
      await relayEnding(chain, await signEnding(chain, session))
    } catch (error) {
      if (!(error instanceof RelayerError) || !chain.wallet) throw error
      await endSession(chain, { key: session.key.address })
    }
  },
}

/** This tab's shift. */
export const shifts = createShifts()
