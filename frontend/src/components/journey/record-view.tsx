'use client'

import { Download } from 'lucide-react'
import type { ReactElement } from 'react'
import { useEffect, useState } from 'react'
import type { Hex } from 'viem'
import { FhirView } from '@/components/fhir/fhir-view.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Code } from '@/components/ui/facts.tsx'
import { Note, Waiting } from '@/components/ui/note.tsx'
import type { OpenedRecord } from '@/hooks/useRetrieve.ts'
import { readBundle } from '@/lib/fhir.ts'
import { fileNameOf, save } from '@/lib/files.ts'
import { bytes } from '@/lib/format.ts'

const readable = 64 * 1024 * 1024

/** An opened record: as a person reads it where it is FHIR, as text where it is text, and always as a download. */
export function RecordView({ recordId, record }: { recordId: Hex; record: OpenedRecord }): ReactElement {
  const { blob, mime, size, faults } = record
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
        <span>
          {mime} · {bytes(size)} · every byte checked against the public ledger
        </span>
        <Button kind="secondary" onClick={() => save(blob, fileNameOf(recordId, mime))}>
          <Download aria-hidden className="size-4" />
          Download
        </Button>
      </div>
      {faults.length > 0 && (
        <Note
          tone="warn"
          title={`${faults.length === 1 ? 'One operator' : `${faults.length} operators`} failed on the way`}
        >
          The record is whole all the same: others took over, and every byte was checked.
        </Note>
      )}
      <Content blob={blob} mime={mime} />
    </div>
  )
}

function Content({ blob, mime }: { blob: Blob; mime: string }): ReactElement {
  const [text, setText] = useState<string>()
  const isText = /json|xml|text|hl7/.test(mime) && blob.size <= readable
  useEffect(() => {
    let gone = false
    if (isText) void blob.text().then((read) => gone || setText(read))
    return () => {
      gone = true
    }
  }, [blob, isText])

  if (!isText)
    return <Note title="No preview">This kind of file opens outside the browser. Download it to look at it.</Note>
  if (text === undefined) return <Waiting>Reading…</Waiting>
  const bundle = mime.includes('fhir') || mime.includes('json') ? readBundle(personaAsBundle(text) ?? text) : undefined
  return bundle ? <FhirView bundle={bundle} /> : <Code label="The record as text">{text.slice(0, 400_000)}</Code>
}

/** The persona keeps whole FHIR resources of the patient; they read like any other. */
function personaAsBundle(text: string): string | undefined {
  if (!text.includes('"replacements"')) return undefined
  try {
    const { entries } = JSON.parse(text) as { entries?: unknown }
    return Array.isArray(entries)
      ? JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: entries })
      : undefined
  } catch {
    return undefined
  }
}
