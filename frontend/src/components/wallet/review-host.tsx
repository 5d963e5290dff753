'use client'

import type { ReactElement } from 'react'
import { useSyncExternalStore } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { describe } from '@/lib/describe/index.ts'
import { names } from '@/lib/names.ts'
import { reviews } from '@/lib/reviewed.ts'
import { RequestWords } from './request-words.tsx'

/** Shows every decision before the wallet sees it. What is agreed to here is the object that the wallet gets. */
export function ReviewHost(): ReactElement | null {
  const { network } = useNetwork()
  const prompt = useSyncExternalStore(reviews.subscribe, reviews.current, () => undefined)
  if (!prompt) return null
  const described = describe(prompt.question, { network, names })
  return (
    <Dialog
      key={prompt.id}
      title={`Review: ${described.title.toLowerCase()}`}
      onClose={prompt.refuse}
      footer={
        <>
          <Button kind="secondary" onClick={prompt.refuse}>
            Go back
          </Button>
          <Button onClick={() => prompt.answer()}>Continue to the wallet</Button>
        </>
      }
    >
      <RequestWords described={described} />
    </Dialog>
  )
}
