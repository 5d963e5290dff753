import type { Progress as Event, OnProgress, Step } from '@sharewell/sdk/flow'
import { formatBytes } from '../progress.ts'
import type { Terminal } from '../terminal.ts'

const order: readonly Step[] = [
  'seal',
  'split',
  'place',
  'anchor',
  'grant',
  'release',
  'gather',
  'rebuild',
  'verify',
  'open',
]
const inBytes: ReadonlySet<Step> = new Set(['seal', 'open'])

/** How far one step of a journey is. */
type Reached = { readonly status: Event['status']; readonly done: number; readonly of?: number | undefined }

/**
 * Draws a journey's events: a bar, and beside it every step with its count. The bar follows the bytes where their total
 * is known, else the chunks that were rebuilt. An operator that failed is named on a line of its own.
 */
export function watchJourney(terminal: Terminal, label: string, size?: number): OnProgress {
  if (terminal.json) return tellJourney(terminal, label)
  const steps = new Map<Step, Reached>()
  const bar = terminal.progress(label, size)
  return ({ step, status, done = 0, of, who, problem }) => {
    if (status === 'failed')
      terminal.warn(`${step}: ${who === undefined ? '' : `operator ${who} `}${problem ?? 'failed'}`)
    else steps.set(step, { status, done, of })
    const inOrder = order.flatMap((name) => {
      const reached = steps.get(name)
      return reached === undefined ? [] : [describe(name, reached)]
    })
    bar.describe(inOrder)
    const total = of ?? (step === 'seal' ? size : undefined)
    if (total !== undefined && leads(step, steps)) bar.set(done, total)
    else bar.redraw()
  }
}

/** For scripts: each start, end and failure of a step, and between them at most four events a second. */
function tellJourney(terminal: Terminal, journey: string): OnProgress {
  const told = new Map<Step, number>()
  return (event) => {
    const { step, status } = event
    const now = performance.now()
    if (status === 'progress' && now - (told.get(step) ?? 0) < 250) return
    told.set(step, now)
    terminal.event({ type: 'progress', journey, ...event })
  }
}

/** The step that the bar follows. */
function leads(step: Step, steps: ReadonlyMap<Step, Reached>): boolean {
  return inBytes.has(step) || (step === 'rebuild' && steps.get('open')?.of === undefined)
}

function describe(step: Step, { status, done, of }: Reached): string {
  if (status === 'done') return `${step} done`
  if (inBytes.has(step)) return `${step} ${formatBytes(done)}`
  return of === undefined ? `${step} ${done || ''}`.trim() : `${step} ${done}/${of}`
}
