'use client'

import type { ReactElement } from 'react'
import { useState } from 'react'
import { OfficerDesk } from '@/components/emergency/officer-desk.tsx'
import { ReviewDesk } from '@/components/emergency/review-desk.tsx'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { CodeInput } from '@/components/ui/code-input.tsx'
import { Note } from '@/components/ui/note.tsx'
import { ConnectFirst } from '@/components/wallet/connect-first.tsx'
import { useDirectory } from '@/hooks/useDirectory.ts'
import { useSession } from '@/hooks/useSession.ts'
import { useShownReceipts } from '@/hooks/useShownReceipts.ts'
import { useWork } from '@/hooks/useWork.ts'
import { lower } from '@/lib/names.ts'
import { type FoundPatient, findPatient } from '@/lib/patient-code.ts'
import { explain } from '@/lib/problems.ts'
import { isReceipt } from '@/lib/shown-receipts.ts'
import { PatientView } from './patient-view.tsx'
import { SharedWithMe } from './shared-with-me.tsx'
import { NewShift, RunningShift } from './shift.tsx'

/** The doctor's page: who one is, whom one looks for, and what that patient lets one see. */
export function DoctorPage(): ReactElement {
  const { address } = useSession()
  if (!address) return <ConnectFirst who="a doctor" />
  return <Desk key={address} account={address} />
}

function Desk({ account }: { account: `0x${string}` }): ReactElement {
  const [patient, setPatient] = useState<FoundPatient>()
  return (
    <div className="grid gap-5">
      <Standing account={account} />
      <RunningShift account={account} />
      <EmergencyDesks account={account} />
      {patient ? (
        <PatientView key={patient.pseudonym} patient={patient} onLeave={() => setPatient(undefined)} />
      ) : (
        <div className="grid items-start gap-5 lg:grid-cols-[3fr_2fr]">
          <FindPatient onFound={setPatient} />
          <SharedWithMe account={account} onChoose={(pseudonym) => setPatient({ pseudonym })} />
        </div>
      )}
      <NewShift account={account} />
    </div>
  )
}

/** What an emergency officer and a reviewer have to do. */
function EmergencyDesks({ account }: { account: `0x${string}` }): ReactElement {
  const { officer, reviewer } = useWork(account)
  return (
    <>
      {officer && <OfficerDesk account={account} />}
      {reviewer && <ReviewDesk account={account} credential={reviewer} />}
    </>
  )
}

function Standing({ account }: { account: `0x${string}` }): ReactElement {
  const { practitioners, isLoading } = useDirectory()
  const known = practitioners.some((one) => lower(one.account) === lower(account) && !one.retracted)
  if (known || isLoading)
    return (
      <p className="text-muted">
        You are <Actor account={account} />.
      </p>
    )
  return (
    <Note tone="warn" title="No hospital vouches for this account">
      Patients see an account without a name, and key nodes release nothing to it. Ask your hospital to attest you.
    </Note>
  )
}

function FindPatient({ onFound }: { onFound: (patient: FoundPatient) => void }): ReactElement {
  const { chain } = useNetwork()
  const { keep } = useShownReceipts()
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()
  const find = async (code: string): Promise<void> => {
    try {
      onFound(isReceipt(code) ? { pseudonym: (await keep(code)).pseudonym } : findPatient(code, chain))
    } catch (failure) {
      const { what, todo } = explain(failure)
      setError([what, todo].filter(Boolean).join(' '))
    }
  }
  return (
    <Card
      title="Find a patient"
      hint="By the code that the patient shows, or by a consent receipt that the patient handed you."
    >
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void find(text)
        }}
      >
        <CodeInput
          label="Patient code or consent receipt"
          value={text}
          error={error}
          onChange={(code) => {
            setText(code)
            setError(undefined)
          }}
        />
        <div>
          <Button type="submit" disabled={text.trim() === ''}>
            Find
          </Button>
        </div>
      </form>
    </Card>
  )
}
