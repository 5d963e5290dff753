'use client'

import { Download } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Facts, More } from '@/components/ui/facts.tsx'
import { Hash } from '@/components/ui/hash.tsx'
import { Note } from '@/components/ui/note.tsx'
import type { DepositedRecord } from '@/lib/deposit-job.ts'
import { save } from '@/lib/files.ts'
import { bytes, moment, plural } from '@/lib/format.ts'
import { lower, names, short } from '@/lib/names.ts'

/** What proves a deposit: the nodes' signed words and the transaction. */
export function Receipts({ receipts }: { receipts: readonly DepositedRecord[] }): ReactElement {
  const text = JSON.stringify(receipts, null, 2)
  return (
    <div className="grid gap-3">
      <Note tone="good" live title={`${plural(receipts.length, 'record')} deposited`}>
        Every storage node signed for its share, and the fingerprints stand in the public ledger.
      </Note>
      {receipts.map((receipt) => (
        <More
          key={receipt.recordId}
          label={`${receipt.category}: ${bytes(receipt.sealedLength)}, ${plural(receipt.policy.n, 'receipt')}`}
        >
          <Receipt receipt={receipt} />
        </More>
      ))}
      <div>
        <Button kind="secondary" onClick={() => save(new Blob([text], { type: 'application/json' }), 'receipts.json')}>
          <Download aria-hidden className="size-4" />
          Save the receipts
        </Button>
      </div>
    </div>
  )
}

function Receipt({ receipt }: { receipt: DepositedRecord }): ReactElement {
  const { recordId, transaction, manifestHash, acknowledgements } = receipt
  return (
    <div className="grid gap-3 pt-1">
      <Facts
        facts={[
          { label: 'Record', value: <Hash value={recordId} label="the record id" /> },
          { label: 'Manifest', value: <Hash value={manifestHash} label="the manifest hash" /> },
          { label: 'Transaction', value: <Hash value={transaction} label="the transaction" /> },
        ]}
      />
      <ul className="grid gap-1 text-sm" aria-label="Signed receipts">
        {acknowledgements.map(({ operator, index, bytes: held, time }) => (
          <li key={index}>
            Share {index + 1}: {names.operators.get(lower(operator))?.text ?? `Operator ${short(operator)}`},{' '}
            {bytes(held)}, {moment(time)}
          </li>
        ))}
      </ul>
    </div>
  )
}
