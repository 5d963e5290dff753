'use client'

import type { OnProgress } from '@sharewell/sdk/flow'
import { useCallback, useReducer, useRef, useState } from 'react'
import { advance, broken, type Journey } from '@/lib/journey.ts'

type Action = Parameters<typeof advance>[1] | 'reset' | 'break'
const nothing: Journey = {}

function reduce(journey: Journey, action: Action): Journey {
  if (action === 'reset') return nothing
  return action === 'break' ? broken(journey) : advance(journey, action)
}

/** What a running piece of work is given. `clear` empties the picture before its next part. */
export type Watch = { readonly onProgress: OnProgress; readonly signal: AbortSignal; readonly clear: () => void }

/** Something long that can be watched and stopped. */
export type Run<result> = {
  readonly journey: Journey
  readonly status: 'idle' | 'running' | 'done' | 'failed'
  readonly result: result | undefined
  readonly error: unknown
  readonly start: (work: (watch: Watch) => Promise<result>) => Promise<void>
  readonly stop: () => void
  readonly reset: () => void
}

/** Runs one journey at a time and keeps what it said. */
export function useJourney<result>(): Run<result> {
  const [journey, dispatch] = useReducer(reduce, nothing)
  const [state, setState] = useState<Pick<Run<result>, 'status' | 'result' | 'error'>>({
    status: 'idle',
    result: undefined,
    error: undefined,
  })
  const running = useRef<AbortController>(undefined)

  const reset = useCallback(() => {
    running.current?.abort()
    dispatch('reset')
    setState({ status: 'idle', result: undefined, error: undefined })
  }, [])
  const start = useCallback<Run<result>['start']>(
    async (work) => {
      reset()
      const stop = new AbortController()
      running.current = stop
      setState({ status: 'running', result: undefined, error: undefined })
      const onProgress: OnProgress = (progress) => {
        if (!stop.signal.aborted) dispatch(progress)
      }
      try {
        const result = await work({ onProgress, signal: stop.signal, clear: () => dispatch('reset') })
        if (running.current === stop) setState({ status: 'done', result, error: undefined })
      } catch (error) {
        if (running.current !== stop) return
        dispatch('break')
        setState({ status: 'failed', result: undefined, error })
      }
    },
    [reset],
  )
  const stop = useCallback(() => running.current?.abort(), [])
  return { journey, ...state, start, stop, reset }
}
