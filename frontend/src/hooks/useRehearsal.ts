'use client'

import type { Rehearsal } from '@sharewell/sdk/flow'
import type { Policy } from '@sharewell/sdk/share'
import { useEffect, useRef, useState } from 'react'
import { errorFrom } from '@/lib/plain-error.ts'
import type { RehearsalWord } from '@/lib/rehearse.worker.ts'

/** How far a rehearsal is, and what it measured, for which policy. */
export type RehearsalState = {
  readonly policy: Policy
  readonly part: number
  readonly found?: Rehearsal
  readonly error?: unknown
}

/** Deposits and retrieves random bytes in a worker of this page. */
export function useRehearsal(): {
  state: RehearsalState | undefined
  start: (policy: Policy) => void
  stop: () => void
} {
  const [state, setState] = useState<RehearsalState>()
  const worker = useRef<Worker>(undefined)
  const end = (): void => worker.current?.terminate()
  useEffect(() => () => worker.current?.terminate(), [])

  const start = (policy: Policy): void => {
    end()
    const { n, t, r } = policy
    const one = new Worker(new URL('../lib/rehearse.worker.ts', import.meta.url), { type: 'module' })
    worker.current = one
    setState({ policy, part: 0 })
    one.addEventListener('error', ({ message }) =>
      setState({ policy, part: 1, error: new Error(message || 'The worker of this page stopped.') }),
    )
    one.addEventListener('message', ({ data: word }: MessageEvent<RehearsalWord>) => {
      if (word.kind === 'progress') return setState({ policy, part: word.part })
      one.terminate()
      setState({
        policy,
        part: 1,
        ...(word.kind === 'done' ? { found: word.found } : { error: errorFrom(word.error) }),
      })
    })
    one.postMessage({ n, t, r })
  }
  const stop = (): void => {
    end()
    setState(undefined)
  }
  return { state, start, stop }
}
