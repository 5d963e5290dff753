'use client'

import { type Bytes, fromHex } from '@sharewell/sdk/bytes'
import { combineWords, RecoveryWordsError, readSheet, type ShareFacts, shareFacts } from '@sharewell/sdk/person'
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { Hex } from 'viem'
import { Button } from '@/components/ui/button.tsx'
import { CodeInput } from '@/components/ui/code-input.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { plural } from '@/lib/format.ts'

export type RestoreDialogProps = {
  networkId: Hex
  busy: boolean
  error?: unknown
  /** Given the seed once enough sheets are read. */
  onSeed: (seed: Bytes) => void
  onClose: () => void
}

type ReadSheet = ShareFacts & { readonly words: string }

/** Brings a vault back on a new device: sheet by sheet, by picture or typed, until there are enough. */
export function RestoreDialog({ networkId, busy, error, onSeed, onClose }: RestoreDialogProps): ReactElement {
  const [sheets, setSheets] = useState<readonly ReadSheet[]>([])
  const [text, setText] = useState('')
  const [trouble, setTrouble] = useState<string>()
  const [first] = sheets
  const missing = (first?.needed ?? 1) - sheets.length
  const enough = first !== undefined && missing <= 0

  const add = (): void => {
    try {
      const words = readSheet(text, { networkId: fromHex(networkId) })
      const sheet = { ...shareFacts(words), words }
      setTrouble(whyNot(sheet, sheets))
      if (whyNot(sheet, sheets)) return
      setSheets([...sheets, sheet])
      setText('')
    } catch (failure) {
      setTrouble(wordsTrouble(failure))
    }
  }
  const bring = (): void => {
    try {
      onSeed(combineWords(sheets.map(({ words }) => words)))
    } catch (failure) {
      setTrouble(wordsTrouble(failure))
    }
  }
  return (
    <Dialog
      title="Bring my vault back"
      onClose={onClose}
      footer={
        enough ? (
          <Button busy={busy} onClick={bring}>
            Bring it back
          </Button>
        ) : (
          <Button disabled={text.trim() === ''} onClick={add}>
            Read this sheet
          </Button>
        )
      }
    >
      <p>
        From the sheets of your recovery kit, or from the words of your guardians. Everything stays on this device; your
        wallet then signs, so that the vault opens here from now on.
      </p>
      {sheets.length > 0 && (
        <Note
          tone={enough ? 'good' : 'info'}
          live
          title={enough ? 'That is enough' : `${plural(missing, 'sheet')} to go`}
        >
          Read: {sheets.map(({ at }) => `sheet ${at}`).join(', ')}.
        </Note>
      )}
      {!enough && (
        <CodeInput
          label={`Sheet ${sheets.length + 1}`}
          hint="A picture of its square code, or its words in their order. Four letters of each are enough."
          value={text}
          error={trouble}
          onChange={(next) => {
            setText(next)
            setTrouble(undefined)
          }}
        />
      )}
      {enough && trouble && (
        <Note
          tone="bad"
          live
          title={trouble}
          action={
            <Button kind="secondary" onClick={() => setSheets([])}>
              Start again
            </Button>
          }
        />
      )}
      {error ? <Problem error={error} /> : null}
    </Dialog>
  )
}

function whyNot(sheet: ReadSheet, sheets: readonly ReadSheet[]): string | undefined {
  if (sheets.some(({ at }) => at === sheet.at)) return `You have sheet ${sheet.at} already. Read another one.`
  if (sheets.some(({ set }) => set !== sheet.set)) return 'This sheet is of another kit than the ones before.'
  return undefined
}

/** What is wrong with the words of a sheet, and with which of them. */
export function wordsTrouble(error: unknown): string {
  if (!(error instanceof RecoveryWordsError)) return 'This is no sheet of this network. Look at the whole of it again.'
  const { fault, word } = error
  if (word !== undefined)
    return fault === 'word'
      ? `Word ${word + 1} is not one that sheets have. Compare it with the paper.`
      : `Word ${word + 1} is wrong. Compare it with the paper.`
  if (fault === 'length') return 'There are too few or too many words. A sheet has 33.'
  if (fault === 'digest') return 'These sheets give nothing together: one of them is of another kit.'
  return 'Some of the words are wrong, or not in their order. Compare them with the paper.'
}
