'use client'

import { glassStateOf } from '@sharewell/sdk/chain'
import { encodeGlassAsk } from '@sharewell/sdk/flow'
import { Siren } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { OpenedPanel } from '@/components/journey/opened-panel.tsx'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { type Emergency, type EmergencyOptions, useEmergency } from '@/hooks/useEmergency.ts'
import { useSession } from '@/hooks/useSession.ts'
import { useWork } from '@/hooks/useWork.ts'
import { clockTime } from '@/lib/format.ts'
import { paths } from '@/lib/journey.ts'
import { lower } from '@/lib/names.ts'
import { DeclareDialog } from './declare-dialog.tsx'
import { HandOver } from './hand-over.tsx'
import { OpenEmergency } from './open-emergency.tsx'

/** What an emergency clinician can do for a patient who cannot be asked; nothing for anybody else. */
export function InEmergency(patient: Pick<EmergencyOptions, 'pseudonym' | 'provider'>): ReactElement | null {
  const { address } = useSession()
  const { clinician } = useWork(address)
  if (!address || !clinician) return null
  return <EmergencyCard {...patient} account={address} credentialId={clinician.id} />
}

/** An emergency clinician's way to a patient's summary. */
function EmergencyCard(props: EmergencyOptions): ReactElement {
  const emergency = useEmergency(props)
  const { held, current, run, open, now } = emergency
  const state = current && glassStateOf(current, now)
  const recordId = held?.parts?.parts[0]?.recordId
  return (
    <>
      {recordId && run.status !== 'idle' && (
        <OpenedPanel
          title="Emergency summary"
          recordId={recordId}
          run={run}
          path={paths.reader}
          onClose={run.reset}
          onRetry={() => open.mutate(undefined)}
        />
      )}
      {state === undefined && held ? (
        <Asked emergency={emergency} />
      ) : current && state === 'open' ? (
        <OpenEmergency emergency={emergency} window={current} account={props.account} />
      ) : (
        <Declare emergency={emergency} />
      )}
    </>
  )
}

function Declare({ emergency: { officers, ask, leave, held } }: { emergency: Emergency }): ReactElement {
  const [declaring, setDeclaring] = useState(false)
  return (
    <Card
      title="In an emergency"
      hint="Where the patient cannot be asked, and waiting would harm them."
      className="border-danger"
    >
      <div className="grid gap-3">
        {officers.length === 0 ? (
          <p>The hospital that keeps this patient has no emergency officer, so no emergency can be declared here.</p>
        ) : (
          <>
            <p>
              You and an emergency officer of the hospital open the emergency summary together. The patient is told at
              once, and a review follows.
            </p>
            <div>
              <Button kind="danger" aria-haspopup="dialog" onClick={() => setDeclaring(true)}>
                <Siren aria-hidden className="size-4" />
                Declare an emergency
              </Button>
            </div>
          </>
        )}
      </div>
      {declaring && (
        <DeclareDialog
          officers={officers}
          busy={ask.isPending || leave.isPending}
          error={ask.error}
          onDeclare={(plan) => ask.mutate(plan, { onSuccess: () => setDeclaring(false) })}
          onClose={() => {
            ask.reset()
            setDeclaring(false)
          }}
        />
      )}
      {held && <p className="mt-3 text-sm text-muted">The one before is over.</p>}
    </Card>
  )
}

/** Signed by the clinician, not yet by the officer. */
function Asked({ emergency: { held, leave, now } }: { emergency: Emergency }): ReactElement | null {
  if (!held) return null
  const { opening } = held.ask
  const over = now > opening.deadline
  return (
    <Card title="Hand this to the officer" className="border-danger">
      <div className="grid gap-4">
        {over ? (
          <Note tone="warn" live title="It has run out">
            The officer did not sign in time. Nothing was opened, and nobody was told. Begin again if it is still
            needed.
          </Note>
        ) : (
          <>
            <p>
              <Actor account={lower(opening.guardian)} /> reads it on their own page, and has to sign until{' '}
              {clockTime(opening.deadline)}. Nothing is open yet. It holds your reason: hand it to nobody else.
            </p>
            <HandOver label="The request" text={encodeGlassAsk(held.ask)} fileName="emergency-request.png" />
          </>
        )}
        {leave.error && <Problem error={leave.error} />}
        <div>
          <Button kind="secondary" busy={leave.isPending} onClick={() => leave.mutate()}>
            {over ? 'Begin again' : 'Take it back'}
          </Button>
        </div>
      </div>
    </Card>
  )
}
