'use client'

import { Download } from 'lucide-react'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import { save } from '@/lib/files.ts'
import { qrPicture, qrPng } from '@/lib/qr-draw.ts'
import { Button } from './button.tsx'
import { TextArea } from './field.tsx'
import { CopyButton } from './hash.tsx'
import { QrPicture } from './qr-picture.tsx'

export type QrViewProps = {
  /** What the picture is called for those who do not see it. */
  label: string
  code: string
  fileName: string
}

/** A text to hand over: as a QR code, as text to copy, and as a picture to save. */
export function QrView({ label, code, fileName }: QrViewProps): ReactElement {
  const picture = useMemo(() => qrPicture(code), [code])
  const download = async (): Promise<void> => save(await qrPng(picture), fileName)
  return (
    <div className="grid gap-4">
      <QrPicture picture={picture} label={label} className="max-w-sm rounded-xl" />
      <TextArea
        label={
          <span className="flex items-center justify-between">
            The same as text <CopyButton value={code} label="Copy the text" />
          </span>
        }
        readOnly
        rows={3}
        value={code}
        spellCheck={false}
      />
      <div>
        <Button kind="secondary" onClick={() => void download()}>
          <Download aria-hidden className="size-4" />
          Save the picture
        </Button>
      </div>
    </div>
  )
}
