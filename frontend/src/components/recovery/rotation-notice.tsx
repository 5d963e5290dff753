'use client'

import type { Pending } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { Place } from '@/hooks/usePlaces.ts'
import { useRotation } from '@/hooks/useRotation.ts'
import { moment } from '@/lib/format.ts'
import { lower, short } from '@/lib/names.ts'
import { AskGuardiansDialog } from './ask-guardians-dialog.tsx'

/** What waits at a place, or that the patient cannot decide there: at the top of the page, until it is settled. */
export function RotationNotice({ place }: { place: Place }): ReactElement | null {
  const { rotation, pending, circle, veto, finish, lost } = useRotation(place)
  if (!rotation || !pending) return null
  const { name } = place
  const mine = pending.kind === 'recovery' && lower(pending.to) === lower(place.own.address)
  const error = veto.error ?? finish.error
  const { readyAt, lapsesAt } = rotation
  return (
    <>
      {mine && (
        <ComingBack
          name={name}
          ready={rotation.step === 'ready'}
          readyAt={readyAt}
          lapsesAt={lapsesAt}
          busy={finish.isPending}
          onFinish={() => finish.mutate()}
        />
      )}
      {!mine && pending.kind !== 'nothing' && (
        <SomethingWaits
          name={name}
          pending={{ ...pending, kind: pending.kind }}
          onVeto={lost ? undefined : () => veto.mutate()}
          busy={veto.isPending}
        />
      )}
      {lost && pending.kind !== 'recovery' && <NotHere place={place} circle={circle} />}
      {error && <Problem error={error} />}
    </>
  )
}

export type SomethingWaitsProps = {
  name: string
  pending: Pick<Pending, 'to' | 'readyAt'> & { readonly kind: Exclude<Pending['kind'], 'nothing'> }
  busy: boolean
  /** Absent where this device cannot stop it. */
  onVeto?: (() => void) | undefined
}

const waitingWords = {
  recovery: {
    tone: 'bad',
    title: (name: string) => `Somebody wants to take over at ${name}`,
    what: (to: string) => `Your guardians signed that account ${to} shall decide instead of you.`,
    todo: 'If you did not ask them to, stop it now, and speak with them.',
    stop: 'Stop the takeover',
  },
  handover: {
    tone: 'bad',
    title: (name: string) => `Another account is to decide at ${name}`,
    what: (to: string) => `With your account somebody began to hand your code on to account ${to}.`,
    todo: 'If it was not you, stop it now: somebody else has your account.',
    stop: 'Stop the handover',
  },
  guardians: {
    tone: 'warn',
    title: (name: string) => `Your guardians change at ${name}`,
    what: () => 'Other guardians, or none, are to count.',
    todo: 'If it was not you, keep those before: somebody else has your account.',
    stop: 'Keep those before',
  },
} as const

/** Something that the patient may not have begun, and the way to stop it. */
export function SomethingWaits({ name, pending, busy, onVeto }: SomethingWaitsProps): ReactElement {
  const { kind, to, readyAt } = pending
  const { tone, title, what, todo, stop } = waitingWords[kind]
  return (
    <Note
      tone={tone}
      live
      title={title(name)}
      action={
        onVeto && (
          <Button kind="danger" busy={busy} onClick={onVeto}>
            {stop}
          </Button>
        )
      }
    >
      <p>
        {what(short(to))} {todo} You can stop it until it is done, which can be from <b>{moment(readyAt)}</b> on.
      </p>
    </Note>
  )
}

type ComingBackProps = {
  name: string
  ready: boolean
  readyAt: number | undefined
  lapsesAt: number | undefined
  busy: boolean
  onFinish: () => void
}

/** The patient's own recovery. */
function ComingBack({ name, ready, readyAt, lapsesAt, busy, onFinish }: ComingBackProps): ReactElement {
  if (!ready)
    return (
      <Note live title={`${name} is coming back to you`}>
        Your guardians signed. From {moment(readyAt)} on you can finish it here; until then whoever has the old account
        can stop it.
      </Note>
    )
  return (
    <Note
      tone="good"
      live
      title={`${name} is ready to come back`}
      action={
        <Button busy={busy} onClick={onFinish}>
          Finish
        </Button>
      }
    >
      Finish before {moment(lapsesAt)}. Afterwards look at who can see your data: whoever had the old account may have
      shared.
    </Note>
  )
}

type NotHereProps = {
  place: Place
  circle: { readonly needed: number; readonly places: readonly unknown[] } | undefined
}

/** The vault is back, and the account that decides is in another wallet, or lost. */
function NotHere({ place, circle }: NotHereProps): ReactElement {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Note
        tone="warn"
        title={`The account that decides at ${place.name} is not here`}
        action={
          circle && (
            <Button kind="secondary" aria-haspopup="dialog" onClick={() => setAsking(true)}>
              Ask my guardians
            </Button>
          )
        }
      >
        Your vault is back. To open what is kept here, and to decide, connect the wallet with account{' '}
        {short(place.controller)}
        {circle
          ? `; if it is lost, any ${circle.needed} of your ${circle.places.length} guardians can give this back to you.`
          : '. Nobody guards it: if it is lost, ask the hospital for a new code.'}
      </Note>
      {asking && circle && <AskGuardiansDialog place={place} needed={circle.needed} onClose={() => setAsking(false)} />}
    </>
  )
}
