'use client'

import { ScanQrCode } from 'lucide-react'
import type { ReactElement } from 'react'
import { useId, useState } from 'react'
import { readQrImage } from '@/lib/qr-read.ts'
import { TextArea } from './field.tsx'

export type CodeInputProps = {
  label: string
  hint?: string
  value: string
  error?: string | undefined
  onChange: (code: string) => void
}

/** Takes a patient's code: pasted as text, or read from a picture of its QR code. The picture stays on this device. */
export function CodeInput({ label, hint, value, error, onChange }: CodeInputProps): ReactElement {
  const id = useId()
  const [trouble, setTrouble] = useState<string>()
  const [busy, setBusy] = useState(false)

  const read = async (file: File | undefined): Promise<void> => {
    if (!file) return
    setBusy(true)
    setTrouble(undefined)
    try {
      onChange(await readQrImage(file))
    } catch (failure) {
      setTrouble(failure instanceof Error ? failure.message : 'No code was found in this picture.')
    } finally {
      setBusy(false)
    }
  }

  return (
    <div className="grid gap-2">
      <TextArea
        label={label}
        hint={hint}
        value={value}
        error={error ?? trouble}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => onChange(target.value)}
      />
      <div>
        <label
          htmlFor={id}
          className="inline-flex min-h-11 items-center gap-2 rounded-xl px-4 font-medium text-accent hover:bg-accent-soft has-focus-visible:outline-3 has-focus-visible:outline-accent"
        >
          <ScanQrCode aria-hidden className="size-4" />
          {busy ? 'Reading the picture…' : 'Read a picture or use the camera'}
          <input
            id={id}
            type="file"
            accept="image/*"
            capture="environment"
            className="sr-only"
            onChange={({ target }) => void read(target.files?.[0])}
          />
        </label>
      </div>
    </div>
  )
}
