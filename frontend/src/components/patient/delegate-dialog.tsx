'use client'

import type { Bytes } from '@sharewell/sdk/bytes'
import type { Delegation } from '@sharewell/sdk/chain'
import { categoriesOfMask, categoryMask } from '@sharewell/sdk/record'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { CheckCards } from '@/components/ui/choice.tsx'
import { CodeInput } from '@/components/ui/code-input.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { Note } from '@/components/ui/note.tsx'
import { OrCancel } from '@/components/ui/or-cancel.tsx'
import { useDecision } from '@/hooks/useDecision.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { useSession } from '@/hooks/useSession.ts'
import {
  accountIn,
  type DelegateDraft,
  type DelegateTask,
  delegateDraft,
  delegateProblem,
  delegationTerms,
} from '@/lib/delegate-draft.ts'
import { purposes } from '@/lib/purposes.ts'
import { UntilWhen, What } from './grant-parts.tsx'
import { NamedKinds } from './named-kinds.tsx'
import { NotCarried } from './not-carried.tsx'

type DelegateDialogProps = {
  place: Place
  /** Whose limits change; absent where somebody is named for the first time. */
  changes?: Delegation | undefined
  onClose: () => void
}

const titleOf = (changes: Delegation | undefined): string =>
  changes ? 'Change what they may do' : 'Let somebody act for me'

/** Names somebody who acts for the patient, or sets other limits. */
export function DelegateDialog({ place, changes, onClose }: DelegateDialogProps): ReactElement {
  return (
    <NamedKinds title={titleOf(changes)} place={place} onClose={onClose}>
      {(categoryKey) => <DelegateForm {...{ place, changes, onClose, categoryKey }} />}
    </NamedKinds>
  )
}

const tasks: readonly { value: DelegateTask; label: string; hint: string }[] = [
  { value: 'read', label: 'Open my records', hint: 'For example your mother, while you are ill' },
  { value: 'decide', label: 'Decide who else may open them', hint: 'Within the limits below' },
]

function DelegateForm(props: DelegateDialogProps & { categoryKey: Bytes }): ReactElement {
  const { place, changes, onClose, categoryKey } = props
  const { chain } = useNetwork()
  const { addresses } = useSession()
  const decision = useDecision(place)
  const [draft, setDraft] = useState<DelegateDraft>(() =>
    delegateDraft(
      changes && { delegation: changes, categories: categoriesOfMask(changes.categories, categoryKey) ?? [] },
    ),
  )
  const [complaint, setComplaint] = useState<string>()
  const change = (part: Partial<DelegateDraft>): void => {
    setDraft({ ...draft, ...part })
    setComplaint(undefined)
  }
  const review = (): void => {
    const now = chain.clock()
    const problem = delegateProblem(draft, { own: [place.controller, ...addresses], now })
    setComplaint(problem)
    const account = accountIn(draft.account)
    if (problem || !account) return
    const terms = delegationTerms(draft, { mask: categoryMask(categoryKey, draft.categories), now })
    decision.decide({ kind: 'Delegate', account, terms }, onClose)
  }
  const account = accountIn(draft.account)
  return (
    <Dialog
      title={titleOf(changes)}
      onClose={onClose}
      footer={
        <OrCancel onClose={onClose}>
          <Button busy={decision.busy} onClick={review}>
            Review
          </Button>
        </OrCancel>
      }
    >
      {changes ? (
        <div>
          <p className="text-sm font-medium">Who</p>
          <Actor account={changes.account} />
        </div>
      ) : (
        <CodeInput
          label="Their account"
          hint="Their wallet shows it as text and as a picture. Take it from them, not from a message."
          value={draft.account}
          onChange={(text) => change({ account: text })}
        />
      )}
      {!changes && account && (
        <p role="status">
          <Actor account={account} />
        </p>
      )}
      <CheckCards
        legend="What they may do"
        name="tasks"
        options={tasks}
        values={draft.tasks}
        onChange={(next) => change({ tasks: next })}
      />
      <What categories={draft.categories} onChange={(categories) => change({ categories })} />
      {draft.tasks.includes('decide') && (
        <Purposes mask={draft.purposes} onChange={(mask) => change({ purposes: mask })} />
      )}
      <UntilWhen span={draft.span} day={draft.day} before={draft.before} onChange={change} />
      <Note>
        Everyone can see in the public ledger that this account acts for your code here. An account that does so for two
        codes of yours shows that both are yours.
      </Note>
      {complaint && (
        <p role="alert" className="font-medium text-danger">
          {complaint}
        </p>
      )}
      <NotCarried decision={decision} />
    </Dialog>
  )
}

/** For what those whom the other person lets in may read. */
function Purposes({ mask, onChange }: { mask: number; onChange: (mask: number) => void }): ReactElement {
  return (
    <CheckCards
      legend="What others may read for"
      name="purposes"
      columns
      options={purposes.map(({ index, label, hint }) => ({ value: index, label, hint }))}
      values={purposes.filter(({ index }) => (mask >> index) & 1).map(({ index }) => index)}
      onChange={(indexes) => onChange(indexes.reduce((bits, index) => bits | (1 << index), 0))}
    />
  )
}
