'use client'

import { glassStateOf } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { Hex } from 'viem'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { CheckCards } from '@/components/ui/choice.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { TextField } from '@/components/ui/field.tsx'
import { Hash } from '@/components/ui/hash.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { LookedAt } from '@/hooks/useOfficer.ts'
import { clockTime } from '@/lib/format.ts'
import { lower } from '@/lib/names.ts'

export type AskedOfMeProps = {
  readonly looked: LookedAt
  /** Seconds. */
  readonly now: number
  /** The key of an officer of the demo; others choose their file. */
  readonly demoSeed: Hex | undefined
  readonly busy: boolean
  readonly error: unknown
  readonly onAgree: (seed: Hex) => void
  readonly onLeave: () => void
}

/** A colleague's request as the officer looks at it: who, why, what follows; then the officer's key and a yes. */
export function AskedOfMe({ looked, now, demoSeed, busy, error, onAgree, onLeave }: AskedOfMeProps): ReactElement {
  const { ask, window } = looked
  const { clinician, pseudonym, deadline } = ask.opening
  const [seed, setSeed] = useState(demoSeed)
  const [sure, setSure] = useState<string[]>([])
  const over = window ? glassStateOf(window, now) !== 'open' : now > deadline
  const facts = [
    { label: 'Asks', value: <Actor account={lower(clinician)} /> },
    { label: 'Why', value: ask.reason },
    { label: 'Patient', value: <Hash value={pseudonym} label="the patient's code" /> },
    { label: 'Sign until', value: clockTime(deadline) },
  ]
  return (
    <div className="grid gap-4">
      <Facts facts={facts} />
      {over ? (
        <Note tone="warn" live title={window ? 'This emergency is over' : 'It has run out'}>
          Nothing opens with it any more. Have the clinician make a new request if it is still needed.
        </Note>
      ) : (
        <>
          <Note tone="bad" title="What will happen">
            <ul className="ml-4 list-disc">
              <li>For 24 hours this clinician can read the patient’s emergency summary, without asking the patient.</li>
              <li>
                <b>The patient is told at once</b>, with both your names. Everyone can see it.
              </li>
              <li>Somebody who took no part in it reviews it within 72 hours.</li>
            </ul>
          </Note>
          {!demoSeed && <KeyFile onSeed={setSeed} />}
          <CheckCards
            legend="Before you agree"
            name="sure"
            options={[{ value: 'yes', label: 'I made sure who asks, and that it is an emergency.' }]}
            values={sure}
            onChange={setSure}
          />
        </>
      )}
      {error !== undefined && error !== null && <Problem error={error} />}
      <div className="flex flex-wrap gap-2">
        <Button kind="secondary" onClick={onLeave}>
          {over ? 'Another request' : 'Do not agree'}
        </Button>
        {!over && (
          <Button kind="danger" busy={busy} disabled={sure.length === 0 || !seed} onClick={() => seed && onAgree(seed)}>
            {window ? 'Hand on my part again' : 'Agree and break the glass'}
          </Button>
        )}
      </div>
    </div>
  )
}

/** Takes the key that `sharewell break-glass key` made. It stays in this tab's memory. */
function KeyFile({ onSeed }: { onSeed: (seed: Hex | undefined) => void }): ReactElement {
  const [error, setError] = useState<string>()
  const read = async (file: File | undefined): Promise<void> => {
    const text = (await file?.slice(0, 200).text())?.trim() ?? ''
    const isKey = /^0x[0-9a-f]{64}$/.test(text)
    onSeed(isKey ? (text as Hex) : undefined)
    setError(isKey || !file ? undefined : 'This file holds no officer’s key.')
  }
  return (
    <TextField
      label="Your officer’s key"
      hint="The file that ‘sharewell break-glass key’ made. It is read here and goes nowhere."
      type="file"
      error={error}
      onChange={({ target }) => void read(target.files?.[0])}
    />
  )
}
