import type { Progress as Event, OnProgress, Step } from '@sharewell/sdk/flow'
import { formatBytes } from '../progress.ts'
import type { Terminal } from '../terminal.ts'

const inBytes: ReadonlySet<Step> = new Set(['seal', 'open'])

/** How far one step of a journey is. */
type Reached = { readonly status: Event['status']; readonly done: number; readonly of?: number | undefined }

/**
 * Draws a journey's events: a bar for the bytes, and beside it every step with its count. An operator that failed is
 * named on a line of its own.
 */
export function watchJourney(terminal: Terminal, label: string, size?: number): OnProgress {
  const steps = new Map<Step, Reached>()
  const bar = terminal.progress(label, size)
  return ({ step, status, done = 0, of, who, problem }) => {
    if (status === 'failed')
      terminal.warn(`${step}: ${who === undefined ? '' : `operator ${who} `}${problem ?? 'failed'}`)
    else steps.set(step, { status, done, of })
    bar.describe([...steps].map(([name, reached]) => describe(name, reached)).join('  '))
    if (inBytes.has(step)) bar.set(done, of)
    else bar.redraw()
  }
}

function describe(step: Step, { status, done, of }: Reached): string {
  if (status === 'done') return `${step} done`
  if (inBytes.has(step)) return `${step} ${formatBytes(done)}`
  return of === undefined ? `${step} ${done || ''}`.trim() : `${step} ${done}/${of}`
}
