'use client'

import { splitWords } from '@sharewell/sdk/person'
import { randomBytes } from '@sharewell/sdk/primitives'
import { Printer } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { SelectField } from '@/components/ui/field.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useRecoveryNote } from '@/hooks/useRecoveryNote.ts'
import { useVault } from '@/hooks/useVault.ts'
import { probesOf } from '@/lib/recovery-note.ts'
import { KitSheet } from './kit-sheet.tsx'

const choices = [
  { needed: 2, of: 3 },
  { needed: 3, of: 5 },
  { needed: 4, of: 7 },
] as const

/** Makes a kit and shows one sheet after the other, to be printed or copied by hand; then the page forgets them. */
export function KitDialog({ onClose }: { onClose: () => void }): ReactElement {
  const { network, chain } = useNetwork()
  const { open } = useVault()
  const { change, error } = useRecoveryNote()
  const [policy, setPolicy] = useState(0)
  const [sheets, setSheets] = useState<readonly string[]>()
  const [at, setAt] = useState(0)
  const { needed, of } = choices[policy] ?? choices[0]

  const make = (): void => {
    if (open) setSheets(splitWords(open.vault.seed, { groups: [{ needed, of }] })[0])
  }
  const done = async (): Promise<void> => {
    if (!sheets) return
    const kit = { needed, of, madeAt: chain.clock(), probes: probesOf(sheets, below) }
    await change((note) => ({ ...note, kit }))
    onClose()
  }
  const last = sheets !== undefined && at === sheets.length - 1
  return (
    <Dialog
      title={sheets ? `Sheet ${at + 1} of ${of}` : 'Make a recovery kit'}
      onClose={onClose}
      footer={
        sheets ? (
          <Button onClick={last ? () => void done() : () => setAt(at + 1)}>
            {last ? 'I have all the sheets' : 'I have it: next sheet'}
          </Button>
        ) : (
          <Button onClick={make}>Make the sheets</Button>
        )
      }
    >
      {sheets ? (
        <>
          <div>
            <Button kind="secondary" onClick={() => window.print()}>
              <Printer aria-hidden className="size-4" />
              Print this sheet
            </Button>
          </div>
          <KitSheet words={sheets[at] ?? ''} at={at + 1} needed={needed} of={of} networkId={network.networkId} />
        </>
      ) : (
        <>
          <p>
            A kit is some sheets of paper that bring your vault back when this device is lost: any few of them together,
            fewer say nothing. Give each to somebody else, or keep them at different places.
          </p>
          <SelectField
            label="How many sheets"
            value={policy}
            onChange={({ target }) => setPolicy(Number(target.value))}
          >
            {choices.map((choice, index) => (
              <option key={choice.of} value={index}>
                {choice.of} sheets, any {choice.needed} bring it back
              </option>
            ))}
          </SelectField>
          <Note tone="warn" title="Look behind you">
            Whoever sees {needed} sheets can read your records. Print on a printer of your own, or copy the words by
            hand. The page forgets the sheets when you close this.
          </Note>
        </>
      )}
      {error && <Problem error={error} />}
    </Dialog>
  )
}

/** A random number below a small one, without preferring any. */
function below(limit: number): number {
  const most = 256 - (256 % limit)
  for (;;) {
    const [byte = 0] = randomBytes(1)
    if (byte < most) return byte % limit
  }
}
