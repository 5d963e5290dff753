'use client'

import { glassStateOf } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { Hex } from 'viem'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { CodeInput } from '@/components/ui/code-input.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useOfficer } from '@/hooks/useOfficer.ts'
import { useSession } from '@/hooks/useSession.ts'
import { useWindows } from '@/hooks/useWindows.ts'
import { moment } from '@/lib/format.ts'
import { lower } from '@/lib/names.ts'
import { AskedOfMe } from './asked-of-me.tsx'
import { HandOver } from './hand-over.tsx'

/** An emergency officer's desk: what a colleague asks, and the emergencies that the officer agreed to. */
export function OfficerDesk({ account }: { account: Hex }): ReactElement {
  const { look, agree, now } = useOfficer(account)
  const { person } = useSession()
  const [text, setText] = useState('')
  const looked = look.data
  const anew = (): void => {
    setText('')
    look.reset()
    agree.reset()
  }
  return (
    <Card
      title="Emergencies: you are an officer"
      hint="A colleague who declares an emergency hands you a request. Without you nothing opens."
    >
      <div className="grid gap-5">
        {agree.data ? (
          <Agreed text={agree.data} onDone={anew} />
        ) : looked ? (
          <AskedOfMe
            looked={looked}
            now={now}
            demoSeed={person?.officerSeed}
            busy={agree.isPending}
            error={agree.error}
            onAgree={(seed) => agree.mutate({ looked, seed })}
            onLeave={anew}
          />
        ) : (
          <form
            className="grid gap-3"
            onSubmit={(event) => {
              event.preventDefault()
              look.mutate(text)
            }}
          >
            <CodeInput label="The request" value={text} onChange={setText} />
            {look.error && <Problem error={look.error} />}
            <div>
              <Button type="submit" busy={look.isPending} disabled={text.trim() === ''}>
                Look at it
              </Button>
            </div>
          </form>
        )}
        <OpenOnes account={account} />
      </div>
    </Card>
  )
}

function Agreed({ text, onDone }: { text: string; onDone: () => void }): ReactElement {
  return (
    <>
      <Note tone="good" live title="You agreed. Hand this back to the clinician">
        Only the device that asked can use it. The patient was told.
      </Note>
      <HandOver label="Your part" text={text} fileName="emergency-part.png" />
      <div>
        <Button kind="secondary" onClick={onDone}>
          Done
        </Button>
      </div>
    </>
  )
}

/** Emergencies that the officer agreed to and that are open. */
function OpenOnes({ account }: { account: Hex }): ReactElement | null {
  const { windows, close, now } = useWindows()
  const open = windows.filter((one) => lower(one.guardian) === lower(account) && glassStateOf(one, now) === 'open')
  if (open.length === 0) return null
  return (
    <section className="grid gap-2">
      <h3 className="font-semibold">Open now</h3>
      <ul className="grid gap-2">
        {open.map(({ windowId, clinician, until }) => (
          <li
            key={windowId}
            className="flex flex-wrap items-center justify-between gap-3 rounded-xl border border-danger/40 p-3"
          >
            <span>
              <Actor account={lower(clinician)} /> can read until {moment(until)}.
            </span>
            <Button kind="danger" busy={close.isPending} onClick={() => close.mutate({ account, windowId })}>
              Close it
            </Button>
          </li>
        ))}
      </ul>
      {close.error && <Problem error={close.error} />}
    </section>
  )
}
