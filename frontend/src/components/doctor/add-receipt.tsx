'use client'

import type { ReactElement } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { CodeInput } from '@/components/ui/code-input.tsx'
import { More } from '@/components/ui/facts.tsx'
import { Note } from '@/components/ui/note.tsx'
import { useShownReceipts } from '@/hooks/useShownReceipts.ts'
import { plural } from '@/lib/format.ts'
import { explain } from '@/lib/problems.ts'

/** Takes a consent receipt: it finds a permission that the chain shows to nobody else. */
export function AddReceipt({ count }: { count: number }): ReactElement {
  const { keep } = useShownReceipts()
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()
  const [added, setAdded] = useState(false)
  const add = async (): Promise<void> => {
    try {
      await keep(text)
      setText('')
      setAdded(true)
    } catch (failure) {
      const { what, todo } = explain(failure)
      setError([what, todo].filter(Boolean).join(' '))
    }
  }
  return (
    <Card
      title="Consent receipts"
      hint={
        count > 0
          ? `${plural(count, 'private permission')} of this patient ${count === 1 ? 'is' : 'are'} looked at here.`
          : 'A patient who keeps from the public ledger who reads hands you a receipt instead.'
      }
    >
      <More label="I was given a receipt">
        <form
          className="grid gap-3 pt-1"
          onSubmit={(event) => {
            event.preventDefault()
            void add()
          }}
        >
          <CodeInput
            label="Consent receipt"
            hint="Kept on this device for your account."
            value={text}
            error={error}
            onChange={(code) => {
              setText(code)
              setError(undefined)
              setAdded(false)
            }}
          />
          {added && <Note tone="good" live title="Added" />}
          <div>
            <Button type="submit" kind="secondary" disabled={text.trim() === ''}>
              Add the receipt
            </Button>
          </div>
        </form>
      </More>
    </Card>
  )
}
