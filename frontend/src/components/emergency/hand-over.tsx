'use client'

import type { ReactElement } from 'react'
import { TextArea } from '@/components/ui/field.tsx'
import { CopyButton } from '@/components/ui/hash.tsx'
import { QrView } from '@/components/ui/qr-view.tsx'

/** What a QR code of the largest size takes (version 40, level L). */
const mostInQr = 2_953

/** A text to carry to a colleague: as a QR code where it fits one, else as text alone. */
export function HandOver({ label, text, fileName }: { label: string; text: string; fileName: string }): ReactElement {
  if (text.length <= mostInQr) return <QrView label={`${label} as a QR code`} code={text} fileName={fileName} />
  return (
    <TextArea
      label={
        <span className="flex items-center justify-between">
          {label} as text <CopyButton value={text} label="Copy the text" />
        </span>
      }
      hint="Too long for a QR code."
      readOnly
      rows={3}
      value={text}
      spellCheck={false}
    />
  )
}
