'use client'

import { FileUp } from 'lucide-react'
import Link from 'next/link'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { JourneyPicture } from '@/components/journey/journey-picture.tsx'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { RadioCards } from '@/components/ui/choice.tsx'
import { SelectField, TextField } from '@/components/ui/field.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useChosenPolicy } from '@/hooks/useChosenPolicy.ts'
import { useDeposit } from '@/hooks/useDeposit.ts'
import type { DeskProps } from '@/hooks/useDesk.ts'
import { checkSize } from '@/lib/files.ts'
import { bytes } from '@/lib/format.ts'
import { paths } from '@/lib/journey.ts'
import { explain } from '@/lib/problems.ts'
import { ownProfile, profiles } from '@/lib/profiles.ts'
import { Receipts } from './receipts.tsx'

/** Deposits a file for a patient: sealed, split and placed from this device, with the nodes' receipts at the end. */
export function DepositCard({ desk }: DeskProps): ReactElement {
  const { network } = useNetwork()
  const run = useDeposit()
  const [pseudonym, setPseudonym] = useState('')
  const [file, setFile] = useState<File>()
  const own = useChosenPolicy()
  const [picked, setProfile] = useState<string>()
  const offered = own.chosen ? [ownProfile(own.chosen), ...profiles] : profiles
  const profile = offered.some(({ id }) => id === picked) ? picked : offered[0]?.id
  const patient = desk.patients.find((one) => one.pseudonym === pseudonym)
  const chosen = offered.find(({ id }) => id === profile)
  const complaint = file && complaintOf(file)

  const start = (): void => {
    if (!patient || !file || !chosen || !desk.device) return
    const { policy, postQuantum } = chosen
    void run.deposit({ network, device: desk.device, patient, file, policy, postQuantum })
  }
  if (run.status !== 'idle') return <Running run={run} fileName={file?.name ?? ''} onRetry={start} />
  return (
    <Card title="Deposit a record" hint="A FHIR bundle becomes one record for each kind; any other file is one record.">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          start()
        }}
      >
        <SelectField label="Patient" value={pseudonym} onChange={({ target }) => setPseudonym(target.value)}>
          <option value="">Choose…</option>
          {desk.patients.map((one) => (
            <option key={one.pseudonym} value={one.pseudonym}>
              {one.label}
            </option>
          ))}
        </SelectField>
        <TextField
          label="File"
          hint={
            file
              ? `${bytes(file.size)}. It is sealed here before anything leaves this device.`
              : 'Up to 512 MB here; larger ones with the command line.'
          }
          type="file"
          error={complaint}
          onChange={({ target }) => setFile(target.files?.[0])}
        />
        <RadioCards
          legend="How it is kept"
          name="profile"
          options={offered.map(({ id, label, hint }) => ({ value: id, label, hint }))}
          value={profile}
          onChange={setProfile}
        />
        <p className="flex flex-wrap items-center gap-x-4 text-sm">
          <Link href="/policy" className="inline-flex min-h-11 items-center text-accent underline">
            {own.chosen ? 'Choose other numbers' : 'Choose the numbers yourself'}
          </Link>
          {own.chosen && (
            <Button kind="quiet" onClick={own.undo}>
              Undo my choice
            </Button>
          )}
        </p>
        <div>
          <Button type="submit" disabled={!patient || !file || !!complaint}>
            <FileUp aria-hidden className="size-4" />
            Deposit
          </Button>
        </div>
      </form>
    </Card>
  )
}

/** What keeps this file from being deposited here, before anything of it is read. */
function complaintOf(file: File): string | undefined {
  try {
    checkSize(file)
    return undefined
  } catch (error) {
    const { what, todo } = explain(error)
    return `${what} ${todo}`
  }
}

type RunningProps = { run: ReturnType<typeof useDeposit>; fileName: string; onRetry: () => void }

function Running({ run, fileName, onRetry }: RunningProps): ReactElement {
  const { status, turn, journey, result, error } = run
  return (
    <Card
      title={status === 'done' ? 'Deposited' : 'Depositing'}
      hint={fileName}
      action={
        status === 'running' ? (
          <Button kind="secondary" onClick={run.stop}>
            Stop
          </Button>
        ) : (
          <Button kind="quiet" onClick={run.reset}>
            Deposit another
          </Button>
        )
      }
    >
      <div className="grid gap-4">
        {turn && status !== 'done' && (
          <p aria-live="polite">
            <b>{turn.category}</b>
            {turn.of > 1 && `, record ${turn.at} of ${turn.of}`}
          </p>
        )}
        {error !== undefined && (
          <Problem
            error={error}
            action={
              <Button kind="secondary" onClick={onRetry}>
                Try again
              </Button>
            }
          />
        )}
        {status === 'done' && result ? (
          <Receipts receipts={result} />
        ) : (
          <JourneyPicture journey={journey} path={paths.deposit} />
        )}
      </div>
    </Card>
  )
}
