import type { Policy } from '@sharewell/sdk/share'
import { Check, Undo2 } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Note } from '@/components/ui/note.tsx'
import { plural } from '@/lib/format.ts'
import { samePolicy } from '@/lib/policy-draft.ts'

type UseChoiceProps = {
  draft: Policy
  operators: readonly number[] | undefined
  chosen: Policy | undefined
  onUse: (policy: Policy) => void
  onUndo: () => void
}

/** Makes the numbers those of this device's deposits, and takes that back. */
export function UseChoice({ draft, operators, chosen, onUse, onUndo }: UseChoiceProps): ReactElement {
  const count = operators?.reduce((sum, nodes) => sum + nodes, 0)
  const tooMany = count !== undefined && draft.n > count
  const inUse = samePolicy(draft, chosen)
  return (
    <Card title="Deposits of this device" hint="What the hospital page offers first. It stays on this device.">
      <div className="grid gap-4">
        <p aria-live="polite">
          {chosen ? (
            <>
              They use{' '}
              <b className="whitespace-nowrap">
                n = {chosen.n}, t = {chosen.t}, r = {chosen.r}
              </b>
              .
            </>
          ) : (
            <>
              Nothing was chosen: they use the standard, <span className="whitespace-nowrap">n = 5, t = 3, r = 0.</span>
            </>
          )}
        </p>
        {tooMany && (
          <Note tone="warn">
            A deposit needs {plural(draft.n, 'operator')}, and this network has {count}. You can try these numbers here
            and not use them.
          </Note>
        )}
        <div className="flex flex-wrap gap-2.5">
          <Button disabled={tooMany || inUse || count === undefined} onClick={() => onUse(draft)}>
            <Check aria-hidden className="size-4" />
            Use for the next deposit
          </Button>
          {chosen && (
            <Button kind="secondary" onClick={onUndo}>
              <Undo2 aria-hidden className="size-4" />
              Undo
            </Button>
          )}
        </div>
      </div>
    </Card>
  )
}
