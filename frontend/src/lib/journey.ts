import type { Progress, Step } from '@sharewell/sdk/flow'
import type { Hex } from 'viem'

/** How one operator fared in one step. */
export type Part = { readonly who: Hex; readonly status: Progress['status']; readonly problem?: string | undefined }

/** How one step stands. */
export type StepState = {
  readonly status: 'waiting' | Progress['status']
  readonly done?: number | undefined
  readonly of?: number | undefined
  readonly parts: readonly Part[]
}

/** A journey as far as it came. */
export type Journey = Readonly<Partial<Record<Step, StepState>>>

/** Steps of a deposit, of a reader's opening, of a patient's own, and of a new key, in the order of the screen. */
export const paths = {
  deposit: ['seal', 'split', 'place', 'anchor'],
  reader: ['release', 'gather', 'rebuild', 'verify', 'open'],
  patient: ['gather', 'rebuild', 'verify', 'open'],
  rekey: ['gather', 'rebuild', 'verify', 'seal', 'split', 'place', 'anchor'],
} as const satisfies Record<string, readonly Step[]>

/** What each step does, before, while and after it is done. */
export const stepWords: Record<Step, { title: string; doing: string; unit: string }> = {
  seal: { title: 'Seal', doing: 'Encrypting under a fresh key on this device', unit: 'bytes' },
  split: { title: 'Split', doing: 'Cutting the sealed bytes into shares', unit: 'chunks' },
  place: { title: 'Place', doing: 'Handing one share to each storage node', unit: 'nodes' },
  anchor: { title: 'Anchor', doing: 'Writing the fingerprints into the public ledger', unit: '' },
  grant: { title: 'Grant', doing: 'Waiting for the patient', unit: '' },
  release: { title: 'Release', doing: 'Asking the hospitals that keep the keys', unit: 'key nodes' },
  gather: { title: 'Gather', doing: 'Collecting shares from the storage nodes', unit: 'shares' },
  rebuild: { title: 'Rebuild', doing: 'Putting the sealed record together', unit: 'chunks' },
  verify: { title: 'Verify', doing: 'Checking every part against the public ledger', unit: 'chunks' },
  open: { title: 'Open', doing: 'Decrypting on this device', unit: 'bytes' },
}

/** A journey after one more event. An operator keeps one place in its step, whatever it says later. */
export function advance(journey: Journey, { step, status, done, of, who, problem }: Progress): Journey {
  const before: StepState = journey[step] ?? { status: 'waiting', parts: [] }
  // An operator that fails or ends is not the step that fails or ends.
  const ofStep = before.status === 'waiting' ? 'start' : before.status
  const state: StepState = {
    status: who === undefined ? status : ofStep,
    done: done ?? before.done,
    of: of ?? before.of,
    // A step counts an operator when it has done its part.
    parts:
      who === undefined
        ? before.parts
        : withPart(before.parts, { who, status: status === 'progress' ? 'done' : status, problem }),
  }
  return { ...journey, [step]: state }
}

function withPart(parts: readonly Part[], part: Part): readonly Part[] {
  const at = parts.findIndex(({ who }) => who === part.who)
  return at < 0 ? [...parts, part] : parts.toSpliced(at, 1, part)
}

/** The journey with every unfinished step marked as failed, as it stands when an error ended it. */
export function broken(journey: Journey): Journey {
  return Object.fromEntries(
    Object.entries(journey).map(([step, state]) => [
      step,
      state.status === 'start' || state.status === 'progress' ? { ...state, status: 'failed' } : state,
    ]),
  )
}

/** A sentence for whoever cannot see the picture: the step that runs, and how far it is. */
export function spoken(journey: Journey, path: readonly Step[]): string {
  const running = path.findLast((step) => journey[step])
  if (!running) return 'Not started'
  const { status, done, of } = journey[running] ?? {}
  const { title, unit } = stepWords[running]
  if (status === 'failed') return `${title} failed`
  const last = running === path.at(-1)
  if (status === 'done') return last ? 'Done' : `${title} done`
  return of && unit !== 'bytes' ? `${title}: ${done ?? 0} of ${of} ${unit}` : title
}
