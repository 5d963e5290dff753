'use client'

import { controllerOf, recordOf } from '@sharewell/sdk/chain'
import { useMutation } from '@tanstack/react-query'
import { MapPin } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { SelectField, TextField } from '@/components/ui/field.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useMyRecords } from '@/hooks/useMyRecords.ts'
import type { NodeState } from '@/hooks/useNodes.ts'
import { useSession } from '@/hooks/useSession.ts'
import { lower } from '@/lib/names.ts'
import { recordIdIn, whereIs } from '@/lib/where.ts'
import { ShareRing } from './share-ring.tsx'

const [treatment, patientRequest] = [0, 6]

/** Where one record's shares lie, for those who may read it. */
export function RecordMap({ nodes }: { nodes: readonly NodeState[] }): ReactElement {
  const { chain } = useNetwork()
  const { address, addresses, chainAs } = useSession()
  const records = useMyRecords()
  const [text, setText] = useState('')
  const recordId = recordIdIn(text)
  const finding = useMutation({
    mutationFn: async (id: Hex) => {
      const record = await recordOf(chain, { recordId: id })
      if (!record || !address) throw Object.assign(new Error('No such record.'), { code: 'UNKNOWN_RECORD' })
      const controller = await controllerOf(chain, { pseudonym: record.pseudonym })
      const own = addresses.find((one) => lower(one) === lower(controller ?? ''))
      const signing = await chainAs(own ?? address)
      return await whereIs(signing, record, { purpose: own ? patientRequest : treatment })
    },
  })
  return (
    <Card title="Where a record lies" hint="Only those who may read a record are told where its shares are.">
      {address ? (
        <form
          className="grid items-end gap-3 sm:grid-cols-[1fr_auto]"
          onSubmit={(event) => {
            event.preventDefault()
            if (recordId) finding.mutate(recordId)
          }}
        >
          {records.length > 0 ? (
            <SelectField label="Record" value={text} onChange={({ target }) => setText(target.value)}>
              <option value="">Choose…</option>
              {records.map(({ recordId: id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </SelectField>
          ) : (
            <TextField
              label="Record id"
              value={text}
              placeholder="0x…"
              onChange={({ target }) => setText(target.value)}
            />
          )}
          <Button type="submit" busy={finding.isPending} disabled={!recordId}>
            <MapPin aria-hidden className="size-4" />
            Show its shares
          </Button>
        </form>
      ) : (
        <Note>Connect a wallet that may read a record to see where its shares lie.</Note>
      )}
      <div className="mt-4" aria-live="polite">
        {finding.error && <Problem error={finding.error} />}
        {finding.data && <ShareRing nodes={nodes} where={finding.data} />}
      </div>
    </Card>
  )
}
