'use client'

import { ArrowLeft } from 'lucide-react'
import type { ReactElement } from 'react'
import { useEffect, useState } from 'react'
import { InEmergency } from '@/components/emergency/emergency-card.tsx'
import { OpenedPanel } from '@/components/journey/opened-panel.tsx'
import { Button } from '@/components/ui/button.tsx'
import { SelectField } from '@/components/ui/field.tsx'
import { Hash } from '@/components/ui/hash.tsx'
import { Note, Waiting } from '@/components/ui/note.tsx'
import { PersonName } from '@/components/ui/person-name.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useDirectory } from '@/hooks/useDirectory.ts'
import { type SeenRecord, useFoundPatient } from '@/hooks/useFoundPatient.ts'
import { useRetrieve } from '@/hooks/useRetrieve.ts'
import { useSession } from '@/hooks/useSession.ts'
import { useShift } from '@/hooks/useShift.ts'
import { saltsFor, useShownReceipts } from '@/hooks/useShownReceipts.ts'
import { paths } from '@/lib/journey.ts'
import { lower, names, short } from '@/lib/names.ts'
import type { FoundPatient } from '@/lib/patient-code.ts'
import { purposes } from '@/lib/purposes.ts'
import { AddReceipt } from './add-receipt.tsx'
import { AskForm } from './ask-form.tsx'
import { kindOf, titleOf } from './record-title.ts'
import { SeenRecords } from './seen-records.tsx'

/** One patient as this doctor may see them: records with what the patient decided, the question, and what was opened. */
export function PatientView({ patient, onLeave }: { patient: FoundPatient; onLeave: () => void }): ReactElement {
  const { pseudonym } = patient
  const { address } = useSession()
  const { reading } = useShift()
  const [purpose, setPurpose] = useState(0)
  const [opened, setOpened] = useState<SeenRecord>()
  const [title, setTitle] = useState<string>()
  const { shown } = useShownReceipts()
  const salts = saltsFor(shown, pseudonym)
  const found = useFoundPatient(pseudonym, purpose, salts)
  const run = useRetrieve()
  names.pseudonyms.set(lower(pseudonym), { text: `patient ${short(pseudonym)}`, verified: true })

  const open = (record: SeenRecord): void => {
    if (!address) return
    setOpened(record)
    setTitle(undefined)
    void run.open(reading(address), record.recordId, {
      kind: 'reader',
      purpose,
      ...(record.consentSalt && { consentSalt: record.consentSalt }),
    })
  }
  const { result } = run
  useEffect(() => {
    // Once it is open, the record tells its kind, and the list can name it.
    if (!result || !opened || !/json/.test(result.mime)) return
    void result.blob.text().then((text) => {
      const kind = kindOf(result.mime, text)
      if (!kind) return
      names.records.set(lower(opened.recordId), { text: kind, verified: true })
      setTitle(kind)
    })
  }, [result, opened])
  const close = (): void => {
    run.reset()
    setOpened(undefined)
  }

  return (
    <div className="grid gap-5">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div className="grid gap-1">
          <Button kind="quiet" className="-ml-4 justify-self-start" onClick={onLeave}>
            <ArrowLeft aria-hidden className="size-4" />
            Another patient
          </Button>
          <h2 className="flex flex-wrap items-center gap-x-2 font-sans text-lg">
            Patient <Hash value={pseudonym} label="the patient's code" />
            {found.data && <Provider id={found.data.patient.provider} />}
          </h2>
        </div>
        <SelectField
          label="I am reading for"
          value={purpose}
          onChange={({ target }) => setPurpose(Number(target.value))}
        >
          {purposes.map(({ index, label }) => (
            <option key={index} value={index}>
              {label}
            </option>
          ))}
        </SelectField>
      </div>
      {found.isLoading && <Waiting>Reading the public ledger…</Waiting>}
      {found.error && <Problem error={found.error} />}
      {found.data === null && (
        <Note tone="warn" title="Not registered">
          The public ledger knows no patient of this code. The hospital has to register it first.
        </Note>
      )}
      {opened && (
        <OpenedPanel
          key={opened.recordId}
          title={title ?? titleOf(opened)}
          recordId={opened.recordId}
          run={run}
          path={paths.reader}
          onClose={close}
          onRetry={() => open(opened)}
        />
      )}
      {found.data && <InEmergency pseudonym={pseudonym} provider={found.data.patient.provider} />}
      {found.data && (
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <SeenRecords records={found.data.records} onOpen={open} />
          <div className="grid min-w-0 gap-5">
            <AskForm patient={patient} purpose={purpose} />
            <AddReceipt count={salts.length} />
          </div>
        </div>
      )}
    </div>
  )
}

function Provider({ id }: { id: string }): ReactElement | null {
  const { organizations } = useDirectory()
  const found = organizations.find((one) => lower(one.id) === lower(id))
  return found ? (
    <span className="text-base text-muted">
      at <PersonName name={found.name} verified={found.verified} />
    </span>
  ) : null
}
