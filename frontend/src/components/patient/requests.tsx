'use client'

import type { AccessRequest } from '@sharewell/sdk/chain'
import { MailOpen } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Badge, Empty } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useMail } from '@/hooks/useMail.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { moment } from '@/lib/format.ts'
import { purposeLabel } from '@/lib/purposes.ts'
import { GrantDialog } from './grant-dialog.tsx'
import { NeverDialog } from './never-dialog.tsx'

/** Who asks and waits for an answer. */
export function Requests({
  place,
  waiting,
}: {
  place: Place
  waiting: readonly AccessRequest[] | undefined
}): ReactElement {
  const [granting, setGranting] = useState<AccessRequest | 'anybody'>()
  const [refusing, setRefusing] = useState<AccessRequest>()
  return (
    <Card
      title={<>Requests waiting {waiting && waiting.length > 0 && <Badge tone="warn">{waiting.length}</Badge>}</>}
      hint="Asking opens nothing. Take your time; you need not answer."
      action={
        <Button kind="quiet" onClick={() => setGranting('anybody')}>
          Give access without a request
        </Button>
      }
    >
      <div aria-live="polite">
        {waiting && waiting.length > 0 ? (
          <ul className="grid gap-3">
            {waiting.map((request) => (
              <RequestCard
                key={request.transaction}
                place={place}
                request={request}
                onGrant={() => setGranting(request)}
                onRefuse={() => setRefusing(request)}
              />
            ))}
          </ul>
        ) : (
          <Empty title="Nobody is waiting for your answer" />
        )}
      </div>
      {granting && (
        <GrantDialog
          place={place}
          request={granting === 'anybody' ? undefined : granting}
          onClose={() => setGranting(undefined)}
        />
      )}
      {refusing && <NeverDialog place={place} account={refusing.reader} onClose={() => setRefusing(undefined)} />}
    </Card>
  )
}

type RequestCardProps = { place: Place; request: AccessRequest; onGrant: () => void; onRefuse: () => void }

function RequestCard({ place, request, onGrant, onRefuse }: RequestCardProps): ReactElement {
  return (
    <li className="grid gap-3 rounded-xl border border-line p-4">
      <div>
        <Actor account={request.reader} />
        <p className="text-sm text-muted">
          asks for <b className="text-ink">{purposeLabel(request.purpose).toLowerCase()}</b>, {moment(request.time)}
        </p>
      </div>
      <ReasonNote place={place} request={request} />
      <div className="flex flex-wrap gap-2">
        <Button onClick={onGrant} aria-haspopup="dialog">
          Choose what to share
        </Button>
        <Button kind="secondary" onClick={onRefuse} aria-haspopup="dialog">
          Never this person
        </Button>
      </div>
    </li>
  )
}

function ReasonNote({
  place,
  request: { noteHash, reader },
}: {
  place: Place
  request: AccessRequest
}): ReactElement | null {
  const { mail, error, isFetching, reread } = useMail(place)
  if (BigInt(noteHash) === 0n) return <p className="text-sm text-muted">No note came with it.</p>
  const note = mail?.notes.get(noteHash)
  if (note) {
    const own = note.from.toLowerCase() === reader.toLowerCase()
    return (
      <blockquote className="rounded-lg border-l-4 border-accent bg-sunken px-4 py-2.5 whitespace-pre-wrap">
        {note.text}
        {!own && <span className="block text-sm text-gold">Written by another account than the one that asks.</span>}
      </blockquote>
    )
  }
  // Before the mailbox was opened, its own card asks for that.
  if (!mail) return <p className="text-sm text-muted">The note with the reason waits in your mailbox.</p>
  return (
    <div className="grid justify-items-start gap-2">
      <Button kind="quiet" busy={isFetching} onClick={() => void reread()}>
        <MailOpen aria-hidden className="size-4" />
        Read the note
      </Button>
      {!isFetching && <p className="text-sm text-muted">The note has not arrived yet.</p>}
      {error && <Problem error={error} />}
    </div>
  )
}
