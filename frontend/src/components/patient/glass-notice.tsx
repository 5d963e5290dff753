'use client'

import { type GlassWindow, glassStateOf } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useGlass } from '@/hooks/useGlass.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { moment } from '@/lib/format.ts'
import { lower } from '@/lib/names.ts'

/** Emergencies at one place: at the top of the page, at once, and until somebody reviewed them. */
export function GlassNotice({ place }: { place: Place }): ReactElement | null {
  const { windows, close, now } = useGlass(place)
  if (windows.length === 0) return null
  return (
    <>
      {windows.map((one) => (
        <BrokenGlass
          key={one.windowId}
          name={place.name}
          window={one}
          now={now}
          busy={close.isPending}
          onClose={() => close.mutate(one)}
        />
      ))}
      {close.error && <Problem error={close.error} />}
    </>
  )
}

export type BrokenGlassProps = {
  name: string
  window: GlassWindow
  /** Seconds. */
  now: number
  busy: boolean
  onClose: () => void
}

/** One emergency: who declared it, when, what could be read, and whether it was reviewed. */
export function BrokenGlass({ name, window, now, busy, onClose }: BrokenGlassProps): ReactElement {
  const { clinician, guardian, openedAt, until, closedAt = until } = window
  const state = glassStateOf(window, now)
  const open = state === 'open'
  const fine = window.review?.verdict === 'justified'
  return (
    <Note
      tone={fine ? 'info' : state === 'unreviewed' ? 'warn' : 'bad'}
      live
      title={`An emergency was declared for you at ${name}`}
      action={
        open && (
          <Button kind="danger" busy={busy} onClick={onClose}>
            Close it now
          </Button>
        )
      }
    >
      <p>
        On {moment(openedAt)} <Actor account={lower(clinician)} /> and <Actor account={lower(guardian)} />, an emergency
        officer of {name}, opened your emergency summary without asking you.{' '}
        {open ? `It can be read until ${moment(until)}.` : `It could be read until ${moment(closedAt)}.`} Nothing else
        of your data can be opened that way.
      </p>
      <p className="mt-1">
        <Standing window={window} now={now} />
      </p>
    </Note>
  )
}

function Standing({ window, now }: { window: GlassWindow; now: number }): ReactElement {
  const { review, reviewBy } = window
  if (review)
    return (
      <>
        <b>{review.verdict === 'justified' ? 'Reviewed: justified.' : 'Reviewed: not justified.'}</b>{' '}
        <Actor account={lower(review.reviewer)} />, who took no part in it, looked at it on {moment(review.reviewedAt)}.
        {review.verdict === 'unjustified' && ' Ask the hospital what follows from it.'}
      </>
    )
  const state = glassStateOf(window, now)
  if (state === 'open') return <>If there is no emergency, close it: from then on nothing is released in it.</>
  if (state === 'overdue')
    return (
      <>
        <b>Nobody has reviewed it, and it is overdue.</b> Until somebody does, those who declared it can declare no
        other.
      </>
    )
  return <>Not reviewed yet. Somebody who took no part in it must look at it by {moment(reviewBy)}.</>
}
