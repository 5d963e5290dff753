import type { Step } from '@sharewell/sdk/flow'
import { Check, Circle, LoaderCircle, X } from 'lucide-react'
import type { ReactElement } from 'react'
import { bytes } from '@/lib/format.ts'
import { type Journey, type StepState, spoken, stepWords } from '@/lib/journey.ts'
import { PartChips } from './part-chips.tsx'

const waiting: StepState = { status: 'waiting', parts: [] }

/** A journey step by step: what is done, what runs and how far, and which operator did what. */
export function JourneyPicture({ journey, path }: { journey: Journey; path: readonly Step[] }): ReactElement {
  return (
    <div>
      <p role="status" className="sr-only">
        {spoken(journey, path)}
      </p>
      <ol className="grid">
        {path.map((step, index) => (
          <StepRow key={step} step={step} state={journey[step] ?? waiting} last={index === path.length - 1} />
        ))}
      </ol>
    </div>
  )
}

const looks = {
  waiting: { icon: Circle, box: 'border-line text-transparent bg-sunken', word: 'waiting' },
  start: { icon: LoaderCircle, box: 'border-accent text-accent bg-accent-soft', word: 'running' },
  progress: { icon: LoaderCircle, box: 'border-accent text-accent bg-accent-soft', word: 'running' },
  done: { icon: Check, box: 'border-accent bg-accent text-on-accent', word: 'done' },
  failed: { icon: X, box: 'border-danger bg-danger-soft text-danger', word: 'failed' },
} as const

function StepRow({ step, state, last }: { step: Step; state: StepState; last: boolean }): ReactElement {
  const { title, doing } = stepWords[step]
  const { icon: Icon, box, word } = looks[state.status]
  const running = state.status === 'start' || state.status === 'progress'
  return (
    <li className="grid grid-cols-[2rem_1fr] gap-x-3">
      <div className="flex flex-col items-center">
        <span className={`grid size-8 place-items-center rounded-full border-2 ${box}`}>
          <Icon aria-hidden className={`size-4 ${running ? 'animate-spin' : ''}`} />
        </span>
        {!last && <span aria-hidden className={`w-0.5 flex-1 ${state.status === 'done' ? 'bg-accent' : 'bg-line'}`} />}
      </div>
      <div className="min-w-0 pb-5">
        <p className="flex min-h-8 flex-wrap items-center gap-x-2">
          <span className={`font-semibold ${state.status === 'waiting' ? 'text-muted' : ''}`}>{title}</span>
          <span className="sr-only">{word}</span>
          <span className="text-sm text-muted tabular-nums">{counted(step, state) ?? (running ? doing : '')}</span>
        </p>
        {running && <Bar state={state} label={title} />}
        {state.parts.length > 0 && <PartChips parts={state.parts} step={step} />}
      </div>
    </li>
  )
}

function counted(step: Step, { status, done, of }: StepState): string | undefined {
  const { unit } = stepWords[step]
  if (status === 'waiting' || !unit) return undefined
  if (unit === 'bytes') return done ? `${bytes(done)}${of && status !== 'done' ? ` of ${bytes(of)}` : ''}` : undefined
  if (done === undefined) return undefined
  return of ? `${done} of ${of} ${unit}` : `${done} ${unit}`
}

function Bar({ state: { done = 0, of }, label }: { state: StepState; label: string }): ReactElement | null {
  if (!of) return null
  return (
    <progress
      aria-label={label}
      value={Math.min(done, of)}
      max={of}
      className="mt-1 block h-1.5 w-full max-w-sm appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent [&::-webkit-progress-value]:transition-[width]"
    />
  )
}
