'use client'

import { type Credential, type GlassWindow, glassStateOf } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { Hex } from 'viem'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Badge, Empty } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useReviews } from '@/hooks/useReviews.ts'
import { moment } from '@/lib/format.ts'
import { lower } from '@/lib/names.ts'
import { ReviewDialog } from './review-dialog.tsx'

/** A reviewer's list: what has to be looked at, the most urgent first, and what was. */
export function ReviewDesk({ account, credential }: { account: Hex; credential: Credential }): ReactElement {
  const { mine, error, send, readReason, now } = useReviews(account, credential)
  const [chosen, choose] = useState<Hex>()
  const window = mine.find(({ windowId }) => windowId === chosen)
  const rows = [...mine].sort((a, b) => Number(!!a.review) - Number(!!b.review) || a.reviewBy - b.reviewBy)
  return (
    <Card
      title="Emergencies to review"
      hint="Each has to be looked at within 72 hours, by somebody who took no part in it. Until an overdue one is, its hospital declares no other."
    >
      {error && <Problem error={error} />}
      {rows.length === 0 && !error && <Empty title="No emergencies" />}
      <ul className="grid gap-2 empty:hidden" aria-live="polite">
        {rows.map((one) => (
          <ReviewRow key={one.windowId} window={one} now={now} onReview={() => choose(one.windowId)} />
        ))}
      </ul>
      {window && (
        <ReviewDialog
          window={window}
          done={send.data}
          busy={send.isPending}
          error={send.error}
          reason={readReason.data}
          reasonError={readReason.error}
          onReadReason={(text) => readReason.mutate({ window, text })}
          onReview={(found) => send.mutate({ ...found, windowId: window.windowId })}
          onClose={() => {
            send.reset()
            readReason.reset()
            choose(undefined)
          }}
        />
      )}
    </Card>
  )
}

export type ReviewRowProps = {
  readonly window: GlassWindow
  /** Seconds. */
  readonly now: number
  readonly onReview: () => void
}

/** One emergency as its reviewer finds it: who, when, until when it has to be looked at. */
export function ReviewRow({ window, now, onReview }: ReviewRowProps): ReactElement {
  const { clinician, guardian, openedAt, reviewBy, review, closedAt, until } = window
  const state = glassStateOf(window, now)
  const open = closedAt === undefined && now < until
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 rounded-xl border border-line p-3">
      <span className="min-w-0">
        <Actor account={lower(clinician)} /> and <Actor account={lower(guardian)} />
        <span className="block text-sm text-muted">
          {moment(openedAt)}.{' '}
          {review
            ? `Reviewed on ${moment(review.reviewedAt)}.`
            : open
              ? `Still open until ${moment(until)}; to be reviewed by ${moment(reviewBy)}.`
              : `To be reviewed by ${moment(reviewBy)}.`}
        </span>
      </span>
      {review ? (
        <Badge tone={review.verdict === 'justified' ? 'good' : 'bad'}>
          {review.verdict === 'justified' ? 'justified' : 'not justified'}
        </Badge>
      ) : (
        <span className="flex flex-wrap items-center gap-2">
          {state === 'overdue' && <Badge tone="bad">overdue</Badge>}
          {open ? (
            <Badge tone="warn">open</Badge>
          ) : (
            <Button aria-haspopup="dialog" onClick={onReview}>
              Review it
            </Button>
          )}
        </span>
      )}
    </li>
  )
}
